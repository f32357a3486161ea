"""The tree of tags at the side, by keyboard and through a restart; the search box's offers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot
from tag_steps import (
    CTRL,
    SHIFT,
    Key,
    choose,
    focused,
    go_to_tag,
    photo,
    press,
    settle,
    tags,
    tree,
    type_,
)

from landmark_desktop.actions import review
from landmark_desktop.actions import tags as actions
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.search import Filter, State

CLOSED = ["Favourites 4", "People 3", "Places 1"]


def shown(window: MainWindow) -> set[int]:
    return set(window.library.model.ids)


def rename(window: MainWindow, qtbot: QtBot, name: str) -> None:
    """Give the chosen tag another name."""
    press(window, Key.Key_F2)
    type_(window, name)
    press(window, Key.Key_Return)
    qtbot.waitUntil(lambda: focused(window) is window.library.view.sidebar)  # Qt commits it later
    settle(qtbot, window)


def test_a_tag_shows_its_photos_and_those_below_it(
    window: MainWindow, tagged: list[int], qtbot: QtBot
) -> None:
    assert tree(window) == CLOSED
    go_to_tag(window, "People")
    settle(qtbot, window)
    assert shown(window) == set(tagged[:3])
    go_to_tag(window, "People", "Ben")
    settle(qtbot, window)
    assert tree(window) == ["Favourites 4", "People 3", "  Anna 2", "  Ben 2", "Places 1"]
    assert shown(window) == set(tagged[1:3])
    choose(window, tagged[1])
    press(window, Key.Key_T)
    type_(window, "anna")
    press(window, Key.Key_Return)
    settle(qtbot, window)
    assert "They are tagged People|Anna already." in window.jobbar.notice.text()


def test_numbers_follow_what_is_done(window: MainWindow, tagged: list[int], qtbot: QtBot) -> None:
    review.accept(window.workspace, tagged[:2])
    window.library.apply(ChangeSet(frozenset(tagged)))
    settle(qtbot, window)
    assert tree(window) == ["Favourites 4", "Kinds 2", "People 3", "Places 2"]
    review.undo(window.workspace)
    window.library.apply(ChangeSet(frozenset(tagged)))
    settle(qtbot, window)
    assert tree(window) == CLOSED


def test_renaming_by_f2_is_undone_and_redone(
    window: MainWindow, tagged: list[int], qtbot: QtBot, reopen: Callable[[MainWindow], MainWindow]
) -> None:
    go_to_tag(window, "People")
    settle(qtbot, window)
    rename(window, qtbot, "Leute")
    assert tree(window) == ["Favourites 4", "Leute 3", "Places 1"]
    assert window.library.view.sidebar.currentIndex().data() == "Leute"
    assert shown(window) == set(tagged[:3])  # the filter goes along
    assert "Leute|Anna" in tags(window, tagged[0])
    press(window, Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert tree(window) == CLOSED
    assert shown(window) == set(tagged[:3])
    press(window, Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert tree(window) == ["Favourites 4", "Leute 3", "Places 1"]
    window = reopen(window)
    assert tree(window) == ["Favourites 4", "Leute 3", "Places 1"]


def test_a_name_that_is_taken_is_refused_in_words(
    window: MainWindow, tagged: list[int], qtbot: QtBot
) -> None:
    go_to_tag(window, "People", "Anna")
    rename(window, qtbot, "ben")
    (box,) = (b for b in QApplication.topLevelWidgets() if isinstance(b, QMessageBox))
    assert box.text() == "There is a tag People|ben already."
    assert box.informativeText() == "Merge the two instead."
    box.close()
    assert "  Anna 2" in tree(window)


def test_merging_by_m_is_undone_and_redone(
    window: MainWindow, tagged: list[int], qtbot: QtBot
) -> None:
    go_to_tag(window, "People", "Ben")
    settle(qtbot, window)
    press(window, Key.Key_M)
    line = window.library.tag_lists.merge_box.line
    assert focused(window) is line
    type_(window, "be")  # not itself
    settle(qtbot, window)
    assert line.list.count() == 0
    line.selectAll()
    type_(window, "ann")
    press(window, Key.Key_Return)
    settle(qtbot, window)
    assert not line.isVisible()
    assert tree(window) == ["Favourites 4", "People 3", "  Anna 3", "Places 1"]
    assert shown(window) == set(tagged)  # what was chosen is gone: all photos
    press(window, Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert "  Ben 2" in tree(window)
    press(window, Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert "  Anna 3" in tree(window)
    assert tags(window, tagged[2]) == {"Favourites": "person", "People|Anna": "person"}


def test_escape_leaves_merging_alone(window: MainWindow, tagged: list[int], qtbot: QtBot) -> None:
    go_to_tag(window, "People")
    press(window, Key.Key_M)
    press(window, Key.Key_Escape)
    assert focused(window) is window.library.view.sidebar
    assert not window.library.tag_lists.merge_box.isVisible()
    assert window.library.view.sidebar.currentIndex().data() == "People"  # not "All photos"


def test_deleting_from_all_photos_is_undone_and_redone(
    window: MainWindow, tagged: list[int], qtbot: QtBot, reopen: Callable[[MainWindow], MainWindow]
) -> None:
    go_to_tag(window, "People")
    press(window, Key.Key_Delete)
    settle(qtbot, window)
    assert window.jobbar.notice.text() == "Deleted the tag People from 3 photos"
    assert tree(window) == ["Favourites 4", "Places 1"]
    assert shown(window) == set(tagged)
    press(window, Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert tree(window) == CLOSED
    assert tags(window, tagged[1])["People|Ben"] == "person"
    press(window, Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert tree(window) == ["Favourites 4", "Places 1"]
    window = reopen(window)
    assert tree(window) == ["Favourites 4", "Places 1"]


def test_the_menu_says_how_many_photos(window: MainWindow, tagged: list[int], qtbot: QtBot) -> None:
    view = window.library.view.sidebar
    go_to_tag(window, "People")
    view.customContextMenuRequested.emit(view.visualRect(view.currentIndex()).center())
    menus = [m for m in QApplication.topLevelWidgets() if isinstance(m, QMenu) and m.isVisible()]
    assert [[a.text() for a in m.actions()] for m in menus] == [
        ["Rename…", "Merge into…", "Delete from 3 photos"]
    ]
    menus[0].close()
    view.choose_all()
    view.customContextMenuRequested.emit(QPoint(40, 10))  # there is nothing to do to all photos
    assert not any(a.isEnabled() for a in (view.rename, view.merge, view.delete))


def test_what_is_open_is_so_after_a_restart(
    window: MainWindow, tagged: list[int], qtbot: QtBot, reopen: Callable[[MainWindow], MainWindow]
) -> None:
    go_to_tag(window, "Places", "France", "Paris")
    view = window.library.view.sidebar
    view.collapse(view.index_of("folders"))
    open_ = ["Favourites 4", "People 3", "Places 1", "  France 1", "    Paris 1"]
    assert tree(window) == open_
    window = reopen(window)
    view = window.library.view.sidebar
    assert tree(window) == open_
    assert not view.isExpanded(view.index_of("folders"))
    assert view.isExpanded(view.index_of("landmarks"))
    go_to_tag(window, "Places")
    press(window, Key.Key_Left)
    window = reopen(window)
    assert tree(window) == CLOSED


def test_the_tag_that_was_chosen_stays_chosen_while_others_come_and_go(
    window: MainWindow, tagged: list[int], qtbot: QtBot
) -> None:
    go_to_tag(window, "People", "Ben")
    settle(qtbot, window)
    actions.add(window.workspace, tagged[:1], ("A new one",))
    actions.add(window.workspace, tagged[:1], ("People", "Adam"))
    actions.delete(window.workspace, ("Favourites",))
    window.library.apply(ChangeSet(frozenset(tagged), tags=True))
    settle(qtbot, window)
    assert tree(window) == [
        "A new one 1", "People 3", "  Adam 1", "  Anna 2", "  Ben 2", "Places 1",
    ]  # fmt: skip
    assert window.library.view.sidebar.currentIndex().data() == "Ben"
    assert shown(window) == set(tagged[1:3])


def test_no_landmark_is_a_list_of_its_own(window: MainWindow, ids: list[int], qtbot: QtBot) -> None:
    view = window.library.view.sidebar

    def number(state: State) -> str:
        text = view.index_of(f"state:{state}").siblingAtColumn(1).data()
        assert isinstance(text, str)
        return text

    assert (number(State.NONE), number(State.NO_LANDMARK)) == ("2", "")
    review.no_landmark(window.workspace, [ids[0], ids[3]])
    window.library.apply(ChangeSet(frozenset(ids)))
    settle(qtbot, window)
    assert (number(State.NONE), number(State.NO_LANDMARK)) == ("1", "2")
    view.setFocus()
    press(window, Key.Key_Home)
    for _ in range(4):
        press(window, Key.Key_Down)
    settle(qtbot, window)
    assert shown(window) == {ids[0], ids[3]}
    says = {window.library.model.describe(photo(window, i)) for i in shown(window)}
    assert says == {"no landmark, as you said"}


def test_the_search_box_offers_tags(window: MainWindow, tagged: list[int], qtbot: QtBot) -> None:
    search = window.library.view.search
    press(window, Key.Key_F, CTRL)
    type_(window, "ann")
    settle(qtbot, window)
    assert search.list.isVisible()
    assert shown(window) == set(tagged[:2])  # the search itself goes on
    assert search.list.currentRow() == -1
    press(window, Key.Key_Down)
    press(window, Key.Key_Return)
    settle(qtbot, window)
    assert search.text() == ""
    assert window.library._filter == Filter(tag=("People", "Anna"))
    assert window.library.view.sidebar.currentIndex().data() == "Anna"
    assert focused(window) is window.library.view.grid
    press(window, Key.Key_F, CTRL)
    type_(window, "be")
    settle(qtbot, window)
    press(window, Key.Key_Escape)  # the list goes, what is searched for stays
    assert (search.list.isVisible(), search.text()) == (False, "be")
    press(window, Key.Key_Escape)
    settle(qtbot, window)
    assert (search.text(), shown(window)) == ("", set(tagged))


def test_a_click_takes_an_offer(window: MainWindow, tagged: list[int], qtbot: QtBot) -> None:
    search = window.library.view.search
    press(window, Key.Key_F, CTRL)
    type_(window, "places|fr")
    settle(qtbot, window)
    box = search.list.visualItemRect(search.list.item(0))
    qtbot.mouseClick(search.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    settle(qtbot, window)
    assert shown(window) == {tagged[0]}
