"""The training loop, readable from top to bottom: batches in, checkpoints and events out.

A run has up to two legs: ``head`` trains the last layer on features that were computed
once, ``full`` trains the whole network on augmented photos. Both go through the same loop:
AdamW with layer-wise rates, warm-up and cosine, label smoothing, clipped gradients, an
averaged network that is judged after each epoch, the best of these kept.

All random numbers of a batch come from generators named by seed, epoch and batch, so that a
run continued from any checkpoint sees what the uninterrupted one sees.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import checkpoint, events
from training.average import MovingAverage
from training.batches import Batch, Batches
from training.checkpoint import State
from training.control import Control
from training.data import Photos
from training.devices import Device, free_cache, out_of_memory
from training.footprint import photos_at_once
from training.network import LandmarkNetwork
from training.pace import Pace
from training.spec import TrainingSpec

SAVE_EVERY = 60.0
"""Seconds of work that a killed run loses at most; the end of an epoch saves sooner."""
_SAVE_EPOCHS_EVERY = 10.0


class TrainingError(ValueError):
    """Training cannot go on; the message is a sentence for a person."""


@dataclass(frozen=True)
class Leg:
    """Epochs ``first`` to ``end`` (exclusive) with one optimiser and one rise and fall of rates."""

    phase: str
    first: int
    end: int


@dataclass
class Memory:
    """How many photos pass through the network at once."""

    at_once: int


def train(
    spec: TrainingSpec,
    network: LandmarkNetwork,
    photos: Photos,
    ways: dict[str, Batches],
    device: Device,
    run: Path,
    control: Control,
) -> Generator[events.Event, None, bool]:
    """Train ``network`` in place, going on from ``run``'s checkpoint where there is one.

    ``ways``: how each phase of the spec gets its batches. In the end the network holds the
    averaged weights of the best epoch by validation loss (the last, without validation
    photos). Returns ``False`` where the run was cancelled: it may then go on another time.
    Raises ``TrainingError`` where the loss is no number any more, ``CheckpointError`` where the
    checkpoint does not belong to this run.
    """
    epochs = [(phase, stage) for phase, stage in spec.phases() for _ in range(stage.epochs)]
    legs = legs_of([phase for phase, _ in epochs])
    count = len(photos.training) + len(photos.drawn)
    steps = max(1, math.ceil(count / spec.batch_size) - (count % spec.batch_size == 1))
    pace = Pace(epochs, steps)
    file = run / checkpoint.NAME
    state = checkpoint.load(file, _plain(spec), photos.key)
    resumed = state is not None
    state = state or State(_plain(spec), photos.key)
    network.to(device.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    if resumed and not state.finished:
        network.load_state_dict(state.network)
    average = MovingAverage(network, spec.ema_decay)
    if resumed and not state.finished:
        average.network.load_state_dict(state.average)
        average.updates = state.average_updates
    memory = Memory(spec.micro_batch or spec.batch_size)
    if device.device.type == "cpu" and not spec.micro_batch and spec.depth == "full":
        largest = max(stage.size for stage in spec.stages)
        memory.at_once = photos_at_once(network, largest, spec.batch_size)
    optimiser: torch.optim.Optimizer | None = None
    saved_at = time.monotonic()

    def save() -> events.CheckpointSaved:
        nonlocal saved_at
        state.network, state.average = network.state_dict(), average.network.state_dict()
        state.average_updates = average.updates
        state.optimiser = optimiser.state_dict() if optimiser else {}
        checkpoint.save(state, file)
        saved_at = time.monotonic()
        return events.CheckpointSaved(str(file), state.epoch, state.batch)

    yield events.Started(
        classes=photos.classes, training_photos=count, validation_photos=len(photos.validation),
        epochs=spec.epochs, device=device.title, first_epoch=state.epoch, first_batch=state.batch,
        unreadable=photos.unreadable,
    )  # fmt: skip
    if len(legs) > 1 and state.epoch < legs[-1].first:
        # How long the full leg will take is known from a rehearsal, not from the head's epochs.
        phase, stage = epochs[legs[-1].first]
        seconds = _rehearse(spec, network, ways[phase], device, stage.size, memory)
        pace.batch(phase, stage.size, seconds)

    finishing = state.finished
    while state.epoch < len(epochs) and not finishing:
        phase, stage = epochs[state.epoch]
        leg = next(leg for leg in legs if leg.first <= state.epoch < leg.end)
        way, began, paused = ways[phase], time.monotonic(), 0.0
        if state.epoch == leg.first and state.batch == 0:
            if state.best:
                network.load_state_dict(state.best)
            average = MovingAverage(network, spec.ema_decay)
            optimiser, state.unimproved = _optimiser(spec, network, phase), 0
        elif optimiser is None:
            optimiser = _optimiser(spec, network, phase)
            optimiser.load_state_dict(state.optimiser)
        yield events.EpochStarted(state.epoch, phase, stage.size, steps)
        stream = way.epoch(state.epoch, state.batch, stage.size)
        train_mode(network, phase, spec.frozen_layers)

        while state.batch < steps:
            if control.wish == "pause":
                yield save()
                yield events.Paused()
                paused += control.wait()
                yield events.Continued()
            if control.wish == "cancel":
                yield save()
                yield events.Stopped(str(file))
                return False
            if control.wish == "finish" and state.best_epoch >= 0:
                break
            started = time.monotonic()
            # RandAugment and dropout draw from torch's own generator.
            torch.manual_seed((spec.seed * 100_003 + state.epoch) * 1_000_003 + state.batch)
            batch = next(stream)
            progress = (state.epoch - leg.first + state.batch / steps) / (leg.end - leg.first)
            warm_up = spec.warm_up_epochs / (leg.end - leg.first)
            for group in optimiser.param_groups:
                group["lr"] = group["highest"] * rate_at(progress, min(warm_up, 0.5))
            loss, notices = _backward(spec, network, way, device, batch, optimiser, memory)
            yield from notices
            if not math.isfinite(loss):
                raise TrainingError(
                    f"The loss became {loss} in epoch {state.epoch + 1}: the rates are too high "
                    "for this network. Try a tenth of them (backbone_rate, head_rate)."
                )
            nn.utils.clip_grad_norm_(network.parameters(), spec.gradient_clip)
            optimiser.step()
            average.update(network)
            state.batch += 1
            state.loss_sum += loss
            pace.batch(phase, stage.size, time.monotonic() - started)
            yield events.BatchDone(
                state.epoch, state.batch, steps, loss, optimiser.param_groups[-1]["lr"],
                spec.batch_size / max(pace.per_batch(phase, stage.size), 1e-9),
                pace.left(state.epoch, state.batch),
            )  # fmt: skip
            if time.monotonic() - saved_at > SAVE_EVERY and state.batch < steps:
                yield save()
        if hasattr(stream, "close"):
            stream.close()
        if state.batch < steps:
            break  # the person wants what there is

        judging = time.monotonic()
        logits = way.validation_logits(average.network)
        pace.judged(phase, time.monotonic() - judging)
        judged = validation_loss(logits, photos)
        metrics = quick_metrics(
            logits, torch.from_numpy(photos.validation.targets), photos.background
        )
        better = judged is None or judged < state.best_loss
        if better:
            state.best = copy.deepcopy(average.network.state_dict())
            state.best_loss, state.best_epoch = math.inf if judged is None else judged, state.epoch
        state.unimproved = 0 if better else state.unimproved + 1
        yield events.EpochDone(
            state.epoch, state.loss_sum / steps, judged, metrics,
            time.monotonic() - began - paused, better,
        )  # fmt: skip
        enough = 0 < spec.patience <= state.unimproved
        if enough:
            yield events.Notice(
                f"No better validation loss for {state.unimproved} epochs: {phase} training ends."
            )
        state.epoch = leg.end if enough else state.epoch + 1
        state.batch, state.loss_sum = 0, 0.0
        finishing = control.wish == "finish"
        over = finishing or state.epoch >= len(epochs)
        if over or state.epoch == leg.end or time.monotonic() - saved_at > _SAVE_EPOCHS_EVERY:
            yield save()
    if not state.finished:
        state.finished = True
        yield save()
    network.load_state_dict(state.best)
    network.eval()
    return True


def legs_of(phases: list[str]) -> list[Leg]:
    """Return the runs of equal phases."""
    legs: list[Leg] = []
    for epoch, phase in enumerate(phases):
        if legs and legs[-1].phase == phase:
            legs[-1] = Leg(phase, legs[-1].first, epoch + 1)
        else:
            legs.append(Leg(phase, epoch, epoch + 1))
    return legs


def rate_at(progress: float, warm_up: float) -> float:
    """Return the share of the highest rate at ``progress`` (0..1) of a leg.

    Linear warm-up from a fiftieth, then half a cosine down to a hundredth (Loshchilov and
    Hutter 2017).
    """
    if progress < warm_up:
        return 0.02 + 0.98 * progress / warm_up
    rest = (progress - warm_up) / max(1 - warm_up, 1e-9)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(rest, 1.0)))


def train_mode(network: LandmarkNetwork, phase: str, frozen_layers: int) -> None:
    """Put in training mode what is trained: frozen layers keep their running statistics too."""
    layers = network.backbone.layers()
    network.train()
    for layer in layers if phase == "head" else layers[:frozen_layers]:
        layer.eval()


def _optimiser(spec: TrainingSpec, network: LandmarkNetwork, phase: str) -> torch.optim.Optimizer:
    """Return the optimiser of a phase: a group for each layer, the head's the last.

    Weights of one dimension (biases, normalisation) do not decay (He et al. 2019, "Bag of
    Tricks").
    """
    layers = network.backbone.layers()
    first = len(layers) if phase == "head" else spec.frozen_layers
    rated: list[tuple[nn.Module, float]] = [
        (layer, spec.backbone_rate * spec.layer_decay ** (len(layers) - 1 - i))
        for i, layer in enumerate(layers)
    ]
    rated.append((network.head, spec.head_rate))
    groups = []
    for i, (module, rate) in enumerate(rated):
        for parameter in module.parameters():
            parameter.requires_grad_(i >= first)
        trained = [p for p in module.parameters() if p.requires_grad]
        for decay, some in (
            (0.0, [p for p in trained if p.ndim <= 1]),
            (spec.weight_decay, [p for p in trained if p.ndim > 1]),
        ):
            if some:
                entries = {"lr": rate, "highest": rate, "weight_decay": decay}
                groups.append({"params": some, **entries})
    kind = torch.optim.Adam if spec.optimiser == "adam" else torch.optim.AdamW
    return kind(groups)


def _backward(
    spec: TrainingSpec,
    network: LandmarkNetwork,
    way: Batches,
    device: Device,
    batch: Batch,
    optimiser: torch.optim.Optimizer,
    memory: Memory,
) -> tuple[float, list[events.Notice]]:
    """Leave the batch's gradient in the network; return its loss and what to say.

    Where memory runs out, half as many photos at once pass through the network, now and in
    all batches to come; the gradient is still the whole batch's.
    """
    notices: list[events.Notice] = []
    while True:
        at_once = min(memory.at_once, len(batch.x))
        try:
            optimiser.zero_grad(set_to_none=True)
            total = torch.zeros((), device=device.device)
            for x, wanted in zip(
                torch.split(batch.x, at_once), torch.split(batch.targets, at_once), strict=True
            ):
                with device.autocast():
                    logits = way.logits(network, x)
                loss = F.cross_entropy(logits.float(), wanted, label_smoothing=spec.label_smoothing)
                loss = loss * (len(x) / len(batch.x))
                loss.backward()  # type: ignore[no-untyped-call]
                total += loss.detach()
            return float(total), notices
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error) or at_once < 4:
                raise
        memory.at_once = at_once // 2
        free_cache(device.device)
        notices.append(
            events.Notice(
                f"There is not enough memory for {at_once} photos at once; going on with "
                f"{at_once // 2}. The result stays the same, it takes a little longer."
            )
        )


def _rehearse(
    spec: TrainingSpec, network: LandmarkNetwork, way: Batches, device: Device, size: int,
    memory: Memory,
) -> float:  # fmt: skip
    """Return the seconds that a batch of the full leg takes, measured on a copy."""
    trial = copy.deepcopy(network)
    optimiser = _optimiser(spec, trial, "full")
    train_mode(trial, "full", spec.frozen_layers)
    seconds = 0.0
    stream = way.epoch(0, 0, size)
    for _, batch in zip(range(2), stream, strict=False):  # the first one warms up
        started = time.monotonic()
        _backward(spec, trial, way, device, batch, optimiser, memory)
        optimiser.step()
        seconds = time.monotonic() - started
    if isinstance(stream, Generator):
        stream.close()
    return seconds


def validation_loss(logits: Tensor, photos: Photos) -> float | None:
    """Return the mean cross-entropy in nats, or ``None`` without validation photos.

    At the temperature of 1/4 to 4 where it is least, as the finished model will have: label
    smoothing and mixed photos make a network less sure with every epoch, while it recognises
    more. Beyond these, few photos that are all recognised would cost nothing at all, and no
    later epoch could be better.
    """
    if not len(logits):
        return None
    targets = torch.from_numpy(photos.validation.targets)

    def loss(log_temperature: float) -> float:
        return float(F.cross_entropy(logits / math.exp(log_temperature), targets))

    # One minimum: the loss is convex in 1 / temperature. So thirds may be cut off.
    low, high = math.log(1 / 4), math.log(4.0)
    for _ in range(16):
        third = (high - low) / 3
        if loss(low + third) < loss(high - third):
            high -= third
        else:
            low += third
    return loss((low + high) / 2)


def quick_metrics(logits: Tensor, targets: Tensor, background: int | None) -> dict[str, float]:
    """Return top-1 among the landmarks, and how well the background is told from them.

    ``kept``: share of landmark photos likelier a landmark than background;
    ``background_recall``: share of the others that are not.
    """
    guess = logits.argmax(1)
    shown = targets != (-1 if background is None else background)
    if not shown.any():
        return {}
    if background is None:
        return {"top1": float((guess == targets).float().mean())}
    landmarks_only = logits.clone()
    landmarks_only[:, background] = -torch.inf
    metrics = {
        "top1": float((landmarks_only.argmax(1) == targets)[shown].float().mean()),
        "kept": float((guess[shown] != background).float().mean()),
    }
    if (~shown).any():
        metrics["background_recall"] = float((guess[~shown] == background).float().mean())
    return metrics


def _plain(spec: TrainingSpec) -> dict[str, object]:
    """Return the spec as JSON gives it back: lists for tuples."""
    plain: dict[str, object] = json.loads(json.dumps(spec.as_dict()))
    return plain
