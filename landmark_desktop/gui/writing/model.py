"""The photos of the dialog as a table: which, what would be written, where they lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from landmark_desktop.actions.write import FilePreview
from landmark_desktop.actions.write_words import in_short
from landmark_desktop.gui import theme

_PAGE = 128
_MOST_PATHS = 20_000
_MOST_TEXTS = 4000
_COLUMNS = ("Photo", "What would be written", "Folder")
_Index = QModelIndex | QPersistentModelIndex


class WriteModel(QAbstractTableModel):
    """Photos in the order of ``ids``, however many.

    ``paths`` reads where photos lie, a page at a time (a few ms). ``preview`` returns what is
    known of a photo's files, ``None`` as long as nobody has looked.
    """

    def __init__(
        self,
        paths: Callable[[Sequence[int]], dict[int, Path]],
        preview: Callable[[int], tuple[FilePreview, ...] | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._fetch, self._preview = paths, preview
        self._paths: dict[int, Path] = {}
        self._row_of: dict[int, int] = {}
        self._texts: dict[int, tuple[tuple[FilePreview, ...], str]] = {}
        self.ids: list[int] = []

    def show(self, ids: list[int]) -> bool:
        """Show these photos instead; return whether they are others than before."""
        if ids == self.ids:
            return False
        self.beginResetModel()
        self.ids = ids
        self._row_of = {photo_id: row for row, photo_id in enumerate(ids)}
        self.endResetModel()
        return True

    def row_of(self, photo_id: int) -> int | None:
        """Return the row of a photo that is shown."""
        return self._row_of.get(photo_id)

    def touch(self, ids: Sequence[int]) -> None:
        """Paint these photos again: something is known of them now."""
        rows = [self._row_of[photo_id] for photo_id in ids if photo_id in self._row_of]
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), 2))

    def path(self, row: int) -> Path:
        """Return where the photo of a row lies."""
        photo_id = self.ids[row]
        if photo_id not in self._paths:
            if len(self._paths) > _MOST_PATHS:
                self._paths.clear()
            start = row // _PAGE * _PAGE
            self._paths |= self._fetch(self.ids[start : start + _PAGE])
        return self._paths.get(photo_id, Path())

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.ids)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        previews = self._preview(self.ids[row])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                path = self.path(row)
                if index.column() == 1:
                    return self._said(self.ids[row], previews)
                return str(path.parent) if index.column() else path.name
            case Qt.ItemDataRole.ToolTipRole:
                problems = [each.problem for each in previews or () if each.problem]
                return "\n".join([str(self.path(row)), *problems])
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.path(row).name}: {self._said(self.ids[row], previews)}"
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._colour(index.column(), previews))
        return None

    def _said(self, photo_id: int, previews: tuple[FilePreview, ...] | None) -> str:
        """Return what is said of a photo; painting asks for it again and again."""
        if previews is None:
            return "…"
        known = self._texts.get(photo_id)
        if known is None or known[0] is not previews:
            if len(self._texts) > _MOST_TEXTS:
                self._texts.clear()
            known = self._texts[photo_id] = previews, in_short(previews)
        return known[1]

    def _colour(self, column: int, previews: tuple[FilePreview, ...] | None) -> str:
        c = theme.colours()
        if column == 1 and any(each.problem or each.conflicts for each in previews or ()):
            return c.bad
        return c.text if column == 0 or (column == 1 and previews) else c.muted
