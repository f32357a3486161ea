"""The program's icon as Windows and macOS want it, drawn from the SVG when it is built."""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image

SIZES = (16, 24, 32, 48, 64, 128, 256)


def draw(svg: Path, target: Path) -> Path:
    """Write ``target``, an ``.ico``, ``.icns`` or ``.png`` file, from ``svg`` and return it.

    Pillow knows the formats and Qt draws SVG: build-time only. Raises ``ValueError`` for a file
    that Qt cannot draw.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise ValueError(f"{svg} is no SVG file that can be drawn.")

    def picture(side: int) -> Image.Image:
        image = QImage(side, side, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        return Image.open(io.BytesIO(buffer.data().data()))

    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".ico":
        pictures = [picture(side) for side in SIZES]
        pictures[-1].save(
            target, sizes=[(side, side) for side in SIZES], append_images=pictures[:-1]
        )
    else:
        picture(1024 if target.suffix == ".icns" else 256).save(target)
    return target
