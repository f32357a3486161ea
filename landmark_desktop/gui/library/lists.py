"""The model behind the lists at the side: a tree of plain rows, made as they are opened.

Rows are Python values and not items of Qt's: 5,000 tags below one that is opened cost a list, and
only what is in sight is asked for its text, icon and number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)  # fmt: skip
from PySide6.QtGui import QColor, QFont

from landmark_desktop.gui import theme
from landmark_desktop.gui.library.list_rows import Row

KeyRole = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
# Joined once: a layout asks for the flags of every row that is open.
_TITLE = Qt.ItemFlag.ItemIsEnabled
_PLAIN = _TITLE | Qt.ItemFlag.ItemIsSelectable
_EDITABLE = _PLAIN | Qt.ItemFlag.ItemIsEditable


@dataclass(eq=False)
class _Node:
    id: int
    row: Row
    parent: _Node | None
    place: int = 0
    children: list[_Node] = field(default_factory=list)
    filled: bool = False


class ListsModel(QAbstractItemModel):
    """``rows_below`` answers with the rows below a key, the root's being ""."""

    renamed = Signal(str, str)  # key, the name that was typed; nothing has changed yet

    def __init__(self, rows_below: Callable[[str], Sequence[Row]], parent: QObject) -> None:
        super().__init__(parent)
        self._rows_below = rows_below
        self._root = _Node(0, Row("", "", children=True), None)
        self._nodes: dict[str, _Node] = {"": self._root}
        self._by_id: dict[int, _Node] = {}
        self._ids = count(1)
        self.show_below("")

    # -- what rows there are -------------------------------------------------------------------

    def index_of(self, key: str) -> QModelIndex:
        """Return where the row is; an invalid index where it is not, or not made yet."""
        node = self._nodes.get(key)
        return QModelIndex() if node is None else self._index(node)

    def row(self, index: _Index) -> Row | None:
        """Return what is in this line."""
        return self._node(index).row if index.isValid() else None

    def row_of(self, key: str) -> Row | None:
        """Return the row with this key, if it was made."""
        node = self._nodes.get(key)
        return None if node is None else node.row

    def show_below(self, key: str, *, deep: bool = True) -> None:
        """Ask anew for what is below a row, if that was made; ``deep``: and below that.

        Rows stay where they are: what is open, chosen and in sight remains so.
        """
        node = self._nodes.get(key)
        if node is not None and (node.filled or node is self._root):
            self._fill(node, deep)

    def _fill(self, node: _Node, deep: bool) -> None:
        key = node.row.key
        rows = list(self._rows_below(key))
        wanted = {row.key: row for row in rows}
        self._remove(node, wanted)
        old = [child.row.key for child in node.children]
        kept = set(old)
        if [row.key for row in rows if row.key in kept] != old:
            self._remove(node, {})  # they come in another order
        self._insert(node, rows)
        changed = [c for c in node.children if c.row != wanted[c.row.key]]
        for child in changed:
            child.row = wanted[child.row.key]
        if changed:
            above = self._index(node)
            first, last = changed[0].place, changed[-1].place
            self.dataChanged.emit(self.index(first, 0, above), self.index(last, 1, above))
        node.filled = True
        for child in list(node.children) if deep else ():
            if child.filled:
                self._fill(child, deep)

    def repaint(self) -> None:
        """Have every line painted anew: the theme has changed."""
        for node in self._nodes.values():
            if node.children:
                above = self._index(node)
                last = self.index(len(node.children) - 1, 1, above)
                self.dataChanged.emit(self.index(0, 0, above), last)

    def _remove(self, node: _Node, keep: dict[str, Row]) -> None:
        last = len(node.children) - 1
        while last >= 0:
            if node.children[last].row.key in keep:
                last -= 1
                continue
            first = last
            while first > 0 and node.children[first - 1].row.key not in keep:
                first -= 1
            self.beginRemoveRows(self._index(node), first, last)
            gone = node.children[first : last + 1]
            del node.children[first : last + 1]
            self._number(node, first)
            self.endRemoveRows()
            for child in gone:
                self._forget(child)
            last = first - 1

    def _insert(self, node: _Node, rows: Sequence[Row]) -> None:
        place = 0
        while place < len(rows):
            if place < len(node.children) and node.children[place].row.key == rows[place].key:
                place += 1
                continue
            following = node.children[place].row.key if place < len(node.children) else None
            end = place
            while end < len(rows) and rows[end].key != following:
                end += 1
            self.beginInsertRows(self._index(node), place, end - 1)
            node.children[place:place] = [self._made(row, node) for row in rows[place:end]]
            self._number(node, place)
            self.endInsertRows()
            place = end

    def _made(self, row: Row, parent: _Node) -> _Node:
        node = _Node(next(self._ids), row, parent)
        self._nodes[row.key] = self._by_id[node.id] = node
        return node

    def _forget(self, node: _Node) -> None:
        for child in node.children:
            self._forget(child)
        del self._by_id[node.id]
        if self._nodes.get(node.row.key) is node:  # and not made anew elsewhere, having been moved
            del self._nodes[node.row.key]

    @staticmethod
    def _number(node: _Node, first: int) -> None:
        for place in range(first, len(node.children)):
            node.children[place].place = place

    def _node(self, index: _Index) -> _Node:
        return self._by_id[index.internalId()] if index.isValid() else self._root

    def _index(self, node: _Node) -> QModelIndex:
        if node is self._root:
            return QModelIndex()
        return self.createIndex(node.place, 0, node.id)

    # -- what Qt asks --------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: _Index = _NOWHERE) -> QModelIndex:
        children = self._node(parent).children
        if not (0 <= row < len(children) and 0 <= column < 2):
            return QModelIndex()
        return self.createIndex(row, column, children[row].id)

    def parent(self, index: _Index = _NOWHERE) -> Any:  # QObject has one of that name too
        above = self._node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self._index(above)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.column() > 0 else len(self._node(parent).children)

    def columnCount(self, _parent: _Index = _NOWHERE) -> int:
        return 2

    def hasChildren(self, parent: _Index = _NOWHERE) -> bool:
        if parent.column() > 0:
            return False
        node = self._node(parent)
        return bool(node.children) if node.filled else node.row.children

    def canFetchMore(self, parent: _Index) -> bool:
        node = self._node(parent)
        return parent.column() <= 0 and node.row.children and not node.filled

    def fetchMore(self, parent: _Index) -> None:
        self._fill(self._node(parent), deep=False)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        row = self._node(index).row
        if row.wanted is None:
            return _TITLE
        return _EDITABLE if row.editable and index.column() == 0 else _PLAIN

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, second = self._node(index).row, index.column() == 1
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return (f"{row.number:,}" if row.number else "") if second else row.name
            case Qt.ItemDataRole.DecorationRole if row.icon and not second:
                return theme.icon(row.icon, theme.colours().muted)
            case Qt.ItemDataRole.ForegroundRole if second or not row.icon:
                return QColor(theme.colours().muted)
            case Qt.ItemDataRole.TextAlignmentRole if second:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return row.tip
            case Qt.ItemDataRole.AccessibleTextRole if not second and row.number:
                return f"{row.name}, {row.number:,}"
            case Qt.ItemDataRole.FontRole if not row.icon:
                font = QFont()
                font.setPixelSize(11)
                font.setBold(True)
                return font
            case _ if role == KeyRole:
                return row.key
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._node(index).row
        if role == Qt.ItemDataRole.EditRole and str(value).strip() not in ("", row.name):
            self.renamed.emit(row.key, str(value))
        return False  # the row changes with the library
