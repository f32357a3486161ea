"""Runs what a person decides about photos and tags on a worker, and says how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from landmark_desktop import tasks
from landmark_desktop.gui import failures
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Outcome, Task

LANE = "actions"
_SHOWN_FROM = 200  # photos: what takes longer than a blink is told in the job bar


class PhotoJobs(QObject):
    """Each job is one entry of the history. All of it on the main thread."""

    changed = Signal(object)  # ChangeSet: what has changed in the library
    undo_asked = Signal()

    def __init__(self, runner: Runner, jobbar: JobBar, window: QWidget, parent: QObject) -> None:
        """``window``: the widget that failures are told on."""
        super().__init__(parent)
        self._runner, self._jobbar, self._window = runner, jobbar, window

    def run(
        self, title: str, make: Callable[[Cancel], Task[ChangeSet]], photos: int, nothing: str,
        then: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Do what ``make`` makes to so many photos, and ``then``, if something changed, this.

        ``nothing``: what to say if nothing changed.
        """

        def ended(outcome: Outcome[Any]) -> None:
            match outcome:
                case tasks.Succeeded(changes) if changes.change_id is None:
                    self._jobbar.tell(nothing)
                case tasks.Succeeded(changes):
                    self._jobbar.tell(changes.summary, "Undo", self.undo_asked.emit)
                    self.changed.emit(changes)
                    then()
                case tasks.WasCancelled():
                    self._jobbar.tell("Stopped; nothing was changed.")
                case tasks.Failed(error):
                    failures.tell(self._window, error)

        job = self._runner.start(LANE, title, make, visible=photos >= _SHOWN_FROM)
        job.ended.connect(ended)
