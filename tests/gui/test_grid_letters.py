"""Letters typed in the grid are shortcuts, and nothing that searches through all photos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt
from pytestqt.qtbot import QtBot

from landmark_desktop import paths
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui.library.grid import PhotoGrid
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Facts, Photo


class Counting(PhotoModel):
    """Counts how often it is asked."""

    asked = 0

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        self.asked += 1
        return super().data(index, role)


def test_a_letter_reads_no_rows(qtbot: QtBot) -> None:
    home, facts = QObject(), Facts("JPEG", 4, 3)

    def rows(ids: Any) -> list[Photo]:
        return [
            Photo(i, Path(f"/p/{i}.jpg"), "", 1, facts, "", None, None, None, frozenset(), ())
            for i in ids
        ]

    pictures = PictureLoader(lambda _photo: b"", threads=1, most_bytes=1, backlog=1)
    model = Counting(rows, Gazetteer.load(paths.resources()), home)
    model.show(list(range(50_000)))
    grid = PhotoGrid(model, pictures, 200)
    qtbot.addWidget(grid)
    grid.resize(800, 600)  # never shown: nothing is painted
    grid.setCurrentIndex(model.index(0))
    before = model.asked
    grid.keyboardSearch("z")
    qtbot.keyClicks(grid, "qzz9")
    assert model.asked - before < 100
    assert grid.currentIndex().row() == 0
    pictures.close()
