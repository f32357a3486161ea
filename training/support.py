"""What a bundle remembers of its training photos, so that new places can be taught beside them.

A few embeddings of each class travel in the bundle as the extra file ``support.npz``, no
pixels: enough for a new class to be told from the known ones without their photos.
``read`` needs no torch.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from training.bundle import CARD, BundleError, Card, read_card

MEMBER = "support.npz"
PER_CLASS, BACKGROUNDS = 16, 256
"""Embeddings kept: of 1280 numbers each, 66 classes take 3.4 MB."""


@dataclass(frozen=True)
class Support:
    """``embeddings``: N x D float32; ``logits``: N x C; ``targets``: N label indices."""

    embeddings: npt.NDArray[np.float32]
    logits: npt.NDArray[np.float32]
    targets: npt.NDArray[np.int64]

    def to_bytes(self) -> bytes:
        """Return what travels in the bundle; half precision is enough to learn from."""
        file = io.BytesIO()
        np.savez(
            file, embeddings=self.embeddings.astype(np.float16),
            logits=self.logits.astype(np.float16), targets=self.targets.astype(np.int32),
        )  # fmt: skip
        return file.getvalue()


def read(bundle: Path) -> Support | None:
    """Return what the bundle remembers, ``None`` where it remembers nothing.

    Raises ``BundleError`` where the file is no bundle or its memory is damaged.
    """
    read_card(bundle)
    with zipfile.ZipFile(bundle) as archive:
        members = [name for name in archive.namelist() if name.endswith(f"/extra/{MEMBER}")]
        if not members:
            return None
        try:
            with np.load(io.BytesIO(archive.read(members[0]))) as saved:
                return Support(
                    saved["embeddings"].astype(np.float32),
                    saved["logits"].astype(np.float32),
                    saved["targets"].astype(np.int64),
                )
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise BundleError(f"What {bundle.name} remembers is damaged ({error}).") from error


def choose(targets: npt.NDArray[np.int64], background: int | None, seed: int) -> list[int]:
    """Return the indices of the photos to remember: some of each class, drawn at random."""
    rng = np.random.default_rng(seed)
    chosen: list[int] = []
    for label in np.unique(targets).tolist():
        members = np.flatnonzero(targets == label)
        number = BACKGROUNDS if label == background else PER_CLASS
        chosen += rng.permutation(members)[:number].tolist()
    return sorted(chosen)


@torch.inference_mode()
def compute(
    network: torch.nn.Module | torch.jit.ScriptModule,
    pixels: Sequence[npt.NDArray[np.uint8]],
    targets: npt.NDArray[np.int64],
) -> Support:
    """Return the memory of photos as the door hands them over (3 x D x D each)."""
    logits, embeddings = [], []
    for start in range(0, len(pixels), 64):
        batch = torch.from_numpy(np.stack(pixels[start : start + 64]))
        some_logits, some_embeddings = network(batch)
        logits.append(some_logits.numpy())
        embeddings.append(some_embeddings.numpy())
    return Support(np.concatenate(embeddings), np.concatenate(logits), targets)


def save(network: torch.jit.ScriptModule, card: Card, support: Support | None, file: Path) -> None:
    """Write a bundle of a scripted network with its card and what it remembers."""
    extra = {CARD: card.to_json().encode()}
    if support is not None:
        extra[MEMBER] = support.to_bytes()
    with warnings.catch_warnings():
        # TorchScript is what this product exports; torch calls it deprecated.
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        torch.jit.save(network, str(file), _extra_files=extra)
