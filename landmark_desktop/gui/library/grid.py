"""The grid of photos, in the Library and wherever else photos are shown together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from landmark_desktop.gui.library.delegate import CAPTION, PhotoDelegate
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.thumbnails import PictureLoader


class PhotoGrid(QListView):
    """A grid whose cells share the width evenly, whatever it is."""

    def __init__(
        self, model: PhotoModel, pictures: PictureLoader, tile: int,
        delegate: PhotoDelegate | None = None,
    ) -> None:  # fmt: skip
        """``delegate``: what paints the photos, where not as the Library does."""
        super().__init__()
        self._tile = tile
        self._delegate = delegate or PhotoDelegate(pictures, model, self)
        self.setObjectName("grid")
        self.setAccessibleName("Photos")
        # List mode with wrapping lays out 100,000 equal cells at once; icon mode does not.
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self._fit()

    def set_tile(self, tile: int) -> None:
        """Make photos about ``tile`` pixels wide."""
        self._tile = tile
        self._fit()

    def dataChanged(self, first: QModelIndex, last: QModelIndex, roles: Sequence[int] = ()) -> None:
        # Not QListView's, which lays all cells out anew although none has changed its size: the
        # better part of a second for 100,000 of them.
        QAbstractItemView.dataChanged(self, first, last, list(roles))

    def keyboardSearch(self, _search: str) -> None:
        # Letters are shortcuts here. Qt's search for a name that begins with one would read every
        # row from the library: with 100,000 photos, many seconds.
        return

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        width = max(self.viewport().width() - 1, 1)
        columns = max(width // self._tile, 1)
        # Most photos are wider than high; a square box would leave gaps above and below.
        cell = QSize(width // columns, int(width // columns * 0.78) + CAPTION)
        if cell != self._delegate.cell:
            self._delegate.cell = cell
            self.verticalScrollBar().setSingleStep(cell.height() // 4)
            self.scheduleDelayedItemsLayout()
