"""The model behind one of the two trees: folders with their photos counted, ticked, dragged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)  # fmt: skip
from PySide6.QtGui import QColor

from landmark_desktop.actions.organise_words import photos
from landmark_desktop.gui import theme
from landmark_desktop.gui.organise.photos import PHOTOS, ids_in
from landmark_desktop.organise.preview import Branch, Mark, Tree

BRANCH = "application/x-landmark-desktop-folder"
BranchRole = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_COLUMNS = 3  # name, number of photos, what is special


class FolderModel(QAbstractItemModel):
    """Rows are plain Python, known to Qt by number. ``after``: photos and folders are dropped on
    it, and it says what is new; else it says what is emptied."""

    ticked = Signal(object, bool)  # Branch, whether its photos are to go
    ticks_changed = Signal()  # boxes, and nothing else, look different
    photos_dropped = Signal(object, object)  # ids, Branch
    branch_dropped = Signal(object, object)  # Branch, Branch that it goes into

    def __init__(self, title: str, parent: QObject, *, after: bool) -> None:
        super().__init__(parent)
        self._title, self._after = title, after
        self._tree = Tree()
        self._ticks: dict[int, Qt.CheckState] = {}  # made since the plan

    @property
    def branches(self) -> tuple[Branch, ...]:
        """All folders of the tree."""
        return self._tree.branches

    def show(self, tree: Tree) -> None:
        """Show this tree instead."""
        self.beginResetModel()
        self._tree, self._ticks = tree, {}
        self.endResetModel()

    def branch(self, index: _Index) -> Branch | None:
        """Return the folder of a line."""
        return self._tree.branches[index.internalId()] if index.isValid() else None

    def index_of(self, branch: Branch, column: int = 0) -> QModelIndex:
        """Return where a folder of this tree is."""
        return self.createIndex(branch.place, column, branch.number)

    def tick(self, branch: Branch, *, goes: bool) -> None:
        """Show a folder's box ticked or not at once, until the new plan says so too."""
        state = Qt.CheckState.Checked if goes else Qt.CheckState.Unchecked
        for each in branch.below():
            if each.goes or each.out:
                self._ticks[each.number] = state
        for each in branch.above():
            states = {self._state(child) for child in each.children if child.goes or child.out}
            alone = states == {state} and not each.items
            self._ticks[each.number] = state if alone else Qt.CheckState.PartiallyChecked
        # Not dataChanged for each of thousands of folders: the view works on every one of them.
        self.ticks_changed.emit()

    def _state(self, branch: Branch) -> Qt.CheckState:
        known = self._ticks.get(branch.number)
        if known is not None:
            return known
        if not branch.out:
            return Qt.CheckState.Checked
        return Qt.CheckState.PartiallyChecked if branch.goes else Qt.CheckState.Unchecked

    # -- what Qt asks ------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: _Index = _NOWHERE) -> QModelIndex:
        above = self.branch(parent)
        rows = self._tree.tops if above is None else above.children
        if not (0 <= row < len(rows) and 0 <= column < _COLUMNS):
            return QModelIndex()
        return self.createIndex(row, column, rows[row].number)

    def parent(self, index: _Index = _NOWHERE) -> Any:  # QObject has one of that name too
        branch = self.branch(index)
        if branch is None or branch.parent is None:
            return QModelIndex()
        return self.index_of(branch.parent)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        if parent.column() > 0:
            return 0
        above = self.branch(parent)
        return len(self._tree.tops if above is None else above.children)

    def columnCount(self, _parent: _Index = _NOWHERE) -> int:
        return _COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return "" if section else self._title
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        branch = self.branch(index)
        if branch is None:
            return Qt.ItemFlag.NoItemFlags
        flags = _PLAIN
        if index.column() == 0 and (branch.goes or branch.out):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if self._after:
            flags |= Qt.ItemFlag.ItemIsDropEnabled
            if branch.parent is not None and branch.goes:
                flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        branch = self.branch(index)
        if branch is None:
            return None
        column, c = index.column(), theme.colours()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (branch.name, f"{self.number(branch):,}", self.note(branch))[column]
            case Qt.ItemDataRole.CheckStateRole if column == 0 and (branch.goes or branch.out):
                return self._state(branch)
            case Qt.ItemDataRole.DecorationRole if column == 0:
                new = branch.mark is not Mark.NONE
                return theme.icon("folder", c.accent if new else c.muted)
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self.colour(branch, column))
            case Qt.ItemDataRole.TextAlignmentRole if column == 1:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return f"{branch.path}\n{self.said(branch)}"
            case Qt.ItemDataRole.AccessibleTextRole if column == 0:
                return f"{branch.name}: {self.said(branch)}"
            case _ if role == BranchRole:
                return branch
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        branch = self.branch(index)
        if role != Qt.ItemDataRole.CheckStateRole or branch is None:
            return False
        self.ticked.emit(branch, Qt.CheckState(value) != Qt.CheckState.Unchecked)
        return True

    # -- what is said of a folder; another tree of folders may say it otherwise ---------------

    def number(self, branch: Branch) -> int:
        """Return the photos that lie in it: of those in question before, of all of them after."""
        return branch.goes + branch.stays + (0 if self._after else branch.out)

    def note(self, branch: Branch) -> str:
        """Return what is special about it, in a few words."""
        parts = [branch.mark.value] if branch.mark is not Mark.NONE else []
        if branch.out:
            parts.append(f"{branch.out:,} out")
        if branch.stays and branch.goes:
            parts.append(f"{branch.stays:,} there already" if self._after else
                         f"{branch.stays:,} stay")  # fmt: skip
        return " · ".join(parts)

    def said(self, branch: Branch) -> str:
        """Return what becomes of it, in a sentence."""
        goes, stays, after = branch.goes, branch.stays, self._after
        come = ("comes here", "come here") if after else ("goes", "go")
        are = ("is here already", "are here already") if after else ("stays", "stay")
        parts = [f"{photos(goes)} {come[goes != 1]}"]
        if stays:
            parts.append(f"{stays:,} {are[stays != 1]}")
        if branch.out:
            parts.append(f"{branch.out:,} taken out")
        if branch.mark is Mark.NEW:
            parts.append("a new folder")
        elif branch.mark is Mark.EMPTIED:
            parts.append("nothing is left in it, and it will be removed")
        return ", ".join(parts)

    def colour(self, branch: Branch, column: int) -> str:
        """Return the colour of its text in a column."""
        c = theme.colours()
        if column == 2 and branch.mark is Mark.NEW and not branch.out:
            return c.good
        return c.text if column == 0 and branch.goes else c.muted

    # -- dragging ----------------------------------------------------------------------------

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [BRANCH, PHOTOS]

    def mimeData(self, indexes: Any) -> QMimeData:
        data = QMimeData()
        branch = self.branch(indexes[0]) if indexes else None
        if branch is not None:
            data.setData(BRANCH, os.fsencode(branch.path))
        return data

    def canDropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: _Index
    ) -> bool:
        target = self.branch(parent)
        if not self._after or target is None:
            return False
        if data.hasFormat(BRANCH):
            moved = self._dragged(data)
            return moved is not None and target not in (moved, moved.parent, *_below(moved))
        return data.hasFormat(PHOTOS)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        target = self.branch(parent)
        if not self.canDropMimeData(data, action, row, column, parent) or target is None:
            return False
        if data.hasFormat(BRANCH):
            self.branch_dropped.emit(self._dragged(data), target)
        else:
            self.photos_dropped.emit(ids_in(data), target)
        return True

    def _dragged(self, data: QMimeData) -> Branch | None:
        # By its path: another plan may have come on show while the mouse was held.
        path = Path(os.fsdecode(data.data(BRANCH).data()))
        return next((branch for branch in self._tree.branches if branch.path == path), None)


def _below(branch: Branch) -> tuple[Branch, ...]:
    return tuple(branch.below())
