"""What tests of "Undo part" do by keys, and what they see."""

from __future__ import annotations

from pathlib import Path

from organise.trees import read
from organise_steps import CTRL, press, settle
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from landmark_desktop.actions import organise, organise_run
from landmark_desktop.actions.organise import Request
from landmark_desktop.gui.history.dialog import HistoryDialog
from landmark_desktop.gui.history.part_dialog import PartDialog
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.tasks import Cancel, finish


def tidy(window: MainWindow, album: Path, mode: Mode = Mode.MOVE) -> None:
    """Tidy the album's nine photos with a place into two folders."""
    request = Request(album / "Sorted", "{landmark}", mode)
    plan = finish(organise.make_plan(window.workspace, request, Cancel()))
    window.library.apply(finish(organise_run.apply(window.workspace, plan, Cancel())).changes)


def history_of(window: MainWindow, qtbot: QtBot) -> HistoryDialog:
    """Open the history by its key."""
    settle(qtbot, window)
    window.activateWindow()
    window.setFocus()
    press(window, Qt.Key.Key_H, CTRL)
    history = window.history
    assert history is not None
    qtbot.waitUntil(history.isActiveWindow)
    return history


def quiet(window: MainWindow, qtbot: QtBot, part: PartDialog) -> None:
    """Wait until nothing runs and the dialog shows what there is."""
    qtbot.waitUntil(lambda: not part.settling)
    settle(qtbot, window)


def part_of(window: MainWindow, qtbot: QtBot) -> PartDialog:
    """Open "Undo part" of the newest entry by keys, and wait for what it shows."""
    history = history_of(window, qtbot)
    press(history, Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: history.part is not None and history.part.isActiveWindow())
    assert history.part is not None
    quiet(window, qtbot, history.part)
    return history.part


def shown(part: PartDialog) -> list[str]:
    """Return the files that the dialog lists."""
    rows = part.view.files
    return [rows.index(n).data() for n in range(rows.rowCount())]


def type_in(part: PartDialog, text: str) -> None:
    """Filter by this text instead of what is there."""
    part.view.filter.setFocus()
    press(part, Qt.Key.Key_A, CTRL)
    press(part, Qt.Key.Key_Delete)
    QTest.keyClicks(part.view.filter, text)


def photos_in(album: Path) -> list[bytes]:
    """Return what the files of the album hold."""
    return [content for content, _ in read(album).values() if content]
