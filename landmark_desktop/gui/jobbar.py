"""The quiet bar at the bottom: what is running, how far, how long still; and short notices."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.tasks import Outcome, Progress

_NOTICE_MS = 8000


class JobBar(QWidget):
    """Shows the newest visible job, and a notice with an optional button beside it."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.setObjectName("jobbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(40)
        self._jobs: list[Job] = []
        self._summary = ""
        self.notice, self.button = QLabel(), QPushButton()
        self.what, self.bar, self.stop = QLabel(), QProgressBar(), QPushButton("Cancel")
        for said in (self.notice, self.what):
            said.setTextFormat(Qt.TextFormat.PlainText)  # names of files and models are not markup
        self.button.setProperty("flat", True)
        self.stop.setProperty("flat", True)
        self.stop.setToolTip("Stop; what is finished is kept")
        self.what.setObjectName("muted")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName("Progress")
        self.stop.clicked.connect(self._cancel)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_NOTICE_MS)
        self._timer.timeout.connect(self._clear_notice)
        self._action: Callable[[], None] | None = None
        self.button.clicked.connect(self._act)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(16)
        row.addWidget(self.notice)
        row.addWidget(self.button)
        row.addStretch(1)
        self._row = row
        row.addWidget(self.what)
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        self._clear_notice()
        self._show(None)
        runner.started.connect(self._on_started)

    def tell(self, text: str, button: str = "", action: Callable[[], None] | None = None) -> None:
        """Show a notice for some seconds, with a button where ``action`` is given."""
        self.notice.setText(text)
        self.button.setText(button)
        self.button.setVisible(action is not None)
        self._action = action
        self._timer.start()

    def add_standing(self, widget: QWidget) -> None:
        """Add what is shown at the right as long as it wants to be, whatever runs."""
        self._row.addWidget(widget)

    def show_summary(self, text: str) -> None:
        """Set what the bar says while there is no notice."""
        self._summary = text
        if not self._timer.isActive():
            self._clear_notice()

    def _clear_notice(self) -> None:
        self.notice.setText(self._summary)
        self.button.hide()

    def _act(self) -> None:
        if self._action is not None:
            self._action()

    def _on_started(self, job: Job) -> None:
        if not job.visible:
            return
        self._jobs.append(job)
        job.progressed.connect(lambda progress: self._on_progress(job, progress))
        job.ended.connect(lambda outcome: self._on_end(job, outcome))

    def _on_progress(self, job: Job, progress: Progress) -> None:
        if job is self._jobs[-1]:
            self._show(progress)

    def _on_end(self, job: Job, _outcome: Outcome[object]) -> None:
        self._jobs.remove(job)
        if not self._jobs:
            self._show(None)

    def _show(self, progress: Progress | None) -> None:
        for part in (self.what, self.bar, self.stop):
            part.setVisible(progress is not None)
        if progress is not None:
            self.stop.setVisible(self._jobs[-1].stoppable)
            self.what.setText(progress.in_words())
            self.bar.setRange(0, progress.total or 0)
            self.bar.setValue(progress.done)

    def _cancel(self) -> None:
        if self._jobs:
            self._jobs[-1].cancel.set()
