"""The program's icon as PNG files, for where a desktop wants pixels. Needs no display."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from landmark_desktop.paths import resources


def pictures(sides: Iterable[int]) -> dict[int, bytes]:
    """Return ``resources/icons/app.svg`` as PNG at each of these sides in pixels."""
    renderer = QSvgRenderer(str(resources() / "icons" / "app.svg"))
    return {side: _picture(renderer, side) for side in sides}


def _picture(renderer: QSvgRenderer, side: int) -> bytes:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
