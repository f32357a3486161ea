"""From a run's events to its curves: losses, accuracy, learning rate, time and speed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from training import events
from training.plots import Axis, Column, Mark, Plot, Points, Series, axis, plot, real

_MOST_POINTS = 400
"""A picture about 1000 pixels wide shows no more, and 100,000 batches would not fit a page."""

METRICS = {
    "top1": "top-1",
    "top3": "top-3",
    "top5": "top-5",
    "macro_f1": "macro F1",
    "kept": "kept",
    "kept_rate": "kept",
    "suggestion_precision": "precision of suggestions",
    "background_recall": "background recognised",
}
"""What shares of photos an epoch's metrics may hold, in the order of the legend."""


@dataclass(frozen=True)
class Course:
    """A run's events by kind, each epoch and each batch once, in order."""

    started: events.Started | None
    batches: tuple[events.BatchDone, ...]
    epochs: tuple[events.EpochDone, ...]
    phases: dict[int, tuple[str, int]]
    """(phase, network input size) by epoch."""

    @property
    def best(self) -> events.EpochDone | None:
        """The epoch of least validation loss, where the run said so."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)

    @property
    def reached(self) -> int:
        """Epochs that were begun, at least one."""
        judged = max((event.epoch + 1 for event in self.epochs), default=1)
        return max((event.epoch + 1 for event in self.batches), default=judged)


def course(history: Sequence[events.Event]) -> Course:
    """Sort a run's events. What a resumed run repeated counts as it was the last time."""
    started = None
    batches: dict[tuple[int, int], events.BatchDone] = {}
    epochs: dict[int, events.EpochDone] = {}
    phases: dict[int, tuple[str, int]] = {}
    for event in history:
        match event:
            case events.Started():
                started = event
            case events.EpochStarted():
                phases[event.epoch] = (event.phase, event.size)
            case events.BatchDone():
                batches[event.epoch, event.batch] = event
            case events.EpochDone():
                epochs[event.epoch] = event
    return Course(
        started,
        tuple(batches[key] for key in sorted(batches)),
        tuple(epochs[key] for key in sorted(epochs)),
        phases,
    )


def plots(run: Course, loss_note: str = "") -> tuple[Plot, ...]:
    """Return the run's plots, the losses first; those without data are left out."""
    if not run.batches and not run.epochs:
        return ()
    x = Axis("epochs completed", 0, run.reached, whole=True)
    made = (
        _losses(run, x, loss_note), _accuracy(run, x), _rate(run, x), _times(run, x),
        _speed(run, x),
    )  # fmt: skip
    return tuple(one for one in made if one is not None)


def smooth(values: Sequence[float], reach: int) -> list[float]:
    """Return each value's mean with up to ``reach`` neighbours on either side.

    Centred, so that it does not lag behind as a running average does. Towards the ends the
    window shrinks evenly; where it holds too little to be smooth there is NaN. Values that are
    not finite are passed over.
    """
    totals, counts = [0.0], [0]
    for value in values:
        finite = math.isfinite(value)
        totals.append(totals[-1] + (value if finite else 0.0))
        counts.append(counts[-1] + finite)
    smoothed = []
    for i, value in enumerate(values):
        near = min(reach, i, len(values) - 1 - i)
        total = totals[i + near + 1] - totals[i - near]
        count = counts[i + near + 1] - counts[i - near]
        enough = near >= reach // 4 and math.isfinite(value)
        smoothed.append(total / count if enough else math.nan)
    return smoothed


def thin(points: Points, most: int = _MOST_POINTS) -> list[tuple[float, float]]:
    """Return ``most`` points or fewer that keep the shape: each stretch's lowest and highest."""
    if len(points) <= most:
        return list(points)
    stretch = math.ceil(2 * len(points) / most)
    kept: list[tuple[float, float]] = []
    for i in range(0, len(points), stretch):
        part = points[i : i + stretch]
        finite = sorted((p for p in part if math.isfinite(p[1])), key=lambda p: p[1])
        kept += sorted({finite[0], finite[-1]}) if finite else part[:1]
    return kept


