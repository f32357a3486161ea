"""Write a bundle: TorchScript with its card inside, held against the eager network first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from training import launch
from training.bundle import CARD, Card, read_card
from training.evaluate import load
from training.support import MEMBER, Support

TOLERANCE = 1e-5
"""Largest difference in any probability between the eager and the exported network."""

_NOISE = 16
_PATIENCE = 600.0  # seconds that the fresh process may take, its start on a slow disk included


class ExportError(ValueError):
    """The exported network is not the trained one; the message is a sentence for a person."""


def export(
    network: nn.Module,
    card: Card,
    path: Path,
    photos: npt.NDArray[np.uint8] | None = None,
    memory: Support | None = None,
) -> float:
    """Script ``network`` and write the bundle; return the largest probability difference.

    ``network``: gives what ``LandmarkNetwork`` gives. ``memory``: what the bundle is to remember.
    A fresh process loads the file and runs it on noise, and on ``photos`` (N x 3 x D x D)
    where given, on the CPU and on CUDA where there is one; only a file that agrees with the
    eager network there takes its name. Raises ``ExportError`` where they differ by more than
    ``TOLERANCE``.
    """
    card.verify()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".exporting-", dir=path.parent) as folder:
        partial, probe = Path(folder) / path.name, Path(folder) / "probe.npz"
        np.savez(probe, **_probe(network, card, photos))  # type: ignore[arg-type]
        # CUDA is done with: what is written is for any machine. Channels last, a processor runs
        # depthwise convolutions up to one and a half times as fast (benchmarks/forward.py).
        network = network.eval().cpu().to(memory_format=torch.channels_last)
        for freeze in (True, False):
            _write(network, card, memory, partial, freeze=freeze)
            difference = _difference_in_fresh_process(partial, probe)
            if difference <= TOLERANCE:
                break
        else:
            raise ExportError(
                f"The exported network's probabilities differ from the trained one's by "
                f"{difference:.2g} (at most {TOLERANCE} is allowed): no model was written."
            )
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    return difference


def _write(
    network: nn.Module, card: Card, memory: Support | None, file: Path, *, freeze: bool
) -> None:
    """Write the bundle.

    Frozen, batch normalisation is folded into the weights: it loads in a third of the time,
    which matters because torch holds up all other threads while it loads. In networks as deep
    as ResNet-50 the folded weights may round otherwise by more than is allowed here; these are
    written as they are.
    """
    with warnings.catch_warnings():
        # TorchScript is what this product exports; torch calls it deprecated.
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        scripted = torch.jit.script(network)
        if freeze:
            scripted = torch.jit.freeze(scripted)
        save(scripted, card, memory, file)
    if read_card(file).to_json() != card.to_json():
        raise ExportError("The card did not survive being written.")


def save(scripted: torch.jit.ScriptModule, card: Card, memory: Support | None, file: Path) -> None:
    """Write a scripted network with its card and what it remembers, unproven."""
    extra = {CARD: card.to_json().encode()}
    if memory is not None:
        extra[MEMBER] = memory.to_bytes()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        torch.jit.save(scripted, str(file), _extra_files=extra)


def _probe(
    network: nn.Module, card: Card, photos: npt.NDArray[np.uint8] | None
) -> dict[str, npt.NDArray[np.generic]]:
    """Return inputs, and the eager network's probabilities for them on each device."""
    size = card.preprocessing.size
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (_NOISE, 3, size, size), np.uint8)
    if photos is not None and len(photos):
        pixels = np.concatenate([pixels, photos])
    probe: dict[str, npt.NDArray[np.generic]] = {"pixels": pixels}
    network = network.eval().to(memory_format=torch.contiguous_format)
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        network.to(device)
        with torch.inference_mode(), exact():
            x = torch.from_numpy(pixels).to(device)
            probe[device] = network(x)[0].softmax(1).cpu().numpy()
    return probe


def _difference_in_fresh_process(bundle: Path, probe: Path) -> float:
    """Return what ``compare`` finds in a process that has never seen the eager network."""
    done = subprocess.run(
        launch.command("compare-export", str(bundle), str(probe)),
        env={**os.environ, **launch.ENVIRONMENT},
        capture_output=True, text=True, encoding="utf-8", timeout=_PATIENCE, check=False,
    )  # fmt: skip
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ExportError(f"The exported network could not be run in a fresh process: {last}")
    return float(json.loads(done.stdout.splitlines()[-1])["difference"])


def compare(bundle: Path, probe: Path) -> float:
    """Return the largest probability difference between a bundle and what ``probe`` holds."""
    largest = 0.0
    with np.load(probe) as saved, torch.inference_mode(), exact():
        for device in sorted(set(saved.files) - {"pixels"}):
            network = load(bundle, device)
            x = torch.from_numpy(saved["pixels"]).to(device)
            # Twice: TorchScript's optimiser rewrites the graph after its first, profiled runs.
            network(x)
            ours = network(x)[0].softmax(1).cpu().numpy()
            largest = max(largest, float(np.abs(ours - saved[device]).max()))
    return largest


class exact:  # noqa: N801 - used like contextlib's own
    """Compute CUDA convolutions in full float32: TF32 alone would differ by more."""

    def __enter__(self) -> None:
        self._before = torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False

    def __exit__(self, *_: object) -> None:
        torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32 = self._before
