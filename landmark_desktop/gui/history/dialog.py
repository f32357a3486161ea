"""The history in a window of its own: look, undo one, a part of it, or back to it, redo."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions import history
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.buttons import dialog_button
from landmark_desktop.gui.history.model import HistoryModel
from landmark_desktop.gui.history.turning import Turning
from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.changes import ChangeSet, Entry
from landmark_desktop.tasks import Cancel, Task

if TYPE_CHECKING:
    from landmark_desktop.gui.history.part_dialog import PartDialog

_PART_DIALOG = "landmark_desktop.gui.history.part_dialog"


class HistoryDialog(QDialog):
    """Not modal, and kept for the next time once it is closed."""

    changed = Signal(object)  # ChangeSet: what has changed in the library
    ended = Signal()  # something was taken back, or done again

    def __init__(self, workspace: Workspace, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self.setWindowTitle("History")
        self.resize(760, 520)
        self.model = HistoryModel(
            lambda limit, before: history.entries(workspace, limit, before), self
        )
        self.table = QTableView()
        self.table.setObjectName("history")
        self.table.setAccessibleName("Everything that was done, newest first")
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(32)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(0, 168)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(0)  # what is in sight
        self.table.selectionModel().currentChanged.connect(lambda *_: self._allow())
        self.turning = Turning(runner)
        self.turning.changed.connect(self.changed)
        self.turning.ended.connect(self._on_ended)
        self.part: PartDialog | None = None
        self.empty = QLabel("Nothing was done yet. What you accept, reject and tag is listed here.")
        self.empty.setObjectName("muted")
        self.undo = dialog_button("Undo this", "Take back the chosen action alone (Del)", self._one)
        self.undo_part = dialog_button(
            "Undo part…", "Choose which of its files to take back (Ctrl+Del)", self.choose_part
        )
        self.undo_to = dialog_button(
            "Undo back to here", "Take back the chosen action and all after it (Shift+Del)",
            self._back_to,
        )  # fmt: skip
        self.redo = dialog_button(
            "Redo", "Do again what was taken back last (Ctrl+Shift+Z)", self._again
        )
        close = dialog_button("Close", "Close the history (Esc)", self.close)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        for button in (self.undo, self.undo_part, self.undo_to, self.redo):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addWidget(self.turning)
        column.addLayout(row)
        for key, what in (
            ("Del", self._one), ("Ctrl+Del", self.choose_part), ("Shift+Del", self._back_to),
            ("Ctrl+Z", self._newest), ("Ctrl+Shift+Z", self._again),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self, what)
        theme.dress(self, self.table.viewport().update)

    def come_forward(self) -> None:
        """Show what was done up to now."""
        if not self.turning.busy:
            self.turning.say("")
        self.show()
        self.raise_()
        self.activateWindow()
        self.refresh()
        self.table.setFocus()

    def shut(self) -> None:
        """Close for good."""
        if self.part is not None:
            self.part.shut()
        self.close()

    def refresh(self) -> None:
        """Read the history anew, if it is on screen; not for each step of what is going on."""
        if not self.isVisible() or self.turning.busy:
            return
        current = self._current()
        self.model.refresh()
        row = 0 if current is None else self.model.row_of(current.id) or 0
        self.table.selectionModel().setCurrentIndex(
            self.model.index(row, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.empty.setVisible(not self.model.entries)
        self._allow()

    def choose_part(self) -> None:
        """Have the person choose which files of the chosen action to take back."""
        entry = self._current()
        if entry is None or not self.undo_part.isEnabled():
            return
        # What it leans on takes a tenth of a second to import: on a worker thread, then.
        self._runner.call(
            "history", lambda: importlib.import_module(_PART_DIALOG),
            lambda module: self._show_part(module, entry),
        )  # fmt: skip

    def _show_part(self, module: Any, entry: Entry) -> None:
        if not self.isVisible():
            return  # closed meanwhile
        if self.part is None:
            self.part = module.PartDialog(self._workspace, self._runner, self)
            self.part.changed.connect(self.changed)
            self.part.ended.connect(self._on_ended)
        self.part.come_forward(entry)

    def _current(self) -> Entry | None:
        row = self.table.currentIndex().row()
        return self.model.entries[row] if 0 <= row < len(self.model.entries) else None

    def _allow(self) -> None:
        entry, free = self._current(), not self.turning.busy
        # Of what counts as taken back there may be parts that could not be, and can be by now.
        done = entry is not None and (entry.undone_at is None or entry.undone < entry.parts)
        self.undo.setEnabled(free and done)
        self.undo_part.setEnabled(free and entry is not None and history.in_pieces(entry))
        self.undo_to.setEnabled(free and entry is not None and entry.undone_at is None)
        self.redo.setEnabled(free and any(e.redoable for e in self.model.entries))

    def _one(self) -> None:
        entry = self._current()
        if entry is not None:
            self._do("Undoing", lambda c: history.undo(self._workspace, c, entry.id),
                     files=history.of_files(entry))  # fmt: skip

    def _back_to(self) -> None:
        entry = self._current()
        if entry is not None:
            self._do("Undoing", lambda c: history.undo_to(self._workspace, c, entry.id))

    def _newest(self) -> None:
        self._do("Undoing", lambda c: history.undo(self._workspace, c))

    def _again(self) -> None:
        self._do("Doing again", lambda c: history.redo(self._workspace, c))

    def _do(
        self, title: str, make: Callable[[Cancel], Task[ChangeSet]], *, files: bool = False
    ) -> None:
        self.table.setFocus()  # not Close, whatever button cannot be pressed now
        self.turning.start(title, make, files=files)
        self._allow()

    def _on_ended(self) -> None:
        self.refresh()
        self.ended.emit()
