"""The lists at the left: what is waiting, landmarks, tags, folders; each narrows the grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeView

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.library.list_rows import ListRows, open_at_first, tag_key
from landmark_desktop.gui.library.lists import KeyRole, ListsModel
from landmark_desktop.library.search import Counts, Filter, State
from landmark_desktop.library.tag_paths import Path as TagPath
from landmark_desktop.library.tags import Node

_TOP = ""
_ALL = f"state:{State.ANY}"


class Sidebar(QTreeView):
    """Emits the filter that was chosen; ``show_counts`` and ``show_tags`` bring it up to date."""

    chosen = Signal(object)  # Filter, its text empty
    rename_asked = Signal(object, str)  # path of a tag, its new name
    merge_asked = Signal(object)  # Node
    delete_asked = Signal(object)  # Node

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._rows = ListRows(gazetteer)
        self._toggled: set[str] = set()
        self._key, self._filter = _ALL, Filter()
        self._quiet = False
        self._model = ListsModel(self._rows.below, self)
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
        header = self.header()
        header.setStretchLastSection(False)
        header.setStyleSheet("QHeaderView::section { padding: 0; }")
        header.setMinimumSectionSize(24)
        header.setResizeContentsPrecision(0)  # what is in sight, not 1,000 rows of it
        header.setSectionResizeMode(0, header.ResizeMode.Stretch)
        header.setSectionResizeMode(1, header.ResizeMode.ResizeToContents)
        self.rename = self._action("Rename…", "F2", lambda node: self._edit(node))
        self.merge = self._action("Merge into…", "M", self.merge_asked.emit)
        self.delete = self._action("Delete", "Del", self.delete_asked.emit)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self._model.rowsInserted.connect(self._on_inserted)
        self._model.renamed.connect(
            lambda key, name: self.rename_asked.emit(self._rows.nodes[key].path, name)
        )
        self.expanded.connect(lambda index: self._on_opened(index, True))
        self.collapsed.connect(lambda index: self._on_opened(index, False))
        self.selectionModel().currentChanged.connect(self._on_current)
        self._open_below(_TOP)
        theme.dress(self, self._model.repaint)
        self._restore()

    # -- what is shown -------------------------------------------------------------------------

    def show_counts(self, counts: Counts) -> None:
        """Bring states, landmarks and folders up to date; the choice stays where it is."""
        self._rows.count(counts)
        self._update(_TOP, "landmarks", "folders")

    def show_tags(self, below: Mapping[TagPath, Sequence[Node]]) -> None:
        """Bring the tree of tags up to date. ``below``: tags by the path above them."""
        self._rows.tag(below)
        self._update("tags")

    def restore_opened(self, keys: str) -> None:
        """Open and close what a person had; ``keys``: as ``opened`` returned them."""
        self._toggled = set(filter(None, keys.split("\n")))
        self._open_below(_TOP)

    @property
    def opened(self) -> str:
        """What is open that was not at first, or the other way round; one key a line."""
        return "\n".join(sorted(self._toggled))

    # -- what is chosen ------------------------------------------------------------------------

    def choose_all(self) -> None:
        """Choose all photos."""
        self.setCurrentIndex(self.index_of(_ALL))

    def choose_none(self) -> None:
        """Mark no list: what is shown is none of them."""
        self._key = ""
        self.setCurrentIndex(QModelIndex())

    def choose_tag(self, path: TagPath) -> bool:
        """Choose a tag, opening what is above it; return whether it is in the tree."""
        key = "tags"
        for depth in range(len(path)):
            index = self.index_of(key)
            if self._model.canFetchMore(index):
                self._model.fetchMore(index)
            self.expand(index)
            found = self._rows.find(path[: depth + 1])
            if found is None:
                return False
            key = found
        self.setCurrentIndex(self.index_of(key))
        self.scrollTo(self.index_of(key))
        return True

    def index_of(self, key: str) -> QModelIndex:
        """Return where a row is: ``state:``, ``landmark:``, ``tag:`` or ``folder:`` and its id."""
        return self._model.index_of(key)

    @property
    def tag(self) -> Node | None:
        """The tag that is chosen."""
        return self._rows.nodes.get(self.currentIndex().data(KeyRole) or "")

    def _on_current(self, index: QModelIndex) -> None:
        if self._quiet:
            return
        row = self._model.row(index)
        for action in (self.rename, self.merge, self.delete):
            action.setEnabled(self.tag is not None)
        if row is not None and row.wanted is not None:
            self._key, self._filter = row.key, row.wanted
            self.chosen.emit(row.wanted)

    def _update(self, *keys: str) -> None:
        self._quiet = True
        for key in keys:
            self._model.show_below(key, deep=key != _TOP)
        self._quiet = False
        self._restore()

    def _restore(self) -> None:
        """Have the same row chosen as before, whatever became of the lists."""
        if not self._key:
            return
        row = self._model.row_of(self._key)
        if row is None:
            self.choose_all()  # it is gone
            return
        if self.currentIndex() != self.index_of(self._key):
            self._quiet = True
            self.setCurrentIndex(self.index_of(self._key))
            self._quiet = False
        if row.wanted is not None and row.wanted != self._filter:  # the tag has another name
            self._filter = row.wanted
            self.chosen.emit(row.wanted)

    # -- what is open --------------------------------------------------------------------------

    def _on_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        key = parent.data(KeyRole) or ""
        if self._is_open(key):
            self.expand(parent)
        for place in range(first, last + 1):
            index = self._model.index(place, 0, parent)
            if self._is_open(index.data(KeyRole)):
                self.expand(index)

    def _open_below(self, key: str) -> None:
        above = self.index_of(key)
        for place in range(self._model.rowCount(above)):
            index = self._model.index(place, 0, above)
            below = index.data(KeyRole)
            self.setExpanded(index, self._is_open(below))
            self._open_below(below)

    def _is_open(self, key: str) -> bool:
        return open_at_first(key) != (key in self._toggled)

    def _on_opened(self, index: QModelIndex, is_open: bool) -> None:
        key = index.data(KeyRole)
        if is_open != open_at_first(key):
            self._toggled.add(key)
        else:
            self._toggled.discard(key)

    # -- editing tags --------------------------------------------------------------------------

    def _action(self, text: str, key: str, what: Callable[[Node], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setEnabled(False)
        action.triggered.connect(lambda: what(self.tag) if self.tag is not None else None)
        self.addAction(action)
        return action

    def _edit(self, node: Node) -> None:
        self.edit(self.index_of(tag_key(node)))

    def _on_menu(self, spot: QPoint) -> None:
        node = self.tag
        if node is None or self.indexAt(spot).data(KeyRole) != tag_key(node):
            return
        photos = f"{node.below:,} photo{'' if node.below == 1 else 's'}"
        self.delete.setText(f"Delete from {photos}")
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.rename, self.merge, self.delete])
        menu.popup(self.viewport().mapToGlobal(spot))
