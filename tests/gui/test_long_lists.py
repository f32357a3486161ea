"""What a list of very many photos may not do on the main thread: ask Python something for each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shelved import fill

from landmark_desktop.gui.window import MainWindow

MANY = 20_000


def calls(do: Callable[[], object]) -> int:
    """Return how many functions of Python's are called while something is done and painted."""
    number = 0

    def count(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal number
        number += event == "call"

    sys.setprofile(count)
    try:
        do()
        QApplication.processEvents()
    finally:
        sys.setprofile(None)
    return number


def test_showing_and_choosing_all_asks_nothing_for_each_photo(
    window: MainWindow, qtbot: QtBot
) -> None:
    library, grid = window.library, window.library.view.grid
    fill(window.workspace, ["Eiffel_Tower"] * 200)
    library.requery()
    qtbot.waitUntil(lambda: not (window.runner.busy or library.settling), timeout=30_000)
    ids = library.model.ids
    many = ids + list(range(max(ids) + 1, max(ids) + 1 + MANY))
    assert calls(lambda: library.model.show(many)) < MANY / 2
    assert library.model.rowCount() == len(many)
    # Less what is told of those chosen: nothing is known of these here.
    grid.selectionModel().blockSignals(True)
    assert calls(grid.selectAll) < MANY / 2
    grid.selectionModel().blockSignals(False)
    assert library.chosen_ids() == many
    assert calls(lambda: grid.restore(many, many[MANY // 2])) < MANY * 3  # each id is looked up
    assert grid.top_id() is not None
    library.model.show(ids)


def test_a_large_selection_is_painted_as_a_whole(window: MainWindow) -> None:
    library, grid = window.library, window.library.view.grid
    library.model.show(list(range(1, 1001)))
    QApplication.processEvents()
    model = library.model
    few, many = QItemSelection(), QItemSelection()
    few.select(model.index(1), model.index(2))
    many.select(model.index(0), model.index(999))
    whole = QRegion(grid.viewport().rect())
    assert grid.visualRegionForSelection(many) == whole
    assert grid.visualRegionForSelection(few) != whole
    library.model.show([])


def test_a_photo_cannot_be_typed_over(window: MainWindow) -> None:
    model = window.library.model
    model.show([1, 2, 3])
    flags = model.flags(model.index(1))
    assert flags & Qt.ItemFlag.ItemIsSelectable
    assert not flags & Qt.ItemFlag.ItemIsEditable
    model.show([])
