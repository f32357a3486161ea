"""Nothing moves that was not asked for: plans that fail, keys in a box, others at the files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from organise.trees import read
from organise_steps import ALT, CTRL, after, files, ids_by_name, opened, press, settle, shown, type_
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from samples import draw

from landmark_desktop.actions import browse, history, organise, write_steps
from landmark_desktop.errors import UserError
from landmark_desktop.gui.organise.session import OrganiseSession
from landmark_desktop.gui.runner import Job
from landmark_desktop.gui.window import MainWindow

TOWER = "Sorted/France/Paris/Eiffel Tower"


def boxes() -> Iterator[Any]:
    """Yield the boxes that tell of something."""
    for widget in QApplication.topLevelWidgets():
        if widget.inherits("QMessageBox") and widget.isVisible():
            yield widget


def test_a_plan_that_could_not_be_made_leaves_nothing_to_do(
    window: MainWindow, session: OrganiseSession, album: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fails(*_args: object) -> Any:
        raise UserError("The disk does not answer.")

    was, view = read(album), session.view
    assert session.ready
    with monkeypatch.context() as patch:
        patch.setattr(organise, "make_plan", fails)
        press(window, Qt.Key.Key_I, ALT)
        type_(window, str(tmp_path / "elsewhere"))
        settle(qtbot, window)
    (box,) = boxes()
    assert box.text() == "The disk does not answer."
    box.close()
    assert not view.do.isEnabled(), "the plan on show is for another folder"
    assert view.do.text() == "Nothing to move"
    assert view.status.text() == "There is no plan. Change something above to try again."
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert read(album) == was
    window.show_page(window.library.view)
    window.show_page(window.organise.view)
    settle(qtbot, window)
    assert session.ready, "looked at again, it is tried again"
    assert shown(session).plan.asked.into == tmp_path / "elsewhere"


def test_ctrl_enter_in_the_box_answers_the_box(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    was, view = read(album), session.view
    view.after.choose(after(session, "India"))
    view.grid.setFocus()
    press(window, Qt.Key.Key_A, CTRL)
    press(window, Qt.Key.Key_F2)
    type_(window, "Best of")
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert read(album) == was
    assert not view.mover.isVisible()
    assert after(session, "Best of").goes == 4


def test_the_box_goes_when_something_else_is_turned_to(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view = session.view
    view.grid.setFocus()
    press(window, Qt.Key.Key_A, CTRL)
    press(window, Qt.Key.Key_F2)
    assert view.mover.isVisible()
    press(window, Qt.Key.Key_Tab)
    assert not view.mover.isVisible()
    assert not view.mover.isAncestorOf(QApplication.focusWidget())


def test_while_the_command_line_moves_files_nothing_is_moved_here(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    was = read(album)
    with write_steps.alone(window.workspace):  # as another process holds it
        press(window, Qt.Key.Key_Return, CTRL)
        settle(qtbot, window)
        (box,) = boxes()
        assert box.text() == "Files are being written already."
        box.close()
        assert read(album) == was
        assert session.view.do.isEnabled(), "it can be tried again"
        assert session.view.form.isEnabled()
        assert not session.view.stop.isVisible()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert len(files(album / TOWER)) == 5


def test_asked_twice_it_moves_once(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    view = session.view
    view.do.setFocus()
    press(window, Qt.Key.Key_Return, CTRL)
    session.carry_out()
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    done = [e for e in history.entries(window.workspace) if e.action == "organise"]
    assert [entry.summary for entry in done] == ["Moved 9 files into Sorted"]
    assert not list(boxes())


def test_a_copy_is_called_one(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    view = session.view
    view.form.mode.setFocus()
    press(window, Qt.Key.Key_Down)
    settle(qtbot, window)
    press(window, Qt.Key.Key_Return, CTRL)
    assert view.do.text() == "Copying…"
    settle(qtbot, window)
    press(window, Qt.Key.Key_I, ALT)
    type_(window, "nowhere")
    assert view.do.text() == "Nothing to copy"


@pytest.mark.parametrize("moment", ["about to be made", "being made"])
def test_the_window_is_closed_while_a_plan_is(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot, moment: str,
    open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    was, begun, reached, plan = read(album), list[Job](), Event(), organise.plan
    window.runner.started.connect(lambda job: begun.append(job) if job.lane == "organise" else 0)

    def waits(*args: Any) -> Any:
        reached.set()
        while not (begun and begun[-1].cancel.is_set):  # told of a little after it begins
            time.sleep(0.01)
        return plan(*args)

    monkeypatch.setattr(organise, "plan", waits)
    press(window, Qt.Key.Key_T, ALT)
    type_(window, "{landmark}")
    if moment == "being made":
        qtbot.waitUntil(reached.is_set)
    assert session.planner.busy
    window.close()
    monkeypatch.setattr(organise, "plan", plan)
    again = opened(qtbot, open_window())
    assert read(album) == was
    assert again.view.form.line.text() == "{landmark}"
    assert again.ready


@pytest.mark.parametrize("way", ["key", "history"])
def test_thumbnails_come_back_after_undo(
    window: MainWindow, session: OrganiseSession, tmp_path: Path, qtbot: QtBot, way: str
) -> None:
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    pictures = window.library.pictures
    (photo,) = browse.rows(window.workspace, [ids_by_name(window)["photo 00.jpg"]])
    # One whose file is on its way while it is looked for.
    photo = replace(photo, content_hash="0" * 64, path=tmp_path / "on its way.jpg")
    with qtbot.waitSignal(pictures.failed):
        assert pictures.get(photo) is None
    draw(photo.path)
    assert pictures.get(photo) is None
    settle(qtbot, window)
    assert pictures.get(photo) is None, "it is not looked for again and again"
    if way == "key":
        window.library.undo()
    else:
        window.show_history()
        assert window.history is not None
        window.history.undo.click()
    settle(qtbot, window)
    with qtbot.waitSignal(pictures.ready):
        pictures.get(photo)
    assert pictures.get(photo) is not None


def test_very_long_names_leave_the_window_as_narrow_as_it_was(
    window: MainWindow, session: OrganiseSession, tmp_path: Path, qtbot: QtBot
) -> None:
    view, long = session.view, "Ein sehr langer Name " * 6 + "x"
    narrow = window.minimumSizeHint().width()
    press(window, Qt.Key.Key_I, ALT)
    type_(window, str(tmp_path / ("n" * 140)))
    press(window, Qt.Key.Key_T, ALT)
    type_(window, f"{long}/{{landmark}}")
    settle(qtbot, window)
    view.after.choose(after(session, long))
    assert view.heading.text() == long
    assert window.minimumSizeHint().width() <= max(narrow, 1000)
    view.after.choose(after(session))
    view.grid.setFocus()
    press(window, Qt.Key.Key_F2)
    assert view.mover.width() <= view.width()


def test_a_file_is_no_folder_to_tidy_into(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    view, was = session.view, read(album)
    press(window, Qt.Key.Key_I, ALT)
    type_(window, str(album / "day 0" / "photo 00.jpg"))
    settle(qtbot, window)
    assert view.do.text() == "Nothing to move"
    assert not view.do.isEnabled()
    assert "It is a file, not a folder." in view.remarks.item(0).text()
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert read(album) == was
