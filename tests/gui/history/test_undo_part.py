"""A part of what was done to files taken back from the history, days later, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from organise.trees import Tree, read
from organise_steps import CTRL, NONE, files, ids_by_name, press, settle, type_
from part_steps import history_of, part_of, quiet, shown, tidy, type_in
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from samples import draw

from landmark_desktop.actions import organise, organise_run, write
from landmark_desktop.actions.history import undo_to
from landmark_desktop.actions.organise import Request
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.tasks import Cancel, finish

TOWER, TAJ = "Sorted/Eiffel Tower", "Sorted/Taj Mahal"
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_folder_is_put_back_after_a_restart(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot,
    open_window: Callable[[], MainWindow],
) -> None:  # fmt: skip
    tidy(window, album)
    window.close()
    again = open_window()
    part = part_of(again, qtbot)
    assert part.view.heading.text().startswith("Moved 9 files into Sorted, today")
    assert [b.name for b in part.view.rows.branches] == ["Sorted", "Eiffel Tower", "Taj Mahal"]
    assert len(shown(part)) == 9
    assert not part.view.do.isEnabled()
    assert QApplication.focusWidget() is part.view.tree
    press(part, Qt.Key.Key_Down)
    press(part, Qt.Key.Key_Down)
    assert shown(part) == [f"photo {n:02}.jpg" for n in range(5, 9)]
    press(part, Qt.Key.Key_Space)
    assert part.view.do.text() == "Put back 4 files from 1 folder"
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(again, qtbot, part)
    assert not (album / TAJ).exists()
    assert {name for name in was if name not in read(album)} == {
        f"day {n % 2}/photo {n:02}.jpg" for n in range(5)
    }  # fmt: skip
    assert "in part: 4 of 9" in part.view.turning.said.text()
    assert [b.name for b in part.view.rows.branches] == ["Eiffel Tower"]
    history = again.history
    assert history is not None
    assert history.model.index(0, 2).data() == "partly undone"
    press(part, Qt.Key.Key_Space)
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(again, qtbot, part)
    assert read(album) == was
    assert part.view.status.text() == "Nothing of it is left to take back."
    assert not part.view.do.isEnabled()
    press(part, Qt.Key.Key_Escape)
    assert not part.isVisible()
    assert history.model.index(0, 2).data() == "undone, can be redone"
    assert not history.undo_part.isEnabled()


def test_single_files_are_found_and_put_back(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot
) -> None:
    tidy(window, album)
    part = part_of(window, qtbot)
    press(part, Qt.Key.Key_F, CTRL)
    type_(part, "TOWER 03")
    quiet(window, qtbot, part)
    assert [b.name for b in part.view.rows.branches] == ["Eiffel Tower"]
    assert shown(part) == ["photo 03.jpg"]
    part.view.list.setFocus()
    press(part, Qt.Key.Key_Down)
    press(part, Qt.Key.Key_Space)
    assert part.view.do.text() == "Put back 1 file from 1 folder"
    part.view.filter.setFocus()
    type_(part, "taj")
    quiet(window, qtbot, part)
    assert part.view.status.text() == "1 of them is hidden by the filter."
    part.view.list.setFocus()
    press(part, Qt.Key.Key_A, CTRL)
    press(part, Qt.Key.Key_Space)
    assert part.view.do.text() == "Put back 5 files from 2 folders"
    type_in(part, "nowhere")
    quiet(window, qtbot, part)
    assert part.view.status.text() == "No file has that in its path."
    type_in(part, "")
    quiet(window, qtbot, part)
    tree, top = part.view.tree, part.view.rows.branches[0]
    assert part.view.rows.index_of(top, 2).data() == "5 chosen"
    part.view.list.setFocus()
    part.view.list.setCurrentIndex(part.view.files.index(3))
    press(part, Qt.Key.Key_Space)
    assert part.view.do.text() == "Put back 4 files from 1 folder"
    part.view.list.setCurrentIndex(part.view.files.index(2))
    press(part, Qt.Key.Key_Space)
    tree.setFocus()
    part.view.do.setFocus()
    press(part, Qt.Key.Key_Space)
    quiet(window, qtbot, part)
    assert files(album / "Sorted") == [
        f"Eiffel Tower/photo {n:02}.jpg" for n in (0, 1, 3, 4)
    ]  # fmt: skip


def test_who_types_at_once_is_understood(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot
) -> None:
    tidy(window, album)
    part = part_of(window, qtbot)
    assert window.history is not None
    part.close()
    part.come_forward(window.history.model.entries[0])
    part.view.filter.setText("taj")
    qtbot.waitUntil(lambda: part.choice.pieces != () and not part.settling)
    assert len(shown(part)) == 4
    part.view.tree.setFocus()
    press(part, Qt.Key.Key_Space)
    assert part.view.do.text() == "Put back 4 files from 1 folder"
    part.come_forward(window.history.model.entries[0])
    quiet(window, qtbot, part)
    assert part.view.do.text() == "Nothing is chosen"
    assert part.view.filter.text() == ""
    assert len(part.view.rows.branches) == 3
    assert len(shown(part)) == 4, "who looked at a folder still does"


def test_boxes_are_clicked(window: MainWindow, was: Tree, album: Path, qtbot: QtBot) -> None:
    tidy(window, album)
    part = part_of(window, qtbot)
    rows, boxes = part.view.files, part.view.list
    place = boxes.visualRect(rows.index(2))
    where = place.topLeft()
    where.setX(where.x() + 10)
    where.setY(place.center().y())
    QTest.mouseClick(boxes.viewport(), Qt.MouseButton.LeftButton, NONE, where)
    assert part.view.do.text() == "Put back 1 file from 1 folder"
    assert rows.index(2).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    QTest.mouseClick(boxes.viewport(), Qt.MouseButton.LeftButton, NONE, where)
    assert part.view.do.text() == "Nothing is chosen"


def test_what_could_not_be_put_back_is_told_and_stays_there(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot
) -> None:
    tidy(window, album)
    draw(album / TOWER / "photo 01.jpg", "none", mark=99)
    part = part_of(window, qtbot)
    press(part, Qt.Key.Key_Down)
    press(part, Qt.Key.Key_Space)
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(window, qtbot, part)
    assert "1 of 5 parts could not be" in part.view.turning.said.text()
    tower = next(b for b in part.view.rows.branches if b.name == "Eiffel Tower")
    part.view.tree.choose(tower)
    (row,) = shown(part)
    assert row.startswith("photo 01.jpg was left where it is. It was changed")
    history = window.history
    assert history is not None
    assert history.undo.isEnabled(), "the rest can still be taken back"
    part.view.tree.setFocus()
    press(part, Qt.Key.Key_Space)
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(window, qtbot, part)
    assert "cannot be undone" in part.view.turning.said.text()
    assert part.view.turning.said.objectName() == "bad"


def test_copies_are_removed(window: MainWindow, was: Tree, album: Path, qtbot: QtBot) -> None:
    tidy(window, album, Mode.COPY)
    part = part_of(window, qtbot)
    press(part, Qt.Key.Key_Space)
    assert part.view.do.text() == "Remove 9 files from 2 folders"
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(window, qtbot, part)
    assert read(album) == was


def test_tags_are_taken_out_of_some_files(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot
) -> None:
    finish(write.write(window.workspace, None, Cancel()))
    window.library.apply(ChangeSet(listing=True))
    part = part_of(window, qtbot)
    assert len(shown(part)) == 9
    press(part, Qt.Key.Key_Down)
    assert len(shown(part)) == 5
    press(part, Qt.Key.Key_Space)
    assert part.view.do.text() == "Undo 5 files in 1 folder"
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(window, qtbot, part)
    assert len([name for name in files(album) if name.endswith(".xmp")]) == 4


def test_only_what_was_done_to_files_has_parts(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot
) -> None:
    history = history_of(window, qtbot)
    assert history.model.entries[0].action == "accept"
    assert not history.undo_part.isEnabled()
    press(history, Qt.Key.Key_Delete, CTRL)
    settle(qtbot, window)
    assert history.part is None
    tidy(window, album)
    tidy_again = Request(album / "Sorted", "{city}")
    plan = finish(organise.make_plan(window.workspace, tidy_again, Cancel()))
    finish(organise_run.apply(window.workspace, plan, Cancel()))
    history.refresh()
    history.table.selectRow(1)
    history.undo_part.click()
    qtbot.waitUntil(lambda: history.part is not None and history.part.isVisible())
    part = history.part
    assert part is not None
    quiet(window, qtbot, part)
    assert part.view.status.text() == (
        "9 files cannot be taken back now: “Moved 9 files into Sorted” was done later to the same "
        "photos. Take that back first."
    )
    assert part.view.rows.branches == ()
    assert not part.view.do.isEnabled()


def test_what_was_done_later_to_other_photos_is_not_in_the_way(
    window: MainWindow, was: Tree, album: Path, qtbot: QtBot
) -> None:
    tidy(window, album)
    some = [photo_id for name, photo_id in ids_by_name(window).items() if "06" in name]
    on = Request(album / "Best", "{landmark}", ids=tuple(some))
    plan = finish(organise.make_plan(window.workspace, on, Cancel()))
    window.library.apply(finish(organise_run.apply(window.workspace, plan, Cancel())).changes)
    history = history_of(window, qtbot)
    history.table.selectRow(1)
    press(history, Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: history.part is not None and history.part.isActiveWindow())
    part = history.part
    assert part is not None
    quiet(window, qtbot, part)
    assert len(shown(part)) == 8
    assert part.view.status.text().startswith(
        "Tick folders or files (Space). 1 file cannot be taken back now: “Moved 1 file into Best”"
    )
    press(part, Qt.Key.Key_Space)
    press(part, Qt.Key.Key_Return, CTRL)
    quiet(window, qtbot, part)
    assert files(album / "Best") == ["Taj Mahal/photo 06.jpg"]
    assert not (album / "Sorted").exists()
    assert history.model.index(1, 2).data() == "partly undone"
    history.turning.start("Undoing", lambda c: undo_to(window.workspace, c, 1))
    settle(qtbot, window)
    assert read(album) == was
