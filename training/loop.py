"""The training loop, readable from top to bottom: photos in, checkpoints and events out."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training import data, events
from training.augment import augment, mix
from training.backbones import EfficientNetLite0
from training.bundle import Label, Preprocessing
from training.network import LandmarkNetwork
from training.spec import TrainingSpec

BACKGROUND = "none"
_DRAWN_SHARE = 0.35  # drawn backgrounds for each photo without a landmark


@dataclass(frozen=True)
class Photos:
    """Photos in memory: pixels N x VIEWS x 3 x D x D, targets N, and the class names.

    The last class is ``BACKGROUND`` where negatives were given.
    """

    labels: tuple[Label, ...]
    background: int | None
    training: tuple[data.Pixels, np.ndarray[Any, Any]]
    validation: tuple[data.Pixels, np.ndarray[Any, Any]]
    unreadable: tuple[str, ...]


def prepare(spec: TrainingSpec, cache: Path) -> Photos:
    """Decode, label and split. Raises ``ValueError`` where there is nothing to learn from."""
    samples = data.labelled(Path(spec.data))
    names = sorted({s.label for s in samples if s.label is not None})
    if len(names) < 2:
        raise ValueError(f"{spec.data} holds fewer than two class folders with photos in them.")
    samples += data.unlabelled([Path(folder) for folder in spec.negatives])
    pixels, kept, unreadable = data.load(samples, Preprocessing(spec.door), cache, spec.threads)
    samples = [samples[i] for i in kept]
    index = {name: i for i, name in enumerate(names)}
    targets = np.array([index[s.label] if s.label else len(names) for s in samples])
    rows_train, rows_validate = data.split(samples, spec.validation_share, spec.seed)
    training = (np.ascontiguousarray(pixels[rows_train]), targets[rows_train])
    labels = tuple(Label(name, name) for name in names)
    background = None
    if spec.negatives:
        background = len(names)
        labels += (Label(BACKGROUND),)
        count = round(_DRAWN_SHARE * int((training[1] == background).sum()))
        drawn = data.synthetic_backgrounds(count, spec.door, spec.seed)
        training = (
            np.concatenate([training[0], drawn]),
            np.concatenate([training[1], np.full(count, background)]),
        )
    validation = (np.ascontiguousarray(pixels[rows_validate]), targets[rows_validate])
    return Photos(labels, background, training, validation, tuple(unreadable))


def train(spec: TrainingSpec, photos: Photos, run: Path) -> Iterator[events.Event]:
    """Train and yield events; goes on from ``run/checkpoint.pt`` where there is one.

    The checkpoint is written after every epoch. The averaged weights of the last epoch are
    the result: ``load_trained`` reads them back.
    """
    torch.set_num_threads(spec.threads)
    torch.manual_seed(spec.seed)
    network = build(spec, len(photos.labels), pretrained=True)
    network = network.to(memory_format=torch.channels_last)
    frozen = [network.backbone.stem, *network.backbone.blocks[: spec.frozen_blocks]]
    for module in frozen:
        module.requires_grad_(False)

    pixels, targets = photos.training
    steps = math.ceil(len(pixels) / spec.batch_size)
    optimiser = torch.optim.AdamW(
        [
            {"params": _trainable(network.backbone), "lr": spec.backbone_rate},
            {"params": list(network.head.parameters()), "lr": spec.head_rate},
        ],
        weight_decay=spec.weight_decay,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: _rate(step / steps, spec.epochs)
    )
    average = AveragedModel(
        network,
        multi_avg_fn=get_ema_multi_avg_fn(spec.ema_decay),  # type: ignore[no-untyped-call]
        use_buffers=True,
    )
    weights = torch.from_numpy(_sampling_weights(targets, photos.background, spec))

    checkpoint = run / "checkpoint.pt"
    first_epoch = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
        network.load_state_dict(state["network"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first_epoch = state["epoch"] + 1

    yield events.Started(
        classes=len(photos.labels) - (photos.background is not None),
        training_photos=len(pixels),
        validation_photos=len(photos.validation[0]),
        epochs=spec.epochs,
        first_epoch=first_epoch,
        unreadable=photos.unreadable,
    )
    for epoch in range(first_epoch, spec.epochs):
        rng = torch.Generator().manual_seed(spec.seed * 1000 + epoch)
        size = spec.size_at(epoch)
        drawn = torch.multinomial(weights, len(pixels), replacement=True, generator=rng)
        network.train()
        for module in frozen:
            module.eval()
        started, total = time.monotonic(), 0.0
        for step, rows in enumerate(torch.split(drawn, spec.batch_size)):
            view = torch.randint(0, data.VIEWS, (len(rows),), generator=rng)
            batch = torch.from_numpy(pixels[rows.numpy(), view.numpy()])
            x = augment(batch, size, rng)
            wanted = F.one_hot(torch.from_numpy(targets[rows.numpy()]), len(photos.labels)).float()
            x, wanted = mix(x, wanted, rng)
            logits = network.training_logits(x.to(memory_format=torch.channels_last))
            loss = F.cross_entropy(logits, wanted, label_smoothing=spec.label_smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            average.update_parameters(network)
            total += loss.item()
            speed = (step + 1) * spec.batch_size / (time.monotonic() - started)
            yield events.BatchDone(epoch, step + 1, steps, loss.item(), speed)

        logits = predict(average.module, size, photos.validation[0])
        yield events.EpochDone(
            epoch,
            total / steps,
            float(F.cross_entropy(logits, torch.from_numpy(photos.validation[1]))),
            _quick_metrics(logits, photos),
            time.monotonic() - started,
        )
        state = {
            "epoch": epoch,
            "network": network.state_dict(),
            "average": average.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
        }
        partial = checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(checkpoint)
        yield events.CheckpointSaved(str(checkpoint), epoch)


def build(spec: TrainingSpec, classes: int, *, pretrained: bool) -> LandmarkNetwork:
    """Return a network for the spec, its backbone with ImageNet weights where asked."""
    if spec.backbone != "efficientnet_lite0":
        raise ValueError(f"There is no backbone called {spec.backbone!r}.")
    backbone = EfficientNetLite0()
    if pretrained:
        backbone.load_imagenet()
    return LandmarkNetwork(backbone, classes, spec.stages[-1].size)


def load_trained(spec: TrainingSpec, classes: int, run: Path) -> LandmarkNetwork:
    """Return the averaged network of the last checkpoint, in evaluation mode."""
    network = build(spec, classes, pretrained=False)
    average = AveragedModel(network, use_buffers=True)
    state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    average.load_state_dict(state["average"])
    trained = average.module
    assert isinstance(trained, LandmarkNetwork)
    return trained.eval()


def predict(network: torch.nn.Module, size: int, pixels: data.Pixels) -> Tensor:
    """Return logits (N x C) for photos as the app would present them, at input size ``size``."""
    assert isinstance(network, LandmarkNetwork)
    network.eval()
    final, network.size = network.size, size
    try:
        with torch.inference_mode():
            parts = [
                network(torch.from_numpy(pixels[i : i + 128, 0]))[0]
                for i in range(0, len(pixels), 128)
            ]
    finally:
        network.size = final
    return torch.cat(parts)


def _trainable(module: torch.nn.Module) -> list[torch.nn.Parameter]:
    return [parameter for parameter in module.parameters() if parameter.requires_grad]


def _rate(epoch: float, epochs: int) -> float:
    """One epoch of linear warm-up, then half a cosine down to a hundredth."""
    if epoch < 1:
        return 0.02 + 0.98 * epoch
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (epoch - 1) / max(epochs - 1, 1)))


def _sampling_weights(
    targets: np.ndarray[Any, Any], background: int | None, spec: TrainingSpec
) -> np.ndarray[Any, Any]:
    """Draw classes by the square root of their size, the background at its fixed share."""
    counts = np.bincount(targets)
    weights = np.asarray(1 / np.sqrt(counts[targets]))
    if background is not None:
        inside = targets == background
        landmarks = weights[~inside].sum()
        share = spec.background_share
        weights[inside] = landmarks * share / (1 - share) / max(inside.sum(), 1)
    return weights


def _quick_metrics(logits: Tensor, photos: Photos) -> dict[str, float]:
    targets = torch.from_numpy(photos.validation[1])
    guess = logits.argmax(1)
    if photos.background is None:
        return {"top1": float((guess == targets).float().mean())}
    shown = targets != photos.background
    landmarks_only = logits.clone()
    landmarks_only[:, photos.background] = -torch.inf
    return {
        "top1": float((landmarks_only.argmax(1) == targets)[shown].float().mean()),
        "kept": float((guess[shown] != photos.background).float().mean()),
        "background_recall": float((guess[~shown] == photos.background).float().mean()),
    }
