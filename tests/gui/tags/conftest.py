"""A window on five drawn photos of which a model has an opinion."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from samples import draw
from shelved import fill
from tag_steps import settle

from landmark_desktop.actions import tags
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.changes import ChangeSet

Reopen = Callable[[MainWindow], MainWindow]
SAID = ["Eiffel_Tower", "Eiffel_Tower", "Taj_Mahal", None, None]


@pytest.fixture
def ids(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> list[int]:
    """Return the photos' ids, the window showing them."""
    for number, shows in enumerate(SAID):
        draw(tmp_path / "shelf" / f"{number:05}.jpg", shows or "none", mark=number)
    found = fill(window.workspace, SAID, folder=str(tmp_path / "shelf"))
    window.library.requery()
    settle(qtbot, window)
    return found


@pytest.fixture
def tagged(window: MainWindow, ids: list[int], qtbot: QtBot) -> list[int]:
    """Return the same photos with people, a place and favourites tagged."""
    space = window.workspace
    tags.add(space, ids[:2], ("People", "Anna"))
    tags.add(space, ids[1:3], ("People", "Ben"))
    tags.add(space, ids[:4], ("Favourites",))
    tags.add(space, ids[:1], ("Places", "France", "Paris"))
    show(window, ids)
    settle(qtbot, window)
    return ids


def show(window: MainWindow, ids: list[int]) -> None:
    """Have the window see what was done behind its back."""
    window.library.apply(ChangeSet(frozenset(ids), tags=True))


@pytest.fixture
def reopen(open_window: Callable[[], MainWindow], qtbot: QtBot) -> Reopen:
    """Return a function that closes the window and opens it anew."""

    def again(window: MainWindow) -> MainWindow:
        window.close()
        opened = open_window()
        settle(qtbot, opened)
        return opened

    return again
