"""The curves of a run: loss, accuracy, learning rate. Imports pyqtgraph, so import it late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.plots import Line, Plot
from landmark_desktop.gui.training.cards import framed
from landmark_desktop.gui.training.course import METRICS, Course

_X = "epochs completed"


def _place(x: float) -> str:
    return f"epoch {int(x) + 1}"


def _loss(value: float) -> str:
    return f"{value:.3f}"


def _share(value: float) -> str:
    return f"{value:.1%}"


def _loss_plot() -> Plot:
    return Plot("Loss", _X, "loss (nats)", reading=_place)


def _accuracy_plot() -> Plot:
    return Plot("Accuracy", _X, "photos (%)", reading=_place, percent=True)


def _rate_plot() -> Plot:
    return Plot("Learning rate", _X, "rate (10⁻³)", reading=_place)


PLOTS = (_loss_plot, _accuracy_plot, _rate_plot)
"""What makes the plots of ``Curves``, each a long while for a window that is busy."""


class Curves(QWidget):
    """Three plots that are drawn anew with each ``show_course``; made by ``PLOTS``."""

    def __init__(self, loss: Plot, accuracy: Plot, rate: Plot) -> None:
        super().__init__()
        self.loss, self.accuracy, self.rate = loss, accuracy, rate
        self.batches = self.loss.line("each batch", 0, _loss, "faint")
        self.smooth = self.loss.line("smoothed", 0, _loss)
        self.training = self.loss.line("training, the epoch's mean", 2, _loss, "points")
        self.validation = self.loss.line("validation", 1, _loss, "points")
        self.metrics: dict[str, Line] = {}
        self.rate.canvas.getPlotItem().getAxis("left").setScale(1000)
        self.rates = self.rate.line("rate", 0, lambda value: f"{value:.2e}")
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(framed(self.accuracy), 1)
        row.addWidget(framed(self.rate), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(framed(self.loss), 3)
        column.addLayout(row, 2)
        self.loss.setMinimumHeight(200)
        for plot in (self.accuracy, self.rate):
            plot.setMinimumHeight(152)

    def show_course(self, course: Course, smoothing: int) -> None:
        """Draw the course. ``smoothing``: 0 to 100."""
        x, y = course.loss.points()
        self.batches.set(x, y)
        reach = round(len(x) / 8 * (smoothing / 100) ** 2)
        self.smooth.set(*(course.smoothed(reach) if smoothing else ((), ())))
        self.training.set(*course.training.points())
        self.validation.set(*course.validation.points())
        self.rates.set(*course.rate.points())
        for number, (key, name) in enumerate(METRICS.items()):
            if key in course.metrics and key not in self.metrics:
                self.metrics[key] = self.accuracy.line(name, number, _share, "points")
            if key in self.metrics:
                curve = course.metrics.get(key)
                self.metrics[key].set(*(curve.points() if curve is not None else ((), ())))
        marks = [(x, words) for x, words in course.marks if len(course.marks) > 1]
        self.loss.mark(marks)
        if course.best is not None:
            place = course.best.epoch + 1
            self.accuracy.mark([(float(place), f"best: epoch {place}")], 0.3)
        else:
            self.accuracy.mark([])
        reached = float(max(x[-1] if len(x) else 1.0, 1.0))
        self.loss.span(reached)
        self.accuracy.span(reached, 1.02)
        self.rate.span(reached)


class Reliability(Plot):
    """How often the model is right when it is so sure, beside the line where both agree."""

    def __init__(self) -> None:
        super().__init__(
            "Reliability", "confidence (%)", "right (%)", percent=True,
            reading=lambda x: f"about {x:.0%} sure",
        )  # fmt: skip
        self.canvas.getPlotItem().getAxis("bottom").setScale(100)
        self.ideal = self.line("as sure as right", 1, _share, "faint")
        self.measured = self.line("this model", 0, _share, "points")
        self.ideal.set((0.0, 1.0), (0.0, 1.0))
        self.span(1.0, 1.02)

    def show_bins(self, bins: Sequence[dict[str, Any]]) -> None:
        """Show the bins of ``judge``'s ``reliability``."""
        self.measured.set([b["confidence"] for b in bins], [b["accuracy"] for b in bins])


class Thresholds(Plot):
    """What a stricter or laxer threshold would give: fewer suggestions, more of them right."""

    def __init__(self) -> None:
        super().__init__(
            "Threshold", "least confidence of a suggestion (%)", "share (%)", percent=True,
            reading=lambda x: f"from {x:.0%} confidence on",
        )  # fmt: skip
        self.canvas.getPlotItem().getAxis("bottom").setScale(100)
        self.shares = {
            "precision": self.line("suggestions right", 2, _share),
            "kept": self.line("photos that get one", 0, _share),
            "false_suggestions": self.line("of photos without a landmark", 1, _share),
        }
        self.span(1.0, 1.02)

    def show_rows(self, rows: Sequence[dict[str, Any]], chosen: float | None) -> None:
        """Show ``judge``'s ``thresholds``, and the card's own."""
        for key, line in self.shares.items():
            known = [row for row in rows if row.get(key) is not None]
            line.set([row["threshold"] for row in known], [row[key] for row in known])
        self.mark([] if chosen is None else [(chosen, f"the model's: {chosen:.0%}")], 0.15)
        self.span(1.0, 1.02)
