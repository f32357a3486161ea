"""The lists at the left: what is waiting, landmarks, folders; each narrows the grid."""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.library.search import Counts, Filter, State

_KEY = Qt.ItemDataRole.UserRole + 1
_ICON = Qt.ItemDataRole.UserRole + 2
_STATES = (
    (State.ANY, "All photos", "photos"),
    (State.WAITING, "To review", "waiting"),
    (State.ACCEPTED, "Accepted", "accepted"),
    (State.NONE, "None recognised", "none"),
)


class Sidebar(QTreeView):
    """Emits the filter that was chosen; ``show_counts`` brings the numbers up to date."""

    chosen = Signal(object)  # Filter, its text empty

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer
        self._items: dict[str, QStandardItem] = {}
        self._filters: dict[str, Filter] = {}
        self._quiet = False
        self._shape: list[tuple[str, str | None]] = []
        self._model = QStandardItemModel(0, 2, self)
        self.setObjectName("sidebar")
        self.setAccessibleName("Lists")
        self.setModel(self._model)
        self.setHeaderHidden(True)
        self.setIndentation(16)
        self.setIconSize(QSize(16, 16))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(True)
        self.header().setStretchLastSection(False)
        self.header().setStyleSheet("QHeaderView::section { padding: 0; }")
        self.header().setMinimumSectionSize(24)
        self.header().setSectionResizeMode(0, self.header().ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, self.header().ResizeMode.ResizeToContents)
        for state, name, icon in _STATES:
            self._row(None, f"state:{state}", name, Filter(state=state), icon)
        self._section("landmarks", "LANDMARKS")
        self._section("folders", "FOLDERS")
        theme.dress(self, self._dress)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.setCurrentIndex(self._items[f"state:{State.ANY}"].index())

    def show_counts(self, counts: Counts) -> None:
        """Bring lists and numbers up to date; the choice stays where it is."""
        self._quiet = True
        for state, _, _ in _STATES:
            self._number(f"state:{state}", counts.states.get(state, 0))
        by_name = sorted(counts.landmarks, key=lambda key: self._gazetteer[key].name.casefold())
        rows = {f"landmark:{key}": key for key in by_name}
        self._drop("landmark:", rows.keys())
        for place, (row, key) in enumerate(rows.items()):
            accepted, waiting = counts.landmarks[key]
            if row not in self._items:
                name = self._gazetteer[key].name
                self._row("landmarks", row, name, Filter(landmark=key), "pin", place)
            self._number(row, accepted + waiting, f"{accepted} accepted, {waiting} to review")
        self._show_folders(counts.folders)
        self._quiet = False

    def choose_all(self) -> None:
        """Choose all photos."""
        self.setCurrentIndex(self._items[f"state:{State.ANY}"].index())

    def choose_none(self) -> None:
        """Mark no list: what is shown is none of them."""
        self.setCurrentIndex(QModelIndex())

    def _show_folders(self, folders: dict[str, int]) -> None:
        tree = folder_tree(folders)
        shape = [(path, parent) for path, parent, _ in tree]
        if shape != self._shape:
            self._rebuild_folders(shape)
        for path, _, number in tree:
            self._number(f"folder:{path}", number, path)

    def _rebuild_folders(self, shape: list[tuple[str, str | None]]) -> None:
        """Make the folder rows anew: a folder that comes in may become the parent of others."""
        current = self.currentIndex().data(_KEY)
        closed = {
            key
            for key, item in self._items.items()
            if key.startswith("folder:")
            and item.hasChildren()
            and not self.isExpanded(item.index())
        }
        self._drop("folder:", ())
        self._shape = shape
        for path, parent in shape:
            name = os.path.relpath(path, parent) if parent else Path(path).name or path
            above = f"folder:{parent}" if parent else "folders"
            self._row(above, f"folder:{path}", name, Filter(folder=path), "folder")
        for path, _ in shape:
            key = f"folder:{path}"
            self.setExpanded(self._items[key].index(), key not in closed)
        if current in self._items:
            self.setCurrentIndex(self._items[current].index())

    def _section(self, key: str, title: str) -> None:
        item, number = QStandardItem(title), QStandardItem()
        font = QFont(self.font())
        font.setPixelSize(11)
        font.setBold(True)
        item.setFont(font)
        for part in (item, number):
            part.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self._items[key] = item
        self._model.appendRow([item, number])
        self.setExpanded(item.index(), True)
        self._dress_row(item)

    def _row(self, parent: str | None, key: str, name: str, wanted: Filter, icon: str,
             place: int | None = None) -> None:  # fmt: skip
        item, number = QStandardItem(name), QStandardItem()
        item.setData(key, _KEY)
        item.setData(icon, _ICON)
        number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        number.setData(key, _KEY)
        above = self._model.invisibleRootItem() if parent is None else self._items[parent]
        first = above.rowCount() == 0
        above.insertRow(above.rowCount() if place is None else place, [item, number])
        self._items[key], self._filters[key] = item, wanted
        self._dress_row(item)
        if first and parent in ("landmarks", "folders"):
            self.expand(above.index())

    def _dress(self) -> None:
        for item in self._items.values():
            self._dress_row(item)

    def _dress_row(self, item: QStandardItem) -> None:
        muted = theme.colours().muted
        name = item.data(_ICON)
        if name:
            item.setIcon(theme.icon(name, muted))
        else:
            item.setForeground(QColor(muted))
        above = item.parent() or self._model.invisibleRootItem()
        above.child(item.row(), 1).setForeground(QColor(muted))

    def _number(self, key: str, number: int, tip: str = "") -> None:
        item = self._items[key]
        parent = item.parent() or self._model.invisibleRootItem()
        cell = parent.child(item.row(), 1)
        text = f"{number:,}" if number else ""
        if cell.text() != text:
            cell.setText(text)
        item.setToolTip(tip)

    def _drop(self, prefix: str, keep: Container[str]) -> None:
        gone = [key for key in self._items if key.startswith(prefix) and key not in keep]
        for key in sorted(gone, key=len, reverse=True):  # children before their parents
            item = self._items.pop(key)
            del self._filters[key]
            (item.parent() or self._model.invisibleRootItem()).removeRow(item.row())

    def _on_current(self, index: QModelIndex) -> None:
        key = index.data(_KEY)
        if key in self._filters and not self._quiet:
            self.chosen.emit(self._filters[key])


def folder_tree(folders: dict[str, int]) -> list[tuple[str, str | None, int]]:
    """Return (folder, parent shown, photos in it and below), parents before their children.

    A folder is shown if photos lie directly in it or if several shown folders meet in it, so
    that a deep path takes one row and not one a level.
    """
    totals: dict[str, int] = {}
    children: dict[str, set[str]] = {}
    for folder, number in folders.items():
        child = None
        for path in (Path(folder), *Path(folder).parents):
            totals[str(path)] = totals.get(str(path), 0) + number
            if child is not None:
                children.setdefault(str(path), set()).add(child)
            child = str(path)
    shown = sorted(path for path in totals if path in folders or len(children[path]) > 1)
    visible = set(shown)
    result: list[tuple[str, str | None, int]] = []
    for path in shown:
        above = (str(parent) for parent in Path(path).parents)
        parent = next((candidate for candidate in above if candidate in visible), None)
        result.append((path, parent, totals[path]))
    return result
