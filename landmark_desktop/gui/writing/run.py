"""A run of writing as the window sees it: one at a time, in the job bar, with its result told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from landmark_desktop import tasks
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Outcome, Progress, Task

if TYPE_CHECKING:
    from landmark_desktop.actions.write import Done

_LANE = "write"


class WriteRun(QObject):
    """Starts runs and says how they end. ``said``: how the last one did."""

    news = Signal(object)  # ChangeSet
    progressed = Signal(str)  # how far it is, in words
    ended = Signal(object)  # ids that it was to write
    problems_asked = Signal()  # the person wants to see what could not be written
    kept_asked = Signal()  # or what other programs have otherwise

    def __init__(
        self, workspace: Workspace, runner: Runner, jobbar: JobBar, window: QWidget,
        undo: Callable[[], None], parent: QObject,
    ) -> None:  # fmt: skip
        """``window``: the widget that failures are told on. ``undo``: takes the newest back."""
        super().__init__(parent)
        self._workspace, self._runner, self._jobbar = workspace, runner, jobbar
        self._window, self._undo = window, undo
        self._job: Job | None = None
        self._written: set[int] = set()
        self.said = ""

    @property
    def busy(self) -> bool:
        """Whether a run is going on."""
        return self._job is not None

    def start(self, ids: Sequence[int], overrule: Mapping[int, frozenset[str]]) -> None:
        """Write what waits of these photos, as ``actions.write.write`` does; one run at a time."""
        if self._job is not None:
            self._jobbar.tell("Tags are being written already.")
            return
        if not ids:
            return

        def make(cancel: Cancel) -> Task[Done]:
            from landmark_desktop.actions import write  # exiv2: not while the window opens

            return (yield from write.write(self._workspace, ids, cancel, overrule=overrule))

        self.said = ""
        self._written.clear()
        self._job = self._runner.start(_LANE, "Writing tags", make)
        self._job.progressed.connect(self._on_progress)
        self._job.ended.connect(lambda outcome: self._on_end(ids, outcome))

    def cancel(self) -> None:
        """Stop behind the file at hand; what is written stays."""
        if self._job is not None:
            self._job.cancel.set()

    def _on_progress(self, progress: Progress) -> None:
        if isinstance(progress.news, ChangeSet):
            self._written |= progress.news.photos
            self.news.emit(progress.news)
        self.progressed.emit(progress.in_words())

    def _on_end(self, ids: Sequence[int], outcome: Outcome[Any]) -> None:
        self._job = None
        match outcome:
            case tasks.Succeeded(done):
                self._tell(done)
                self.news.emit(done.changes)
            case tasks.WasCancelled():
                self.said = "Writing stopped. What is written stays; the rest waits."
                self._jobbar.tell(self.said, "Undo", self._undo)
                self.news.emit(ChangeSet(frozenset(ids)))
            case tasks.Failed(error):
                self.said = str(error)
                failures.tell(self._window, error)
        self.ended.emit(ids)

    def _tell(self, done: Done) -> None:
        self.said = done.summary
        if not (done.written or done.unchanged or done.problems):
            self.said = "There was nothing to write."
        if done.problems:
            self._jobbar.tell(self.said, "Show", self.problems_asked.emit)
        elif done.conflicts:
            self._jobbar.tell(self.said, "Show", self.kept_asked.emit)
        elif done.written:
            self._jobbar.tell(self.said, "Undo", self._undo)
        else:
            self._jobbar.tell(self.said)
