"""Choose and compute what a bundle remembers of its photos (``support``)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training import layout, pixel_cache, support
from training.bundle import Card, read_card
from training.data import Photos
from training.devices import Device
from training.evaluate import load
from training.events import Preparing
from training.export import save
from training.layout import DataError
from training.support import Support

_BATCH = 64

Network = Callable[[Tensor], tuple[Tensor, Tensor]]


def of_run(network: torch.nn.Module, photos: Photos, device: Device, seed: int) -> Support:
    """Return what a trained network is to remember.

    Validation photos come first: those it was trained on look more certain to it than others
    do. Classes with few of them are filled up from training.
    """
    held_out, learned = photos.validation, photos.training
    first = support.choose(held_out.targets, photos.background, seed)
    there = np.bincount(held_out.targets[first], minlength=len(photos.labels))
    second = [
        row
        for row in support.choose(learned.targets, photos.background, seed).tolist()
        if _takes(there, int(learned.targets[row]), photos.background)
    ]
    parts = [(held_out, first), (learned, np.array(second, np.int64))]
    pixels = np.concatenate([part.pixels[part.rows[rows], 0] for part, rows in parts])
    targets = np.concatenate([part.targets[rows] for part, rows in parts])
    network.to(device.device)
    return compute(network, pixels, targets, device.device)


def _takes(there: npt.NDArray[np.int64], target: int, background: int | None) -> bool:
    """Count the photo in and return ``True`` while its class has room."""
    there[target] += 1
    room = support.BACKGROUNDS if target == background else support.PER_CLASS
    return bool(there[target] <= room)


@torch.inference_mode()
def compute(
    network: Network,
    pixels: npt.NDArray[np.uint8],
    targets: npt.NDArray[np.int64],
    device: torch.device | str = "cpu",
) -> Support:
    """Return how the network sees photos as the door hands them over (N x 3 x D x D)."""
    logits, embeddings = [], []
    for start in range(0, len(pixels), _BATCH):
        batch = torch.from_numpy(np.ascontiguousarray(pixels[start : start + _BATCH]))
        some_logits, some_embeddings = network(batch.to(device))
        logits.append(some_logits.float().cpu().numpy())
        embeddings.append(some_embeddings.float().cpu().numpy())
    return Support(np.concatenate(embeddings), np.concatenate(logits), targets)


def remember(
    bundle: Path, source: Path, negatives: Sequence[Path], output: Path, cache: Path,
    *, threads: int = 2, seed: int = 0,
) -> Generator[Preparing, None, Support]:  # fmt: skip
    """Write to ``output`` the bundle with what it remembers of photos that it knows.

    ``source``: what ``layout.read`` reads; photos that the network was not trained on serve
    best. Raises ``DataError`` where none of them shows one of its landmarks.
    """
    card: Card = read_card(bundle)
    index = {label.name: i for i, label in enumerate(card.labels) if i != card.background}
    found = layout.read(source, cache / "unpacked")
    samples = [s for s in (*found.training, *found.validation) if s.label in index]
    if not samples:
        raise DataError(f"No photo in {source} shows a landmark that {card.name!r} knows.")
    others = layout.unlabelled(list(negatives)) if card.background is not None else []
    targets = np.array(
        [index[s.label or ""] for s in samples] + [card.background] * len(others), np.int64
    )
    chosen = support.choose(targets, card.background, seed)
    paths = [(samples + others)[i].path for i in chosen]
    cached = yield from pixel_cache.load(paths, card.preprocessing, cache, views=1, threads=threads)
    network = load(bundle)
    memory = compute(network, cached.pixels[cached.kept, 0], targets[chosen][cached.kept])
    save(network, card, memory, output)
    return memory
