"""A move that was cut short: told at the start, settled by one of two buttons."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from organise.trees import read
from organise_steps import CTRL, files, opened, press, settle, shown
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from landmark_desktop.actions import write_steps
from landmark_desktop.gui.organise.session import OrganiseSession
from landmark_desktop.gui.runner import Job
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.organise import run
from landmark_desktop.organise.journal import Journal, Run

TOWER = "Sorted/France/Paris/Eiffel Tower"


def cut_short(session: OrganiseSession, window: MainWindow, *, steps: int = 3) -> None:
    """Leave the run of the plan on show as a process leaves it that is killed."""
    plan = shown(session).plan
    note = {"kind": "apply", "mode": "move", "into": str(plan.asked.into)}
    asked = Run("killed", "Moving photos", plan.steps, plan.made, plan.emptied, note)
    folder = window.workspace.places.journals
    folder.mkdir(exist_ok=True)
    journal = Journal.begin(folder, asked)
    for number, path in enumerate(plan.made):
        journal.folder(number)
        path.mkdir()
    for number, step in enumerate(plan.steps[:steps]):
        journal.step(number)
        step.source.rename(step.target)
    journal.close()


@pytest.fixture
def again(
    window: MainWindow, session: OrganiseSession, open_window: Callable[[], MainWindow],
    album: Path, qtbot: QtBot,
) -> MainWindow:  # fmt: skip
    """Return the window of the start after a move was cut short at its third file."""
    cut_short(session, window)
    window.close()
    opened_again = open_window()
    opened_again.begin([])
    settle(qtbot, opened_again)
    return opened_again


def test_nothing_is_said_where_nothing_was_cut_short(window: MainWindow, qtbot: QtBot) -> None:
    window.begin([])
    settle(qtbot, window)
    assert not window.recovery.notice.isVisible()


def test_it_is_told_and_finished(
    again: MainWindow, album: Path, qtbot: QtBot
) -> None:  # fmt: skip
    notice = again.recovery.notice
    assert notice.isVisible()
    assert "“Moving photos” was cut short today" in notice.said.text()
    assert "3 of 9 files were begun" in notice.said.text()
    again.recovery.finish.setFocus()
    press(again, Qt.Key.Key_Space)
    settle(qtbot, again)
    assert not notice.isVisible()
    assert len(files(album / TOWER)) == 5
    assert again.jobbar.notice.text() == "Moved 9 files into Sorted"
    rows = again.workspace.library.read().execute("SELECT path FROM photo")
    assert all(Path(row[0]).is_file() for row in rows)
    again.jobbar.button.click()  # Undo
    settle(qtbot, again)
    assert not (album / "Sorted").exists()


def test_it_is_rolled_back(again: MainWindow, album: Path, qtbot: QtBot) -> None:
    known = {row[0] for row in again.workspace.library.read().execute("SELECT path FROM photo")}
    again.recovery.roll_back.setFocus()
    press(again, Qt.Key.Key_Space)
    settle(qtbot, again)
    assert not again.recovery.notice.isVisible()
    assert not (album / "Sorted").exists()
    assert {str(path) for path in album.rglob("*.jpg")} == known
    assert again.jobbar.notice.text().startswith("Put 3 files back")


def test_nothing_else_moves_until_it_is_settled(
    again: MainWindow, album: Path, qtbot: QtBot
) -> None:
    session = opened(qtbot, again)
    was = read(album)
    press(again, Qt.Key.Key_Return, CTRL)
    settle(qtbot, again)
    (box,) = [w for w in QApplication.topLevelWidgets() if w.inherits("QMessageBox")]
    assert "was cut short" in box.text()  # type: ignore[attr-defined]
    box.close()
    assert read(album) == was
    assert again.recovery.notice.isVisible()
    again.recovery.roll_back.click()
    settle(qtbot, again)
    assert session.view.do.text() == "Move 9 photos into 2 folders"


def test_a_journal_that_cannot_be_read_is_told_and_put_aside(
    window: MainWindow, session: OrganiseSession, open_window: Callable[[], MainWindow],
    qtbot: QtBot,
) -> None:  # fmt: skip
    journals = window.workspace.places.journals
    journals.mkdir()
    (journals / "later.journal").write_bytes(b'{"format":2}\n')
    window.close()
    window = open_window()
    window.begin([])
    settle(qtbot, window)
    notice = window.recovery.notice
    assert notice.isVisible()
    assert "Its journal later.journal cannot be read. No photo is lost" in notice.said.text()
    assert not window.recovery.roll_back.isVisible()
    assert window.recovery.finish.text() == "Put it aside"
    window.recovery.finish.setFocus()
    press(window, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert not notice.isVisible()
    assert [path.name for path in journals.iterdir()] == ["later.journal.unreadable"]
    assert window.jobbar.notice.text().startswith("Put the journal aside")


def test_closing_the_window_leaves_the_rest_for_the_next_start(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot,
    open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    jobs: list[Job] = []
    window.runner.started.connect(jobs.append)
    perform, reached, count = run.perform, Event(), 0

    def fourth_waits(*args: object) -> object:
        nonlocal count
        count += 1
        if count == 4:
            reached.set()
            while not jobs[0].cancel.is_set:
                time.sleep(0.01)
        return perform(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "perform", fourth_waits)
    press(window, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(reached.is_set)
    window.close()
    monkeypatch.setattr(run, "perform", perform)
    assert 0 < len(files(album / "Sorted")) < 9
    again = open_window()
    again.begin([])
    settle(qtbot, again)
    assert again.recovery.notice.isVisible()
    again.recovery.finish.click()
    settle(qtbot, again)
    assert len(files(album / TOWER)) == 5


def test_what_another_process_settles_just_now_is_left_to_it(
    again: MainWindow, album: Path, qtbot: QtBot
) -> None:
    was, notice = read(album), again.recovery.notice
    with write_steps.alone(again.workspace):  # as the command line holds it
        again.recovery.finish.click()
        settle(qtbot, again)
        (box,) = [w for w in QApplication.topLevelWidgets() if w.inherits("QMessageBox")]
        assert "Files are being written already." in box.text()  # type: ignore[attr-defined]
        box.close()
        assert read(album) == was
        assert not notice.isVisible(), "it may be settled by then"
    # It was killed, and settled nothing: whoever wants to move photos is told anew.
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow)
    session = opened(qtbot, again)
    press(again, Qt.Key.Key_Return, CTRL)
    settle(qtbot, again)
    for widget in QApplication.topLevelWidgets():
        if widget.inherits("QMessageBox"):
            widget.close()
    assert read(album) == was
    assert notice.isVisible()
    again.recovery.finish.click()
    assert session.view.do.text() == "Finishing…"
    settle(qtbot, again)
    assert len(files(album / TOWER)) == 5
