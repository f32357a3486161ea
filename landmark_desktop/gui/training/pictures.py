"""Pictures of files that are in no library: small ones, decoded behind the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.thumbnails.cache import render

_SIDE = 256  # pixels of the long side
_BYTES = 64_000_000


@dataclass(frozen=True)
class File:
    """What ``PictureLoader`` has to know of a photo."""

    id: int
    path: Path
    content_hash: str  # of these files the path stands for it


class FilePictures(QObject):
    """Gives the picture of a file, or asks for it and tells ``ready`` when it has come."""

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = PictureLoader(
            lambda file: render(file.path, _SIDE), threads=1, most_bytes=_BYTES, backlog=256
        )
        self._loader.ready.connect(lambda _id: self.ready.emit())

    def get(self, path: Path | str) -> QPixmap | None:
        """Return the picture if it is in memory; else ask for it and return ``None``."""
        return self._loader.get(File(0, Path(path), str(path)))

    def close(self) -> None:
        """Drop all wishes and wait for the thread."""
        self._loader.close()
