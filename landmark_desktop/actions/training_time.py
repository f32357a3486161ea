"""How long a training will take: arithmetic over photos, epochs and the speed of this machine.

The speed is an assumption until a network was trained here once; then it is what was measured
in the folder of runs. Either way it is an estimate, and is to be called one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from landmark_desktop.tasks import duration
from training import catalogue, events, launch
from training.spec import SpecError, TrainingSpec

# Multiply-adds of one photo of 224 x 224 pixels, in thousand millions: torchvision's published
# figures, our own networks' counted.
_GIGA_MACS = {
    "efficientnet_lite0": 0.38, "efficientnet_lite1": 0.50, "mobilenet_v3_large": 0.22,
    "resnet18": 1.81, "resnet50": 4.09, "efficientnet_b0": 0.39, "efficientnet_v2_s": 2.85,
    "convnext_tiny": 4.46, "swin_t": 4.49, "vit_b_16": 17.56,
    "landmark_net": 1.22, "five_conv": 0.25,
}  # fmt: skip
# Thousand millions of them a second on one thread of a plain desktop processor. Depthwise
# convolutions wait for memory instead of computing.
_DENSE, _DEPTHWISE = 15.0, 6.0
_DEPTHWISE_NETWORKS = frozenset(
    ["efficientnet_lite0", "efficientnet_lite1", "mobilenet_v3_large", "efficientnet_b0"]
)
_TRAINING_BY_FORWARD = 3.0  # forward, and twice as much backward
_HEAD_SECONDS = 3e-4  # for each photo of an epoch on features
_DECODE_SECONDS = 0.012  # for each photo and thread
_BEGIN_AND_END = 15.0  # loading torch, judging, exporting, comparing
_FULL_SIZE = 224


@dataclass(frozen=True)
class Speed:
    """Seconds a photo takes in an epoch of the whole network, for each 224 x 224 pixels.

    ``measured``: on this machine; else assumed.
    """

    seconds: float
    measured: bool


def assumed(backbone: str, threads: int) -> Speed:
    """Return what a plain desktop computer without a graphics card would need."""
    rate = (_DEPTHWISE if backbone in _DEPTHWISE_NETWORKS else _DENSE) * max(threads, 1)
    return Speed(_TRAINING_BY_FORWARD * _GIGA_MACS.get(backbone, 4.0) / rate, measured=False)


def measured(runs: Path) -> dict[str, Speed]:
    """Return the speeds that the runs in the folder had, the latest of each backbone."""
    found: dict[str, tuple[float, Speed]] = {}
    for folder in runs.iterdir() if runs.is_dir() else ():
        file = folder / launch.EVENTS
        try:
            spec = TrainingSpec.load(folder / launch.SPEC)
            changed = file.stat().st_mtime
            seconds = _seconds(file)
        except (OSError, SpecError):
            continue
        if seconds is not None and changed > found.get(spec.backbone, (0.0,))[0]:
            found[spec.backbone] = changed, Speed(seconds, measured=True)
    return {backbone: speed for backbone, (_, speed) in found.items()}


def _seconds(file: Path) -> float | None:
    """Return the median seconds a photo took in the epochs of the whole network, if any."""
    sizes: dict[int, int] = {}
    photos, each = 0, []
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if '"BatchDone"' in line[:24]:
                continue  # nearly all lines are such, and the epochs say it
            match events.from_line(line):
                case events.Started(training_photos=count):
                    photos = count
                case events.EpochStarted(epoch, "full", size, _):
                    sizes[epoch] = size
                case events.EpochDone(epoch=epoch, seconds=seconds) if epoch in sizes and photos:
                    each.append(seconds / photos * (_FULL_SIZE / sizes[epoch]) ** 2)
    return median(each) if each else None


def estimate(spec: TrainingSpec, photos: int, short_side: int, speed: Speed) -> float:
    """Return the seconds that a run on so many training photos will take, at most.

    ``short_side``: the photos' median in pixels, which settles sizes of 0. Training may stop
    early, and what an earlier run has decoded need not be decoded again.
    """
    seconds = _BEGIN_AND_END + _DECODE_SECONDS * photos / max(spec.threads, 1)
    by_phase: dict[str, float] = defaultdict(float)
    for phase, stage in spec.phases():
        side = stage.size or likely_size(spec.backbone, spec.door or short_side)
        scale = (side / _FULL_SIZE) ** 2
        if phase == "head":
            views = spec.feature_views + spec.validation_share
            by_phase["features"] += photos * views * speed.seconds * scale / _TRAINING_BY_FORWARD
            by_phase["head"] += stage.epochs * photos * _HEAD_SECONDS
        else:
            by_phase["full"] += stage.epochs * photos * speed.seconds * scale
    return seconds + sum(by_phase.values())


def likely_size(backbone: str, short_side: int) -> int:
    """Return the network's input size for photos of this size, as ``training.data`` settles it."""
    entry = catalogue.find(backbone)
    if entry.fixed_size:
        return entry.input_size
    door = likely_door(backbone, short_side)
    return int(np.clip(round(door * 4 / 3 / 32) * 32, 96, max(entry.input_size, 96)))


def likely_door(backbone: str, short_side: int) -> int:
    """Return the pixels a side that are left of photos of this size before anything else."""
    return int(np.clip(round(short_side / 32) * 32, 96, catalogue.find(backbone).input_size))


def in_words(seconds: float) -> str:
    """Return an estimate no more exact than it is: ``under a minute``, ``about 20 min``."""
    if seconds < 60:
        return "under a minute"
    minutes = seconds / 60
    rounded = round(minutes) if minutes < 10 else 5 * round(minutes / 5)
    return f"about {duration(rounded * 60)}"
