"""Taking back that is stopped, a window that is closed meanwhile, and names that are long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from organise.trees import Tree, read
from organise_steps import CTRL, files, press, settle
from part_steps import history_of, part_of, photos_in, quiet, shown, tidy
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from samples import draw

from landmark_desktop.actions import organise, organise_run
from landmark_desktop.actions.organise import Request
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.tasks import Cancel, finish


def test_it_shows_how_far_it_is_and_is_stopped(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from landmark_desktop.organise import run

    tidy(window, album)
    perform, reached, go_on, count = run.perform, Event(), Event(), 0

    def fourth_waits(*args: object) -> object:
        nonlocal count
        count += 1
        if count == 4:
            reached.set()
            go_on.wait(60)
        return perform(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "perform", fourth_waits)
    history = history_of(window, qtbot)
    history.undo.setFocus()
    press(history, Qt.Key.Key_Space)
    assert history.turning.stop.isVisible()
    assert not history.undo.isEnabled()
    assert not history.undo_part.isEnabled()
    assert QApplication.focusWidget() is history.table, "Space once more closes nothing"
    qtbot.waitUntil(reached.is_set)
    history.turning.stop.click()
    go_on.set()
    settle(qtbot, window)
    assert not history.turning.stop.isVisible()
    assert history.turning.said.text()
    back = 9 - len(files(album / "Sorted"))
    assert 0 < back < 9
    assert history.model.index(0, 2).data() == "partly undone"
    part = part_of(window, qtbot)
    assert len(shown(part)) == 9 - back
    press(part, Qt.Key.Key_Space)
    press(part, Qt.Key.Key_Return, CTRL)
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(window, qtbot, part)
    assert read(album) == was


def test_closing_the_window_meanwhile_leaves_every_photo_somewhere(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot,
    open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from landmark_desktop.organise import run

    tidy(window, album)
    part = part_of(window, qtbot)
    press(part, Qt.Key.Key_Space)
    perform, reached = run.perform, Event()
    jobs = []
    window.runner.started.connect(jobs.append)

    def waits(*args: object) -> object:
        reached.set()
        while not (jobs and jobs[0].cancel.is_set):  # told of a little after it begins
            Event().wait(0.01)
        return perform(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "perform", waits)
    press(part, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(reached.is_set)
    window.close()
    monkeypatch.setattr(run, "perform", perform)
    assert sorted(photos_in(album)) == sorted(content for content, _ in was.values() if content)
    again = open_window()
    again.begin([])
    settle(qtbot, again)
    if again.recovery.notice.isVisible():
        again.recovery.finish.click()
        settle(qtbot, again)
    history = history_of(again, qtbot)
    if history.undo.isEnabled():  # not all of it was to be settled
        history.undo.click()
        settle(qtbot, again)
    assert read(album) == was


def test_long_names_leave_the_windows_as_narrow_as_they_were(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot
) -> None:
    into = album / ("n" * 140)
    plan = finish(organise.make_plan(window.workspace, Request(into), Cancel()))
    window.library.apply(finish(organise_run.apply(window.workspace, plan, Cancel())).changes)
    draw(next(into.rglob("*.jpg")), "none", mark=99)
    part = part_of(window, qtbot)
    press(part, Qt.Key.Key_Space)
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(window, qtbot, part)
    assert "n" * 140 in part.view.turning.said.text()
    assert part.minimumSizeHint().width() <= 880
    history = window.history
    assert history is not None
    history.undo.click()
    settle(qtbot, window)
    assert "n" * 140 in history.turning.said.text()
    assert history.minimumSizeHint().width() <= 760


def test_it_goes_with_the_window(window: MainWindow, was: Tree, album: Path, qtbot: QtBot) -> None:
    tidy(window, album)
    part = part_of(window, qtbot)
    press(part, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(part.view.filter, "taj")
    assert part.settling
    window.close()
    assert not part.settling, "nothing is asked of a library that is closed"
    assert not part.isVisible()
    assert window.history is not None
    assert not window.history.isVisible()
