"""One lesson on its way: prepared, learned by the trainer in its own process, read; or dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from landmark_desktop.actions import teaching, training_runs
from landmark_desktop.actions.teaching import Lesson, Taught
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.trainer import Ended, Trainer
from landmark_desktop.gui.training.advanced import usable_threads
from training import events

LANE = "teach"
_CLOSING = 5.0  # seconds that a closing window waits for the trainer; there is nothing to save


class LessonRun(QObject):
    """One at a time, each ending in one of ``learned``, ``broke`` and ``stopped``.

    Its folder stays until ``drop``, or for good after ``keep``; it is dropped with the two
    other ends.
    """

    progressed = Signal(str, int, int)  # what, done, total; 0 where that is unknown
    learned = Signal(object)  # Taught
    broke = Signal(object)  # an exception, or a sentence of the trainer's
    stopped = Signal()

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self._lesson: Lesson | None = None
        self._unwanted = self._shut = False
        self.active, self._rounds = False, 0
        self.trainer = Trainer(self)
        self.folder: Path | None = None
        self.trainer.happened.connect(self._on_event)
        self.trainer.ended.connect(self._on_ended)

    def start(self, lesson: Lesson) -> None:
        """Teach the model in use the lesson."""
        self._lesson, self.active, self._unwanted = lesson, True, False
        self.progressed.emit("Getting ready", 0, 0)
        self._runner.call(
            LANE, lambda: teaching.begin(self._workspace, lesson, usable_threads()),
            self._begun, self._break_off,
        )  # fmt: skip

    def stop(self) -> None:
        """End the run without a trace; ``stopped`` tells when it has."""
        if self.active:
            self._unwanted = True
            self.progressed.emit("Stopping", 0, 0)
            self.trainer.cancel()

    def keep(self) -> None:
        """Leave the folder where it is: its model is wanted."""
        self.folder = None

    def drop(self) -> None:
        """Remove the folder of the run that has ended."""
        folder, self.folder = self.folder, None
        if folder is not None:
            self._runner.call(LANE, lambda: teaching.discard(folder), lambda _done: None)

    def shut(self) -> None:
        """End with the window, without a signal. Waits for the trainer."""
        self._shut = True
        self.trainer.close(_CLOSING)
        if self.folder is not None:
            teaching.discard(self.folder)

    def _begun(self, folder: Path) -> None:
        self.folder = folder
        if self._shut:
            teaching.discard(folder)
        elif self._unwanted:
            self._end_stopped()
        else:
            self.trainer.start(folder / training_runs.ASKED, folder)

    def _on_event(self, event: events.Event) -> None:
        if self._unwanted:
            return
        match event:
            case events.Preparing():
                self.progressed.emit(event.what, event.done, event.total)
            case events.Started():
                self._rounds = event.epochs
                self.progressed.emit("Learning", 0, self._rounds)
            case events.EpochDone():
                self.progressed.emit("Learning", event.epoch + 1, self._rounds)

    def _on_ended(self, ended: Ended) -> None:
        if self._unwanted or ended.how == "stopped":
            self._end_stopped()
        elif ended.how == "finished":
            folder, lesson = self.folder, self._lesson
            assert folder is not None
            assert lesson is not None
            self._runner.call(
                LANE, lambda: teaching.result(folder, lesson, self._workspace.gazetteer),
                self._read, self._break_off,
            )  # fmt: skip
        else:
            begin = "" if ended.how == "failed" else "The learning broke off. "
            self._break_off(begin + ended.message)

    def _read(self, taught: Taught) -> None:
        if self._unwanted:
            self._end_stopped()
        elif not self._shut:
            self.active = False
            self.learned.emit(taught)

    def _break_off(self, why: BaseException | str) -> None:
        if self._shut:
            return
        if self._unwanted:
            self._end_stopped()
            return
        self.active = False
        self.drop()
        self.broke.emit(why)

    def _end_stopped(self) -> None:
        if not self._shut:
            self.active = False
            self.drop()
            self.stopped.emit()
