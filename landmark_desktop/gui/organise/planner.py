"""Makes the plan anew on a worker thread whenever something changes; the older one is dropped."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop import tasks
from landmark_desktop.actions import organise
from landmark_desktop.actions.organise import Request
from landmark_desktop.actions.organise_words import Said
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.organise.preview import Preview, preview
from landmark_desktop.tasks import Cancel, Outcome, Progress, Task

_LANE = "organise"
SOON_MS = 350  # who types or ticks boxes goes on doing so
LATER_MS = 1500  # what the library tells of comes in streams


class Planner(QObject):
    """On the main thread."""

    begun = Signal()  # what was told last is old
    progressed = Signal(str)  # how far the new plan is, in words
    planned = Signal(object, object)  # Preview, Said
    failed = Signal(object)  # what was raised

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self._request: Request | None = None
        self._job: Job | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._start)

    @property
    def busy(self) -> bool:
        """Whether a plan is being made, or about to be."""
        return self._job is not None or self._soon.isActive()

    def ask(self, request: Request, delay: int = SOON_MS) -> None:
        """Make this plan, ``delay`` ms later, unless another one is asked for before."""
        self._request = request
        self._drop()
        self._soon.start(delay)
        self.begun.emit()

    def stop(self) -> None:
        """Make no plan."""
        self._soon.stop()
        self._drop()

    def _drop(self) -> None:
        if self._job is not None:
            self._job.cancel.set()
            self._job = None

    def _start(self) -> None:
        request = self._request
        assert request is not None

        def make(cancel: Cancel) -> Task[tuple[Preview, Said]]:
            plan = yield from organise.make_plan(self._workspace, request, cancel)
            cancel.check()
            return preview(plan), Said.of(plan)

        job = self._runner.start(_LANE, "", make, visible=False)
        self._job = job
        job.progressed.connect(lambda progress: self._on_progress(job, progress))
        job.ended.connect(lambda outcome: self._on_end(job, outcome))

    def _on_progress(self, job: Job, progress: Progress) -> None:
        if job is self._job:
            self.progressed.emit(progress.in_words())

    def _on_end(self, job: Job, outcome: Outcome[Any]) -> None:
        if job is not self._job:
            return
        self._job = None
        match outcome:
            case tasks.Succeeded((found, said)):
                self.planned.emit(found, said)
            case tasks.Failed(error):
                self.failed.emit(error)
