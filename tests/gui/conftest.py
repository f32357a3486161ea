"""A real window on a real library, with the colour model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from windows import Open, opening

from landmark_desktop.gui.window import MainWindow


@pytest.fixture
def open_on(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens the window on a model; called again, it opens it anew."""
    with opening(qtbot, tmp_path / "library") as open_:
        yield open_


@pytest.fixture
def open_window(open_on: Open, colour_model: Path) -> Callable[[], MainWindow]:
    """Return a function that opens the window on the colour model."""
    return lambda: open_on(colour_model)


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    """Return the open window of an empty library."""
    return open_window()
