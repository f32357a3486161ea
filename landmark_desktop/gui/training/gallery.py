"""Photos with a word on each, side by side: the worst mistakes, the photos of a cell.

Where a label is wrong it is mended in place, through the menu of its photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.mended import Mend, Mends
from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.preview import fitted
from landmark_desktop.gui.training.cards import label
from landmark_desktop.gui.training.class_table import readable
from landmark_desktop.gui.training.findings import open_file
from landmark_desktop.gui.training.pictures import FilePictures

_TILE = QSize(160, 168)
_CAPTION = 40
_MOST = 48


@dataclass(frozen=True)
class Shown:
    """A photo with two lines below it.

    ``truth``: the class that its label says, ``guess``: the one that the model says; ``None``:
    none of them.
    """

    path: str
    first: str
    second: str
    truth: str | None
    guess: str | None


def in_words(mend: Mend) -> str:
    """Return what a photo counts as by its mended label."""
    if mend.left_out:
        return "Now: left out"
    return f"Now: {readable(mend.label) if mend.label is not None else 'none of them'}"


class _Tile(QAbstractButton):
    """One photo; a click opens it, its menu mends its label."""

    menu_asked = Signal(QPoint)  # where, on the screen

    def __init__(self, shown: Shown, pictures: FilePictures) -> None:
        super().__init__()
        self.shown, self._pictures = shown, pictures
        self.mend: Mend | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.more = QToolButton(self)
        self.more.setObjectName("over")
        self.more.setText("⋯")
        self.more.setToolTip("What it really shows (M)")
        self.more.setAccessibleName("Mend the label")
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # M does it from the photo itself
        self.more.setCursor(Qt.CursorShape.ArrowCursor)
        self.more.setFixedSize(28, 24)
        self.more.move(_TILE.width() - 34, 6)
        self.more.clicked.connect(self._ask_below)
        self.clicked.connect(lambda: open_file(shown.path))
        self.show_mend(None)

    def show_mend(self, mend: Mend | None) -> None:
        """Say what the photo counts as, where that is not what its label says."""
        self.mend = mend
        said = (self.shown.first, in_words(mend) if mend is not None else self.shown.second)
        self._lines = said
        self.setToolTip(
            f"{self.shown.first}\n{self.shown.second}\n{self.shown.path}\n"
            "Click to open, M to mend its label"
        )
        self.setAccessibleName(f"{Path(self.shown.path).name}: {said[0]}, {said[1]}")
        self.update()

    def _ask_below(self) -> None:
        self.menu_asked.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_M and not event.modifiers():
            self._ask_below()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

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
        painter.fillPath(frame, QColor(c.tint if self.mend is not None else c.raised))
        picture = self._pictures.get(self.shown.path)
        if picture is not None:
            painter.setClipPath(frame)
            place = fitted(picture, box.adjusted(0, 0, 0, -_CAPTION))
            painter.setOpacity(0.4 if self.mend is not None and self.mend.left_out else 1.0)
            painter.drawPixmap(place, picture, QRectF(picture.rect()))
            painter.setOpacity(1.0)
            painter.setClipping(False)
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        words = QRectF(box.left() + 8, box.bottom() - _CAPTION + 4, box.width() - 16, 16)
        second = c.accent if self.mend is not None else c.muted
        for text, colour in zip(self._lines, (c.text, second), strict=True):
            painter.setPen(QColor(colour))
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, elided)
            words.translate(0, 16)
        painter.setPen(QColor(c.accent if self.hasFocus() or self.underMouse() else c.line))
        painter.drawPath(frame)
        painter.end()


class Gallery(QWidget):
    """A heading and the tiles below it."""

    mended = Signal(str, object)  # path, Mend, or None where the label holds after all
    other_asked = Signal(object)  # Shown: the person is to choose what it shows

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._mends: Mends = {}
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
            tile.menu_asked.connect(lambda place, of=tile: self.menu(of).popup(place))
            self._flow.addWidget(tile)
        self.show_mends(self._mends)
        self.updateGeometry()

    def show_mends(self, mends: Mends) -> None:
        """Show on the photos what was mended."""
        self._mends = mends
        for tile in self.tiles:
            if mends.get(tile.shown.path) != tile.mend:
                tile.show_mend(mends.get(tile.shown.path))

    def menu(self, tile: _Tile) -> QMenu:
        """Return what can be said about a photo: what it shows, or that it is of no use."""
        shown, menu = tile.shown, QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def say(mend: Mend | None) -> None:
            self.mended.emit(shown.path, mend)

        if shown.guess is not None and shown.guess != shown.truth:
            name = readable(shown.guess).replace("&", "&&")
            menu.addAction(f"It &is {name}", lambda: say(Mend(shown.guess)))
        menu.addAction("It is &another landmark…", lambda: self.other_asked.emit(shown))
        if shown.truth is not None:
            menu.addAction("It shows &none of them", lambda: say(Mend()))
        menu.addAction("&Leave it out", lambda: say(Mend(left_out=True)))
        if tile.mend is not None:
            truth = "none of them" if shown.truth is None else readable(shown.truth)
            menu.addSeparator()
            menu.addAction("&Undo: " + truth.replace("&", "&&"), lambda: say(None))
        menu.addSeparator()
        menu.addAction("&Open the photo", lambda: open_file(shown.path))
        return menu

    def _show_pictures(self) -> None:
        for tile in self.tiles:
            tile.update()
