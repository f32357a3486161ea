"""Files moved, and runs that were cut short settled, as the window sees it: one at a time."""

from __future__ import annotations

from collections.abc import Callable
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
    from landmark_desktop.actions.organise_entries import Applied
    from landmark_desktop.organise.plan import Plan

_LANE = "write"  # tags are written there: both touch files, and take turns
_DOING = {"move": "Moving…", "copy": "Copying…", "link": "Linking…"}


class OrganiseRun(QObject):
    """``failed``: what the last run could not do and why, a sentence each."""

    changed = Signal(object)  # ChangeSet
    undo_asked = Signal()
    begun = Signal()
    progressed = Signal(str)  # how far it is, in words
    ended = Signal()

    def __init__(
        self, workspace: Workspace, runner: Runner, jobbar: JobBar, window: QWidget,
        parent: QObject,
    ) -> None:  # fmt: skip
        """``window``: the widget that failures are told on."""
        super().__init__(parent)
        self._workspace, self._runner, self._jobbar = workspace, runner, jobbar
        self._window = window
        self._job: Job | None = None
        self.failed: tuple[str, ...] = ()
        self.doing = ""  # what it does, in a word

    @property
    def busy(self) -> bool:
        """Whether a run is going on."""
        return self._job is not None

    def apply(self, plan: Plan) -> None:
        """Carry a plan out."""

        def make(cancel: Cancel) -> Task[Applied]:
            from landmark_desktop.actions import organise_run

            return (yield from organise_run.apply(self._workspace, plan, cancel))

        self._start(make, _DOING[plan.asked.mode], "Nothing was moved.")

    def recover(self, *, finish: bool) -> None:
        """Finish what was cut short, or roll it back."""

        def make(cancel: Cancel) -> Task[Applied]:
            from landmark_desktop.actions import organise_run

            return (yield from organise_run.recover(self._workspace, cancel, finish=finish))

        doing = "Finishing…" if finish else "Rolling back…"
        self._start(make, doing, "There was nothing to settle.")

    def cancel(self) -> None:
        """Stop behind the photo at hand; what is done stays, and can be undone."""
        if self._job is not None:
            self._job.cancel.set()

    def _start(
        self, make: Callable[[Cancel], Task[Applied]], doing: str, nothing: str
    ) -> None:  # fmt: skip
        if self._job is not None:
            self._jobbar.tell("Files are being moved already.")
            return
        self.failed, self.doing = (), doing
        self._job = self._runner.start(_LANE, "Moving photos", make)
        self._job.progressed.connect(self._on_progress)
        self._job.ended.connect(lambda outcome: self._on_end(outcome, nothing))
        self.begun.emit()

    def _on_progress(self, progress: Progress) -> None:
        if isinstance(progress.news, ChangeSet):
            self.changed.emit(progress.news)
        self.progressed.emit(progress.in_words())

    def _on_end(self, outcome: Outcome[Any], nothing: str) -> None:
        assert self._job is not None
        stopped = self._job.cancel.is_set
        match outcome:
            case tasks.Succeeded(done):
                self.failed = done.failed
                self._tell(done, nothing, stopped=stopped)
                self.changed.emit(done.changes)
            case tasks.WasCancelled():
                self._jobbar.tell("Stopped. What is left of it waits to be settled.")
            case tasks.Failed(error):
                failures.tell(self._window, error)
        self._job = None  # after the news, so that nobody plans anew for them alone
        self.ended.emit()

    def _tell(self, done: Applied, nothing: str, *, stopped: bool) -> None:
        said = done.changes.summary or nothing
        if done.stopped:
            said = f"{said}; the rest was not tried"
        elif stopped:
            said = f"{said}, then stopped"
        if done.failed:
            count = len(done.failed)
            said = f"{said}; {count:,} could not be, see the list on the Organise page"
        if done.changes.change_id is None:
            self._jobbar.tell(said)
        else:
            self._jobbar.tell(said, "Undo", self.undo_asked.emit)
