"""The forward pass alone, in the application's own batches, and what was tried to make it faster.

The bundle as it is, and the same network with random weights in other forms, in turns in one
process:

    python -m benchmarks.forward resources/models/landmarks.pt

int8 goes by PyTorch's post-training quantisation (``torch.ao.quantization``) and is left out
where this PyTorch has it no more.
"""

from __future__ import annotations

import argparse
import copy
import os
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.common import ratio, row
from landmark_desktop.inference.pipeline import BATCH
from training import backbones
from training.bundle import read_card
from training.evaluate import load
from training.network import LandmarkNetwork

_ROUNDS = 25


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


def main() -> None:
    """Print photos per second of each form and the ratio to the first one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # TorchScript and quantisation are called deprecated
    torch.set_num_threads(chosen.threads)
    card = read_card(chosen.bundle)
    door, size = card.preprocessing.size, int(card.training["stages"][-1]["size"])
    backbone = backbones.create(str(card.training["backbone"]))
    network = LandmarkNetwork(backbone, len(card.labels), size).eval()
    ways = {"the bundle": load(chosen.bundle), **forms(network, door)}
    pixels = torch.randint(0, 256, (BATCH, 3, door, door), dtype=torch.uint8)
    times: dict[str, list[float]] = {name: [] for name in ways}
    with torch.inference_mode():
        for turn in range(_ROUNDS + 3):  # TorchScript optimises in its first runs
            for name, way in ways.items():
                started = time.perf_counter()
                way(pixels)
                if turn >= 3:
                    times[name].append(time.perf_counter() - started)
    row(f"{chosen.threads} threads, batches of {BATCH}", "photos/s (median)", "best", "ratio")
    base = BATCH / statistics.median(times["channels first, frozen"])
    for name, taken in times.items():
        rate = BATCH / statistics.median(taken)
        row(name, f"{rate:.0f}", f"{BATCH / min(taken):.0f}", ratio(rate, base))


if __name__ == "__main__":
    main()
