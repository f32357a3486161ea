"""Step 3: figures, live curves, and the buttons that lead the run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.training.cards import Figure, Sheet, label, push_button, title
from landmark_desktop.gui.training.course import Course
from landmark_desktop.tasks import duration

_LOG_LINES = 2000
_FIGURES = (
    ("epoch", "Epoch", "Passes over the photos, and how many there will be"),
    ("speed", "Speed", "Photos a second, of late"),
    ("left", "Time left", "At the present speed; it may stop earlier"),
    ("best", "Best so far", "The epoch of least validation loss, and what it recognised"),
    ("device", "Computes on", "What trains"),
)


class Watch(Sheet):
    """Shows one run. The curves come with ``put_curves``, when pyqtgraph is there."""

    pause_asked = Signal()
    go_on_asked = Signal()
    finish_asked = Signal()
    cancel_asked = Signal()
    resume_asked = Signal()
    result_asked = Signal()

    def __init__(self) -> None:
        super().__init__(width=0, gap=theme.UNIT)
        self.curves: QWidget | None = None
        self.title, self.state = title(), label("", "muted", wrap=True)
        self.state.setAccessibleName("State of the training")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("How far the training is")
        self.pause = push_button("&Pause", "Wait behind a checkpoint; the computer is yours",
                                 self.pause_asked)  # fmt: skip
        self.go_on = push_button("C&ontinue", "Go on with the training", self.go_on_asked)
        self.finish = push_button("&Stop and keep the best", "End now, and make the model of the "
                                  "best epoch so far", self.finish_asked)  # fmt: skip
        self.cancel = push_button("Cancel", "Stop behind a checkpoint, without a model; you can "
                                  "go on later", self.cancel_asked)  # fmt: skip
        self.resume = push_button("&Continue this training", "Go on from the last checkpoint",
                                  self.resume_asked)  # fmt: skip
        self.result = push_button("See the &result", "How good the model is", self.result_asked)
        for button in (self.resume, self.result):
            button.setProperty("primary", True)
        self.figures = {key: Figure(name, tip) for key, name, tip in _FIGURES}
        self.smooth = QSlider(Qt.Orientation.Horizontal)
        self.smooth.setRange(0, 100)
        self.smooth.setValue(30)
        self.smooth.setFixedWidth(160)
        self.smooth.setAccessibleName("Smoothing of the loss")
        self.smooth.setToolTip("How many batches the smooth line takes together")
        self.show_log = QToolButton()
        self.show_log.setText("Log")
        self.show_log.setToolTip("What the trainer says, line by line")
        self.show_log.setCheckable(True)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(_LOG_LINES)
        self.log.setAccessibleName("Log of the training")
        self.log.setFixedHeight(112)
        self.log.hide()
        self.show_log.toggled.connect(self.log.setVisible)
        self._place = QVBoxLayout()
        self._waiting = label("The curves are being got ready…", "muted")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place.addWidget(self._waiting, 1)
        self._lay_out()
        self.show_buttons()

    def _lay_out(self) -> None:
        top, figures, below = QHBoxLayout(), FlowLayout(theme.UNIT * 4), QHBoxLayout()
        for row in (top, below):
            row.setSpacing(theme.UNIT)
        top.addWidget(self.title, 1)
        for button in (self.pause, self.go_on, self.finish, self.cancel, self.resume, self.result):
            top.addWidget(button)
        for figure in self.figures.values():
            figures.addWidget(figure)
        words = label("Smoothing", "small")
        words.setBuddy(self.smooth)
        below.addWidget(words)
        below.addWidget(self.smooth)
        below.addStretch(1)
        below.addWidget(self.show_log)
        column = self.column
        column.addLayout(top)
        column.addWidget(self.state)
        column.addWidget(self.bar)
        column.addLayout(figures)
        column.addLayout(self._place, 1)
        column.addLayout(below)
        column.addWidget(self.log)

    def put_curves(self, curves: QWidget) -> None:
        """Put the curves where their place is."""
        self.curves = curves
        self._place.removeWidget(self._waiting)
        self._waiting.hide()
        self._place.addWidget(curves, 1)

    def show_state(self, words: str, *, bad: bool = False) -> None:
        """Say how the run stands."""
        self.state.setObjectName("bad" if bad else "muted")
        self.state.style().polish(self.state)
        self.state.setText(words)

    def show_buttons(self, *shown: QPushButton) -> None:
        """Show these of the buttons, and no others."""
        for button in (self.pause, self.go_on, self.finish, self.cancel, self.resume, self.result):
            button.setVisible(button in shown)
            button.setEnabled(True)

    def show_figures(self, course: Course, *, live: bool) -> None:
        """Bring figures and the bar up to date."""
        started, batch, best = course.started, course.batch, course.best
        figures = self.figures
        figures["device"].show_value("–" if started is None else started.device)
        if started is None:
            for key in ("epoch", "speed", "left", "best"):
                figures[key].show_value("–")
        else:
            done = course.number if course.epoch is None else max(
                course.number, course.epoch.epoch + (not live))  # fmt: skip
            phase = {"head": "last layer", "full": "whole network"}.get(course.phase, course.phase)
            number = min(done + live, started.epochs)
            figures["epoch"].show_value(f"{number} of {started.epochs}", phase)
            speed = "–" if batch is None else f"{batch.photos_per_second:,.0f} photos/s"
            figures["speed"].show_value(speed, f"{course.size} px" if course.size else "")
            left = "–" if batch is None or not live else duration(batch.seconds_left)
            figures["left"].show_value(left)
            if best is not None:
                top1 = best.metrics.get("top1")
                figures["best"].show_value(
                    "–" if top1 is None else f"{top1:.1%}",
                    f"epoch {best.epoch + 1}"
                    + (
                        "" if best.validation_loss is None else f", loss {best.validation_loss:.3f}"
                    ),
                )
            else:
                figures["best"].show_value("–")
        doing = course.doing
        if live and doing is not None:
            self.bar.setRange(0, doing.total if doing.total > 1 else 0)
            self.bar.setValue(doing.done)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * course.done))
