"""The history as a table: when, what, and how it stands; older entries as one scrolls."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from landmark_desktop.gui import theme
from landmark_desktop.library.changes import Entry

PAGE = 200
_COLUMNS = ("When", "What was done", "")
_Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractTableModel):
    """Newest first. ``fetch(limit, before)`` reads entries older than that id (a few ms)."""

    def __init__(
        self, fetch: Callable[[int, int | None], list[Entry]], parent: QObject
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._fetch = fetch
        self._more = True
        self.entries: list[Entry] = []

    def refresh(self) -> None:
        """Read anew what is shown."""
        found = self._fetch(max(PAGE, len(self.entries)), None)
        self.beginResetModel()
        self.entries, self._more = found, len(found) >= PAGE
        self.endResetModel()

    def row_of(self, change_id: int) -> int | None:
        """Return the row of an entry that is shown."""
        return next((n for n, e in enumerate(self.entries) if e.id == change_id), None)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_COLUMNS)

    def canFetchMore(self, _parent: _Index) -> bool:
        return self._more and bool(self.entries)

    def fetchMore(self, _parent: _Index) -> None:
        older = self._fetch(PAGE, self.entries[-1].id)
        self._more = len(older) == PAGE
        if older:
            first = len(self.entries)
            self.beginInsertRows(QModelIndex(), first, first + len(older) - 1)
            self.entries += older
            self.endInsertRows()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (when(entry.done_at), entry.summary, state(entry))[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            undone = f"\nTaken back {when(entry.undone_at)}" if entry.undone_at else ""
            return f"{entry.summary}\nDone {when(entry.done_at)}{undone}" + (
                f"\n{entry.problem}" if entry.problem else ""
            )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{when(entry.done_at)}: {entry.summary}. {state(entry)}"
        if role == Qt.ItemDataRole.ForegroundRole:
            faint = entry.undone_at is not None or index.column() != 1
            colours = theme.colours()
            return QColor(colours.muted if faint else colours.text)
        return None


def state(entry: Entry) -> str:
    """Return how the entry stands, in a word or two."""
    if entry.undone_at is None and not entry.undone:
        return ""
    said = "undone" if entry.undone == entry.parts else "partly undone"
    return f"{said}, can be redone" if entry.redoable else said


def when(at: str) -> str:
    """Return a time (UTC, ISO 8601) on this computer's clock: "today 14:03", "12 June 2026"."""
    moment = datetime.datetime.fromisoformat(at)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    moment = moment.astimezone()
    days = (datetime.datetime.now().astimezone().date() - moment.date()).days
    clock = f"{moment:%H:%M}"
    if days < 2:
        return f"{'yesterday' if days == 1 else 'today'} {clock}"
    return f"{moment.day} {moment:%B %Y} {clock}"
