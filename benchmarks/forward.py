"""The forward pass alone, in the application's own batches, and what was tried to make it faster.

The bundle as the application's engine runs it, on real photos (it looks twice at those that it is
not sure of, so their kind matters), in turns with the same bundle unfused and with another one:

    python -m benchmarks.forward resources/models/landmarks.pt PHOTOS [--other earlier.pt]

Then its network with random weights, one look, in other forms. int8 goes by PyTorch's post-training
quantisation (``torch.ao.quantization``) and is left out where this PyTorch has it no more.
"""

from __future__ import annotations

import argparse
import copy
import os
import random
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from benchmarks.common import ratio, row
from landmark_desktop.inference.engine import Engine
from landmark_desktop.inference.pipeline import BATCH
from training import backbones
from training.bundle import Card
from training.evaluate import load
from training.network import LandmarkNetwork

_PHOTOS, _WARMING = 400, 3


def forms(network: LandmarkNetwork, door: int) -> dict[str, Callable[[Tensor], Any]]:
    """Return the network in several forms, by name."""
    plain = copy.deepcopy(network).to(memory_format=torch.contiguous_format)
    last = copy.deepcopy(network).to(memory_format=torch.channels_last)

    def bf16(pixels: Tensor) -> Any:
        with torch.autocast("cpu", torch.bfloat16):
            return frozen(pixels)

    frozen = torch.jit.freeze(torch.jit.script(last))
    made: dict[str, Callable[[Tensor], Any]] = {
        "channels first, frozen": torch.jit.freeze(torch.jit.script(plain)),
        "channels last, frozen": frozen,
        "channels last, optimize_for_inference": torch.jit.optimize_for_inference(
            torch.jit.freeze(torch.jit.script(last))
        ),
        "channels last, bfloat16": bf16,
    }
    quantised = int8(last, door)
    return made | ({"int8": quantised} if quantised is not None else {})


def int8(network: LandmarkNetwork, door: int) -> nn.Module | None:
    """Return the network with its convolutions in int8, ``None`` where PyTorch cannot."""
    try:
        from torch.ao.quantization import get_default_qconfig_mapping
        from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx
    except ImportError:
        return None
    pixels = torch.randint(0, 256, (BATCH, 3, door, door), dtype=torch.uint8)
    prepared = prepare_fx(
        copy.deepcopy(network), get_default_qconfig_mapping("x86"), example_inputs=(pixels,)
    )
    with torch.inference_mode():
        prepared(pixels)
    return convert_fx(prepared)


def through_the_door(card: Card, folder: Path) -> npt.NDArray[np.uint8]:
    """Return photos from anywhere in a folder, N x 3 x D x D, always the same ones."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".jpg", ".png"))
    random.Random(0).shuffle(files)
    door = card.preprocessing
    return np.stack([door.apply(door.open(file)) for file in files[:_PHOTOS]])


def timed(ways: dict[str, Callable[[Any], Any]], batches: Sequence[Any]) -> dict[str, list[float]]:
    """Return the seconds of each way for each batch, the ways taking turns."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn, batch in enumerate([*batches[:_WARMING], *batches]):  # TorchScript optimises first
        for name, way in ways.items():
            started = time.perf_counter()
            way(batch)
            if turn >= _WARMING:
                times[name].append(time.perf_counter() - started)
    return times


def table(title: str, times: dict[str, list[float]], base: str) -> None:
    """Print photos per second over all batches, and the ratio to ``base``."""
    row(title, "photos/s", "ratio")
    rates = {name: BATCH * len(taken) / sum(taken) for name, taken in times.items()}
    for name, rate in rates.items():
        row(name, f"{rate:.0f}", ratio(rate, rates[base]))


def main() -> None:
    """Print photos per second of each way to run the bundle, then of each form of its network."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--other", type=Path, help="another bundle, for comparison")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # TorchScript and quantisation are called deprecated
    engine = Engine(chosen.bundle, device="cpu", threads=chosen.threads)
    pixels = through_the_door(engine.card, chosen.photos)
    batches = [pixels[i : i + BATCH] for i in range(0, len(pixels) - BATCH + 1, BATCH)]
    unfused = load(chosen.bundle)
    whole: dict[str, Callable[[Any], Any]] = {
        "as TorchScript runs it": lambda batch: unfused(torch.from_numpy(batch)),
        "the application's engine: fused": engine.infer,
    }
    if chosen.other is not None:
        whole["the other bundle, in the engine"] = Engine(chosen.other, device="cpu").infer
    title = f"{chosen.threads} threads, {len(batches)} batches of {BATCH}"
    with torch.inference_mode():
        table(title, timed(whole, batches), "as TorchScript runs it")
        door, size = pixels.shape[-1], int(engine.card.training["stages"][-1]["size"])
        backbone = backbones.create(str(engine.card.training["backbone"]))
        network = LandmarkNetwork(backbone, len(engine.card.labels), size).eval()
        once = timed(forms(network, door), [torch.from_numpy(batch) for batch in batches])
        print()
        table(f"one look at {size} pixels", once, "channels first, frozen")


if __name__ == "__main__":
    main()
