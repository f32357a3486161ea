"""The life of the Training page: photos looked through, runs begun, led, watched and opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFile, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from landmark_desktop import tasks
from landmark_desktop.actions import photo_set, training_runs, training_time
from landmark_desktop.actions.mended import Relabelled
from landmark_desktop.actions.photo_set import Looked, Source
from landmark_desktop.actions.training_runs import Result, Run
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.gui import failures
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.gui.trainer import Ended
from landmark_desktop.gui.training.advanced import usable_threads
from landmark_desktop.gui.training.comparing import Comparing
from landmark_desktop.gui.training.course import Course
from landmark_desktop.gui.training.furnishing import Furnishing
from landmark_desktop.gui.training.leading import Leading
from landmark_desktop.gui.training.library_link import LibraryLink
from landmark_desktop.gui.training.mending import Mending
from landmark_desktop.gui.training.networks import weights_at_hand
from landmark_desktop.gui.training.own_library import OwnLibrary
from landmark_desktop.gui.training.pictures import FilePictures
from landmark_desktop.gui.training.variations import VariationMaker
from landmark_desktop.gui.training.view import DATA, HOW, RESULT, WATCH, TrainingView
from landmark_desktop.tasks import Outcome
from training import launch
from training.spec import SpecError


@dataclass(frozen=True)
class _Opened:
    """A run that is read from its folder."""

    run: Run
    course: Course
    result: Result | None


class TrainingSession(QObject):
    """Joins the view with the actions and the trainer. All of it runs on the main thread.

    ``folder``: where the runs are. The signals are ``TrainingPage``'s.
    """

    adopted = Signal(object)
    shelved = Signal(object)

    def __init__(
        self, workspace: Workspace, folder: Path, runner: Runner, jobbar: JobBar
    ) -> None:  # fmt: skip
        super().__init__()
        self._runner, self._jobbar = runner, jobbar
        self.folder = folder
        self._looking: Job | None = None
        self._opened: _Opened | None = None
        self._closed = False
        self.pictures = FilePictures(self)
        self.view = TrainingView(self.pictures)
        self.leading = Leading(runner, jobbar, self.view.watch, self)
        self.trainer = self.leading.trainer
        self.furnishing = Furnishing(self.view, self.leading, self)
        self.library = OwnLibrary(workspace, folder, runner, self.view, self)
        self.mending = Mending(workspace, runner, self.view, self)
        self.comparing = Comparing(workspace, runner, self.view.result.compare, self)
        self.link = LibraryLink(workspace, runner, self.view.result, self)
        VariationMaker(runner, self.view.how.variations, self)
        self._connect()
        self._go(DATA)
        self.view.data.show_negatives((), 0)

    def _connect(self) -> None:
        view = self.view
        view.first_shown.connect(self._get_ready)
        view.steps.chosen.connect(self._go)
        view.runs.new_asked.connect(self.new)
        view.runs.chosen.connect(self.open_run)
        view.runs.folder_asked.connect(_open_folder)
        view.runs.bin_asked.connect(self._to_bin)
        view.data.chosen.connect(self.choose)
        view.data.negatives_chosen.connect(self.choose_negatives)
        view.data.stop_asked.connect(self._stop_looking)
        view.data.next_asked.connect(lambda: self._go(HOW))
        view.data.edits_changed.connect(self._prepare_how)
        self.library.chosen.connect(self.choose)
        view.how.start_asked.connect(self.start)
        view.watch.resume_asked.connect(self.resume)
        view.watch.result_asked.connect(self._open_result)
        view.result.report_asked.connect(lambda: self._open_file(launch.REPORT))
        view.result.folder_asked.connect(self._open_shown)
        view.result.use_asked.connect(lambda: self._with_bundle(self.adopted))
        view.result.shelf_asked.connect(lambda: self._with_bundle(self.shelved))
        self.mending.again.connect(self.train_again)
        self.leading.ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        """Whether a run is going on: closing the window would end it."""
        return self.trainer.running

    def close(self) -> None:
        """End the trainer behind a checkpoint, and stop loading pictures. Waits for both."""
        self._closed = True
        self.furnishing.close()
        self.library.close()
        self.leading.close()
        self.pictures.close()

    # -- getting ready -----------------------------------------------------------------------

    def _get_ready(self) -> None:
        """Read what the page needs, when it is first seen: runs, speeds, weights, pyqtgraph."""
        self.refresh_runs()
        self.library.refresh()
        self.furnishing.begin(self._runner)
        self._learn_machine()

    def _learn_machine(self) -> None:
        self._runner.call(
            "runs", lambda: (training_time.measured(self.folder), weights_at_hand()),
            lambda found: self.view.how.show_machine(*found),
        )  # fmt: skip

    def refresh_runs(self) -> None:
        """Read the list of runs anew."""
        self._runner.call("runs", lambda: training_runs.list_runs(self.folder), self._show_runs)

    def _show_runs(self, runs: list[Run]) -> None:
        self.view.runs.show_runs(runs, self.leading.folder if self.busy else None)
        self.view.runs.mark(self._shown)

    @property
    def _shown(self) -> Path | None:
        """The folder of the run on the page: the one opened, or the one that is led."""
        return self._opened.run.folder if self._opened is not None else self.leading.folder

    # -- step 1: photos ----------------------------------------------------------------------

    def new(self) -> None:
        """Begin with choosing photos; those that were chosen stay chosen."""
        self.view.runs.mark(None)
        self._go(DATA)

    def choose(self, source: Source) -> None:
        """Look through the photos of ``source``."""
        self._stop_looking()
        self._go(DATA)
        before = self.view.data.looked
        job = self._runner.start(
            "photo-set", "Looking at photos",
            lambda cancel: photo_set.look(source, usable_threads(), cancel),
        )  # fmt: skip
        self._looking = job
        self.view.data.show_progress(tasks.Progress(0, None, "Reading the folders"))
        job.progressed.connect(lambda progress: self._on_look(job, progress))
        job.ended.connect(lambda outcome: self._on_looked(job, before, outcome))

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel.set()

    def _on_look(self, job: Job, progress: tasks.Progress) -> None:
        if job is self._looking:
            self.view.data.show_progress(progress)

    def _on_looked(self, job: Job, before: Looked | None, outcome: Outcome[Looked]) -> None:
        if job is not self._looking:
            return  # other photos were chosen meanwhile
        self._looking = None
        found = before
        match outcome:
            case tasks.Succeeded(looked):
                found = looked
            case tasks.Failed(error):
                failures.tell(self.view, error)
        self.view.data.show_looked(found)
        self._allow()

    def choose_negatives(self, folders: Sequence[Path]) -> None:
        """Let the photos of these folders stand for no landmark."""
        self._runner.call(
            "photo-set", lambda: photo_set.without_landmark(folders),
            lambda photos: self.view.data.show_negatives(folders, photos),
            lambda error: failures.tell(self.view, error),
        )  # fmt: skip

    def train_again(self, source: Relabelled) -> None:
        """Prepare to train as an earlier run was, on its photos with the mended labels."""
        self.view.how.begin_like(source.spec)
        self.choose_negatives(source.negatives)
        self.choose(source)

    # -- step 2: method ----------------------------------------------------------------------

    def _prepare_how(self) -> None:
        looked = self.view.data.looked
        if looked is not None:
            side = looked.health.short_side
            self.view.how.begin_with(
                Path(looked.title).stem.replace("_", " "),
                self.view.data.training_photos,
                self.view.data.landmarks,
                side.median if side is not None else 0,
            )
            self.view.how.variations.show_photos(looked.samples)

    def start(self) -> None:
        """Begin a run with the photos and the method that are chosen."""
        looked, data = self.view.data.looked, self.view.data
        if looked is None or self.busy:
            return
        edits, form = data.edits, self.view.how
        try:
            spec = form.spec(str(looked.path.absolute()), [n.absolute() for n in data.negatives])
        except SpecError as error:
            form.block(str(error))
            return

        def prepare() -> Path:
            folder = training_runs.new_folder(self.folder, spec.name)
            return training_runs.ask(folder, spec, looked.data, edits)

        form.start.setEnabled(False)
        self._runner.call("runs", prepare, lambda folder: self._lead(folder, Course()),
                          self._not_begun)  # fmt: skip

    def _not_begun(self, error: BaseException) -> None:
        self.view.how.refresh()
        if isinstance(error, OSError):
            error = UserError(
                "The training cannot begin.",
                f"The folder {self.folder} cannot be written ({error.strerror or error}).",
            )
        failures.tell(self.view, error)

    # -- step 3: training --------------------------------------------------------------------

    def _lead(self, folder: Path, course: Course) -> None:
        """Train in ``folder``; ``course``: what has happened there before."""
        if self.busy or self._closed:
            return
        self._opened = None
        self.leading.start(folder, course)
        self._go(WATCH)
        self.view.how.block("A training is going on. One at a time is as fast as it gets.")
        self.refresh_runs()

    def resume(self) -> None:
        """Go on with the run on the page."""
        folder = self._shown
        if folder is None or self.busy:
            return
        self._runner.call(
            "runs", lambda: Course().take_all(training_runs.history(folder)),
            lambda course: self._lead(folder, course),
        )  # fmt: skip

    def _on_ended(self, ended: Ended) -> None:
        folder = self.leading.folder
        assert folder is not None
        self.view.how.block("")
        self.refresh_runs()
        self._learn_machine()
        here = self._opened is None and self.view.step in (WATCH, RESULT)
        if ended.how == "finished":
            if here:
                self.open_run(folder)
            self._jobbar.tell("A model is finished.", "Show", lambda: self.open_run(folder))
        else:
            self._jobbar.tell(ended.message)
        self._allow()

    # -- step 4: result, and earlier runs ----------------------------------------------------

    def open_run(self, folder: Path) -> None:
        """Show a run: its result where it has one, else how far it came."""
        if self.busy and folder == self.leading.folder:
            self._opened = None
            self.leading.show()
            self._go(WATCH)
            return
        self._runner.call(
            "runs", lambda: _read(folder), self._show_opened,
            lambda error: self._not_opened(folder, error),
        )  # fmt: skip

    def _not_opened(self, folder: Path, error: BaseException) -> None:
        why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        failures.tell(self.view, UserError(f"The training {folder.name} cannot be opened.", why))
        self.refresh_runs()

    def _show_opened(self, opened: _Opened) -> None:
        self._opened = opened
        # The step first: curves that are not seen are not drawn.
        self._go(WATCH if opened.result is None else RESULT)
        self.leading.show_other(opened.run, opened.course)
        if opened.result is not None:
            self.view.result.show_result(opened.result)
            self.mending.show_run(opened.run, opened.result)
            self.comparing.show_run(opened.result)

    def _open_result(self) -> None:
        if self._opened is not None and self._opened.result is not None:
            self._go(RESULT)
        elif self._shown is not None:
            self.open_run(self._shown)

    def _open_file(self, name: str) -> None:
        if self._shown is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._shown / name)))

    def _open_shown(self) -> None:
        if self._shown is not None:
            _open_folder(self._shown)

    def _with_bundle(self, signal: Any) -> None:
        if self._opened is not None and self._opened.result is not None:
            signal.emit(self._opened.result.bundle)

    def _to_bin(self, folder: Path) -> None:
        if not QFile.moveToTrash(str(folder)):
            failures.tell(
                self.view,
                UserError(
                    f"{folder.name} could not be moved to the bin.",
                    "The system has none for this folder, or the folder is in use.",
                ),
            )
        elif self._opened is not None and self._opened.run.folder == folder:
            self._opened = None
            self.leading.forget(folder)
            self.new()
        self.refresh_runs()

    # -- between the steps -------------------------------------------------------------------

    def _go(self, step: int) -> None:
        self.furnishing.furnish(step)
        self.view.go(step)
        self._allow()
        if step in (WATCH, RESULT):
            self.view.runs.mark(self._shown)
        if step == WATCH:
            self.leading.draw()

    def _allow(self) -> None:
        finished = self._opened is not None and self._opened.result is not None
        looked = self.view.data.looked is not None
        self.view.steps.allow(True, looked, self._shown is not None, finished)


def _read(folder: Path) -> _Opened:
    run = training_runs.read_run(folder)
    if run is None:
        raise UserError("It holds no training that can be read.")
    course = Course().take_all(training_runs.history(folder))
    done = run.state == "finished"
    return _Opened(run, course, training_runs.result(folder) if done else None)


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
