"""The Models page as a person uses it: look and add."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from models_steps import (
    boxes,
    button,
    drop,
    named,
    names,
    settle,
    text,
    told,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from samples import draw, save_colour_model

from landmark_desktop.gui.models.classes import ClassList
from landmark_desktop.gui.models.reliability import ReliabilityPlot, in_words
from landmark_desktop.gui.window import MainWindow
from training.bundle import Card, Label, OperatingPoint


def test_the_built_in_model_is_shown_with_its_card(window: MainWindow, qtbot: QtBot) -> None:
    assert names(window) == ["Colours"]
    shown = text(window)
    for words in ("Colours", "In use", "Built in", "not known", "photos/s", "60.0%"):
        assert words in shown
    assert not button(window, "delete").isEnabled()
    assert not button(window, "compare").isEnabled()
    assert button(window, "export").isEnabled()
    assert window.models.view.detail._content.findChild(QPushButton, "use") is None
    assert not window.models.view.back.isVisible()


def test_a_full_card_is_shown_in_full(
    window: MainWindow, qtbot: QtBot, swapped_model: Path
) -> None:
    drop(window, swapped_model)
    settle(qtbot, window)
    shown = text(window)
    for words in (
        "90.0%", "86.6% to 92.6%, 400 photos", "3.0%", "trips/2026", "2 October 2026",
        "A net (MIT)", "CC0-1.0", "400 photos of mine", "97.0%", "Licence",
        "Taj Mahal taken for Eiffel Tower", "7 of 200", "Where it fails", "Night.",
        "Which parts of the world it knows", "France only.",
    ):  # fmt: skip
        assert words in shown, words
    plot = window.models.view.detail._content.findChild(ReliabilityPlot)
    assert plot is not None
    assert [in_words(one) for one in plot._bins] == [
        "Said 80% to 90%: right in 75% of 40 photos",
        "Said 90% to 100%: right in 100% of 1 photo",
    ]
    classes = window.models.view.detail._content.findChild(ClassList)
    assert classes is not None
    qtbot.keyClick(window.models.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(classes.search, "agra")
    items = [classes.list.topLevelItem(row) for row in range(2)]
    assert [item.text(0) for item in items if item and not item.isHidden()] == ["Taj Mahal"]
    assert [item.text(2) for item in items if item and not item.isHidden()] == ["90%"]


def test_a_card_full_of_nonsense_is_shown_all_the_same(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    def nonsense(card: Card) -> Card:
        return replace(
            card, name="<b>Nonsense</b> & more\nlines",
            metrics={"validation": {"top1": "good", "top1_ci95": [None], "ece": 7, "n": "many",
                     "reliability": [3, {"low": 2}], "per_class": [], "data": 5,
                     "confused": [4, {"truth": "a", "guess": "b", "count": 9, "n": 2}]}},
            operating_points=(OperatingPoint("high", None, [], {}),),  # type: ignore[arg-type]
            provenance={"made_on": 20260101, "backbone": 5, "notes": ["a", "b"],
                        "about": {"weaknesses": 3, "data": [None, 5]}},
            training={"data": {"x": 1}},
            labels=(Label("Zürich & <i>Umgebung</i>"), *card.labels[1:]),
        )  # fmt: skip

    file = tmp_path / "nonsense.pt"
    save_colour_model(file, nonsense)
    drop(window, file)
    settle(qtbot, window)
    assert len(names(window)) == 2
    assert text(window).count("not known") >= 5
    window.models.choose(window.models.model.models)
    assert "Zürich & <i>Umgebung</i>" in text(window)
    window.grab()
    assert not boxes()


def test_a_model_dropped_on_the_library_comes_to_the_shelf(
    window: MainWindow, qtbot: QtBot, swapped_model: Path, album: Path
) -> None:
    window.show_page(window.library.view)
    drop(window, swapped_model, album)
    settle(qtbot, window)
    assert len(window.library.model.ids) == 12
    assert "Swapped" in [model.name for model in window.models.model.models]
    drop(window, swapped_model)
    settle(qtbot, window)
    assert window.stack.currentWidget() is window.models.view
    assert names(window) == ["Colours", "Swapped"]
    assert [model.name for model in window.models.chosen()] == ["Swapped"]
    assert "Swapped is on the shelf." in window.jobbar.notice.text()


def test_files_that_are_no_models_are_refused_with_the_reason(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    notes, photo = tmp_path / "notes.pt", draw(tmp_path / "photo.jpg")
    notes.write_text("milk")
    drop(window, notes)
    assert "notes.pt is not a model" in told(qtbot)
    settle(qtbot, window)
    drop(window, notes, photo)
    said = told(qtbot)
    assert "2 files cannot be added." in said
    assert "photo.jpg is not a model" in said
    settle(qtbot, window)
    assert names(window) == ["Colours"]
    assert window.library.model.ids == []


def test_a_broken_file_in_the_folder_is_shown_with_its_problem(
    window: MainWindow, qtbot: QtBot
) -> None:
    folder = window.workspace.places.models
    folder.mkdir()
    (folder / "broken.pt").write_bytes(b"PK\x03\x04 and no more")
    window.models.refresh()
    settle(qtbot, window)
    window.models.choose([named(window, "broken")])
    assert "broken.pt is not a model" in text(window)
    assert not button(window, "export").isEnabled()
    window.models.choose(window.models.model.models)  # nothing to compare with
    assert "Two models" not in text(window)
