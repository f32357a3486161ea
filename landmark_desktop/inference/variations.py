"""One photo in the variations that training would show of it, made by training's own code.

Torch is imported late, behind ``quiet_import``: call this on a worker thread.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from landmark_desktop.inference.preload import quiet_import
from training.bars import trim_bars
from training.bundle import Preprocessing
from training.photo import PhotoError

Pixels = npt.NDArray[np.uint8]

_AT_ONCE = 4
"""Photos that share their draw of operations in a batch (``training.augment``)."""


def variations(
    photo: Path, others: Sequence[Path], policy: str, door: int, size: int, count: int, seed: int
) -> list[Pixels]:
    """Return the photo as the network sees it, then ``count`` variations by the policy.

    Each is uint8, size x size x 3. ``others``: photos of the same set, since training mixes
    the look of photos in a batch; those that cannot be read are passed over. ``door``: pixels
    a side that are left of each photo before. The same seed gives the same variations. Raises
    ``PhotoError`` where the photo itself cannot be read.
    """
    with quiet_import():
        import torch

        from training.augment import augment, recompress

        if policy == "randaugment":
            # It imports this itself, but with the collector on.
            importlib.import_module("torchvision.transforms.v2")
    through = Preprocessing(door)
    shown = _pixels(photo, through)
    beside = [pixels for other in others if (pixels := _maybe(other, through)) is not None]
    rows = []
    for number in range(count):
        rows.append(shown)
        for place in range(_AT_ONCE - 1):
            rows.append(beside[(number + place) % len(beside)] if beside else shown)
    batch = torch.from_numpy(np.stack(rows))
    rng = torch.Generator().manual_seed(seed)
    # RandAugment draws from the global generator, which stays as it was for others.
    with torch.random.fork_rng(devices=[]), torch.inference_mode():
        torch.manual_seed(seed)
        if policy == "strong":
            batch = recompress(batch, rng)
        varied = augment(batch, size, policy, rng)[::_AT_ONCE]
        plain = augment(torch.from_numpy(shown)[None], size, "none", rng)
        views = (torch.cat([plain, varied]).clamp(0, 1) * 255).round().to(torch.uint8)
    return [np.ascontiguousarray(view.permute(1, 2, 0).numpy()) for view in views]


def _pixels(photo: Path, through: Preprocessing) -> Pixels:
    return through.apply(trim_bars(through.open(photo)))


def _maybe(photo: Path, through: Preprocessing) -> Pixels | None:
    try:
        return _pixels(photo, through)
    except PhotoError:
        return None
