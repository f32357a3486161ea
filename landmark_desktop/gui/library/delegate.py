"""Paints one photo of the grid: the picture, and a chip that says what it shows."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from landmark_desktop.gui import theme
from landmark_desktop.gui.chips import paint_chip
from landmark_desktop.gui.library.model import PhotoModel, PhotoRole
from landmark_desktop.gui.preview import draw_rounded
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Photo

CAPTION = 32
_GAP = 6


class PhotoDelegate(QStyledItemDelegate):
    """``cell``: the size of a grid cell, set by the view as its width changes."""

    def __init__(self, pictures: PictureLoader, model: PhotoModel, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._model = model
        self.cell = QSize(200, 200 + CAPTION)

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return self.cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        photo: Photo | None = index.data(PhotoRole)
        if photo is None:
            return
        c = theme.colours()
        cell = QRectF(option.rect).adjusted(_GAP, _GAP, -_GAP, -_GAP)
        picture_box = cell.adjusted(0, 0, 0, -CAPTION)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.tint if selected else c.surface))
            painter.drawRoundedRect(cell.adjusted(-5, -5, 5, 5), 8, 8)
        picture = self._pictures.get(photo)
        if picture is not None:
            draw_rounded(painter, picture, picture_box)
        else:
            self._paint_placeholder(painter, picture_box, photo)
        if current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.accent), 2))
            painter.drawRoundedRect(cell.adjusted(-5, -5, 5, 5), 8, 8)
        caption = QRectF(cell.left(), cell.bottom() - CAPTION + 4, cell.width(), CAPTION - 4)
        self.paint_caption(painter, caption, photo)
        painter.restore()

    def _paint_placeholder(self, painter: QPainter, box: QRectF, photo: Photo) -> None:
        c = theme.colours()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.surface))
        painter.drawRoundedRect(box, 4, 4)
        if photo.problem is not None:
            side = 32.0
            middle = box.center()
            square = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
            theme.icon("photos", c.muted).paint(painter, square.toRect())

    def paint_caption(self, painter: QPainter, box: QRectF, photo: Photo) -> None:
        """Say below the picture what is known of its landmark."""
        c = theme.colours()
        font = QFont(painter.font())
        font.setPixelSize(12)
        painter.setFont(font)
        said = photo.suggestion
        name = self._model.name_of(photo)
        if photo.accepted is not None:
            paint_chip(painter, box, name, None, guess=photo.rule is not None)
            return
        if photo.waiting and said is not None:
            paint_chip(painter, box, name, said.confidence, stale=photo.stale)
            return
        colour = c.muted
        if photo.problem is not None:
            text, colour = "cannot be read", c.bad
        elif photo.no_landmark:
            text = "no landmark"
        elif said is None:
            text = ""
        elif said.landmark is None:
            text = "none recognised"
        else:
            text = f"not {name}"
        painter.setPen(QColor(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
