"""Suggestions for 12-megapixel JPEGs: the pipeline, its parts, and one photo after the other.

    python -m benchmarks.suggest             # 100 photos, this program's settings
    python -m benchmarks.suggest --sweep     # a table of threads and batch sizes

The straightforward way decodes each photo in full with Pillow, resizes it to the model's
input and runs the same model on it, one photo at a time.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from benchmarks.common import (
    TWELVE_MEGAPIXELS,
    clock,
    milliseconds,
    per_second,
    photos,
    ratio,
    row,
    title,
    warm,
)
from landmark_desktop import paths as places
from landmark_desktop.inference import pipeline
from landmark_desktop.inference.engine import Engine
from landmark_desktop.tasks import Cancel
from training.decision import decide

_PLAIN_PHOTOS = 30  # enough for a rate; the straightforward way is slow
_SWEPT_PHOTOS = 48  # a setting; there are 18 of them, in two rounds


def one_by_one(engine: Engine, paths: Sequence[Path]) -> None:
    """Look at photos the straightforward way."""
    size = engine.card.preprocessing.size
    for path in paths:
        with Image.open(path) as image:
            square = image.convert("RGB").resize((size, size), Image.Resampling.BICUBIC)
        pixels = np.ascontiguousarray(np.asarray(square).transpose(2, 0, 1)[None])
        decide(engine.card, engine.infer(pixels))


def piped(engine: Engine, paths: Sequence[Path], batch: int, decoders: int) -> None:
    """Look at photos as the program does."""
    seen = 0
    for part in pipeline.look(
        engine.infer, engine.card, enumerate(paths), Cancel(), batch=batch, decoders=decoders
    ):
        seen += sum(photo.decision is not None for photo in part)
    assert seen == len(paths)


def decode_alone(engine: Engine, paths: Sequence[Path], decoders: int) -> None:
    """Bring photos through the model's door without a model behind it."""
    door = engine.card.preprocessing
    with ThreadPoolExecutor(decoders) as pool:
        for _ in pool.map(lambda path: door.apply(door.open(path)), paths):
            pass


def model_alone(engine: Engine, count: int, batch: int) -> None:
    """Run the model on pixels that are there already, in the pipeline's batches."""
    size = engine.card.preprocessing.size
    pixels = np.random.default_rng(0).integers(0, 256, (batch, 3, size, size), np.uint8)
    for start in range(0, count, batch):
        decide(engine.card, engine.infer(pixels[: min(batch, count - start)]))


def compare(engine: Engine, paths: Sequence[Path]) -> None:
    """Print the program's own settings against the straightforward way, and the parts."""
    count, batch, decoders = len(paths), pipeline.BATCH, pipeline.DECODERS
    few = paths[:_PLAIN_PHOTOS]
    first, _ = clock(lambda: model_alone(engine, batch, batch))
    second, _ = clock(lambda: model_alone(engine, batch, batch))
    third, _ = clock(lambda: model_alone(engine, batch, batch))
    row("first, second, third batch of a fresh model", *map(milliseconds, (first, second, third)))
    model_alone(engine, count, batch)  # the last batch has a shape of its own
    one_by_one(engine, few[:3])

    plain, _ = clock(lambda: one_by_one(engine, few))
    decoding, _ = clock(lambda: decode_alone(engine, paths, decoders))
    running, _ = clock(lambda: model_alone(engine, count, batch))
    ours, _ = clock(lambda: piped(engine, paths, batch, decoders))

    row("straightforward, one photo at a time", per_second(len(few), plain))
    threads = torch.get_num_threads()
    row(f"pipeline ({decoders} decoders, {threads} torch threads, batches of {batch})",
        per_second(count, ours), ratio(plain / len(few), ours / count))  # fmt: skip
    row(f"decoding alone, {decoders} threads", per_second(count, decoding))
    row(f"model alone, {threads} threads, batches of {batch}", per_second(count, running))
    row("pipeline, share of the slower part", f"{max(decoding, running) / ours:.0%}")
    # Where both parts can fill every core, they cannot overlap for nothing: their times add.
    row("pipeline, share of both parts one after the other",
        f"{(decoding + running) / ours:.0%}")  # fmt: skip


def sweep(engine: Engine, paths: Sequence[Path]) -> None:
    """Print the pipeline's rate over decoder threads, torch threads and batch sizes.

    Two rounds over all settings, the faster of each: what else the machine does then weighs
    on single settings less.
    """
    batches = (8, 16, 32)
    settings = list(product((1, 2, 3), (1, 2), batches))
    rates = dict.fromkeys(settings, 0.0)
    for setting in settings * 2:
        decoders, threads, batch = setting
        torch.set_num_threads(threads)
        model_alone(engine, batch + len(paths) % batch, batch)
        seconds, _ = clock(partial(piped, engine, paths, batch, decoders))
        rates[setting] = max(rates[setting], len(paths) / seconds)
    row("decoders x torch threads, photos/s", *(f"batch {batch}" for batch in batches))
    for decoders, threads in product((1, 2, 3), (1, 2)):
        row(f"{decoders} x {threads}",
            *(f"{rates[decoders, threads, batch]:.1f}" for batch in batches))  # fmt: skip
    best = max(rates, key=lambda key: rates[key])
    print(f"\n  best: {best[0]} decoders, {best[1]} torch threads, batches of {best[2]}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--sweep", action="store_true", help="try threads and batch sizes")
    parser.add_argument("--model", type=Path, default=places.default_model())
    chosen = parser.parse_args()
    _, paths = photos(chosen.photos, TWELVE_MEGAPIXELS)
    size = warm(paths)
    title(f"Suggestions for {len(paths)} JPEGs of 12 megapixels, {size / len(paths) / 1e6:.1f} MB")
    loading, engine = clock(lambda: Engine(chosen.model, device="cpu"))
    row("loading the model", milliseconds(loading))
    if chosen.sweep:
        sweep(engine, paths[:_SWEPT_PHOTOS])
    else:
        compare(engine, paths)


if __name__ == "__main__":
    main()
