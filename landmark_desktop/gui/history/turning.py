"""Something being taken back, or done again: how far it is, a way to stop it, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop import tasks
from landmark_desktop.errors import UserError
from landmark_desktop.gui import failures, theme
from landmark_desktop.gui.buttons import dialog_button
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Outcome, Progress, Task

_LANE = "actions"
LANE_OF_FILES = "write"
"""What touches files takes turns with moving and writing, and keeps no answer waiting."""


class Turning(QWidget):
    """One at a time. Nothing is seen of it until there is something to say."""

    changed = Signal(object)  # ChangeSet: what has changed in the library
    ended = Signal()

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._job: Job | None = None
        self.said, self.what = QLabel(), QLabel()
        for text in (self.said, self.what):
            text.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        unbreakable = QSizePolicy.Policy.Ignored  # names of folders, say: the window stays narrow
        self.said.setSizePolicy(unbreakable, QSizePolicy.Policy.Preferred)
        self.what.setObjectName("muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName("Progress")
        self.stop = dialog_button("Cancel", "Stop; what is back by then stays so", self.cancel)
        self.stop.setProperty("flat", True)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT * 2)
        row.addWidget(self.what, 1)
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addLayout(row)
        self._show_job(None)
        self.say("")

    @property
    def busy(self) -> bool:
        """Whether it is going on."""
        return self._job is not None

    def start(
        self, title: str, make: Callable[[Cancel], Task[ChangeSet]], *, files: bool = False
    ) -> None:
        """Do it, unless something is being done. ``files``: it is known to touch files."""
        if self._job is not None:
            return
        self.say("")
        job = self._runner.start(LANE_OF_FILES if files else _LANE, title, make)
        self._show_job(job)
        self.what.setText(f"{title}…")
        self.bar.setRange(0, 0)
        job.progressed.connect(self._on_progress)
        job.ended.connect(self._on_end)

    def cancel(self) -> None:
        """Stop behind what is at hand."""
        if self._job is not None:
            self._job.cancel.set()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say what came of it."""
        self.said.setObjectName("bad" if bad else "muted")
        self.said.style().polish(self.said)
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def _show_job(self, job: Job | None) -> None:
        self._job = job
        for part in (self.what, self.bar, self.stop):
            part.setVisible(job is not None)

    def _on_progress(self, progress: Progress) -> None:
        self.what.setText(progress.in_words())
        self.bar.setRange(0, progress.total or 0)
        self.bar.setValue(progress.done)
        self._tell(progress.news)

    def _on_end(self, outcome: Outcome[Any]) -> None:
        self._show_job(None)
        match outcome:
            case tasks.Succeeded(changes):
                self.say(changes.summary)
                self._tell(changes)
            case tasks.WasCancelled():
                self.say("Stopped; what was back by then stays so.")
            case tasks.Failed(UserError() as error):
                # What it says to do names entries by number; here they are seen by name.
                self.say(" ".join(part for part in (error.what, error.why) if part), bad=True)
            case tasks.Failed(error):
                failures.tell(self, error)
        self.ended.emit()

    def _tell(self, changes: object) -> None:
        """Have the views show what came back, also where the rest of it failed."""
        if isinstance(changes, ChangeSet) and (
            changes.photos or changes.listing or changes.tags
        ):  # fmt: skip
            self.changed.emit(changes)
