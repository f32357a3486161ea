"""How a run is going: its events gathered into a few figures and curves. Free of Qt.

However long a run is, a curve keeps a bounded number of points: neighbours become their mean.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from training import events

_MOST = 3000  # points of one curve: more than a screen is wide

_TOLD = 500  # events that are kept for the log
UNTOLD = (events.BatchDone, events.EpochStarted, events.Preparing, events.CheckpointSaved)
"""Events that no log has to name."""

Floats = npt.NDArray[np.float64]

METRICS = {
    "top1": "recognised (top-1)",
    "kept": "taken for a landmark",
    "background_recall": "taken for none",
}
"""What an epoch is judged by, and what that is called."""


class Curve:
    """Points in order of x. Beyond ``most`` of them, each becomes the mean of twice as many."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._each = 1  # points that went into one
        self._sums = (0.0, 0.0, 0)
        self._x: list[float] = []
        self._y: list[float] = []

    def add(self, x: float, y: float) -> None:
        """Add a point behind the others."""
        sum_x, sum_y, count = self._sums
        self._sums = (sum_x + x, sum_y + y, count + 1)
        if count + 1 == self._each:
            self._flush()
        if len(self._x) >= self._most:
            self._x, self._y = _paired(self._x), _paired(self._y)
            self._each *= 2

    def cut(self, x: float) -> None:
        """Forget what lies beyond ``x``: a resumed run does it again."""
        self._flush()
        keep = next((i for i, there in enumerate(self._x) if there > x), len(self._x))
        del self._x[keep:], self._y[keep:]

    def points(self) -> tuple[Floats, Floats]:
        """Return x and y."""
        return np.array(self._x, np.float64), np.array(self._y, np.float64)

    def __len__(self) -> int:
        return len(self._x)

    def _flush(self) -> None:
        sum_x, sum_y, count = self._sums
        if count:
            self._x.append(sum_x / count)
            self._y.append(sum_y / count)
        self._sums = (0.0, 0.0, 0)


class Course:
    """One run. ``x`` of all curves: epochs that are done, with the part of the present one.

    ``doing``: what is done before the first batch and after the last one. ``notices``: what a
    person should know. ``marks``: where a phase begins. ``told``: the latest events that are
    worth a line in a log.
    """

    def __init__(self) -> None:
        self.started: events.Started | None = None
        self.doing: events.Preparing | None = None
        self.paused = False
        self.batch: events.BatchDone | None = None
        self.epoch: events.EpochDone | None = None
        self.best: events.EpochDone | None = None
        self.phase, self.size, self.number = "", 0, 0
        self.marks: list[tuple[float, str]] = []
        self.notices: list[str] = []
        self.loss, self.rate = Curve(), Curve()
        self.training, self.validation = Curve(), Curve()
        self.metrics: dict[str, Curve] = {}
        self.end: events.Event | None = None
        self.told: deque[events.Event] = deque(maxlen=_TOLD)

    def take(self, event: events.Event) -> None:
        """Note what happened."""
        if not isinstance(event, UNTOLD):
            self.told.append(event)
        match event:
            case events.Preparing():
                self.doing = event
            case events.Started():
                self._start(event)
            case events.EpochStarted(epoch, phase, size, _):
                if (phase, size) != (self.phase, self.size):
                    words = {"head": "head on features", "full": "whole network"}.get(phase, phase)
                    self.marks = [mark for mark in self.marks if mark[0] < epoch]
                    self.marks.append((float(epoch), f"{words}, {size} px"))
                self.phase, self.size, self.number, self.doing = phase, size, epoch, None
            case events.BatchDone():
                place = event.epoch + event.batch / max(event.batches, 1)
                self.loss.add(place, event.loss)
                self.rate.add(place, event.rate)
                self.batch = event
            case events.EpochDone():
                self._judge(event)
            case events.Notice(message):
                self.notices.append(message)
            case events.Paused():
                self.paused = True
            case events.Continued():
                self.paused = False
            case events.Finished() | events.Stopped() | events.Failed():
                self.end, self.paused, self.doing = event, False, None

    def take_all(self, history: Iterable[events.Event]) -> Course:
        """Take events in their order; return the course itself."""
        for event in history:
            self.take(event)
        return self

    @property
    def done(self) -> float:
        """Share of the run's epochs that are done, 0 to 1."""
        if self.started is None or not self.started.epochs:
            return 0.0
        place = 0.0
        if self.batch is not None:
            place = self.batch.epoch + self.batch.batch / max(self.batch.batches, 1)
        if self.epoch is not None:
            place = max(place, self.epoch.epoch + 1)
        return min(place / self.started.epochs, 1.0)

    def smoothed(self, reach: int) -> tuple[Floats, Floats]:
        """Return the loss as means over ``reach`` points on either side, each phase by itself.

        The loss leaps where a phase begins: there the line is interrupted (NaN).
        """
        x, y = self.loss.points()
        borders = np.searchsorted(x, [place for place, _ in self.marks[1:]], side="right")
        parts_x, parts_y = [], []
        for part_x, part_y in zip(np.split(x, borders), np.split(y, borders), strict=True):
            if len(part_x):
                parts_x += [part_x, part_x[-1:]]
                parts_y += [_means(part_y, reach), np.array([math.nan])]
        if not parts_x:
            return x, y
        return np.concatenate(parts_x), np.concatenate(parts_y)

    def _start(self, event: events.Started) -> None:
        self.started, self.doing, self.end, self.paused = event, None, None, False
        if event.first_epoch == 0 and event.first_batch == 0:
            here = 0.0
        else:
            batches = self.batch.batches if self.batch is not None else 1
            here = event.first_epoch + event.first_batch / max(batches, 1)
        whole = math.floor(here)
        for curve in (self.loss, self.rate):
            curve.cut(here)
        for curve in (self.training, self.validation, *self.metrics.values()):
            curve.cut(whole)
        if self.best is not None and self.best.epoch >= whole:
            self.best = None

    def _judge(self, event: events.EpochDone) -> None:
        self.epoch = event
        # A mean over an epoch stands in its middle, a judgement at its end.
        self.training.add(event.epoch + 0.5, event.training_loss)
        if event.validation_loss is not None:
            self.validation.add(event.epoch + 1, event.validation_loss)
        for key in METRICS:
            if key in event.metrics:
                self.metrics.setdefault(key, Curve()).add(event.epoch + 1, event.metrics[key])
        if event.best:
            self.best = event


def _paired(values: list[float]) -> list[float]:
    return [(a + b) / 2 for a, b in zip(values[::2], values[1::2], strict=False)]


def _means(values: Floats, reach: int) -> Floats:
    """Return centred means; towards the ends the window shrinks evenly."""
    if reach < 1 or len(values) < 3:
        return values
    sums = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    near = np.minimum(np.minimum(place, len(values) - 1 - place), reach)
    means: Floats = (sums[place + near + 1] - sums[place - near]) / (2 * near + 1)
    return means
