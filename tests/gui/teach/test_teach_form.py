"""The teach dialog before anything is learned: the way there, name, kind and place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot
from teach_steps import (
    find_place,
    gone,
    runs,
    settle,
    teach,
)
from training_steps import click

from landmark_desktop.gui.window import MainWindow

# Popups and windows that come to the front, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_the_action_wants_three_readable_photos(qtbot: QtBot, window: MainWindow) -> None:
    action, view = window.teach.action, window.library.view
    assert action.shortcut().toString() == "Ctrl+T"
    view.grid.clearSelection()
    assert not action.isEnabled()
    assert "choose 3 photos or more" in action.text()
    view.choose(0)
    assert not action.isEnabled()
    view.grid.selectAll()
    assert action.isEnabled()
    assert action.text() == "&Teach as new landmark…"
    edit = next(m for m in window.menuBar().findChildren(QMenu) if m.title() == "&Edit")
    assert action in edit.actions()


def test_the_grids_menu_offers_it(qtbot: QtBot, window: MainWindow) -> None:
    grid = window.library.view.grid
    grid.selectAll()
    grid.customContextMenuRequested.emit(grid.rect().center())
    menu = grid.findChild(QMenu)
    assert menu is not None
    assert window.teach.action in menu.actions()
    menu.close()


def test_the_dialog_opens_once(qtbot: QtBot, window: MainWindow) -> None:
    dialog = teach(qtbot, window)
    window.teach.action.trigger()
    settle(qtbot, window)
    assert window.teach.dialog is dialog
    dialog.close()
    gone(qtbot, window)


def test_the_place_is_suggested_where_the_photos_were_taken(
    qtbot: QtBot, window: MainWindow
) -> None:
    place = teach(qtbot, window).view.form.place
    assert place.chosen is not None
    assert place.chosen.city == "Arles"
    assert place.chosen.latitude == pytest.approx(43.6767, abs=1e-3)
    assert place.note.text() == "5 photos were taken there."


def test_cities_are_found_as_they_are_typed_with_the_keyboard_alone(
    qtbot: QtBot, window: MainWindow
) -> None:
    dialog = teach(qtbot, window)
    place = dialog.view.form.place
    find_place(qtbot, dialog, "aix")
    assert place.chosen is not None
    first = place.chosen
    qtbot.keyClick(place.search, Qt.Key.Key_Down)
    assert place.list.hasFocus()
    qtbot.keyClick(place.list, Qt.Key.Key_Down)
    assert place.chosen != first
    place.search.clear()
    assert place.chosen is None
    find_place(qtbot, dialog, "48,8584; 2,2945")
    assert place.chosen is not None
    assert (place.chosen.city, place.chosen.latitude) == ("Paris", 48.8584)


def test_a_place_that_is_not_found_says_so(qtbot: QtBot, window: MainWindow) -> None:
    place = teach(qtbot, window).view.form.place
    place.search.clear()
    qtbot.keyClicks(place.search, "xyzzyx")
    qtbot.waitUntil(lambda: "No city" in place.note.text(), timeout=5000)
    assert place.chosen is None


def test_a_place_that_is_typed_has_to_be_taken_from_the_list(
    qtbot: QtBot, window: MainWindow
) -> None:
    dialog = teach(qtbot, window)
    dialog.view.form.name.setText("Old Mill")
    dialog.view.form.place.search.clear()
    qtbot.keyClicks(dialog.view.form.place.search, "xyzzyx")
    click(qtbot, dialog.view.learn)
    assert "or clear the field" in dialog.view.form.message.text()
    assert not dialog.run.active


def test_far_too_many_photos_are_refused_at_the_door(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in ("gui.teach.door", "actions.teaching_words"):
        monkeypatch.setattr(f"landmark_desktop.{where}.MOST", 7)
    window.library.view.grid.selectAll()
    window.teach.action.trigger()
    settle(qtbot, window)
    assert window.teach.dialog is None
    assert "8" in window.jobbar.notice.text()


def test_learning_wants_a_name(qtbot: QtBot, window: MainWindow) -> None:
    dialog = teach(qtbot, window)
    for name in ("", "   ", "?!"):
        dialog.view.form.name.setText(name)
        click(qtbot, dialog.view.learn)
        assert dialog.view.form.message.text() == "Give the landmark a name first."
    assert not dialog.run.active


def test_a_known_landmark_is_offered_to_be_accepted(qtbot: QtBot, window: MainWindow) -> None:
    dialog = teach(qtbot, window)
    form = dialog.view.form
    form.kind.setEditText("windmill")
    qtbot.keyClicks(form.name, "taj mahal")
    assert "knows Taj Mahal already" in form.hint.text()
    assert not dialog.view.learn.isEnabled()
    assert form.kind.currentText() == "mausoleum"
    assert not form.place.isEnabled()
    qtbot.keyClicks(form.name, " hotel")  # another place after all
    assert form.hint.isHidden()
    assert form.kind.currentText() == "windmill"
    assert form.place.isEnabled()
    assert form.place.chosen is not None
    form.name.setText("Taj Mahal")
    click(qtbot, form.accept)
    gone(qtbot, window)
    photo = window.library.model.photo_at(0)
    assert photo is not None
    assert photo.accepted == "Taj_Mahal"
    assert runs(window) == []


def test_a_landmark_that_the_gazetteer_has_is_filled_in(qtbot: QtBot, window: MainWindow) -> None:
    dialog = teach(qtbot, window)
    dialog.view.form.name.setText("Alhambra")
    assert dialog.view.form.draft.kind == "palace"
    assert dialog.view.form.place.chosen is not None
    assert dialog.view.form.place.chosen.city == "Granada"
    assert dialog.view.learn.isEnabled()


def test_a_model_that_remembers_nothing_leads_to_the_training_page(
    qtbot: QtBot, open_window: Callable[..., MainWindow], colour_model: Path, mill: Path
) -> None:
    window = open_window(colour_model, mill)
    dialog = teach(qtbot, window)
    dialog.view.form.name.setText("Old Mill")
    assert "remembers nothing" in dialog.view.form.message.text()
    assert not dialog.view.learn.isEnabled()
    click(qtbot, dialog.view.training)
    gone(qtbot, window)
    assert window.stack.currentWidget() is window.training.view


def test_photos_that_are_gone_are_left_out(qtbot: QtBot, window: MainWindow, mill: Path) -> None:
    for number in range(6):
        (mill / f"mill {number}.jpg").unlink()
    dialog = teach(qtbot, window)
    assert "6 cannot be read and are left out" in dialog.view.about.text()
    assert "at least 3 are needed" in dialog.view.form.message.text()
    assert not dialog.view.learn.isEnabled()


def test_nothing_is_learned_while_a_model_is_trained(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.teach, "_busy", lambda: "A model is being trained.")
    dialog = teach(qtbot, window)
    assert dialog.view.form.message.text() == "A model is being trained."
    assert not dialog.view.learn.isEnabled()


def test_every_field_can_be_reached_and_says_what_it_is(qtbot: QtBot, window: MainWindow) -> None:
    dialog = teach(qtbot, window)
    view, form = dialog.view, dialog.view.form
    for field in (form.name, form.kind, form.place.search, form.place.list, view.strip):
        assert field.accessibleName()
        assert field.focusPolicy() & Qt.FocusPolicy.TabFocus
    for button in (view.learn, view.close_button, view.use, view.discard, view.others, view.stop):
        assert button.toolTip()
        assert "&" in button.text() or button is view.close_button
    buddies = [label.buddy() for label in form.findChildren(QLabel) if label.buddy()]
    assert {form.name, form.kind, form.place.search} <= set(buddies)
