"""A real window on a real library, with the colour model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.window import MainWindow


@pytest.fixture
def open_window(
    qtbot: QtBot, tmp_path: Path, colour_model: Path
) -> Iterator[Callable[[], MainWindow]]:
    """Return a function that opens the window; called again, it opens it anew."""
    opened: list[MainWindow] = []

    def open_() -> MainWindow:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, "light")
        window = MainWindow(Workspace.open(tmp_path / "library", colour_model))
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield open_
    for window in opened:
        window.training.close()  # with a run going on, closing the window would ask, and wait
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    """Return the open window of an empty library."""
    return open_window()
