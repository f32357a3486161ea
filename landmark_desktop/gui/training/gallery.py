"""Photos with a word on each, side by side: the worst mistakes, the photos of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.preview import fitted
from landmark_desktop.gui.training.cards import label
from landmark_desktop.gui.training.findings import open_file
from landmark_desktop.gui.training.pictures import FilePictures

_TILE = QSize(160, 168)
_CAPTION = 40
_MOST = 48


@dataclass(frozen=True)
class Shown:
    """A photo with two lines below it."""

    path: str
    first: str
    second: str


class _Tile(QAbstractButton):
    """One photo; a click opens it."""

    def __init__(self, shown: Shown, pictures: FilePictures) -> None:
        super().__init__()
        self._shown, self._pictures = shown, pictures
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"{shown.first}\n{shown.second}\n{shown.path}\nClick to open")
        self.setAccessibleName(f"{Path(shown.path).name}: {shown.first}, {shown.second}")
        self.clicked.connect(lambda: open_file(shown.path))

    def sizeHint(self) -> QSize:
        return _TILE

    def paintEvent(self, _event: QPaintEvent) -> None:
        c = theme.colours()
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        frame = QPainterPath()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        frame.addRoundedRect(box, 6, 6)
        painter.fillPath(frame, QColor(c.raised))
        picture = self._pictures.get(self._shown.path)
        if picture is not None:
            painter.setClipPath(frame)
            place = fitted(picture, box.adjusted(0, 0, 0, -_CAPTION))
            painter.drawPixmap(place, picture, QRectF(picture.rect()))
            painter.setClipping(False)
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        words = QRectF(box.left() + 8, box.bottom() - _CAPTION + 4, box.width() - 16, 16)
        for text, colour in ((self._shown.first, c.text), (self._shown.second, c.muted)):
            painter.setPen(QColor(colour))
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, elided)
            words.translate(0, 16)
        painter.setPen(QColor(c.accent if self.hasFocus() or self.underMouse() else c.line))
        painter.drawPath(frame)
        painter.end()


class Gallery(QWidget):
    """A heading and the tiles below it."""

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self._pictures = pictures
        self.tiles: list[_Tile] = []
        self.heading = label("", "muted", wrap=True)
        self._flow = FlowLayout(theme.UNIT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.heading)
        column.addLayout(self._flow)
        pictures.ready.connect(self._show_pictures)
        theme.dress(self, self._show_pictures)

    def show_photos(self, heading: str, photos: Sequence[Shown]) -> None:
        """Show these photos, of very many the first."""
        for tile in self.tiles:
            self._flow.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        more = len(photos) - _MOST
        self.heading.setText(heading + (f" The first {_MOST} are shown." if more > 0 else ""))
        self.tiles = [_Tile(shown, self._pictures) for shown in photos[:_MOST]]
        for tile in self.tiles:
            self._flow.addWidget(tile)
        self.updateGeometry()

    def _show_pictures(self) -> None:
        for tile in self.tiles:
            tile.update()
