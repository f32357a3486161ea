"""An answer is about the photos that were asked about, and can be taken back from the page."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from review_steps import ALT, CTRL, SHIFT, press, said, settle, show, type_

from landmark_desktop.actions import review
from landmark_desktop.actions.review_queue import By
from landmark_desktop.gui.runner import Job
from landmark_desktop.gui.window import MainWindow

TAJ, TOWER = ("Taj_Mahal", "accepted"), ("Eiffel_Tower", "accepted")


def cancelled(window: MainWindow, key: Qt.Key) -> None:
    """Press a key, and cancel what it starts before that gets anywhere."""
    jobs: list[Job] = []
    gate = threading.Event()
    window.runner.call("actions", gate.wait, lambda _: None)
    window.runner.started.connect(jobs.append)
    press(window, key)
    window.runner.started.disconnect(jobs.append)
    jobs[0].cancel.set()
    gate.set()


def test_another_landmark_is_for_the_photos_it_was_asked_about(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    page = window.review
    press(window, Qt.Key.Key_Down, ALT)
    assert page.course.targets == [ids[1], ids[2], ids[4]]
    press(window, Qt.Key.Key_C)
    # Meanwhile the library answers one of them, and has another one as something else.
    window.library.apply(review.reject(window.workspace, [ids[2]]))
    window.library.apply(review.accept(window.workspace, [ids[1], ids[4]], "Taj_Mahal"))
    settle(qtbot, window)
    assert page.view.heading.text() == "Taj Mahal"
    type_("petra")
    press(window, Qt.Key.Key_Return)
    settle(qtbot, window)
    rejected = ("Eiffel_Tower", "rejected")
    assert said(window.workspace) == {ids[1]: TAJ, ids[4]: TAJ, ids[2]: rejected}
    assert page.view.heading.text() == "Taj Mahal"
    assert window.jobbar.notice.text() == "That was answered already."


def test_the_search_box_goes_where_the_mouse_goes_elsewhere(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    page = window.review
    press(window, Qt.Key.Key_C)
    assert page.view.chooser.isVisible()
    spot = page.view.groups.visualRect(page.groups.index(1)).center()
    QTest.mouseClick(page.view.groups.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert page.view.heading.text() == "Eiffel Tower"
    assert not page.view.chooser.isVisible()
    assert QApplication.focusWidget() is page.view.groups
    press(window, Qt.Key.Key_A)
    settle(qtbot, window)
    assert said(window.workspace) == {ids[1]: TOWER, ids[2]: TOWER, ids[4]: TOWER}


def test_a_landmark_that_is_not_there_is_said_to_be_so(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    chooser = window.review.view.chooser
    press(window, Qt.Key.Key_C)
    assert not chooser.nothing.isVisible()
    type_("zzz")
    assert chooser.nothing.isVisible()
    assert not chooser.list.isVisible()
    press(window, Qt.Key.Key_Return)
    assert chooser.isVisible()
    chooser.search.clear()
    type_("taj")
    assert not chooser.nothing.isVisible()
    assert chooser.list.count() == 1
    press(window, Qt.Key.Key_Escape)
    assert not chooser.isVisible()


def test_enter_presses_the_button_that_has_the_focus(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    page = window.review
    page.view.lower.reject.setFocus(Qt.FocusReason.TabFocusReason)
    press(window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert {verdict for _, verdict in said(window.workspace).values()} == {"rejected"}
    page.view.upper.ways[By.SINGLE].setFocus(Qt.FocusReason.TabFocusReason)
    press(window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert page.course.by is By.SINGLE
    assert QApplication.focusWidget() is page.view.single.picture
    page.view.upper.least.setValue(99)
    settle(qtbot, window)
    assert page.view.centre.currentWidget() is page.view.narrowed
    press(window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert len(page.course.ids) == 3


def test_one_of_the_model_s_other_ideas_is_taken_with_the_keyboard(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    ideas = json.dumps([["Taj_Mahal", 0.9], ["Petra", 0.05]])
    window.workspace.library.write(
        lambda c: c.execute("UPDATE suggestion SET alternatives = ?", (ideas,))
    )
    window.review.model_changed()
    press(window, Qt.Key.Key_O)
    settle(qtbot, window)
    single = window.review.view.single
    (idea,) = (b for b in single.findChildren(QPushButton) if "Petra" in b.text())
    idea.setFocus(Qt.FocusReason.TabFocusReason)
    press(window, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is single.picture  # for the arrows
    settle(qtbot, window)
    assert said(window.workspace) == {ids[0]: ("Petra", "accepted")}


def test_a_way_that_was_clicked_leaves_the_keys_to_the_photos(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    page = window.review
    QTest.mouseClick(page.view.upper.ways[By.EVENT], Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert page.course.by is By.EVENT
    first = page.model.ids[0]
    press(window, Qt.Key.Key_Space)
    assert page.course.out == {first}


def test_a_group_that_grows_leaves_the_person_at_their_photo(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    ids = show(qtbot, window, tmp_path / "shelf", ["Eiffel_Tower"] * 24)
    page, grid = window.review, window.review.view.grid
    assert page.model.ids == ids
    press(window, Qt.Key.Key_End)
    assert page.model.ids[grid.currentIndex().row()] == ids[-1]
    down = grid.verticalScrollBar().value()
    assert down > 0
    window.library.apply(review.reject(window.workspace, ids[3:4]))
    settle(qtbot, window)
    assert len(page.model.ids) == 23
    assert page.model.ids[grid.currentIndex().row()] == ids[-1]
    assert grid.visualRect(grid.currentIndex()).intersects(grid.viewport().rect())
    press(window, Qt.Key.Key_Space)
    assert page.course.out == {ids[-1]}


def test_the_group_on_show_is_in_sight_in_the_list(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    gazetteer = list(window.workspace.gazetteer)
    show(qtbot, window, tmp_path / "shelf", [landmark.id for landmark in gazetteer[:40]])
    page, groups = window.review, window.review.view.groups
    for _ in range(30):
        press(window, Qt.Key.Key_Down, ALT)
    assert page.course.place == 30
    assert groups.currentIndex().row() == 30
    assert groups.viewport().rect().contains(groups.visualRect(groups.currentIndex()))
    press(window, Qt.Key.Key_A)
    assert groups.viewport().rect().contains(groups.visualRect(groups.currentIndex()))
    settle(qtbot, window)


def test_an_answer_undone_elsewhere_is_passed_over(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    press(window, Qt.Key.Key_O)
    settle(qtbot, window)
    press(window, Qt.Key.Key_A)
    press(window, Qt.Key.Key_A)
    settle(qtbot, window)
    press(window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert said(window.workspace) == {ids[0]: TAJ}
    press(window, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert said(window.workspace) == {}
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert said(window.workspace) == {ids[0]: TAJ}
    press(window, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert said(window.workspace) == {}
    press(window, Qt.Key.Key_Backspace)
    assert window.jobbar.notice.text() == "There is no answer of this page to take back."


def test_taking_back_that_is_cancelled_can_be_done_again(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    page = window.review
    press(window, Qt.Key.Key_A)
    settle(qtbot, window)
    answered = said(window.workspace)
    assert len(answered) == 2

    cancelled(window, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert window.jobbar.notice.text() == "Stopped; the answer stands."
    assert said(window.workspace) == answered
    press(window, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert said(window.workspace) == {}
    assert len(page.course.ids) == 5


def test_an_answer_that_is_cancelled_is_asked_again(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    cancelled(window, Qt.Key.Key_A)
    settle(qtbot, window)
    assert said(window.workspace) == {}
    assert len(window.review.course.ids) == 5
    assert window.jobbar.notice.text() == "Stopped; nothing was changed."


@pytest.mark.parametrize("looking", [False, True])
def test_a_library_without_suggestions_does_not_ask_for_photos(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, looking: bool
) -> None:
    ids = show(qtbot, window, tmp_path / "shelf", [None, None])
    if looking:
        window.workspace.library.write(lambda c: c.execute("DELETE FROM suggestion"))
        window.review.read()
        settle(qtbot, window)
    view = window.review.view
    assert ids
    assert view.centre.currentWidget() is view.none_found
    assert view.none_found.isVisible()
    press(window, Qt.Key.Key_Return)
    assert window.stack.currentWidget() is window.library.view
