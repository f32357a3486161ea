"""The history in a window of its own: look, undo one, undo back to one, redo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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

from landmark_desktop import tasks
from landmark_desktop.actions import history
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.gui import failures, theme
from landmark_desktop.gui.buttons import dialog_button
from landmark_desktop.gui.history.model import HistoryModel
from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.changes import ChangeSet, Entry
from landmark_desktop.tasks import Cancel, Outcome, Task

_LANE = "actions"


class HistoryDialog(QDialog):
    """Not modal, and kept for the next time once it is closed."""

    changed = Signal(object)  # ChangeSet: what has changed in the library

    def __init__(self, workspace: Workspace, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self._busy = False
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
        self.problem = QLabel()
        self.problem.setObjectName("bad")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.empty = QLabel("Nothing was done yet. What you accept, reject and tag is listed here.")
        self.empty.setObjectName("muted")
        self.undo = dialog_button("Undo this", "Take back the chosen action alone (Del)", self._one)
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
        for button in (self.undo, self.undo_to, self.redo):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        column.addLayout(row)
        for key, what in (
            ("Del", self._one), ("Shift+Del", self._back_to), ("Ctrl+Z", self._newest),
            ("Ctrl+Shift+Z", self._again),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self, what)
        theme.dress(self, self.table.viewport().update)

    def come_forward(self) -> None:
        """Show what was done up to now."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.refresh()
        self.table.setFocus()

    def refresh(self) -> None:
        """Read the history anew, if it is on screen."""
        if not self.isVisible():
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

    def _current(self) -> Entry | None:
        row = self.table.currentIndex().row()
        return self.model.entries[row] if 0 <= row < len(self.model.entries) else None

    def _allow(self) -> None:
        entry, free = self._current(), not self._busy
        done = entry is not None and entry.undone_at is None
        self.undo.setEnabled(free and done)
        self.undo_to.setEnabled(free and done)
        self.redo.setEnabled(free and any(e.redoable for e in self.model.entries))

    def _one(self) -> None:
        entry = self._current()
        if entry is not None:
            self._do("Undoing", lambda c: history.undo(self._workspace, c, entry.id))

    def _back_to(self) -> None:
        entry = self._current()
        if entry is not None:
            self._do("Undoing", lambda c: history.undo_to(self._workspace, c, entry.id))

    def _newest(self) -> None:
        self._do("Undoing", lambda c: history.undo(self._workspace, c))

    def _again(self) -> None:
        self._do("Doing again", lambda c: history.redo(self._workspace, c))

    def _do(self, title: str, make: Callable[[Cancel], Task[ChangeSet]]) -> None:
        if self._busy:
            return
        self._busy = True
        self.problem.hide()
        self._allow()
        job = self._runner.start(_LANE, title, make)
        job.progressed.connect(lambda progress: self._tell(progress.news))
        job.ended.connect(self._on_end)

    def _on_end(self, outcome: Outcome[Any]) -> None:
        self._busy = False
        match outcome:
            case tasks.Succeeded(changes):
                self._tell(changes)
            case tasks.Failed(UserError() as error):
                # What it says to do names entries by number; here they are seen by name.
                self.problem.setText(" ".join(part for part in (error.what, error.why) if part))
                self.problem.show()
            case tasks.Failed(error):
                failures.tell(self, error)
        self.refresh()

    def _tell(self, changes: ChangeSet | None) -> None:
        """Have the views show what came back, also where the rest of it failed."""
        if changes is not None and (changes.photos or changes.listing or changes.tags):
            self.changed.emit(changes)
