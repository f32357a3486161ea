"""The inspector's tags as a person works on them: with the keyboard alone, on one photo or many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shelved import fill
from tag_steps import (
    CTRL,
    SHIFT,
    Key,
    chip,
    chips,
    choose,
    focused,
    photo,
    press,
    settle,
    tags,
    type_,
)

from landmark_desktop.actions import review
from landmark_desktop.actions import tags as actions
from landmark_desktop.gui.library.tag_strip import MOST, TagChip
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library import tag_edits
from landmark_desktop.library import tags as tree
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, finish

TOWER = "Places|France|Paris|Eiffel Tower"


def test_a_tag_is_added_undone_redone_and_there_after_a_restart(
    window: MainWindow, ids: list[int], qtbot: QtBot, reopen: Callable[[MainWindow], MainWindow]
) -> None:
    choose(window, ids[0])
    press(window, Key.Key_T)
    line = window.library.view.inspector.tags.line
    assert focused(window) is line
    type_(window, "People|Anna")
    press(window, Key.Key_Return)
    settle(qtbot, window)
    assert tags(window, ids[0]) == {"People|Anna": "person"}
    assert chips(window) == ["Anna"]
    assert window.jobbar.notice.text() == "Tagged 1 photo People|Anna"
    assert (focused(window), line.text()) == (line, "")  # ready for the next one
    press(window, Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert (tags(window, ids[0]), chips(window)) == ({}, [])
    press(window, Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert chips(window) == ["Anna"]
    press(window, Key.Key_Escape)
    assert focused(window) is window.library.view.grid
    window = reopen(window)
    assert tags(window, ids[0]) == {"People|Anna": "person"}
    press(window, Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert tags(window, ids[0]) == {}


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        ("ann", "People|Anna"),  # a tag that photos have
        ("People|Be", "People|Ben"),  # by its path
        ("tour eif", TOWER),  # the gazetteer's, by its local name
        ("ANNA", "People|Anna"),
        ("Annabel", "Annabel"),  # nothing of that name: a new tag
        ("People|Carl", "People|Carl"),
    ],
)
def test_enter_takes_what_is_marked(
    window: MainWindow, tagged: list[int], qtbot: QtBot, typed: str, added: str
) -> None:
    choose(window, tagged[4])
    press(window, Key.Key_T)
    type_(window, typed)
    press(window, Key.Key_Return)  # faster than any offer comes
    settle(qtbot, window)
    assert list(tags(window, tagged[4])) == [added]


def test_the_arrows_choose_another_offer_and_ctrl_enter_takes_what_was_typed(
    window: MainWindow, tagged: list[int], qtbot: QtBot
) -> None:
    choose(window, tagged[4])
    press(window, Key.Key_T)
    type_(window, "ann")
    settle(qtbot, window)
    line = window.library.view.inspector.tags.line
    rows = [line.list.item(n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(2)]
    assert rows == ["Anna, in People  ·  2 photos", "New tag “ann”, at the top of the tree"]
    press(window, Key.Key_Down)
    press(window, Key.Key_Return)
    settle(qtbot, window)
    assert list(tags(window, tagged[4])) == ["ann"]
    type_(window, "ben")
    press(window, Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert list(tags(window, tagged[4])) == ["ann", "ben"]
    type_(window, "x")
    settle(qtbot, window)
    assert line.list.isVisible()
    press(window, Key.Key_Escape)
    assert not line.list.isVisible()
    assert focused(window) is line
    press(window, Key.Key_Escape)
    assert (focused(window), line.text()) == (window.library.view.grid, "")


def test_what_cannot_be_a_tag_is_said(window: MainWindow, ids: list[int], qtbot: QtBot) -> None:
    press(window, Key.Key_T)
    assert window.jobbar.notice.text() == "Choose the photos to tag first."
    choose(window, ids[0])
    press(window, Key.Key_T)
    type_(window, "People|")
    press(window, Key.Key_Return)
    settle(qtbot, window)
    assert "A tag needs a name." in window.jobbar.notice.text()
    assert tags(window, ids[0]) == {}


def test_several_photos_at_once(window: MainWindow, tagged: list[int], qtbot: QtBot) -> None:
    choose(window, *tagged)
    settle(qtbot, window)
    assert chips(window) == [
        "Paris  1 of 5", "Favourites  4 of 5", "Anna  2 of 5", "Ben  2 of 5",
    ]  # fmt: skip
    assert "on 2 of 5 photos" in chip(window, "Anna").toolTip()
    press(window, Key.Key_T)
    type_(window, "favou")
    press(window, Key.Key_Return)
    settle(qtbot, window)
    assert "Favourites" in chips(window)
    assert "Favourites" in tags(window, tagged[4])
    assert window.jobbar.notice.text() == "Tagged 1 photo Favourites"
    press(window, Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert "Favourites  4 of 5" in chips(window)


def test_delete_takes_a_tag_off_and_the_focus_goes_on(
    window: MainWindow, tagged: list[int], qtbot: QtBot, reopen: Callable[[MainWindow], MainWindow]
) -> None:
    choose(window, tagged[0])
    assert chips(window) == ["Paris", "Favourites", "Anna"]
    press(window, Key.Key_T)
    press(window, Key.Key_Tab, SHIFT)
    assert focused(window) is chip(window, "Anna")
    press(window, Key.Key_Left)
    assert focused(window) is chip(window, "Favourites")
    press(window, Key.Key_Delete)
    settle(qtbot, window)
    assert chips(window) == ["Paris", "Anna"]
    assert focused(window) is chip(window, "Anna")
    press(window, Key.Key_Delete)
    settle(qtbot, window)
    assert focused(window) is chip(window, "Paris")
    press(window, Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert chips(window) == ["Paris", "Anna"]
    press(window, Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert chips(window) == ["Paris"]
    window = reopen(window)
    assert list(tags(window, tagged[0])) == ["Places|France|Paris"]


def test_a_guess_is_confirmed_by_a_key_or_a_click(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    finish(review.accepting(window.workspace, ids[:2], Cancel(), rule=0.5))
    window.library.apply(ChangeSet(frozenset(ids)))
    choose(window, ids[0])
    settle(qtbot, window)
    assert tags(window, ids[0]) == {TOWER: "model", "Kinds|tower": "model"}
    assert chips(window) == ["Eiffel Tower  95%", "tower  95%"]
    assert "Said by a rule, “Colours” 95% sure\nA guess" in chip(window, "tower").toolTip()
    assert "A guess" in chip(window, "tower").accessibleName()
    press(window, Key.Key_T)
    press(window, Key.Key_Tab, SHIFT)
    press(window, Key.Key_Return)  # on the chip
    settle(qtbot, window)
    assert tags(window, ids[0]) == {TOWER: "model", "Kinds|tower": "person"}
    assert window.jobbar.notice.text() == "Confirmed Kinds|tower on 1 photo"
    tower = chip(window, "Eiffel Tower")
    qtbot.mouseClick(tower, Qt.MouseButton.LeftButton, pos=QPoint(20, tower.height() // 2))
    settle(qtbot, window)
    assert chips(window) == ["Eiffel Tower", "tower"]
    choose(window, *ids)
    press(window, Key.Key_Y)  # all that are left, on all of them
    settle(qtbot, window)
    assert set(tags(window, ids[1]).values()) == {"person"}
    assert window.jobbar.notice.text() == "Confirmed tags on 1 photo"
    assert not window.library.view.inspector.tags.confirm.isVisible()
    press(window, Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert set(tags(window, ids[1]).values()) == {"model"}
    press(window, Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert set(tags(window, ids[1]).values()) == {"person"}
    press(window, Key.Key_Y)
    settle(qtbot, window)
    assert window.jobbar.notice.text() == "There is no guessed tag to confirm."


def test_without_guesses_there_is_nothing_to_confirm(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    choose(window, ids[0])  # the first photo that is looked at, without any tag
    settle(qtbot, window)
    assert chips(window) == []
    assert not window.library.view.inspector.tags.confirm.isVisible()


def test_the_cross_takes_a_tag_off(window: MainWindow, tagged: list[int], qtbot: QtBot) -> None:
    choose(window, tagged[3])
    (only,) = window.library.view.inspector.tags.chips
    only.grab()  # painted: the cross is where it was drawn
    spot = QPoint(int(only.chip_width) - 12, only.height() // 2)
    qtbot.mouseClick(only, Qt.MouseButton.LeftButton, pos=spot)
    settle(qtbot, window)
    assert chips(window) == []


def test_a_photo_accepted_by_a_rule_is_marked_as_a_guess_and_a_confirms_it(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    finish(review.accepting(window.workspace, ids[:1], Cancel(), rule=0.5))
    window.library.apply(ChangeSet(frozenset(ids)))
    model = window.library.model
    assert model.describe(photo(window, ids[0])) == "Eiffel Tower, accepted by your rule: a guess"
    choose(window, ids[0])
    press(window, Key.Key_A)
    settle(qtbot, window)
    assert model.describe(photo(window, ids[0])) == "Eiffel Tower, accepted"


def test_everybody_who_says_so_is_named(window: MainWindow, ids: list[int], qtbot: QtBot) -> None:
    review.accept(window.workspace, ids[:1])

    def others(connection) -> None:  # type: ignore[no-untyped-def]
        tag_edits.follow_file(connection, ids[0], [("Kinds", "tower"), ("Sea",)])
        tag_edits.follow_guesses(connection, ids[0], [("Sky",)])
        near = tree.ensure(connection, ("Near",))
        tag_edits.put(connection, ids[:1], near, "neighbours", 0.6)

    window.workspace.library.write(others)
    actions.add(window.workspace, ids[:1], ("Sea",))
    window.library.apply(ChangeSet(frozenset(ids)))
    choose(window, ids[0])
    settle(qtbot, window)
    said = {c.tag.path[-1]: c.accessibleName() for c in window.library.view.inspector.tags.chips}
    assert "Said by you, accepting, “Colours” 95% sure. Said by the file" in said["tower"]
    assert said["Sea"] == "Sea. Said by you. Said by the file"
    assert "Said by a program, as the file says. A guess" in said["Sky"]
    assert "Said by photos around it, 60% sure. A guess" in said["Near"]
    assert [c.look.machine for c in window.library.view.inspector.tags.chips] == [
        c.look.text in ("Sky", "Near") for c in window.library.view.inspector.tags.chips
    ]


def test_very_many_photos_are_read_off_the_main_thread(window: MainWindow, qtbot: QtBot) -> None:
    ids = fill(window.workspace, [None] * 260)
    actions.add(window.workspace, ids[:250], ("Trip",))
    window.library.requery()
    settle(qtbot, window)
    window.library.view.grid.setFocus()
    press(window, Key.Key_A, CTRL)
    assert "Reading the tags of 260 photos" in window.library.view.inspector.tags.note.text()
    settle(qtbot, window)
    assert chips(window) == ["Trip  250 of 260"]
    (only,) = window.library.view.inspector.tags.chips
    only.setFocus()
    press(window, Key.Key_Delete)
    settle(qtbot, window)
    assert chips(window) == []
    assert window.jobbar.notice.text() == "Took Trip off 250 photos"
    assert not isinstance(QApplication.focusWidget(), TagChip)


def test_thousands_of_tags_take_no_thousands_of_widgets(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    def change(connection) -> None:  # type: ignore[no-untyped-def]
        for number in range(300):
            tag_id = tree.ensure(connection, (f"Tag {number:03}",))
            tag_edits.put(connection, ids[: 1 + (number % 100 == 0)], tag_id)

    window.workspace.library.write(change)
    choose(window, *ids)
    settle(qtbot, window)
    assert len(chips(window)) == MOST
    assert {"Tag 000  2 of 5", "Tag 100  2 of 5", "Tag 200  2 of 5"} <= set(chips(window))
    note = window.library.view.inspector.tags.note
    assert note.text() == f"And {300 - MOST} more, on fewer photos."


def test_the_panel_has_room_for_all_chips_at_once(
    window: MainWindow, tagged: list[int], qtbot: QtBot
) -> None:
    """Layouts nested in a scroll area came to their height only some rounds of events later."""
    content = window.library.view.inspector.widget()
    window.resize(900, 560)
    for photo_id in (tagged[4], tagged[0]):
        choose(window, photo_id)
        layout = content.layout()
        assert layout is not None
        assert content.height() >= layout.totalHeightForWidth(content.width())
    rows = {c.geometry().bottom() for c in window.library.view.inspector.tags.chips}
    assert max(rows) < window.library.view.inspector.tags.line.geometry().top()
