"""What a training run reports: frozen dataclasses, one JSON object a line on stdout.

The command line and the window read the same stream; a run keeps it as ``events.jsonl``.
Torch-free face of the trainer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Preparing:
    """Work before the first batch. ``what``: one short line for a person."""

    what: str
    done: int
    total: int


@dataclass(frozen=True)
class Started:
    """Data are ready and the first batch is about to run.

    ``first_epoch`` and ``first_batch`` (zero-based) are where a resumed run goes on.
    """

    classes: int
    training_photos: int
    validation_photos: int
    epochs: int
    device: str
    first_epoch: int = 0
    first_batch: int = 0
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class EpochStarted:
    """``phase``: ``head`` (on cached features) or ``full``; ``size``: network input, pixels."""

    epoch: int
    phase: str
    size: int
    batches: int


@dataclass(frozen=True)
class BatchDone:
    """One optimiser step.

    ``batch`` counts from 1. ``loss`` in nats, ``rate``: the head's learning rate,
    ``photos_per_second`` over the last batches, ``seconds_left`` to the end of the run.
    """

    epoch: int
    batch: int
    batches: int
    loss: float
    rate: float
    photos_per_second: float
    seconds_left: float


@dataclass(frozen=True)
class EpochDone:
    """One epoch with its judgement on the validation photos, by the averaged weights.

    ``seconds`` of work, pauses not counted. ``best``: what would be kept if the run ended here;
    as a rule because no earlier epoch had a smaller validation loss.
    """

    epoch: int
    training_loss: float
    validation_loss: float | None
    metrics: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    best: bool = False


@dataclass(frozen=True)
class CheckpointSaved:
    """A later run can go on from here: ``batch`` batches of ``epoch`` are behind it."""

    path: str
    epoch: int
    batch: int = 0


@dataclass(frozen=True)
class Notice:
    """Something that a person should know, and that does not stop the run."""

    message: str


@dataclass(frozen=True)
class Paused:
    """The run waits until it is told to go on or to stop."""


@dataclass(frozen=True)
class Continued:
    """The run goes on after a pause."""


@dataclass(frozen=True)
class Finished:
    """The bundle is written and was checked against the eager network."""

    bundle: str
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Stopped:
    """The person stopped the run; it can go on from ``checkpoint`` where that is not empty."""

    checkpoint: str


@dataclass(frozen=True)
class Failed:
    """The run ended early; ``reason`` is a sentence for a person."""

    reason: str


Event = (
    Preparing | Started | EpochStarted | BatchDone | EpochDone | CheckpointSaved | Notice
    | Paused | Continued | Finished | Stopped | Failed
)  # fmt: skip
_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (Preparing, Started, EpochStarted, BatchDone, EpochDone, CheckpointSaved, Notice,
                 Paused, Continued, Finished, Stopped, Failed)
}  # fmt: skip


def to_line(event: Event) -> str:
    """Return the event as one line of JSON, its type under ``event``."""
    return json.dumps({"event": type(event).__name__, **asdict(event)}, ensure_ascii=False)


def from_line(line: str) -> Event | None:
    """Return the event that ``to_line`` wrote, or ``None`` for anything else.

    Libraries print to stdout too, and a killed run leaves half a line at the end of its file.
    """
    try:
        entries: dict[str, Any] = json.loads(line)
        kind: Any = _KINDS[entries.pop("event")]
        known = {f.name for f in fields(kind)}
        given = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in entries.items()
            if key in known  # a newer trainer may say more
        }
        event: Event = kind(**given)
        return event
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def history(lines: Iterable[str]) -> list[Event]:
    """Return a run's events as if it had never been interrupted.

    A resumed run repeats the batches behind its last checkpoint: what it repeats counts
    once, as it was the second time.
    """
    kept: list[Event] = []
    for line in lines:
        event = from_line(line)
        if event is None:
            continue
        if isinstance(event, Started):
            here = (event.first_epoch, event.first_batch)
            kept = [earlier for earlier in kept if _position(earlier) <= here]
        kept.append(event)
    return kept


def _position(event: Event) -> tuple[int, int]:
    """Return (epoch, batches of it that are behind the event); notes stay where they are."""
    match event:
        case BatchDone():
            return event.epoch, event.batch
        case EpochDone():
            return event.epoch + 1, 0
        case EpochStarted():
            return event.epoch, 0
        case _:
            return -1, 0
