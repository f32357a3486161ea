"""One of the two trees: what is open and chosen in it stays so from plan to plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeView

from landmark_desktop.gui import theme
from landmark_desktop.gui.organise.folder_model import FolderModel
from landmark_desktop.organise.preview import Branch, Tree

_ALL_OPEN = 400
"""Folders up to which all are open at first; of more, only the outer ones."""


class FolderTree(QTreeView):
    """``chosen``: the folder at hand, by the person. The keys of a folder are its actions."""

    chosen = Signal(object)  # Branch

    def __init__(self, model: FolderModel, name: str) -> None:
        super().__init__()
        self._rows = model
        self._open: dict[Path, bool] = {}  # where that is not as at first
        self._quiet = False
        self.setObjectName("folders")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setIconSize(QSize(16, 16))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(True)
        self.setAllColumnsShowFocus(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.header()
        header.setSectionsClickable(False)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        header.setResizeContentsPrecision(0)  # what is in sight
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.expanded.connect(lambda index: self._on_opened(index, True))
        self.collapsed.connect(lambda index: self._on_opened(index, False))
        self.selectionModel().currentChanged.connect(self._on_current)
        model.ticks_changed.connect(self.viewport().update)
        theme.dress(self, self.viewport().update)

    def add_key(self, title: str, key: str, tip: str, what: Callable[[], object]) -> QAction:
        """Add something that can be done with the folder at hand, by key and by menu."""
        action = QAction(title, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setToolTip(tip)
        action.triggered.connect(lambda: what())
        self.addAction(action)
        return action

    @property
    def current(self) -> Branch | None:
        """The folder at hand."""
        return self._rows.branch(self.currentIndex())

    def show_tree(self, tree: Tree) -> None:
        """Show another tree; the folder at hand stays that, or the nearest one around it."""
        before, top = self.current, self.verticalScrollBar().value()
        self._quiet = True
        self._rows.show(tree)
        few = len(tree.branches) <= _ALL_OPEN
        for branch in tree.branches:
            if branch.children and self._open.get(branch.path, few or branch.parent is None):
                self.expand(self._rows.index_of(branch))
        self._quiet = False
        if before is not None:
            self._choose_nearest(before.path, tree)
        self.verticalScrollBar().setValue(top)

    def choose(self, branch: Branch) -> None:
        """Have a folder be the one at hand, in sight."""
        index = self._rows.index_of(branch)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def choose_none(self) -> None:
        """Have no folder at hand: another list is looked at."""
        self._quiet = True
        self.setCurrentIndex(QModelIndex())
        self.clearSelection()
        self._quiet = False

    def _choose_nearest(self, path: Path, tree: Tree) -> None:
        by_path = {branch.path: branch for branch in tree.branches}
        found = next((by_path[p] for p in (path, *path.parents) if p in by_path), None)
        if found is not None:
            self._quiet = True
            self.setCurrentIndex(self._rows.index_of(found))
            self._quiet = False

    def _on_opened(self, index: QModelIndex, opened: bool) -> None:
        branch = self._rows.branch(index)
        if branch is not None and not self._quiet:
            self._open[branch.path] = opened

    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        branch = self._rows.branch(now)
        if branch is not None and not self._quiet:
            self.chosen.emit(branch)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.current is not None and self.actions():
            menu = QMenu(self)
            menu.addActions(self.actions())
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())
