"""Photos tidied into folders by keyboard: template, preview, taking out, moving, taking back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from organise.trees import read
from organise_steps import (
    ALT,
    CTRL,
    after,
    before,
    files,
    fill,
    ids_by_name,
    opened,
    press,
    settle,
    shown,
    type_,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from landmark_desktop.gui.organise.session import OrganiseSession
from landmark_desktop.gui.window import MainWindow

TOWER = "Sorted/France/Paris/Eiffel Tower"


def test_an_empty_library_says_what_to_do(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, album: Path
) -> None:
    view = opened(qtbot, window).view
    assert view.pages.currentWidget() is view.no_photos
    asked = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: asked.append(a) or "")
    press(window, Qt.Key.Key_Space)
    assert len(asked) == 1, "the button has the keyboard, and asks for a folder"
    fill(window, album)
    settle(qtbot, window)
    assert view.pages.currentWidget() is view.work
    assert view.form.into.text() == str(album / "Sorted")


def test_without_an_accepted_place_it_leads_to_the_review(
    window: MainWindow, qtbot: QtBot, album: Path
) -> None:
    window.library.import_paths([album])
    settle(qtbot, window)
    view = opened(qtbot, window).view
    assert view.centre.currentWidget() is view.no_places
    assert not view.do.isEnabled()
    view.no_places.button.click()
    assert window.stack.currentWidget() is window.review.view
    opened(qtbot, window)
    view.form.which.setFocus()
    press(window, Qt.Key.Key_Down)  # with suggestions
    settle(qtbot, window)
    assert view.centre.currentWidget() is view.plan
    assert view.do.text() == "Move 9 photos into 2 folders"


def test_typing_a_template_shows_examples_and_what_is_wrong(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view = session.view
    assert view.do.text() == "Move 9 photos into 2 folders"
    assert [sample.said for sample in view.samples.samples][:2] == [
        "Sorted / France / Paris / Eiffel Tower", "Sorted / India / Agra / Taj Mahal",
    ]  # fmt: skip
    press(window, Qt.Key.Key_T, ALT)
    type_(window, "{country}/{citty}")
    assert view.form.error.isVisible()
    assert view.form.error.text().startswith("There is no token {citty}.")
    assert view.form.line.marked == "citty"
    assert not view.do.isEnabled()
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert not (Path(view.form.into.text())).exists()
    type_(window, "{landmark}")
    assert not view.form.error.isVisible()
    settle(qtbot, window)
    assert view.samples.samples[0].said == "Sorted / Eiffel Tower"
    assert view.do.text() == "Move 9 photos into 2 folders"
    press(window, Qt.Key.Key_Tab)  # to the ready templates, then the tokens
    press(window, Qt.Key.Key_Tab)
    view.form.chips["kind"].setFocus()
    press(window, Qt.Key.Key_Space)
    assert view.form.line.text() == "{landmark}/{kind}"
    assert QApplication.focusWidget() is view.form.line
    settle(qtbot, window)
    assert view.samples.samples[0].said == "Sorted / Eiffel Tower / tower"


def test_a_folder_has_to_be_named_wholly(
    window: MainWindow, session: OrganiseSession, tmp_path: Path, qtbot: QtBot
) -> None:
    view = session.view
    press(window, Qt.Key.Key_I, ALT)
    type_(window, "somewhere")
    assert view.form.error.text().startswith("Give the whole path")
    assert session.request is None
    type_(window, str(tmp_path / "elsewhere"))
    settle(qtbot, window)
    assert session.ready
    assert shown(session).after.tops[0].path == tmp_path / "elsewhere"


def test_photos_move_and_come_back(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    was = read(album)
    press(window, Qt.Key.Key_Return, CTRL)
    assert session.view.do.text() == "Moving…"
    settle(qtbot, window)
    assert len(files(album / TOWER)) == 5
    assert len(files(album / "day 0") + files(album / "day 1")) == 3
    assert "Moved 9 files into Sorted" in window.jobbar.notice.text()
    rows = window.workspace.library.read().execute("SELECT path FROM photo")
    assert all(Path(row[0]).is_file() for row in rows)
    assert session.view.do.text() == "Nothing to move"
    assert session.view.status.text() == "The photos are where they belong."
    assert QApplication.focusWidget() is session.view.after, "no line that has an undo of its own"
    press(window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert read(album) == was
    assert session.view.do.text() == "Move 9 photos into 2 folders"
    press(window, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, window)
    assert len(files(album / TOWER)) == 5


def test_copies_are_made_and_remembered(
    window: MainWindow, session: OrganiseSession, album: Path, tmp_path: Path, qtbot: QtBot,
    open_window: Callable[[], MainWindow],
) -> None:  # fmt: skip
    was = read(album)
    press(window, Qt.Key.Key_I, ALT)
    type_(window, str(tmp_path / "export"))
    session.view.form.mode.setFocus()
    press(window, Qt.Key.Key_Down)
    session.view.form.local.setFocus()
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_T, ALT)
    type_(window, "{landmark}")
    settle(qtbot, window)
    assert session.view.do.text() == "Copy 9 photos into 2 folders"
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert read(album) == was
    assert len(files(tmp_path / "export" / "Tour Eiffel")) == 5
    window.close()
    again = opened(qtbot, open_window())
    wish = again.view.form.wish
    assert (wish.into, wish.template) == (str(tmp_path / "export"), "{landmark}")
    assert (wish.mode, wish.local) == ("copy", True)
    remark = again.view.remarks.item(0).text()
    assert remark.startswith("9 photos stay: the same photos are there already.")


def test_a_folder_is_taken_out_and_put_back(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view = session.view
    view.after.choose(after(session, "France"))
    view.after.setFocus()
    press(window, Qt.Key.Key_Delete)
    assert view.after_rows.data(
        view.after_rows.index_of(after(session, "France", "Paris")), Qt.ItemDataRole.CheckStateRole
    ) == Qt.CheckState.Unchecked, "at once, before the new plan is there"  # fmt: skip
    settle(qtbot, window)
    assert view.do.text() == "Move 4 photos into 1 folder"
    france = after(session, "France")
    assert (france.goes, france.out) == (0, 5)
    assert view.after.current is france
    assert before(session, "day 0").out == 3
    assert view.remarks.item(0).text() == "5 photos stay: you took them out."
    assert view.heading.text() == "France"
    assert len(session.model.ids) == 5
    press(window, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert view.do.text() == "Move 9 photos into 2 folders"
    view.before.choose(before(session, "day 0"))
    view.before.setFocus()
    press(window, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert after(session).goes == 4
    assert view.reset.text() == "Reset (5 taken out)"
    view.reset.click()
    settle(qtbot, window)
    assert after(session).goes == 9
    assert not view.reset.isVisible()


def test_single_photos_are_taken_out_and_sent_elsewhere(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    view, ids = session.view, ids_by_name(window)
    view.after.choose(after(session, "France", "Paris", "Eiffel Tower"))
    view.grid.setFocus()
    press(window, Qt.Key.Key_Space)
    out, order = session.model.ids[0], list(session.model.ids)
    assert session.choices.apart == {out}
    settle(qtbot, window)
    assert session.model.ids == order, "what is out keeps its place"
    press(window, Qt.Key.Key_End)
    last = session.redirecting.chosen
    press(window, Qt.Key.Key_F2)
    assert view.mover.isVisible()
    assert view.mover.line.text() == "France/Paris/Eiffel Tower"
    type_(window, "Best of: 2024 / Towers.")
    press(window, Qt.Key.Key_Return)
    assert not view.mover.isVisible()
    settle(qtbot, window)
    assert after(session, "Best of- 2024", "Towers").goes == 1
    assert view.reset.text() == "Reset (1 taken out · 1 sent elsewhere)"
    assert session.looking.fate(last[0]).endswith("as you said")
    assert session.looking.fate(out).startswith("Taken out by you")
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert len(files(album / "Sorted" / "Best of- 2024" / "Towers")) == 1
    assert len(files(album / TOWER)) == 3
    (name,) = [name for name, id_ in ids.items() if id_ == out]
    assert (album / "day 0" / name).is_file()
    assert view.do.text() == "Nothing to move", "what was said of them still holds"


def test_photos_and_folders_are_dragged_to_other_folders(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view, move = session.view, Qt.DropAction.MoveAction
    view.after.choose(after(session, "India"))
    view.grid.setFocus()
    press(window, Qt.Key.Key_End)
    dragged = session.model.mimeData(view.grid.selectionModel().selectedIndexes())
    rows = view.after_rows
    assert rows.dropMimeData(dragged, move, -1, -1, rows.index_of(after(session, "France")))
    settle(qtbot, window)
    assert [len(after(session, name).items) for name in ("France", "India")] == [1, 0]
    assert (after(session, "France").goes, after(session, "India").goes) == (6, 3)
    dragged = rows.mimeData([rows.index_of(after(session, "India", "Agra"))])
    assert rows.dropMimeData(dragged, move, -1, -1, rows.index_of(after(session, "France")))
    settle(qtbot, window)
    assert after(session, "France", "Agra", "Taj Mahal").goes == 3


def test_what_was_said_of_a_photo_is_taken_back(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view = session.view
    view.after.choose(after(session, "India"))
    view.grid.setFocus()
    press(window, Qt.Key.Key_A, CTRL)
    press(window, Qt.Key.Key_F2)
    press(window, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is view.grid
    press(window, Qt.Key.Key_F2)
    type_(window, "france")
    press(window, Qt.Key.Key_Down)  # the first of the folders that there are
    press(window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert (after(session, "France").goes, len(after(session, "France").items)) == (9, 4)
    view.grid.selectAll()
    press(window, Qt.Key.Key_Backspace)
    settle(qtbot, window)
    assert after(session, "India").goes == 4
    assert not session.choices.instead


def test_a_folder_becomes_another_one(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view = session.view
    view.after.choose(after(session, "France"))
    view.after.setFocus()
    press(window, Qt.Key.Key_F2)
    type_(window, "Europe/France")
    press(window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert after(session, "Europe", "France", "Paris", "Eiffel Tower").goes == 5
    assert QApplication.focusWidget() is view.after
    view.after.choose(after(session))  # the outermost one is chosen above
    press(window, Qt.Key.Key_F2)
    assert not view.mover.isVisible()


def test_photos_that_stay_are_shown(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    ids = ids_by_name(window)
    (album / "day 0" / "photo 00.jpg").unlink()
    press(window, Qt.Key.Key_T, ALT)
    type_(window, "{landmark}")
    settle(qtbot, window)
    remarks = session.view.remarks
    assert remarks.item(0).text().startswith("1 photo stays: the file is gone.")
    remarks.setFocus()
    press(window, Qt.Key.Key_Down)
    assert session.model.ids == [ids["photo 00.jpg"]]
    assert session.view.after.current is None
    assert session.looking.fate(ids["photo 00.jpg"]).startswith("It stays: the file is gone.")


def test_photos_of_which_nothing_is_known_are_sent_somewhere_by_hand(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view = session.view
    view.form.which.setFocus()
    press(window, Qt.Key.Key_End)  # all photos
    settle(qtbot, window)
    assert view.do.text() == "Move 9 photos into 2 folders"
    view.remarks.setFocus()
    press(window, Qt.Key.Key_Down)
    assert view.remarks.currentItem().text().startswith("3 photos stay: nothing of the template")
    assert len(session.model.ids) == 3
    view.grid.setFocus()
    press(window, Qt.Key.Key_A, CTRL)
    press(window, Qt.Key.Key_F2)
    type_(window, "Odds and ends")
    press(window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert view.do.text() == "Move 12 photos into 3 folders"
    assert after(session, "Odds and ends").goes == 3


def test_what_could_not_be_done_is_told(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot
) -> None:
    (album / "day 0" / "photo 00.jpg").write_bytes(b"changed since the plan was made")
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert "1 could not be, see the list" in window.jobbar.notice.text()
    assert len(files(album / TOWER)) == 4
    text = session.view.remarks.item(0).text()
    assert text.startswith("photo 00.jpg was left where it is.")
    press(window, Qt.Key.Key_T, ALT)
    type_(window, "{country}")
    settle(qtbot, window)
    texts = [session.view.remarks.item(n).text() for n in range(session.view.remarks.count())]
    assert text not in texts


def test_a_run_is_stopped_and_what_is_done_can_be_undone(
    window: MainWindow, session: OrganiseSession, album: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from landmark_desktop.organise import run

    was, perform = read(album), run.perform
    done = 0

    def third_time(*args: object) -> object:
        nonlocal done
        done += 1
        if done == 3:  # as if the person were quick
            window.organise.run.cancel()
        return perform(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "perform", third_time)
    press(window, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert window.jobbar.notice.text().endswith("into Sorted, then stopped")
    moved = len(files(album / "Sorted"))
    assert 0 < moved < 9
    assert session.view.do.text().startswith(f"Move {9 - moved} photos")
    assert not window.recovery.notice.isVisible()
    window.library.undo()
    settle(qtbot, window)
    assert read(album) == was


def test_a_plan_follows_the_library(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    from landmark_desktop.actions import review

    ids = ids_by_name(window)
    window.library.apply(review.accept(window.workspace, [ids["photo 11.jpg"]], "Petra"))
    settle(qtbot, window)
    assert session.view.do.text() == "Move 10 photos into 3 folders"
    window.show_page(window.library.view)
    window.library.undo()
    settle(qtbot, window)
    assert after(session).goes == 10, "nobody looks at it now"
    opened(qtbot, window)
    assert after(session).goes == 9
