"""The photos of the folder that is looked at: to be dragged, faint where they were taken out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
)  # fmt: skip
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from landmark_desktop.gui import theme
from landmark_desktop.gui.library.delegate import PhotoDelegate
from landmark_desktop.gui.library.model import PhotoModel, PhotoRole
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Photo

PHOTOS = "application/x-landmark-desktop-photos"
_FAINT = 0.28
_NOWHERE = QModelIndex()


def ids_in(data: QMimeData) -> list[int]:
    """Return the ids of the photos that are dragged."""
    ids: list[int] = json.loads(bytes(data.data(PHOTOS).data()))
    return ids


class GoingModel(PhotoModel):
    """Photos that can be dragged to another folder. ``fate`` says what becomes of one."""

    fate: Callable[[int], str] = staticmethod(lambda _id: "")

    def describe(self, photo: Photo) -> str:
        """Return in words where the photo goes, or why it stays."""
        return self.fate(photo.id)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction  # the one that the tree takes

    def removeRows(
        self, _row: int, _count: int, _parent: QModelIndex | QPersistentModelIndex = _NOWHERE
    ) -> bool:
        # Views take away what was moved out of them; here it is listed until the new plan comes.
        return False

    def mimeTypes(self) -> list[str]:
        return [PHOTOS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        rows = sorted({index.row() for index in indexes})
        data.setData(PHOTOS, json.dumps([self.ids[row] for row in rows]).encode())
        return data


class GoingDelegate(PhotoDelegate):
    """``is_out`` says of a photo's id whether it was taken out."""

    def __init__(
        self, pictures: PictureLoader, model: GoingModel, is_out: Callable[[int], bool],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(pictures, model, parent)
        self._going, self._is_out = model, is_out

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        photo: Photo | None = index.data(PhotoRole)
        painter.save()
        if photo is not None and self._is_out(photo.id):
            painter.setOpacity(_FAINT)
        super().paint(painter, option, index)
        painter.restore()

    def paint_caption(self, painter: QPainter, box: QRectF, photo: Photo) -> None:
        c, out = theme.colours(), self._is_out(photo.id)
        painter.setOpacity(1.0)
        font = QFont(painter.font())
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(c.muted if out else c.text))
        text = "Taken out: stays" if out else photo.path.name
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
