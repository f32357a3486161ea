"""Has another model look at the photos that the run on the result page was judged on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from landmark_desktop import tasks
from landmark_desktop.actions import compare_models, model_files, shelf
from landmark_desktop.actions.compare_models import Compared
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.actions.training_runs import Result
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.gui.training.comparison import CompareView
from landmark_desktop.tasks import Outcome, Progress


class Comparing(QObject):
    """One comparison at a time, on the lane that suggests.

    That lane is asked to make room first: ``lane_wanted`` comes before each comparison and
    ``lane_left`` behind it.
    """

    lane_wanted = Signal()
    lane_left = Signal()

    def __init__(
        self, workspace: Workspace, runner: Runner, view: CompareView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._runner, self._view = workspace, runner, view
        self._result: Result | None = None
        self._job: Job | None = None
        view.chosen.connect(self._look_up)
        view.asked.connect(self._compare)
        view.stopped.connect(self.stop)

    def show_run(self, result: Result) -> None:
        """Offer to compare a run; its comparison from an earlier time is shown at once."""
        self.stop()
        self._result = result
        self._view.show_models((), result.card.name)
        if result.judgement is None:
            return

        def others() -> list[Shelved]:
            own = model_files.identity(result.bundle)
            found = [m for m in shelf.models(self._workspace) if m.card and m.digest != own]
            return sorted(found, key=lambda model: not model.in_use)

        self._runner.call("shelf", others, lambda found: self._show_models(result, found),
                          self._on_failed)  # fmt: skip

    def stop(self) -> None:
        """Stop the comparison that is going on."""
        if self._job is not None:
            self._job.cancel.set()

    def _show_models(self, result: Result, models: list[Shelved]) -> None:
        if result is self._result:
            self._view.show_models(models, result.card.name)
            if self._view.other is not None:
                self._look_up(self._view.other)

    def _look_up(self, model: Shelved) -> None:
        result = self._result
        if result is not None:
            self._runner.call(
                "shelf", lambda: compare_models.earlier(self._workspace, result, model),
                lambda found: self._show(result, model, found), self._on_failed,
            )  # fmt: skip

    def _compare(self, model: Shelved) -> None:
        result = self._result
        if result is None or self._job is not None:
            return
        self.lane_wanted.emit()
        job = self._job = self._runner.start(
            "suggest", "Comparing models",
            lambda cancel: compare_models.compare(self._workspace, result, model, cancel),
        )  # fmt: skip
        self._view.show_progress(Progress(0, None, "Getting ready"))
        job.progressed.connect(lambda progress: self._on_progress(result, progress))
        job.ended.connect(lambda outcome: self._on_ended(result, model, outcome))

    def _on_progress(self, result: Result, progress: Progress) -> None:
        if result is self._result:
            self._view.show_progress(progress)

    def _on_ended(self, result: Result, model: Shelved, outcome: Outcome[Compared]) -> None:
        self._job = None
        self.lane_left.emit()
        if result is self._result:
            self._view.show_progress(None)
        match outcome:
            case tasks.Succeeded(found):
                self._show(result, model, found)
            case tasks.Failed(error):
                self._on_failed(error)

    def _show(self, result: Result, model: Shelved, found: Compared | None) -> None:
        other = self._view.other
        here = result is self._result and other is not None and other.digest == model.digest
        if here and found is not None and self._job is None:
            self._view.show_compared(found)

    def _on_failed(self, error: BaseException) -> None:
        failures.tell(self._view, error)
