"""Asking why on the Library page: by key and button, over preview and loupe, photo after photo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot
from samples import draw, draw_spot, save_spot_model
from windows import Open

from landmark_desktop.gui.library.view import LibraryView
from landmark_desktop.gui.preview import Preview
from landmark_desktop.gui.window import MainWindow

REAL = 120_000  # milliseconds: the shipped model, maybe beside other work on few processors
SPOT = (0.75, 0.7)


@pytest.fixture
def window(open_on: Open, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Return a window with the spot model and four photos; one lies turned in its file."""
    save_spot_model(tmp_path / "spots.pt")
    album = tmp_path / "album"
    draw_spot(album / "red.png", "red", SPOT)
    draw_spot(album / "turned.jpg", "red", SPOT, orientation=6)
    draw_spot(album / "green.png", "green", SPOT)
    draw_spot(album / "grey.png", "none")
    window = open_on(tmp_path / "spots.pt")
    window.library.import_paths([album])
    settle(qtbot, window)
    window.library.view.grid.setFocus()
    return window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.runner.busy and not window.library.settling, timeout=60_000)


def choose(window: MainWindow, name: str) -> None:
    model = window.library.model
    for row in range(len(model.ids)):
        photo = model.photo_at(row)
        if photo is not None and photo.path.stem == name:
            window.library.view.choose(row)
            return
    raise AssertionError(f"no photo {name}")


def press(qtbot: QtBot, view: LibraryView, key: Qt.Key) -> None:
    qtbot.keyClick(view.grid if view.grid.isVisible() else view.loupe, key)


def caption(window: MainWindow) -> str:
    said = window.library.view.inspector.why.caption
    return said.text() if said.isVisible() else ""


def wait_for(qtbot: QtBot, window: MainWindow, words: str, timeout: int = 60_000) -> None:
    qtbot.waitUntil(lambda: words in caption(window), timeout=timeout)


def colour(preview: Preview, at: tuple[float, float], aspect: float = 4 / 3) -> QColor:
    """Return the colour on screen at a place of the picture, given in shares of its sides."""
    image: QImage = preview.grab().toImage()
    ratio = image.devicePixelRatio()
    wide = min(preview.width(), preview.height() * aspect)
    high = wide / aspect
    x = (preview.width() - wide) / 2 + at[0] * wide
    y = (preview.height() - high) / 2 + at[1] * high
    return image.pixelColor(int(x * ratio), int(y * ratio))


def is_hot(preview: Preview, at: tuple[float, float] = SPOT) -> bool:
    """Return whether something lies over the grey beside a spot, and nothing far from it."""
    near, far = colour(preview, (at[0] + 0.09, at[1])), colour(preview, (0.1, 0.1))
    assert abs(far.red() - 120) <= 4
    assert abs(far.blue() - 120) <= 4
    return max(abs(near.red() - 120), abs(near.green() - 120), abs(near.blue() - 120)) > 25


def test_a_key_lays_the_map_over_the_photo_and_takes_it_away(
    window: MainWindow, qtbot: QtBot
) -> None:
    view = window.library.view
    strip, preview = view.inspector.why, view.inspector.preview
    choose(window, "red")
    qtbot.waitUntil(lambda: abs(colour(preview, (0.1, 0.1)).red() - 120) <= 4)
    assert not is_hot(preview)
    press(qtbot, view, Qt.Key.Key_W)
    assert strip.button.isChecked()
    assert caption(window) == "Looking…"
    wait_for(qtbot, window, "What spoke for Eiffel Tower")
    assert is_hot(preview)
    assert strip.legend.isVisible()
    assert "with the place that counts most hidden" in strip.detail.text()
    assert preview.accessibleDescription() == "What spoke for Eiffel Tower"
    press(qtbot, view, Qt.Key.Key_W)
    assert caption(window) == ""
    assert not strip.legend.isVisible()
    assert not is_hot(preview)
    # What was found is kept: there is nothing to wait for the second time.
    qtbot.mouseClick(strip.button, Qt.MouseButton.LeftButton)
    assert caption(window) == "What spoke for Eiffel Tower"
    assert is_hot(preview)


def test_the_map_lies_right_over_a_photo_that_is_turned_in_its_file(
    window: MainWindow, qtbot: QtBot
) -> None:
    view = window.library.view
    choose(window, "turned")
    press(qtbot, view, Qt.Key.Key_W)
    wait_for(qtbot, window, "What spoke for Eiffel Tower")
    qtbot.waitUntil(lambda: abs(colour(view.inspector.preview, (0.1, 0.1)).red() - 120) <= 4)
    assert is_hot(view.inspector.preview)


