"""The Organise page on a library of nine photos with a place and three without."""

from __future__ import annotations

from pathlib import Path

import pytest
from organise_steps import fill, opened
from pytestqt.qtbot import QtBot

from landmark_desktop.gui.organise.session import OrganiseSession
from landmark_desktop.gui.window import MainWindow


@pytest.fixture
def session(window: MainWindow, album: Path, qtbot: QtBot) -> OrganiseSession:
    """Return the page's life, the plan for the album on show."""
    fill(window, album)
    return opened(qtbot, window)
