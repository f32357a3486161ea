"""Epoch time of the trainer against a plain ``ImageFolder`` and ``DataLoader`` loop.

The same network, photos, batch size and kind of augmentation in both, in this process, one
after the other. The plain loop is the one of torchvision's own tutorials: worker processes
decode and augment each photo in each epoch.

    python -m benchmarks.epochs ../shared/data/provence/train ../shared/data/landmarks/train
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

from benchmarks.common import ratio, row
from training import batches, data, devices, features, loop, memory, recipes
from training.backbones import create, load_pretrained
from training.drain import drain
from training.network import LandmarkNetwork
from training.spec import Stage, TrainingSpec
from training.weights import locate, weights_folder

_EPOCHS = 2  # timed after one that warms up


def network(classes: int, size: int) -> LandmarkNetwork:
    """Return EfficientNet-Lite0 with its published weights."""
    file = locate("efficientnet_lite0", weights_folder())
    assert file is not None
    backbone = create("efficientnet_lite0")
    load_pretrained(backbone, "efficientnet_lite0", file)
    return LandmarkNetwork(backbone, classes, size).to(memory_format=torch.channels_last)


def plain(folder: Path, spec: TrainingSpec, phase: str) -> Callable[[], object]:
    """Return an epoch of the plain loop."""
    strong = [transforms.RandAugment()] if spec.augmentation == "randaugment" else []
    steps = [
        transforms.RandomResizedCrop(spec.size, (0.4, 1.0)), transforms.RandomHorizontalFlip(),
        *strong, transforms.ToTensor(),
    ]  # fmt: skip
    photos = ImageFolder(str(folder), transforms.Compose(steps))
    loader = DataLoader(photos, spec.batch_size, shuffle=True, num_workers=os.cpu_count() or 1,
                        persistent_workers=True, drop_last=True)  # fmt: skip
    model = network(len(photos.classes), spec.size)
    trained: nn.Module = model.head if phase == "head" else model
    model.requires_grad_(False)
    trained.requires_grad_(True)
    optimiser = torch.optim.AdamW(trained.parameters(), 1e-4)

    def epoch() -> None:
        loop.train_mode(model, phase, 0)
        for x, targets in loader:
            loss = F.cross_entropy(
                model.training_logits(x.to(memory_format=torch.channels_last)), targets
            )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()

    return epoch


def ours(spec: TrainingSpec, phase: str, cache: Path) -> tuple[Callable[[], object], int]:
    """Return an epoch of the trainer's loop behind its cache, and how many photos it has."""
    device = devices.choose("cpu")
    preparing = data.prepare(spec, cache)
    spec, photos = drain(preparing)
    model = network(len(photos.labels), spec.size)
    way: batches.Batches = batches.PhotoBatches(spec, photos, device)
    if phase == "head":
        made = drain(features.compute(model, photos, spec, device, cache))
        way = batches.FeatureBatches(spec, photos, device, made)
    optimiser = loop._optimiser(spec, model, phase)
    number = iter(range(1_000_000))
    average = loop.MovingAverage(model, spec.ema_decay)
    at_once = loop.Memory(spec.batch_size)

    def epoch() -> None:
        loop.train_mode(model, phase, 0)
        for batch in way.epoch(next(number), 0, spec.size):
            loop._backward(spec, model, way, device, batch, optimiser, at_once)
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            average.update(model)

    return epoch, len(photos.training)


def _seconds(epoch: Callable[[], object]) -> float:
    """Return the fastest of some epochs behind one that warms up."""
    epoch()
    times = []
    for _ in range(_EPOCHS):
        started = time.monotonic()
        epoch()
        times.append(time.monotonic() - started)
    return min(times)


def main() -> None:
    """Print photos per second of both, at head and at full depth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--photos", type=int, default=900, help="of each folder, about")
    chosen = parser.parse_args()
    memory.keep()
    torch.set_num_threads(os.cpu_count() or 1)
    row("photos/s after the first epoch", "plain loop", "ours", "ratio")
    for folder in chosen.folders:
        with tempfile.TemporaryDirectory() as scratch:
            part = _part(folder, Path(scratch) / "photos", chosen.photos)
            for phase, augmentation in (("head", "light"), ("full", "randaugment")):
                spec = recipes.spec(
                    str(part), depth=phase, door=96, augmentation=augmentation,
                    stages=(Stage(1, 128),), mix_share=0.0, threads=os.cpu_count() or 1,
                )  # fmt: skip
                epoch, count = ours(spec, phase, Path(scratch) / "cache")
                fast = count / _seconds(epoch)
                images = len(list(part.glob("*/*")))
                slow = (
                    images // spec.batch_size * spec.batch_size / _seconds(plain(part, spec, phase))
                )
                name = "/".join(folder.absolute().parts[-2:])
                row(f"{name}, {phase} depth", f"{slow:.0f}", f"{fast:.0f}", ratio(fast, slow))


def _part(folder: Path, target: Path, wanted: int) -> Path:
    """Link about ``wanted`` of the photos, the same share of each class."""
    photos = sorted(path for path in folder.glob("*/*") if path.is_file())
    for path in photos[:: max(1, len(photos) // wanted)]:
        (target / path.parent.name).mkdir(parents=True, exist_ok=True)
        (target / path.parent.name / path.name).symlink_to(path.absolute())
    return target


if __name__ == "__main__":
    main()
