"""Paints a photo of a group: faint where it was taken out, with a badge where evidence objects."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from landmark_desktop.gui import theme
from landmark_desktop.gui.library.delegate import PhotoDelegate
from landmark_desktop.gui.library.model import PhotoModel, PhotoRole
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Photo

_FAINT = 0.28
_INSET = 12.0


class ReviewDelegate(PhotoDelegate):
    """``is_out`` and ``badge`` say of a photo's id whether it was taken out, what objects."""

    def __init__(
        self, pictures: PictureLoader, model: PhotoModel, is_out: Callable[[int], bool],
        badge: Callable[[int], str], parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(pictures, model, parent)
        self._is_out, self._badge = is_out, badge

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        photo: Photo | None = index.data(PhotoRole)
        if photo is None:
            return
        painter.save()
        if self._is_out(photo.id):
            painter.setOpacity(_FAINT)
        super().paint(painter, option, index)
        painter.restore()
        if text := self._badge(photo.id):
            paint_badge(painter, QRectF(option.rect).adjusted(_INSET, _INSET, -_INSET, 0), text)

    def paint_caption(self, painter: QPainter, box: QRectF, photo: Photo) -> None:
        if not self._is_out(photo.id):
            super().paint_caption(painter, box, photo)
            return
        painter.setOpacity(1.0)
        painter.setPen(QColor(theme.colours().muted))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, left, "Taken out: not part of the answer")


def paint_badge(painter: QPainter, box: QRectF, text: str) -> None:
    """Paint a small warning at the top left of ``box``, no wider than it."""
    c = theme.colours()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont(painter.font())
    font.setPixelSize(11)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width() - 16)
    place = QRectF(box.left(), box.top(), metrics.horizontalAdvance(shown) + 16, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(c.bad))
    painter.drawRoundedRect(place, 10, 10)
    painter.setPen(QColor(c.base))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()
