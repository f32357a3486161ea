"""The grid of photos, in the Library and wherever else photos are shown together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
)  # fmt: skip
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from landmark_desktop.gui.library.delegate import CAPTION, PhotoDelegate
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.thumbnails import PictureLoader

_MOST_PLACED = 256  # more photos than are ever in sight


class PhotoGrid(QListView):
    """A grid whose cells share the width evenly, whatever it is."""

    def __init__(
        self, model: PhotoModel, pictures: PictureLoader, tile: int,
        delegate: PhotoDelegate | None = None,
    ) -> None:  # fmt: skip
        """``delegate``: what paints the photos, where not as the Library does."""
        super().__init__()
        self._tile, self._photos = tile, model
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

    def top_id(self) -> int | None:
        """Return the id of the first photo in sight; ``None`` at the very top."""
        if self.verticalScrollBar().value() == 0:
            return None
        cell = self.indexAt(QPoint(self.viewport().width() // 4, 8))
        return self._photos.ids[cell.row()] if cell.isValid() else None

    def restore(self, chosen: Sequence[int], top: int | None) -> None:
        """Choose these photos again after the list changed, and keep ``top`` first in sight.

        Nothing scrolls to what is chosen: the person may be looking elsewhere.
        """
        model, picked, kept = self._photos, QItemSelection(), self.selectionModel()
        self.setAutoScroll(False)
        rows = [row for photo_id in chosen if (row := model.row_of(photo_id)) is not None]
        for first, last in _runs(sorted(rows)):  # a range each: Qt is slow with thousands
            picked.select(model.index(first), model.index(last))
        if rows:
            kept.setCurrentIndex(
                model.index(rows[0]), QItemSelectionModel.SelectionFlag.NoUpdate
            )  # fmt: skip
        kept.select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        above = None if top is None else model.row_of(top)
        if above is None:
            self.scrollToTop()
        else:
            self.scrollTo(model.index(above), QAbstractItemView.ScrollHint.PositionAtTop)
        self.setAutoScroll(True)

    def dataChanged(self, first: QModelIndex, last: QModelIndex, roles: Sequence[int] = ()) -> None:
        # Not QListView's, which lays all cells out anew although none has changed its size: the
        # better part of a second for 100,000 of them.
        QAbstractItemView.dataChanged(self, first, last, list(roles))

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        # QListView adds up the places of all rows: 100,000 of them take more than a second.
        if sum(part.height() for part in selection) > _MOST_PLACED:
            return QRegion(self.viewport().rect())
        return super().visualRegionForSelection(selection)

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


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of rows, which are sorted, without gaps in it."""
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end] != rows[end - 1] + 1:
            yield rows[start], rows[end - 1]
            start = end
