"""What an entry of the history did to files, for Qt: the folders with boxes, and their files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor

from landmark_desktop.actions.organise_entries import files
from landmark_desktop.gui import theme
from landmark_desktop.gui.history.choice import Choice
from landmark_desktop.gui.organise.folder_model import FolderModel
from landmark_desktop.organise.preview import Branch

_Index = QModelIndex | QPersistentModelIndex
_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsUserCheckable
    | Qt.ItemFlag.ItemNeverHasChildren
)


class DoneFolders(FolderModel):
    """Folders of a ``Choice``: files are counted, and nothing is dropped here."""

    def __init__(self, parent: QObject) -> None:
        super().__init__("Folder", parent, after=False)

    def number(self, branch: Branch) -> int:
        return branch.goes + branch.out

    def note(self, branch: Branch) -> str:
        return f"{branch.goes:,} chosen" if branch.goes else ""

    def said(self, branch: Branch) -> str:
        return f"{files(self.number(branch))}, {branch.goes:,} chosen"

    def colour(self, branch: Branch, column: int) -> str:
        c = theme.colours()
        return c.text if column == 0 or branch.goes else c.muted


class PieceModel(QAbstractListModel):
    """The files of the folder at hand, those that belong together in one row, with a box each."""

    box_clicked = Signal(int)  # the number of its piece

    def __init__(self, choice: Choice, parent: QObject) -> None:
        super().__init__(parent)
        self._choice = choice
        self.numbers: list[int] = []

    def show(self, numbers: Sequence[int]) -> None:
        """Show these pieces."""
        self.beginResetModel()
        self.numbers = list(numbers)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.numbers)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def setData(self, index: _Index, _value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.box_clicked.emit(self.numbers[index.row()])
        return True

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        number = self.numbers[index.row()]
        piece = self._choice.pieces[number]
        names = ", ".join(path.name for path in piece.files)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                # What went wrong begins with the name that it is about, as a rule.
                told = piece.problem is None or piece.files[0].name in piece.problem
                return (piece.problem or names) if told else f"{names}: {piece.problem}"
            case Qt.ItemDataRole.CheckStateRole:
                chosen = number in self._choice.numbers
                return Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ForegroundRole if piece.problem:
                return QColor(theme.colours().bad)
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join([*map(str, piece.files), *filter(None, [piece.problem])])
        return None
