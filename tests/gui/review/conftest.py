"""The Review page, open on five drawn photos."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from review_steps import show

from landmark_desktop.gui.window import MainWindow

SAID = ["Taj_Mahal", "Eiffel_Tower", "Eiffel_Tower", "Taj_Mahal", "Eiffel_Tower"]


@pytest.fixture
def ids(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> list[int]:
    """Return drawn photos, a day apart, with suggestions ever less sure, on the Review page."""
    return show(qtbot, window, tmp_path / "shelf", SAID)
