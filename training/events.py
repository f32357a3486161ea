"""What a training run reports: frozen dataclasses, one JSON object a line on stdout.

The command line and the window read the same stream. Torch-free face of the trainer.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Started:
    """Data are ready and the first batch is about to run."""

    classes: int
    training_photos: int
    validation_photos: int
    epochs: int
    first_epoch: int
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class BatchDone:
    """One optimiser step. ``loss`` in nats, ``photos_per_second`` over the epoch so far."""

    epoch: int
    batch: int
    batches: int
    loss: float
    photos_per_second: float


@dataclass(frozen=True)
class EpochDone:
    """One epoch with its judgement on the validation photos, by the averaged weights."""

    epoch: int
    training_loss: float
    validation_loss: float
    metrics: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class CheckpointSaved:
    """A later run can go on from here."""

    path: str
    epoch: int


@dataclass(frozen=True)
class Finished:
    """The bundle is written and was checked against the eager network."""

    bundle: str
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """The run ended early; ``reason`` is a sentence for a person."""

    reason: str


Event = Started | BatchDone | EpochDone | CheckpointSaved | Finished | Failed


def to_line(event: Event) -> str:
    """Return the event as one line of JSON, its type under ``event``."""
    return json.dumps({"event": type(event).__name__, **asdict(event)}, ensure_ascii=False)
