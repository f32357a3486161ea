"""The Review page as a person uses it: with the keyboard alone, by group and one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from review_steps import ALT, CTRL, SHIFT, press, said, settle, type_

from landmark_desktop.actions import review
from landmark_desktop.actions.review_queue import By
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.database import LibraryError


def test_by_group_with_the_keyboard(window: MainWindow, ids: list[int], qtbot: QtBot) -> None:
    page, workspace = window.review, window.workspace
    assert page.view.upper.progress.text() == "0 of 5 reviewed, 5 left"
    assert page.course.group is not None
    assert page.course.group.key == "Taj_Mahal"  # 87 % on average; the tower has 83 %
    press(window, Qt.Key.Key_Down, ALT)
    assert page.view.heading.text() == "Eiffel Tower"
    assert page.model.ids == [ids[1], ids[2], ids[4]]

    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Space)  # the second one is not it
    assert page.course.targets == [ids[1], ids[4]]
    press(window, Qt.Key.Key_Return)
    assert page.view.heading.text() == "Taj Mahal"  # at once, before it is written
    settle(qtbot, window)
    accepted = ("Eiffel_Tower", "accepted")
    assert said(workspace) == {ids[1]: accepted, ids[4]: accepted}
    assert page.view.upper.progress.text() == "2 of 5 reviewed, 3 left"

    press(window, Qt.Key.Key_X)
    assert page.model.ids == [ids[2]]  # what was taken out comes last
    settle(qtbot, window)
    assert said(workspace)[ids[0]] == ("Taj_Mahal", "rejected")

    press(window, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert set(said(workspace)) == {ids[1], ids[4]}
    assert page.view.heading.text() == "Taj Mahal"

    press(window, Qt.Key.Key_Z, CTRL)  # the accepted group
    settle(qtbot, window)
    assert said(workspace) == {}
    assert page.view.heading.text() == "Eiffel Tower"
    assert len(page.course.ids) == 5
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert said(workspace) == {ids[1]: accepted, ids[4]: accepted}
    assert len(page.course.ids) == 3


def test_one_by_one_with_the_keyboard(window: MainWindow, ids: list[int], qtbot: QtBot) -> None:
    page, workspace = window.review, window.workspace
    press(window, Qt.Key.Key_O)
    settle(qtbot, window)
    assert page.course.ids == ids
    assert QApplication.focusWidget() is page.view.single.picture
    press(window, Qt.Key.Key_A)
    press(window, Qt.Key.Key_X)
    press(window, Qt.Key.Key_N)
    assert page.course.ids == ids[3:]
    press(window, Qt.Key.Key_Right)  # skipped: it comes last
    assert page.course.ids == [ids[4], ids[3]]
    press(window, Qt.Key.Key_C)
    assert page.view.chooser.isVisible()
    type_("tour eif")
    press(window, Qt.Key.Key_Return)
    assert page.course.ids == [ids[3]]
    settle(qtbot, window)
    assert said(workspace) == {
        ids[0]: ("Taj_Mahal", "accepted"), ids[1]: ("Eiffel_Tower", "rejected"),
        ids[2]: ("", "none"), ids[4]: ("Eiffel_Tower", "accepted"),
    }  # fmt: skip
    assert QApplication.focusWidget() is page.view.single.picture
    press(window, Qt.Key.Key_Left)
    settle(qtbot, window)
    assert page.course.ids[0] == ids[4]
    press(window, Qt.Key.Key_A)
    press(window, Qt.Key.Key_A)
    settle(qtbot, window)
    assert page.view.centre.currentWidget() is page.view.all_done
    assert page.view.upper.progress.text() == "5 of 5 reviewed, 0 left"


def test_by_event(window: MainWindow, ids: list[int], qtbot: QtBot) -> None:
    page = window.review
    press(window, Qt.Key.Key_E)
    settle(qtbot, window)
    assert page.course.by is By.EVENT
    assert sorted(i for group in page.course.groups for i in group.photos) == sorted(ids)
    assert "May 2024" in page.view.heading.text()


def test_confidence_narrows_the_queue(window: MainWindow, ids: list[int], qtbot: QtBot) -> None:
    page = window.review
    page.view.upper.least.setValue(85)
    settle(qtbot, window)
    assert sorted(page.course.ids) == ids[:2]
    assert page.view.upper.right.text().startswith("From 85%")
    page.view.upper.least.setValue(99)
    settle(qtbot, window)
    assert page.view.centre.currentWidget() is page.view.narrowed
    page.view.narrowed.button.click()
    settle(qtbot, window)
    assert len(page.course.ids) == 5


def test_a_failed_write_is_told_and_the_photo_comes_back(
    window: MainWindow, ids: list[int], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = window.review
    told: list[BaseException] = []
    monkeypatch.setattr(
        "landmark_desktop.gui.failures.tell", lambda _parent, error: told.append(error)
    )
    press(window, Qt.Key.Key_O)
    settle(qtbot, window)

    def full(*_: object) -> None:
        raise LibraryError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(window.workspace.library, "write", full)
        press(window, Qt.Key.Key_A)
        assert page.course.ids[0] == ids[1]
        settle(qtbot, window)
    assert [str(error) for error in told] == ["The disk is full."]
    assert page.course.ids == ids


def test_an_empty_library_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    settle(qtbot, window)
    press(window, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    view = window.review.view
    assert view.centre.currentWidget() is view.no_photos
    assert not view.lower.isVisible()


def test_the_history_undoes_one_and_back_to_one(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    workspace = window.workspace
    press(window, Qt.Key.Key_O)
    settle(qtbot, window)
    for _ in range(3):
        press(window, Qt.Key.Key_A)
    settle(qtbot, window)
    press(window, Qt.Key.Key_H, CTRL)
    dialog = window.history
    assert dialog is not None
    assert len(dialog.model.entries) == 3
    dialog.table.selectRow(1)
    dialog.undo.click()
    settle(qtbot, window)
    assert set(said(workspace)) == {ids[0], ids[2]}
    assert dialog.model.entries[1].undone_at is not None
    assert not dialog.undo.isEnabled()
    assert dialog.table.columnWidth(2) >= dialog.table.sizeHintForColumn(2) > 0
    dialog.redo.click()
    settle(qtbot, window)
    assert set(said(workspace)) == set(ids[:3])
    dialog.table.selectRow(1)
    dialog.undo_to.click()
    settle(qtbot, window)
    assert set(said(workspace)) == {ids[0]}
    assert window.review.course.ids[0] in ids[1:3]


def test_the_history_says_why_something_cannot_be_undone(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    press(window, Qt.Key.Key_O)
    settle(qtbot, window)
    press(window, Qt.Key.Key_A)
    settle(qtbot, window)
    window.library.apply(review.reject(window.workspace, ids[:1]))
    settle(qtbot, window)
    window.show_history()
    dialog = window.history
    assert dialog is not None
    dialog.table.selectRow(1)
    dialog.undo.click()
    settle(qtbot, window)
    assert dialog.turning.said.isVisible()
    assert "cannot be taken back now" in dialog.turning.said.text()
    dialog.close()


def test_the_history_lasts_over_a_restart(
    window: MainWindow, ids: list[int], qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    press(window, Qt.Key.Key_A)
    settle(qtbot, window)
    assert len(said(window.workspace)) == 2
    window.close()
    again = open_window()
    settle(qtbot, again)
    again.show_history()
    dialog = again.history
    assert dialog is not None
    assert [entry.summary for entry in dialog.model.entries] == ["Accepted Taj Mahal on 2 photos"]
    dialog.undo.click()
    settle(qtbot, again)
    assert said(again.workspace) == {}
    dialog.close()
