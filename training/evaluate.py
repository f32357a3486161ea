"""Judge a bundle on photos that it was not trained on, through the door that the app uses."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training import layout, pixel_cache
from training.bundle import Card, read_card
from training.events import Preparing
from training.judge import Logits, judge
from training.layout import DataError, Sample
from training.photo import PhotoError

_BATCH = 64


def evaluate(
    model: Path, source: Path, negatives: Sequence[Path] = (), *, threads: int = 2
) -> Generator[Preparing, None, dict[str, Any]]:
    """Return ``judge``'s figures for a bundle on labelled photos, and on photos of nothing.

    ``source``: what ``layout.read`` reads; of a set with a test part that part alone. Photos
    go through the bundle's own door, untrimmed, as in the application. Raises ``BundleError``
    for a file that is no model, ``DataError`` for classes that the model does not know.
    """
    card = read_card(model)
    names = {label.name: i for i, label in enumerate(card.labels) if i != card.background}
    found = layout.read(source, pixel_cache.default_folder() / "unpacked")
    samples = [s for s in found.test or (*found.training, *found.validation) if s.label is not None]
    unknown = sorted({s.label or "" for s in samples} - set(names))
    if unknown:
        raise DataError(
            f"The model {card.name!r} does not know {', '.join(unknown)}. It can be judged only on "
            "photos of what it was trained on."
        )
    others = layout.unlabelled(list(negatives))
    if not samples and not others:
        raise DataError(f"There are no photos in {source}.")
    logits, kept, unreadable = yield from _run(model, card, samples, threads)
    targets = np.array([names[samples[i].label or ""] for i in kept], np.int64)
    without, seen, lost = yield from _run(model, card, others, threads)
    return {
        "data": "/".join(source.absolute().parts[-2:]),
        "model": card.name,
        **judge(
            card, logits, targets, without if negatives else None,
            paths=[samples[i].path for i in kept], negative_paths=[others[i].path for i in seen],
        ),
        "unreadable": unreadable + lost,
    }  # fmt: skip


def _run(
    model: Path, card: Card, samples: Sequence[Sample], threads: int
) -> Generator[Preparing, None, tuple[Logits, list[int], list[str]]]:
    """Return logits, the indices of the samples they belong to, and a line a broken photo."""
    network = load(model)
    door = card.preprocessing

    def pixels(sample: Sample) -> np.ndarray[Any, Any] | str:
        try:
            return door.apply(door.open(sample.path))
        except PhotoError as error:
            return f"{sample.path}: {error}"

    parts: list[Logits] = [np.zeros((0, len(card.labels)), np.float32)]
    kept: list[int] = []
    unreadable: list[str] = []
    with ThreadPoolExecutor(threads) as pool, torch.inference_mode():
        for start in range(0, len(samples), _BATCH):
            opened = list(pool.map(pixels, samples[start : start + _BATCH]))
            whole = [p for p in opened if not isinstance(p, str)]
            kept += [start + i for i, p in enumerate(opened) if not isinstance(p, str)]
            unreadable += [p for p in opened if isinstance(p, str)]
            if whole:
                parts.append(network(torch.from_numpy(np.stack(whole)))[0].numpy())
            yield Preparing("Judging photos", min(start + _BATCH, len(samples)), len(samples))
    return np.concatenate(parts), kept, unreadable


def load(model: Path, device: str = "cpu") -> torch.jit.ScriptModule:
    """Return the bundle's network on ``device``; a frozen one cannot be moved later."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        network = torch.jit.load(str(model), map_location=device)  # type: ignore[no-untyped-call]
    return network.eval()  # type: ignore[no-any-return]
