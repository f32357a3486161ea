"""Teaching a landmark: learn, look at the result, use it or not, and everything that can fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from teach_steps import (
    begin,
    filled,
    gone,
    learn,
    runs,
    settle,
    teach,
)
from training_steps import click

from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library import places

# Popups and windows that come to the front, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_the_result_is_shown_before_anything_changes(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("well")
    dialog = filled(qtbot, window)
    learn(qtbot, dialog)
    view, result = dialog.view, dialog.view.result
    assert view.stack.currentWidget() is result
    assert result.head.text() == "Old Mill is learned"
    assert "7 of the 8 photos were recognised when left out" in result.well.text()
    assert result.loss.text().startswith("Nothing is lost: all of 40")
    assert result.missed.captions == ["taken for Taj Mahal"]
    assert "Old_Mill" not in window.workspace.gazetteer
    assert places.all_places(window.workspace.library.read()) == []
    click(qtbot, view.discard)
    gone(qtbot, window)
    assert runs(window) == []
    assert window.workspace.recogniser.card.name == "Colours"


def test_too_much_lost_is_said_in_red(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("loses")
    dialog = filled(qtbot, window)
    learn(qtbot, dialog)
    assert dialog.view.result.loss.text().startswith("Too much is lost: 2 of 40")
    assert dialog.view.result.loss.objectName() == "bad"


def test_using_it_tags_the_photos_and_changes_the_model(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("well")
    dialog = filled(qtbot, window)
    learn(qtbot, dialog)
    click(qtbot, dialog.view.use)
    gone(qtbot, window)
    qtbot.waitUntil(
        lambda: window.workspace.recogniser.card.name == "Colours + Mill", timeout=30_000
    )
    settle(qtbot, window)
    mill = window.workspace.gazetteer["Old_Mill"]
    assert mill.tags == ("Old Mill", "Arles", "France", "windmill")
    window.show_page(window.library.view)
    photo = window.library.model.photo_at(0)
    assert photo is not None
    assert photo.accepted == "Old_Mill"
    assert window.library.model.describe(photo) == "Old Mill, accepted"
    assert len(runs(window)) == 1  # among the others of the Training page
    window.library.undo()
    settle(qtbot, window)
    photo = window.library.model.photo_at(0)
    assert photo is not None
    assert photo.accepted is None
    assert photo.tags == ()


def test_other_photos_find_the_form_as_it_was(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("well")
    dialog = filled(qtbot, window)
    learn(qtbot, dialog)
    draft = dialog.view.form.draft
    click(qtbot, dialog.view.others)
    gone(qtbot, window)
    assert runs(window) == []
    assert "Old Mill" in window.jobbar.notice.text()
    again = teach(qtbot, window)
    assert again.view.form.draft == draft
    again.close()
    gone(qtbot, window)
    assert teach(qtbot, window).view.form.draft.name == ""


@pytest.mark.parametrize(
    ("how", "said"),
    [("dies", "The learning broke off."), ("fails", "all alike"), ("full", "The disk is full.")],
)
def test_a_lesson_that_fails_says_why_and_leaves_nothing(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None], how: str, said: str
) -> None:
    child(how)
    dialog = filled(qtbot, window)
    learn(qtbot, dialog)
    settle(qtbot, window)
    assert dialog.view.stack.currentWidget() is dialog.view.form
    assert said in dialog.view.form.message.text()
    assert runs(window) == []
    child("well")
    learn(qtbot, dialog)  # what is typed is still there
    assert dialog.view.stack.currentWidget() is dialog.view.result


@pytest.mark.expects_log
def test_a_lesson_without_a_judgement_says_so(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("silent")
    dialog = filled(qtbot, window)
    learn(qtbot, dialog)
    settle(qtbot, window)
    assert "how well cannot be read" in dialog.view.form.message.text()
    assert runs(window) == []


def test_a_folder_that_cannot_be_written_says_so(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("well")
    dialog = filled(qtbot, window)
    window.workspace.places.runs.write_text("a file where the folder should be")
    learn(qtbot, dialog)
    assert "The learning cannot begin." in dialog.view.form.message.text()
    assert "cannot be written" in dialog.view.form.message.text()


def test_stopping_goes_back_to_the_form(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("waits")
    dialog = filled(qtbot, window)
    begin(qtbot, dialog)
    click(qtbot, dialog.view.stop)
    qtbot.waitUntil(lambda: not dialog.run.active, timeout=20_000)
    settle(qtbot, window)
    assert dialog.view.stack.currentWidget() is dialog.view.form
    assert dialog.view.form.draft.name == "Old Mill"
    assert runs(window) == []


def test_closing_in_mid_run_ends_it_without_a_trace(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("waits")
    dialog = filled(qtbot, window)
    begin(qtbot, dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    gone(qtbot, window)
    assert runs(window) == []
    assert window.library._looking._holds == 0


def test_closing_the_window_in_mid_run_leaves_no_process_and_no_trace(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("waits")
    dialog = filled(qtbot, window)
    begin(qtbot, dialog)
    process = dialog.run.trainer.process_id
    window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert runs(window) == []


def test_a_real_lesson_from_photos_to_suggestions(
    qtbot: QtBot, open_window: Callable[..., MainWindow], remembering: Path, mill: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    """The trainer learns, the new model is used, and it recognises another photo of the mill."""
    window = open_window(remembering, mill)
    dialog = filled(qtbot, window)
    learn(qtbot, dialog)
    assert dialog.view.stack.currentWidget() is dialog.view.result, dialog.view.form.message.text()
    assert dialog.view.result.head.text() == "Old Mill is learned"
    assert "Too much" not in dialog.view.result.loss.text()
    click(qtbot, dialog.view.use)
    gone(qtbot, window)
    qtbot.waitUntil(
        lambda: window.workspace.recogniser.card.name == "Colours + Old Mill", timeout=30_000
    )
    settle(qtbot, window)
    other = tmp_path / "other"
    other.mkdir()
    Image.new("RGB", (320, 240), (160, 42, 158)).save(other / "seen later.jpg")
    Image.new("RGB", (320, 240), (40, 180, 60)).save(other / "taj.jpg")
    window.library.import_paths([other])
    settle(qtbot, window)
    model = window.library.model
    said = {
        p.path.name: model.describe(p) for n in range(len(model.ids)) if (p := model.photo_at(n))
    }
    assert said["seen later.jpg"].startswith("Old Mill, suggested")
    assert said["taj.jpg"].startswith("Taj Mahal, suggested")
    assert said["mill 0.jpg"] == "Old Mill, accepted"
    boxes = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]
    assert not [box.text() for box in boxes if box.isVisible()]
