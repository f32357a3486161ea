"""One picture, as large as its place allows: in the inspector and in the loupe."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_desktop.gui import theme


def fitted(picture: QPixmap, box: QRectF) -> QRectF:
    """Return the largest place in the middle of ``box`` that keeps the picture's aspect."""
    size = picture.deviceIndependentSize()
    size.scale(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(box.center())
    return place


def draw_rounded(painter: QPainter, picture: QPixmap, box: QRectF) -> None:
    """Draw a picture whole into the middle of ``box``, with rounded corners."""
    place = fitted(picture, box)
    outline = QPainterPath()
    outline.addRoundedRect(place, 4, 4)
    painter.setClipPath(outline)
    painter.drawPixmap(place, picture, QRectF(picture.rect()))
    painter.setClipping(False)


class Preview(QWidget):
    """Shows one picture, whole, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: QPixmap | None = None
        self._over: QImage | None = None
        self.setAccessibleName("Preview")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_picture(self, picture: QPixmap | None) -> None:
        """Show the picture, or an empty frame while there is none."""
        self._picture = picture
        self.update()

    def lay_over(self, image: QImage | None) -> None:
        """Lay a see-through image over the picture, stretched to its shape; ``None`` for none."""
        self._over = image
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        box = QRectF(self.rect())
        frame = QPainterPath()
        frame.addRoundedRect(box, 6, 6)
        painter.fillPath(frame, QColor(theme.colours().base))
        if self._picture is not None:
            place = fitted(self._picture, box)
            painter.setClipPath(frame)
            painter.drawPixmap(place, self._picture, QRectF(self._picture.rect()))
            if self._over is not None:
                painter.drawImage(place, self._over)
        painter.end()
