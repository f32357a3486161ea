"""A window that shows the Models page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from models_steps import (
    Open,
    settle,
    swapped,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from samples import save_colour_model

from landmark_desktop import paths
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.window import MainWindow


@pytest.fixture
def swapped_model(tmp_path: Path) -> Path:
    path = tmp_path / "downloads" / "swapped ü.pt"
    path.parent.mkdir()
    save_colour_model(path, swapped)
    return path


@pytest.fixture
def open_it(
    qtbot: QtBot, tmp_path: Path, colour_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Return a function that opens the window, the colour model built in; again, anew."""
    monkeypatch.setattr(paths, "default_model", lambda: colour_model)
    opened: list[MainWindow] = []

    def open_() -> MainWindow:
        for before in opened:
            before.close()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, "light")
        window = MainWindow(Workspace.open(tmp_path / "library"))
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        window.begin([])
        return window

    yield open_
    for window in opened:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_it: Open, qtbot: QtBot) -> MainWindow:
    """Return the window, showing the Models page."""
    opened = open_it()
    settle(qtbot, opened)
    number = 1 + [page.title for page in opened.pages].index("Models")
    qtbot.keyClick(opened, str(number), Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, opened)
    assert opened.stack.currentWidget() is opened.models.view
    return opened
