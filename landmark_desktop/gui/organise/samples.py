"""A few real photos and the folders that the template gives them, while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.preview import draw_rounded
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Photo
from landmark_desktop.organise import names

_HEIGHT, _PICTURE = 56, 64


class Sample(QWidget):
    """A photo, its name, and below it the folders that it would go into."""

    def __init__(self, pictures: PictureLoader, photo: Photo) -> None:
        super().__init__()
        self._pictures = pictures
        self.photo = photo
        self.said = "…"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say(None, "")

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    def say(self, levels: tuple[str, ...] | None, into: str) -> None:
        """Show where it goes: below ``into``; ``None``: not known at the moment."""
        if levels is not None:
            self.said = names.in_a_line((into, *levels)) if levels else "stays where it is"
        whole = f"{self.photo.path.name}: {self.said}"
        self.setAccessibleName(whole)
        self.setToolTip(f"{self.photo.path}\n{self.said}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        box = QRectF(0, 0, _PICTURE, _HEIGHT)
        picture = self._pictures.get(self.photo)
        if picture is not None:
            draw_rounded(painter, picture, box)
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(c.muted))
        left, width = _PICTURE + 8.0, max(self.width() - _PICTURE - 16.0, 1.0)
        name = QFontMetricsF(font).elidedText(
            self.photo.path.name, Qt.TextElideMode.ElideMiddle, width
        )
        painter.drawText(QRectF(left, 0, width, 16), Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(QColor(c.text))
        for row, line in enumerate(two_lines(f"→ {self.said}", font, width)):
            painter.drawText(
                QRectF(left, 18.0 + 17 * row, width, 17), Qt.AlignmentFlag.AlignLeft, line
            )
        painter.end()


def two_lines(text: str, font: QFont, width: float) -> list[str]:
    """Return a text in two lines at most, broken between folders; the second one elided."""
    metrics = QFontMetricsF(font)
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    parts, first = text.split(" / "), ""
    while parts and metrics.horizontalAdvance(f"{first}{parts[0]} /") <= width:
        first += f"{parts.pop(0)} / "
    if not first:
        return [metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)]
    rest = metrics.elidedText(" / ".join(parts), Qt.TextElideMode.ElideMiddle, width)
    return [first.rstrip(), rest] if rest else [first.rstrip(" /")]


class SampleStrip(QWidget):
    """Samples side by side. ``fetch`` reads photos by id."""

    def __init__(
        self, pictures: PictureLoader, fetch: Callable[[Sequence[int]], list[Photo]]
    ) -> None:
        super().__init__()
        self._pictures, self._fetch = pictures, fetch
        self.samples: list[Sample] = []
        self.setAccessibleName("Examples")
        self.setFixedHeight(_HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.UNIT * 2)
        pictures.ready.connect(self._on_picture)
        theme.dress(self, self.update)

    def show_photos(self, ids: Sequence[int]) -> None:
        """Show these photos; where they go is said by ``show_folders``."""
        photos = {photo.id: photo for photo in self._fetch(ids)} if ids else {}
        found = [photos[id_] for id_ in ids if id_ in photos]
        if found == [sample.photo for sample in self.samples]:
            return
        for sample in self.samples:
            self._row.removeWidget(sample)
            sample.deleteLater()
        self.samples = [Sample(self._pictures, photo) for photo in found]
        for sample in self.samples:
            self._row.addWidget(sample, 1)

    def show_folders(self, folders: Mapping[int, tuple[str, ...]], into: Path) -> None:
        """Say where the photos would go."""
        for sample in self.samples:
            sample.say(folders.get(sample.photo.id), into.name or str(into))

    def _on_picture(self, photo_id: int) -> None:
        for sample in self.samples:
            if sample.photo.id == photo_id:
                sample.update()
