"""From the photos of a cell to the Library page, where those photos are in the library."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from landmark_desktop.actions import browse
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.training.result import ResultView


class LibraryLink(QObject):
    """Offers to show in the library what of a cell is there."""

    photos_chosen = Signal(object)  # ids of photos, a tuple

    def __init__(
        self, workspace: Workspace, runner: Runner, view: ResultView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._runner, self._view = workspace, runner, view
        self._ids: tuple[int, ...] = ()
        self._asked: tuple[str, ...] = ()
        view.cell_chosen.connect(self._ask)
        view.in_library.clicked.connect(lambda: self.photos_chosen.emit(self._ids))

    def _ask(self, paths: Sequence[str]) -> None:
        asked = self._asked = tuple(paths)
        self._show(asked, {})
        self._runner.call(
            "query", lambda: browse.ids_of(self._workspace, asked),
            lambda found: self._show(asked, found),
            lambda error: failures.tell(self._view, error),
        )  # fmt: skip

    def _show(self, asked: Sequence[str], found: dict[str, int]) -> None:
        if asked != self._asked:
            return
        self._ids = tuple(found[path] for path in asked if path in found)
        whole = len(self._ids) == len(asked)
        self._view.in_library.setText(
            "Show in &library" if whole else f"Show {len(self._ids):,} in &library"
        )
        self._view.in_library.setVisible(bool(self._ids))