def test_it_stays_on_from_photo_to_photo_in_the_loupe_too(window: MainWindow, qtbot: QtBot) -> None:
    view = window.library.view
    choose(window, "red")
    press(qtbot, view, Qt.Key.Key_Space)
    assert view.loupe.isVisible()
    press(qtbot, view, Qt.Key.Key_W)
    wait_for(qtbot, window, "Eiffel Tower")
    assert is_hot(view.loupe)
    choose(window, "green")
    assert caption(window) == "Looking…"
    wait_for(qtbot, window, "What spoke for Taj Mahal")
    qtbot.waitUntil(lambda: abs(colour(view.loupe, (0.1, 0.1)).red() - 120) <= 4)
    assert is_hot(view.loupe)
    choose(window, "grey")
    wait_for(qtbot, window, "Nothing in particular spoke for")
    assert "(not suggested)" in caption(window)
    assert not view.inspector.why.legend.isVisible()
    qtbot.waitUntil(lambda: abs(colour(view.loupe, (0.1, 0.1)).red() - 120) <= 4)
    assert not is_hot(view.loupe)
    press(qtbot, view, Qt.Key.Key_Escape)
    assert view.inspector.why.button.isChecked()


def test_photos_that_are_passed_over_are_not_asked_about(window: MainWindow, qtbot: QtBot) -> None:
    view, begun = window.library.view, []
    choose(window, "red")
    view.inspector.why.button.click()
    wait_for(qtbot, window, "Eiffel Tower")
    window.runner.started.connect(begun.append)
    for name in ("green", "grey", "turned", "green"):
        choose(window, name)
    wait_for(qtbot, window, "Taj Mahal")
    # Others may begin of themselves meanwhile: what is not in files yet is counted.
    assert [job.lane for job in begun].count("why") == 1


def test_several_chosen_are_asked_about_by_the_one_on_show(
    window: MainWindow, qtbot: QtBot
) -> None:
    view = window.library.view
    view.grid.selectAll()
    press(qtbot, view, Qt.Key.Key_W)
    wait_for(qtbot, window, "spoke for")
    assert any("4 photos chosen" in x.text() for x in view.inspector.findChildren(QLabel))
    view.grid.clearSelection()
    assert not view.inspector.why.isVisible()
    press(qtbot, view, Qt.Key.Key_W)  # there is nothing to ask about
    choose(window, "red")
    wait_for(qtbot, window, "What spoke for Eiffel Tower")


def test_the_button_keeps_the_focus_and_says_what_it_does(window: MainWindow, qtbot: QtBot) -> None:
    button = window.library.view.inspector.why.button
    choose(window, "red")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    choose(window, "green")
    wait_for(qtbot, window, "Taj Mahal")
    assert window.focusWidget() is button
    window.library.view.grid.setFocus()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isChecked()
    assert window.focusWidget() is window.library.view.grid  # the arrow keys go on walking
    assert "(W)" in button.toolTip()
    assert "Why" in button.accessibleName()


def test_the_letter_is_typed_where_text_is_wanted(window: MainWindow, qtbot: QtBot) -> None:
    search = window.library.view.search
    assert isinstance(search, QLineEdit)
    choose(window, "red")
    qtbot.keyClicks(search, "w")
    assert search.text() == "w"
    assert not window.library.view.inspector.why.button.isChecked()
    search.clear()
    settle(qtbot, window)


def test_a_photo_that_is_gone_is_said_in_a_quiet_line(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "album" / "red.png").unlink()
    choose(window, "red")
    press(qtbot, window.library.view, Qt.Key.Key_W)
    wait_for(qtbot, window, "There is no such file any more.")
    assert not window.findChildren(QMessageBox)
    choose(window, "green")
    wait_for(qtbot, window, "What spoke for Taj Mahal")


def test_what_the_person_decides_is_asked_about(window: MainWindow, qtbot: QtBot) -> None:
    """After another landmark was accepted the map is of that one."""
    view = window.library.view
    choose(window, "red")
    press(qtbot, view, Qt.Key.Key_W)
    wait_for(qtbot, window, "Eiffel Tower")
    window.library.accept("Taj_Mahal")
    settle(qtbot, window)
    choose(window, "red")
    wait_for(qtbot, window, "Nothing in particular spoke for Taj Mahal (not suggested)")


def test_closing_the_window_in_the_middle(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "red")
    press(qtbot, window.library.view, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: window.runner.busy)
    window.close()
    assert not window.isVisible()


def test_the_shipped_model_answers_while_others_wait_to_be_looked_at(
    open_on: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in range(60):
        draw(tmp_path / "many" / f"{number:02}.jpg", size=(4000, 3000), mark=number)
    window = open_on(None)
    window.library.import_paths([tmp_path / "many"])
    qtbot.waitUntil(lambda: len(window.library.model.ids) > 0, timeout=REAL)
    window.library.view.choose(0)
    window.library.view.inspector.why.button.click()
    wait_for(qtbot, window, "spoke for", REAL)
    qtbot.waitUntil(
        lambda: not window.runner.busy and not window.library.settling, timeout=2 * REAL
    )
    assert "spoke for" in caption(window)
