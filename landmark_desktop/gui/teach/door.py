"""The way to the dialog: one action for menu, key and grid, and what follows from a lesson.

The dialog itself, with the trainer's side of things, is imported when it is first opened.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from landmark_desktop.actions import browse
from landmark_desktop.actions.teaching_words import FEWEST, MOST, obstacle
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.library.page import LibraryPage
from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.records import Photo

if TYPE_CHECKING:
    from landmark_desktop.gui.teach.dialog import TeachDialog
    from landmark_desktop.gui.teach.form import Draft

_DIALOG = "landmark_desktop.gui.teach.dialog"
_LOOKED_AT = 64  # photos among which the readable ones are looked for: one page of rows
_TITLE = "&Teach as new landmark…"


class TeachDoor(QObject):
    """At most one dialog is open. ``busy``: returns why nothing can be learned just now."""

    adopted = Signal(object)  # Path of a bundle that is to be used from now on
    training_asked = Signal()

    def __init__(
        self, workspace: Workspace, runner: Runner, jobbar: JobBar, library: LibraryPage,
        busy: Callable[[], str],
    ) -> None:  # fmt: skip
        super().__init__()
        self._workspace, self._runner, self._jobbar = workspace, runner, jobbar
        self._library, self._busy = library, busy
        self._draft: Draft | None = None
        self._held = self._closed = False
        self.dialog: TeachDialog | None = None
        self.action = QAction(_TITLE, self)
        self.action.setShortcut(QKeySequence("Ctrl+T"))
        self.action.triggered.connect(lambda: self.open())
        grid = library.view.grid
        grid.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        grid.customContextMenuRequested.connect(self._menu)
        self._allow()

    def open(self) -> None:
        """Open the dialog for the photos that are chosen, or bring the open one to the front."""
        if self.dialog is not None:
            self.dialog.show()
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        ids = self._library.chosen_ids()
        if len(ids) > MOST:
            self._jobbar.tell(obstacle(len(ids)))
            return

        def read() -> tuple[Any, list[Photo]]:
            rows = {photo.id: photo for photo in browse.rows(self._workspace, ids)}
            return importlib.import_module(_DIALOG), [rows[i] for i in ids if i in rows]

        self._runner.call("query", read, lambda found: self._open(*found))

    def _open(self, module: Any, photos: list[Photo]) -> None:
        if self.dialog is not None or self._closed or not photos:
            return
        dialog: TeachDialog = module.TeachDialog(
            self._workspace, self._runner, self._library.pictures, photos,
            self._draft or module.Draft(), self._busy, self._library.view.window(),
        )  # fmt: skip
        self.dialog, self._draft = dialog, None
        dialog.adopted.connect(self.adopted)
        dialog.training_asked.connect(self.training_asked)
        dialog.decided.connect(self._on_decided)
        dialog.others_asked.connect(self._on_others)
        dialog.working.connect(self._on_working)
        dialog.destroyed.connect(self._on_gone)
        dialog.show()

    def close(self) -> None:
        """Stop what is being learned and forget it. Waits for the trainer."""
        self._closed = True
        if self.dialog is not None:
            self.dialog.shut()

    def _allow(self) -> None:
        """Let the action be, where enough readable photos are chosen."""
        ids, model = self._library.chosen_ids(), self._library.model
        readable = 0
        for photo_id in ids[:_LOOKED_AT]:
            photo = model.photo(photo_id)
            readable += photo is not None and photo.problem is None
            if readable >= FEWEST:
                break
        enough = readable >= FEWEST
        self.action.setEnabled(enough)
        self.action.setText(_TITLE if enough else f"{_TITLE} (choose {FEWEST} photos or more)")
        self.action.setToolTip("Learn a new landmark from the chosen photos; 5 to 20 are best")

    def _menu(self, place: QPoint) -> None:
        """Show what can be done with the chosen photos."""
        grid, library = self._library.view.grid, self._library
        if not library.chosen_ids():
            return
        menu = QMenu(grid)
        menu.addAction("&Accept the suggestion\tA", lambda: library.accept(None))
        menu.addAction("&Reject it\tX", library.reject)
        menu.addSeparator()
        menu.addActions([self.action, *grid.actions()])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(grid.viewport().mapToGlobal(place))

    def _on_decided(self, changes: ChangeSet) -> None:
        self._jobbar.tell(changes.summary, "Undo", self._library.undo)
        self._library.apply(changes)

    def _on_others(self, draft: Draft) -> None:
        self._draft = draft
        self._jobbar.tell(f"Choose other photos of {draft.name}, then press Ctrl+T.")

    def _on_working(self, begins: bool) -> None:
        """Have the model in use wait meanwhile: two at once take many times as long."""
        if begins == self._held or self._closed:
            return
        self._held = begins
        if begins:
            self._library.hold()
        else:
            self._library.go_on()

    def _on_gone(self) -> None:
        self.dialog = None
