"""The Library page as a person uses it: drop, watch, accept, search, undo, come back later."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from samples import draw

from landmark_desktop.gui.library.facts import facts, size
from landmark_desktop.gui.library.list_rows import folder_tree
from landmark_desktop.gui.library.problems import ProblemsDialog
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.search import State


def drop(window: MainWindow, *paths: Path) -> None:
    """Drop files on the window as a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    move = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(600, 400), move, mime, buttons, keys)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(600, 400), move, mime, buttons, keys)
    window.dropEvent(event)
    assert event.dropAction() == Qt.DropAction.CopyAction


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing runs and the lists are up to date."""
    page = window.library
    qtbot.waitUntil(lambda: not window.runner.busy and not page.settling, timeout=60_000)


def chips(window: MainWindow) -> list[str]:
    model = window.library.model
    return [
        model.describe(photo) for row in range(len(model.ids)) if (photo := model.photo_at(row))
    ]


def choose(window: MainWindow, name: str) -> int:
    """Click the photo whose file name contains ``name``; return its id."""
    model, view = window.library.model, window.library.view
    for row, photo_id in enumerate(model.ids):
        photo = model.photo_at(row)
        if photo is not None and name in photo.path.name:
            view.choose(row)
            return photo_id
    raise AssertionError(f"no photo {name}")


def texts(window: MainWindow) -> str:
    labels = window.library.view.inspector.findChildren(QLabel)
    return "\n".join(label.text() for label in labels)


def test_an_empty_library_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    settle(qtbot, window)
    view = window.library.view
    assert view.centre.currentWidget() is view.empty
    assert view.empty.button.isVisible()


def test_dropping_a_folder_shows_photos_and_suggestions(
    window: MainWindow, qtbot: QtBot, album: Path
) -> None:
    drop(window, album)
    qtbot.waitUntil(lambda: len(window.library.model.ids) > 0, timeout=20_000)
    assert window.library.view.centre.currentWidget() is window.library.view.grid
    settle(qtbot, window)
    said = chips(window)
    assert len(said) == 12
    assert sum("Eiffel Tower, suggested" in text for text in said) == 5
    assert sum("Taj Mahal, suggested" in text for text in said) == 4
    assert said.count("no landmark recognised") == 3


def test_thumbnails_come_for_what_is_on_screen(
    window: MainWindow, qtbot: QtBot, album: Path
) -> None:
    drop(window, album)
    settle(qtbot, window)
    photo = window.library.model.photo_at(0)
    assert photo is not None
    qtbot.waitUntil(lambda: window.library.pictures.get(photo) is not None)


def test_accepting_by_key_tags_and_moves_on(window: MainWindow, qtbot: QtBot, album: Path) -> None:
    drop(window, album)
    settle(qtbot, window)
    tower = choose(window, "photo 00")
    row = window.library.model.row_of(tower)
    assert row is not None
    window.library.view.grid.setFocus()
    qtbot.keyClick(window.library.view.grid, Qt.Key.Key_A)
    settle(qtbot, window)
    photo = window.library.model.photo(tower)
    assert photo is not None
    assert photo.accepted == "Eiffel_Tower"
    assert [tag.name for tag in photo.tags] == ["Eiffel Tower", "tower"]
    assert "Accepted Eiffel Tower on 1 photo" in window.jobbar.notice.text()
    if row + 1 < 12:
        assert window.library.view.grid.currentIndex().row() == row + 1


def test_the_buttons_do_what_the_keys_do_and_undo_takes_back(
    window: MainWindow, qtbot: QtBot, album: Path
) -> None:
    drop(window, album)
    settle(qtbot, window)
    tower = choose(window, "photo 01")
    before = window.library.model.photo(tower)
    reject = window.library.view.inspector.findChild(QPushButton, "reject")
    assert reject is not None
    qtbot.mouseClick(reject, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    after = window.library.model.photo(tower)
    assert after is not None
    assert after.rejected == {"Eiffel_Tower"}
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert window.library.model.photo(tower) == before
    choose(window, "photo 01")
    accept = window.library.view.inspector.findChild(QPushButton, "accept")
    assert accept is not None
    qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    again = window.library.model.photo(tower)
    assert again is not None
    assert again.accepted == "Eiffel_Tower"


def test_a_number_accepts_an_alternative(window: MainWindow, qtbot: QtBot, album: Path) -> None:
    drop(window, album)
    settle(qtbot, window)
    blue = choose(window, "photo 10")
    assert "None recognised" in texts(window)
    window.library.view.grid.setFocus()
    qtbot.keyClick(window.library.view.grid, Qt.Key.Key_1)
    settle(qtbot, window)
    photo = window.library.model.photo(blue)
    assert photo is not None
    assert photo.accepted in ("Eiffel_Tower", "Taj_Mahal")


def test_several_are_accepted_at_once(window: MainWindow, qtbot: QtBot, album: Path) -> None:
    drop(window, album)
    settle(qtbot, window)
    window.library.view.grid.selectAll()
    assert "12 photos chosen" in texts(window)
    assert "Eiffel Tower  ×5" in texts(window)
    window.library.accept()
    settle(qtbot, window)
    window.library._narrow(window.library._filter.__class__(state=State.ACCEPTED))
    settle(qtbot, window)
    assert len(window.library.model.ids) == 9


def test_searching_while_typing(window: MainWindow, qtbot: QtBot, album: Path) -> None:
    drop(window, album)
    settle(qtbot, window)
    search = window.library.view.search
    qtbot.keyClicks(search, "agra")  # the letter A is typed here, it accepts nothing
    qtbot.waitUntil(lambda: len(window.library.model.ids) == 4)
    qtbot.keyClicks(search, " nowhere")
    view = window.library.view
    qtbot.waitUntil(lambda: view.centre.currentWidget() is view.nothing)
    qtbot.mouseClick(view.nothing.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.library.model.ids) == 12)
    assert search.text() == ""
    assert not any("accepted" in said for said in chips(window))


def test_lists_narrow_the_grid(window: MainWindow, qtbot: QtBot, album: Path) -> None:
    drop(window, album)
    settle(qtbot, window)
    sidebar = window.library.view.sidebar
    for row, number in (
        ("landmark:Taj_Mahal", 4), (f"folder:{album / 'day 1'}", 6), (f"folder:{album}", 12),
        (f"state:{State.NONE}", 3),
    ):  # fmt: skip
        sidebar.setCurrentIndex(sidebar.index_of(row))
        qtbot.waitUntil(lambda n=number: len(window.library.model.ids) == n)


def test_files_that_cannot_be_read_are_listed_with_the_reason(
    window: MainWindow, qtbot: QtBot, album: Path
) -> None:
    (album / "empty.jpg").write_bytes(b"")
    (album / "notes.png").write_text("milk, bread")
    drop(window, album)
    settle(qtbot, window)
    assert len(window.library.model.ids) == 12
    button = window.library.view.problems
    assert button.isVisible()
    assert button.text() == "2 files could not be read"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.findChildren(ProblemsDialog)))
    dialog = window.findChildren(ProblemsDialog)[0]
    rows = [dialog.list.topLevelItem(i) for i in range(dialog.list.topLevelItemCount())]
    assert [(row.text(0), row.text(1)) for row in rows if row] == [
        ("empty.jpg", "The file is empty (0 bytes)."),
        ("notes.png", "This is a text file, not a photo, although its name ends in .png."),
    ]
    dialog.close()


def test_closing_in_the_middle_and_reopening_goes_on(
    open_window: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    for number in range(150):
        draw(folder / f"{number}.jpg", "Eiffel_Tower", mark=number)
    window = open_window()
    drop(window, folder)
    qtbot.waitUntil(lambda: len(window.library.model.ids) > 0, timeout=20_000)
    window.close()
    window = open_window()
    window.library.begin([])
    settle(qtbot, window)
    assert len(window.library.model.ids) == 150
    assert all("Eiffel Tower, suggested" in said for said in chips(window))


def test_a_closed_library_is_asked_for_nothing(window: MainWindow, qtbot: QtBot) -> None:
    """What was to be brought up to date a little later is not, once the window is closed."""
    window.library._soon.start()
    window.library.view.search.setText("tower")
    window.close()
    qtbot.wait(max(window.library._soon.interval(), window.library._typing.interval()) + 100)
    assert not window.library.settling


def test_cancelling_suggestions_offers_to_continue(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    for number in range(300):
        draw(folder / f"{number}.png", "Taj_Mahal", size=(600, 400), mark=number)
    drop(window, folder)
    qtbot.waitUntil(lambda: any("suggested" in said for said in chips(window)), timeout=60_000)
    while window.runner.busy:
        if window.jobbar.stop.isVisible():
            qtbot.mouseClick(window.jobbar.stop, Qt.MouseButton.LeftButton)
        qtbot.wait(5)
    settle(qtbot, window)
    assert len(chips(window)) <= 300
    window.library.look()
    settle(qtbot, window)
    assert all("suggested" in said for said in chips(window))


def test_photos_that_come_in_do_not_move_what_the_person_looks_at(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in range(90):
        draw(tmp_path / "old" / f"{number}.png", size=(40, 40), mark=number)
        draw(tmp_path / "new" / f"{number}.png", size=(40, 40), mark=1000 + number)
        os.utime(tmp_path / "old" / f"{number}.png", (1000, 1000))
    drop(window, tmp_path / "old")
    settle(qtbot, window)
    view, model = window.library.view, window.library.model
    view.choose(0)
    chosen = model.ids[0]
    view.grid.scrollTo(model.index(60), view.grid.ScrollHint.PositionAtTop)
    looked_at = view.grid.top_id()
    assert looked_at is not None
    drop(window, tmp_path / "new")
    settle(qtbot, window)
    assert len(model.ids) == 180
    assert view.grid.top_id() == looked_at
    assert [model.ids[index.row()] for index in view.grid.selectedIndexes()] == [chosen]


def test_space_shows_the_photo_large_and_arrows_walk(
    window: MainWindow, qtbot: QtBot, album: Path
) -> None:
    drop(window, album)
    settle(qtbot, window)
    view = window.library.view
    view.choose(3)
    view.grid.setFocus()
    qtbot.keyClick(view.grid, Qt.Key.Key_Space)
    assert view.centre.currentWidget() is view.loupe
    qtbot.keyClick(view.loupe, Qt.Key.Key_Right)
    assert view.grid.currentIndex().row() == 4
    qtbot.keyClick(view.loupe, Qt.Key.Key_Escape)
    assert view.centre.currentWidget() is view.grid


def test_the_theme_changes_while_the_window_is_open(window: MainWindow, qtbot: QtBot) -> None:
    button = window.library.view.add
    light = button.icon().pixmap(24, 24).toImage()
    window.settings.live.set("theme", "dark")
    assert button.icon().pixmap(24, 24).toImage() != light
    assert window.workspace.settings.theme == "dark"
    window.settings.live.set("theme", "light")
    assert button.icon().pixmap(24, 24).toImage() == light


def test_deep_folders_take_one_row_each() -> None:
    tree = folder_tree({"/a/b/c/x": 2, "/a/b/c/y": 3, "/a/b/c/y/z": 1})
    assert tree == [
        ("/a/b/c", None, 6), ("/a/b/c/x", "/a/b/c", 2),
        ("/a/b/c/y", "/a/b/c", 4), ("/a/b/c/y/z", "/a/b/c/y", 1),
    ]  # fmt: skip
    assert folder_tree({"/only/here": 1}) == [("/only/here", None, 1)]


def test_facts_read_like_speech(window: MainWindow, qtbot: QtBot, album: Path) -> None:
    drop(window, album)
    settle(qtbot, window)
    photo = window.library.model.photo_at(0)
    assert photo is not None
    lines = dict(facts(photo))
    assert lines["Picture"] == "320 × 240  JPEG"
    assert "Position" not in lines
    assert [size(n) for n in (999, 1500, 25_000, 4_200_000, 3_000_000_000)] == [
        "999 bytes", "1.5 kB", "25 kB", "4.2 MB", "3.0 GB",
    ]  # fmt: skip
