"""A window that shows the Models page."""

from __future__ import annotations

from pathlib import Path

import pytest
import windows
from models_steps import (
    Open,
    settle,
    swapped,
)
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from samples import save_colour_model

from landmark_desktop import paths
from landmark_desktop.gui.window import MainWindow


@pytest.fixture
def swapped_model(tmp_path: Path) -> Path:
    path = tmp_path / "downloads" / "swapped ü.pt"
    path.parent.mkdir()
    save_colour_model(path, swapped)
    return path


@pytest.fixture
def open_it(open_on: windows.Open, colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens the window, the colour model built in; again, anew."""
    monkeypatch.setattr(paths, "default_model", lambda: colour_model)

    def open_() -> MainWindow:
        window = open_on()
        window.begin([])
        return window

    return open_


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
