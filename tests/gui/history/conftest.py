"""A library that is to be tidied."""

from __future__ import annotations

from pathlib import Path

import pytest
from organise.trees import Tree, read
from organise_steps import fill

from landmark_desktop.gui.window import MainWindow


@pytest.fixture
def was(window: MainWindow, album: Path) -> Tree:
    """Fill the library, and return what was in the album before it was tidied."""
    fill(window, album)
    return read(album)
