"""Mends labels of the run on the result page, keeps them, and begins anew with them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from landmark_desktop.actions import mended
from landmark_desktop.actions.mended import InLibrary, Mend, Relabelled
from landmark_desktop.actions.training_runs import Result, Run
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.gui import failures
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.training.gallery import Shown
from landmark_desktop.gui.training.mend_parts import ChooseClass
from landmark_desktop.gui.training.view import TrainingView
from landmark_desktop.library.changes import ChangeSet


class Mending(QObject):
    """What was mended of one run at a time. All of it on the main thread but files and queries."""

    again = Signal(object)  # Relabelled: to be trained on, as that run was
    corrected = Signal(object)  # ChangeSet of the library

    def __init__(
        self, workspace: Workspace, runner: Runner, view: TrainingView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._runner, self._view = workspace, runner, view
        self._run: Run | None = None
        self._result: Result | None = None
        self._differing: list[InLibrary] = []
        self.mends: dict[str, Mend] = {}
        for gallery in view.result.galleries:
            gallery.mended.connect(self.mend)
            gallery.other_asked.connect(self._choose)
        view.mended.again_asked.connect(self._again)
        view.mended.library_asked.connect(self._correct_library)

    def show_run(self, run: Run, result: Result) -> None:
        """Show what was mended of a run."""
        self._run, self._result = run, result
        self.mends = {}
        self._show()
        self._runner.call("runs", lambda: mended.read(run.folder), lambda found: self._on_read(
            run, found), self._on_failed)  # fmt: skip

    def mend(self, path: str, mend: Mend | None) -> None:
        """Let the photo count as ``mend`` says, or with ``None`` as its label says."""
        run, before = self._run, dict(self.mends)
        if run is None:
            return
        if mend is None:
            self.mends.pop(path, None)
        else:
            self.mends[path] = mend
        self._show()
        now = dict(self.mends)

        def failed(error: BaseException) -> None:
            if self._run is run and self.mends == now:
                self.mends = before
                self._show()
            self._on_not_kept(run.folder, error)

        self._runner.call("runs", lambda: mended.write(run.folder, now),
                          lambda _: self._ask_library(), failed)  # fmt: skip

    def _on_read(self, run: Run, found: dict[str, Mend]) -> None:
        if run is self._run:
            self.mends = {**found, **self.mends}
            self._show()
            self._ask_library()

    def _show(self) -> None:
        for gallery in self._view.result.galleries:
            gallery.show_mends(self.mends)
        self._view.mended.show_mends(len(self.mends))

    def _choose(self, shown: Shown) -> None:
        if self._result is None:
            return
        card = self._result.card
        classes = [x.name for i, x in enumerate(card.labels) if i != card.background]
        dialog = ChooseClass([name for name in classes if name != shown.truth], self._view)
        dialog.chosen.connect(lambda name: self.mend(shown.path, Mend(name)))
        dialog.show()
        dialog.search.setFocus()

    def _again(self) -> None:
        if self._run is not None:
            self.again.emit(Relabelled(self._run.folder, self._run.spec))

    # -- the library -------------------------------------------------------------------------

    def _ask_library(self) -> None:
        """Find out which mended photos the library has under another landmark."""
        result, mends = self._result, dict(self.mends)
        if result is not None:
            self._runner.call(
                "query", lambda: mended.differing(self._workspace, result.card, mends),
                self._show_differing, self._on_failed,
            )  # fmt: skip

    def _show_differing(self, found: list[InLibrary]) -> None:
        self._differing = found
        self._view.mended.show_library(len(found))

    def _correct_library(self) -> None:
        found, self._differing = self._differing, []
        self._view.mended.show_library(0)
        self._runner.call(
            "actions", lambda: mended.correct_library(self._workspace, found), self._on_corrected,
            self._on_failed,
        )  # fmt: skip

    def _on_corrected(self, changes: ChangeSet) -> None:
        self.corrected.emit(changes)
        self._ask_library()

    def _on_failed(self, error: BaseException) -> None:
        failures.tell(self._view, error)

    def _on_not_kept(self, folder: Path, error: BaseException) -> None:
        if isinstance(error, OSError):
            error = UserError(
                "The mended label cannot be kept.",
                f"The folder {folder} cannot be written ({error.strerror or error}).",
            )
        failures.tell(self._view, error)
