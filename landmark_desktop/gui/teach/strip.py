"""A row of photos with a word below each, to be looked at and walked through with the arrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.preview import fitted
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Photo

_PHOTO = Qt.ItemDataRole.UserRole
_TILE = QSize(112, 84)
_CAPTION = 20
_BAR = 14  # the scroll bar below


class _Photos(QAbstractListModel):
    """Photos, each with its caption, which may be empty."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[Photo, str]] = []

    def show(self, rows: Sequence[tuple[Photo, str]]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        photo, caption = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return caption
            case Qt.ItemDataRole.ToolTipRole:
                return f"{photo.path}\n{caption}".strip()
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{photo.path.name}: {caption}" if caption else photo.path.name
        return photo if role == _PHOTO else None


class _Tile(QStyledItemDelegate):
    """Paints a photo in a frame with round corners, and its caption."""

    def __init__(self, pictures: PictureLoader, caption: int) -> None:
        super().__init__()
        self._pictures, self._caption = pictures, caption

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return _TILE + QSize(theme.UNIT, self._caption)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        c = theme.colours()
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        box = QRectF(option.rect).adjusted(1, 1, -theme.UNIT - 1, -self._caption - 1)
        frame = QPainterPath()
        frame.addRoundedRect(box, 6, 6)
        painter.fillPath(frame, QColor(c.raised))
        picture = self._pictures.get(index.data(_PHOTO))
        if picture is not None:
            painter.setClipPath(frame)
            painter.drawPixmap(fitted(picture, box), picture, QRectF(picture.rect()))
            painter.setClipping(False)
        focus = option.state & QStyle.StateFlag.State_HasFocus
        painter.setPen(QColor(c.accent if focus else c.line))
        painter.drawPath(frame)
        if self._caption:
            font = QFont(option.font)
            font.setPixelSize(12)
            painter.setFont(font)
            painter.setPen(QColor(c.muted))
            words = QRectF(box.left(), box.bottom() + 2, box.width(), self._caption)
            text = QFontMetricsF(font).elidedText(
                index.data(), Qt.TextElideMode.ElideRight, words.width()
            )
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


class Strip(QListView):
    """One row that scrolls sideways. ``captions``: whether there is a line below each photo."""

    def __init__(self, pictures: PictureLoader, name: str, *, captions: bool) -> None:
        super().__init__()
        caption = _CAPTION if captions else 0
        self._photos = _Photos()
        self._tile = _Tile(pictures, caption)
        self.setAccessibleName(name)
        self.setObjectName("strip")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_TILE.height() + caption + _BAR)
        self.setItemDelegate(self._tile)
        self.setModel(self._photos)
        pictures.ready.connect(self.viewport().update)

    def show_photos(self, rows: Sequence[tuple[Photo, str]]) -> None:
        """Show these photos with their captions."""
        self._photos.show(rows)

    @property
    def captions(self) -> list[str]:
        """What stands below the photos."""
        return [caption for _, caption in self._photos.rows]
