"""What could not be written stays on show, over a restart too, until it could."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from writing_steps import CTRL, fill, opened, press, settle, tag

from landmark_desktop.gui.window import MainWindow
from landmark_desktop.gui.writing.scope import Scope


def click(window: MainWindow, title: str) -> None:
    (button,) = (b for b in window.writing.notice.findChildren(QPushButton) if b.text() == title)
    button.click()


@pytest.fixture
def locked(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> list[int]:
    """Return three photos; the sidecar of the second one is marked read-only, and was refused."""
    ids = fill(qtbot, window, tmp_path / "photos", 3)
    dialog = opened(qtbot, window)
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    (tmp_path / "photos" / "0001.jpg.xmp").chmod(0o444)
    tag(window, ids, "More")
    settle(qtbot, window)
    assert dialog.model.index(1, 1).data() == "Cannot be written"
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    dialog.close()
    return ids


def test_it_is_told_shown_and_tried_again(
    window: MainWindow, locked: list[int], tmp_path: Path, qtbot: QtBot
) -> None:
    writing = window.writing
    assert writing.notice.isVisible()
    assert "Its tags are kept in the library." in writing.notice.said.text()
    assert "1 not written and kept for later" in window.jobbar.notice.text()
    click(window, "Show")
    settle(qtbot, window)
    dialog = writing.dialog
    assert dialog is not None
    assert dialog.scope.currentData() is Scope.FAILED
    assert dialog.model.ids == [locked[1]]
    dialog.close()
    click(window, "Try again")
    settle(qtbot, window)
    assert writing.notice.isVisible(), "it is still locked"
    (tmp_path / "photos" / "0001.jpg.xmp").chmod(0o644)
    click(window, "Try again")
    settle(qtbot, window)
    assert not writing.notice.isVisible()
    assert "More" in (tmp_path / "photos" / "0001.jpg.xmp").read_text()


def test_a_restart_tells_it_again(
    window: MainWindow, locked: list[int], qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    click(window, "Dismiss")
    assert not window.writing.notice.isVisible()
    window.close()
    again = open_window()
    again.writing.begin()
    settle(qtbot, again)
    assert again.writing.notice.isVisible()
    assert again.writing.count.text() == "1 not in files yet"
    click(again, "Dismiss")
    assert not again.writing.notice.isVisible()
    tag(again, [locked[0]], "Other")
    settle(qtbot, again)
    assert not again.writing.notice.isVisible(), "nothing new could not be written"


def test_a_folder_that_cannot_be_written(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:  # fmt: skip
    fill(qtbot, window, tmp_path / "photos", 2)
    (tmp_path / "photos").chmod(0o555)
    if os.access(tmp_path / "photos", os.W_OK):
        pytest.skip("this account may write anywhere")
    try:
        dialog = opened(qtbot, window)
        assert dialog.model.index(0, 1).data() == "Cannot be written"
        press(dialog, Qt.Key.Key_Return, CTRL)
        settle(qtbot, window)
        assert window.writing.notice.said.text().startswith("2 photos are in folders that cannot")
    finally:
        (tmp_path / "photos").chmod(0o755)
    click(window, "Try again")
    settle(qtbot, window)
    assert not window.writing.notice.isVisible()
    assert len(list((tmp_path / "photos").glob("*.xmp"))) == 2


def test_the_inspector_says_how_a_photo_stands(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = fill(qtbot, window, tmp_path / "photos", 2)
    line = window.writing.in_file.line

    def choose(photo_id: int) -> None:
        window.library.view.choose(window.library.model.row_of(photo_id) or 0)
        settle(qtbot, window)

    choose(ids[0])
    assert line.text() == "Tags: not yet written into a file."
    dialog = opened(qtbot, window)
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    choose(ids[1])
    assert line.text().startswith("Tags: in 0001.jpg.xmp since today ")
    (tmp_path / "photos" / "0001.jpg.xmp").chmod(0o444)
    tag(window, ids, "More")
    choose(ids[1])
    assert line.text() == "Tags: changed since they were written into 0001.jpg.xmp."
    dialog.start()
    settle(qtbot, window)
    choose(ids[0])
    choose(ids[1])
    assert line.text().startswith("Tags: not written.")
    window.library.view.grid.selectAll()
    settle(qtbot, window)
    assert not line.isVisible()
