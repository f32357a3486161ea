"""A library that takes long to open says so, and hears of other starts meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from samples import draw
from start_steps import LIMIT, OPEN, end, finish, logged, start, wait_for

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import LibraryError
from landmark_desktop.gui import opening
from landmark_desktop.gui.opening import OpeningNotice
from landmark_desktop.library import database
from landmark_desktop.paths import Places

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where a library of an earlier version lies."""
    library = Places.of(tmp_path / "library").library
    library.parent.mkdir()
    shutil.copy(FIXTURES / "schema_4.sqlite", library)
    return library.parent


@pytest.fixture
def held(folder: Path) -> Iterator[sqlite3.Connection]:
    """Return a connection that keeps the library busy until it rolls back."""
    library = Places.of(folder).library
    connection = sqlite3.connect(library, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_a_library_of_an_earlier_version_says_what_takes_long(
    folder: Path, held: sqlite3.Connection, qtbot: QtBot
) -> None:
    library = Places.of(folder).library
    assert database.is_older(library)
    said: list[str] = []

    def look() -> None:
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, OpeningNotice)]
        if not any(notice.isVisible() for notice in shown):
            return
        said.extend(label.text() for label in shown[0].findChildren(QLabel) if label.isVisible())
        timer.stop()
        held.rollback()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    with ThreadPoolExecutor(1) as early:
        workspace = opening.wait_for(early.submit(Workspace.open, folder), older=True)
    assert said[0] == "Opening the library…"
    assert "brought up to date" in said[1]
    assert not any(
        isinstance(widget, OpeningNotice) and widget.isVisible()
        for widget in QApplication.topLevelWidgets()
    )
    workspace.close()
    assert not database.is_older(library)


def test_what_cannot_be_opened_is_raised(folder: Path, qtbot: QtBot) -> None:
    library = Places.of(folder).library
    library.write_bytes(b"no library at all" * 100)
    assert not database.is_older(library)
    with ThreadPoolExecutor(1) as early, pytest.raises(LibraryError):
        opening.wait_for(early.submit(Workspace.open, folder), older=False)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_what_another_start_hands_over_meanwhile_is_opened(
    folder: Path, held: sqlite3.Connection, tmp_path: Path, runtime: Path
) -> None:
    count = "print(len(window.library.model.ids), flush=True)"
    first = start(["--library", folder], runtime, count)
    wait_for(lambda: any(runtime.iterdir()) and logged(folder, "started"))
    photo = draw(tmp_path / "new.jpg")
    while True:  # until the first has come to where it waits and answers
        second = start(["--library", folder, photo], runtime)
        if second.wait(LIMIT) == 0:
            break
        second.communicate()
    finish(second)
    assert not logged(folder, OPEN)
    held.rollback()
    assert first.stdout is not None
    while int(first.stdout.readline()) < 3:  # two were there
        pass
    end(first)
