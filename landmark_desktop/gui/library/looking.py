"""What the Library page has running: imports, the model's look at every new photo, and holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from landmark_desktop import tasks
from landmark_desktop.actions.import_photos import import_photos, unfinished
from landmark_desktop.actions.suggest import GETTING_READY, suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Outcome, Progress, Task

if TYPE_CHECKING:
    from landmark_desktop.importing.ingest import Imported

_MODEL_READY_MS = 1500


class Looking(QObject):
    """Starts those jobs, one of a kind at a time, and says how they end. On the main thread."""

    news = Signal(object)  # ChangeSet: what has changed in the library
    ended = Signal()  # a job did: what lists and counts say is no longer true
    problems_asked = Signal()  # the person wants to see which files could not be read

    def __init__(
        self, workspace: Workspace, runner: Runner, jobbar: JobBar, window: QWidget, parent: QObject
    ) -> None:
        """``window``: the widget that failures are told on."""
        super().__init__(parent)
        self._workspace, self._runner, self._jobbar = workspace, runner, jobbar
        self._window = window
        self._job: Job | None = None
        self._look_again = False
        self._holds = 0
        self._ready_soon = QTimer(self)
        self._ready_soon.setSingleShot(True)
        self._ready_soon.setInterval(_MODEL_READY_MS)
        self._ready_soon.timeout.connect(self._get_ready)

    def begin(self, paths: Sequence[Path]) -> None:
        """Go on where the last session ended, and import ``paths``.

        The model is made ready a little later, whatever there is to do: torch takes seconds
        to load, best while nothing else runs but after the first photos are on screen. In safe
        mode only ``paths`` are imported.
        """
        waiting = list(paths)
        if not self._workspace.safe:
            self._ready_soon.start()
            waiting = [*unfinished(self._workspace), *waiting]
        if waiting:
            self.import_paths(waiting)
        self.look()

    def close(self) -> None:
        """Begin nothing more."""
        self._ready_soon.stop()

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import folders and files; suggestions follow as photos come in."""
        job = self._runner.start(
            "import", "Importing", lambda cancel: import_photos(self._workspace, paths, cancel)
        )
        job.progressed.connect(self._on_import_progress)
        job.ended.connect(self._on_import_end)

    def look(self) -> None:
        """Have the model look at what it has not seen; at most one such job runs."""
        if self._workspace.safe:
            return
        if self._job is not None or self._holds:
            self._look_again = True
            return
        self._look_again = False
        self._job = self._runner.start(
            "suggest", "Suggesting", lambda cancel: suggest_for_library(self._workspace, cancel)
        )
        self._job.progressed.connect(self._on_progress)
        self._job.ended.connect(self._on_look_end)

    def hold(self) -> None:
        """Leave the lane that suggests to other work, behind the batch at hand; see ``go_on``."""
        self._holds += 1
        if self._job is not None:
            self._job.cancel.set()
            self._look_again = True

    def go_on(self) -> None:
        """Look at photos again if any are left, once for each ``hold``."""
        self._holds -= 1
        if self._look_again and self._job is None:
            self.look()

    def _get_ready(self) -> None:
        def task(_cancel: Cancel) -> Task[None]:
            yield Progress(0, None, GETTING_READY)
            self._workspace.recogniser.engine()

        job = self._runner.start("suggest", "Getting ready", task, stoppable=False)
        job.ended.connect(self._on_ready)

    def _on_ready(self, outcome: Outcome[None]) -> None:
        if isinstance(outcome, tasks.Failed):
            failures.tell(self._window, outcome.error)

    def _on_progress(self, progress: Progress) -> None:
        if isinstance(progress.news, ChangeSet):
            self.news.emit(progress.news)

    def _on_import_progress(self, progress: Progress) -> None:
        self._on_progress(progress)
        if isinstance(progress.news, ChangeSet) and progress.news.listing:
            self.look()

    def _on_import_end(self, outcome: Outcome[Imported]) -> None:
        self.ended.emit()
        match outcome:
            case tasks.Succeeded(done):
                said = f"{done.added:,} photo{'' if done.added == 1 else 's'} added"
                if done.unchanged:
                    said += f", {done.unchanged:,} already there"
                if done.unreadable:
                    said += f", {done.unreadable:,} could not be read"
                    self._jobbar.tell(said, "Show", self.problems_asked.emit)
                else:
                    self._jobbar.tell(said)
                self.look()
            case tasks.WasCancelled():
                self._jobbar.tell("Import stopped; the photos that are in stay.")
                self.look()
            case tasks.Failed(error):
                failures.tell(self._window, error)

    def _on_look_end(self, outcome: Outcome[int]) -> None:
        self._job = None
        self.ended.emit()
        match outcome:
            case tasks.Failed(error):
                failures.tell(self._window, error)
            case tasks.WasCancelled() if not self._holds:
                self._jobbar.tell("Suggestions stopped.", "Continue", self.look)
            case _ if self._look_again:
                self.look()