def duration(seconds: float) -> str:
    """Return a time in words, for example ``2 h 05 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def _losses(run: Course, x: Axis, note: str) -> Plot:
    raw: list[tuple[float, float]] = []
    calm: list[tuple[float, float]] = []
    # The loss leaps where a phase begins; a mean must not mix the two sides.
    for _, group in groupby(run.batches, key=lambda b: run.phases.get(b.epoch)):
        batches = list(group)
        places = [b.epoch + b.batch / max(b.batches, 1) for b in batches]
        losses = [real(b.loss) for b in batches]
        averages = smooth(losses, len(losses) // 60)
        raw += [*thin(list(zip(places, losses, strict=True))), (math.nan, math.nan)]
        if len(losses) >= 60:
            calm += [*thin(list(zip(places, averages, strict=True))), (math.nan, math.nan)]
    # A mean over an epoch stands in its middle, a judgement at its end.
    training = [(e.epoch + 0.5, real(e.training_loss)) for e in run.epochs]
    validation = [(e.epoch + 1.0, real(e.validation_loss)) for e in run.epochs]
    named = [
        Series("training, each batch", raw, "s1 thin" if calm else "s1"),
        Series("training, smoothed", calm, "s1 strong"),
        Series(
            "training, mean of the epoch",
            training,
            "s1",
            [f"epoch {p[0] + 0.5:.0f}: training loss {p[1]:.3f}" for p in training],
            line=not run.batches,
        ),
        Series(
            "validation, after the epoch",
            validation,
            "s2",
            [f"after epoch {p[0]:.0f}: validation loss {p[1]:.3f}" for p in validation],
        ),
    ]
    shown = [s for s in named if any(math.isfinite(p[1]) for p in s.points)]
    y = axis("loss (nats)", (p[1] for s in shown for p in s.points), from_zero=True)
    marks = (*_phase_marks(run), *_best_mark(run, inside=True))
    return plot("Loss", x, y, series=shown, marks=marks, note=note, size=(1200, 344))


def _accuracy(run: Course, x: Axis) -> Plot | None:
    series: list[Series] = []
    for key, name in METRICS.items():
        points = [(e.epoch + 1.0, real(e.metrics.get(key))) for e in run.epochs]
        if any(math.isfinite(p[1]) for p in points):
            titles = [f"after epoch {p[0]:.0f}: {name} {100 * p[1]:.1f} %" for p in points]
            series.append(Series(name, points, f"s{len(series) % 4 + 1}", titles))
    if not series:
        return None
    y = axis("validation photos (%)", (p[1] for s in series for p in s.points), from_zero=True)
    y = replace(y, high=1.0, percent=True)
    return plot("Accuracy", x, y, series=series, marks=_best_mark(run))


def _rate(run: Course, x: Axis) -> Plot | None:
    points = [(b.epoch + b.batch / max(b.batches, 1), real(b.rate)) for b in run.batches]
    if not points:
        return None
    y = axis("learning rate of the head", (p[1] for p in points), from_zero=True)
    return plot("Learning rate", x, y, series=[Series("", thin(points), "s1")])


def _times(run: Course, x: Axis) -> Plot | None:
    seconds = [real(e.seconds) for e in run.epochs]
    if not any(math.isfinite(s) and s > 0 for s in seconds):
        return None
    longest = max(s for s in seconds if math.isfinite(s))
    unit, size = ("minutes", 60.0) if longest >= 180 else ("seconds", 1.0)
    columns = [
        Column(e.epoch, e.epoch + 1, s / size, f"epoch {e.epoch + 1}: {duration(s)}")
        for e, s in zip(run.epochs, seconds, strict=True)
        if math.isfinite(s)
    ]
    y = axis(f"{unit} of work", (c.height for c in columns), from_zero=True)
    return plot("Time per epoch", x, y, columns=columns)


def _speed(run: Course, x: Axis) -> Plot | None:
    points = [
        (b.epoch + b.batch / max(b.batches, 1), real(b.photos_per_second)) for b in run.batches
    ]
    speeds = [p[1] for p in points if math.isfinite(p[1]) and p[1] > 0]
    if not speeds:
        return None
    # A head on features sees photos a hundred times faster than a whole network does.
    wide = max(speeds) / min(speeds) > 30
    label = "photos per second" + (" (logarithmic)" if wide else "")
    y = axis(label, speeds, from_zero=not wide, logarithmic=wide)
    return plot("Speed", x, y, series=[Series("", thin(points), "s1")])


def _best_mark(run: Course, *, inside: bool = False) -> tuple[Mark, ...]:
    if run.best is None:
        return ()
    epoch = run.best.epoch + 1
    return (Mark(epoch, f"best: epoch {epoch}", "best", inside),)


def _phase_marks(run: Course) -> tuple[Mark, ...]:
    words = {"head": "head on features", "full": "whole network"}
    marks, last = [], None
    for epoch in sorted(epoch for epoch in run.phases if epoch < run.reached):
        phase, size = run.phases[epoch]
        if (phase, size) != last:
            marks.append(Mark(epoch, f"{words.get(phase, phase)}, {size} px"))
        last = (phase, size)
    return tuple(marks)
