"""The Models page as a person uses it: use, go back, compare, export, delete."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from models_steps import (
    METRICS,
    Open,
    boxes,
    button,
    count,
    drop,
    named,
    names,
    settle,
    text,
    told,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot
from samples import draw, save_colour_model

from landmark_desktop.actions import model_files
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.gui.models import figures
from landmark_desktop.gui.window import MainWindow
from training.bundle import Card, Label


def test_another_model_takes_over_without_a_restart(
    window: MainWindow, open_it: Open, qtbot: QtBot, swapped_model: Path, album: Path
) -> None:
    window.library.import_paths([album])
    drop(window, swapped_model)
    settle(qtbot, window)
    assert count(window, "Eiffel Tower, suggested with") == 5
    window.library.hold()  # so that what is on show meanwhile can be looked at
    qtbot.mouseClick(button(window, "use"), Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert "Swapped is in use now." in window.jobbar.notice.text()
    assert named(window, "Swapped").in_use
    assert count(window, "Eiffel Tower, suggested by the earlier model") == 5
    assert count(window, "no landmark recognised by the earlier model") == 3
    sidebar, tip = window.library.view.sidebar, Qt.ItemDataRole.ToolTipRole
    assert sidebar.index_of("landmark:Eiffel_Tower").data(tip) == "0 accepted, 5 to review"
    window.library.view.choose(0)
    inspector = window.library.view.inspector.findChildren(QLabel)
    assert any("From the earlier model" in label.text() for label in inspector)
    window.library.go_on()
    settle(qtbot, window)
    assert count(window, "earlier model") == 0
    assert count(window, "Taj Mahal, suggested with") == 5
    assert count(window, "Eiffel Tower, suggested with") == 4
    assert sidebar.index_of("landmark:Eiffel_Tower").data(tip) == "0 accepted, 4 to review"

    again = open_it()
    settle(qtbot, again)
    assert again.workspace.recogniser.card.name == "Swapped"
    assert count(again, "Taj Mahal, suggested with") == 5
    again.show_page(again.models.view)
    settle(qtbot, again)
    assert again.models.view.back.text() == "Go back to Colours"
    qtbot.mouseClick(again.models.view.back, Qt.MouseButton.LeftButton)
    settle(qtbot, again)
    assert count(again, "Eiffel Tower, suggested with") == 5
    assert again.models.view.back.text() == "Go back to Swapped"


def test_changing_over_while_the_model_is_looking(
    window: MainWindow, qtbot: QtBot, swapped_model: Path, tmp_path: Path
) -> None:
    for number in range(200):
        draw(tmp_path / "many" / f"{number}.png", "Eiffel_Tower", size=(400, 300), mark=number)
    drop(window, swapped_model)
    settle(qtbot, window)
    window.library.import_paths([tmp_path / "many"])
    qtbot.waitUntil(lambda: count(window, "suggested") > 0, timeout=60_000)
    window.models.use(named(window, "Swapped"))
    settle(qtbot, window)
    assert count(window, "Taj Mahal, suggested with") == 200
    assert window.jobbar.notice.text() != "Suggestions stopped."
    read = window.workspace.library.read()
    model_id = window.workspace.model_id
    wrong = "SELECT count(*) FROM suggestion WHERE (model_id = ?) <> (landmark = 'Taj_Mahal')"
    assert read.execute(wrong, (model_id,)).fetchone()[0] == 0


def test_a_model_that_no_longer_runs_changes_nothing(
    window: MainWindow, qtbot: QtBot, swapped_model: Path, album: Path
) -> None:
    drop(window, swapped_model)
    window.library.import_paths([album])
    settle(qtbot, window)
    file = named(window, "Swapped").path
    file.write_bytes(file.read_bytes()[:2000])
    window.models.use(named(window, "Swapped"))
    assert "cannot be used" in told(qtbot)
    settle(qtbot, window)
    assert named(window, "Colours").in_use
    assert count(window, "Eiffel Tower, suggested with") == 5


@pytest.mark.expects_log
def test_a_lost_model_gives_way_with_a_notice(
    window: MainWindow, open_it: Open, qtbot: QtBot, swapped_model: Path
) -> None:
    drop(window, swapped_model)
    settle(qtbot, window)
    window.models.use(named(window, "Swapped"))
    settle(qtbot, window)
    named(window, "Swapped").path.unlink()
    again = open_it()
    assert "The built-in model takes its place." in again.jobbar.notice.text()
    qtbot.mouseClick(again.jobbar.button, Qt.MouseButton.LeftButton)
    settle(qtbot, again)
    assert again.stack.currentWidget() is again.models.view
    assert named(again, "Colours").in_use


def test_two_models_side_by_side(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    for name, top1, label in (("First", 0.8, "One"), ("Second", 0.9, "Other")):
        known = {**METRICS, "top1": top1, "top1_ci95": [top1 - 0.03, top1 + 0.03]}
        save_colour_model(
            tmp_path / f"{name}.pt",
            lambda card, n=name, m=known, one=label: replace(
                card, name=n, metrics={"validation": m}, labels=(Label(one), *card.labels[1:])
            ),
        )
    drop(window, tmp_path / "First.pt", tmp_path / "Second.pt")
    settle(qtbot, window)
    window.models.choose([named(window, "First")])
    menu = button(window, "compare").menu()
    assert {action.text() for action in menu.actions()} == {"Colours", "Second"}
    next(action for action in menu.actions() if action.text() == "Second").trigger()
    shown = text(window)
    for words in ("80.0%", "90.0%", "10.0 points", "Landmarks that both know: 1", "One", "Other"):
        assert words in shown, words
    qtbot.keyClick(window.models.view, Qt.Key.Key_Escape)
    assert "Landmarks that both know" not in text(window)


def test_what_differences_mean() -> None:
    def shelved(**changes: Any) -> Shelved:
        card = Card("M", (Label("a"), Label("b")), None, 3, 1.0, 0.5, metrics={  # type: ignore[arg-type]
            "validation": {**METRICS, **changes}})  # fmt: skip
        return Shelved(Path("m.pt"), card, "d", 5_000_000, False, False, None, 100.0)  # type: ignore[arg-type]

    def rows(first: Shelved, second: Shelved) -> dict[str, tuple[str, int]]:
        return {r.what: (r.difference, r.better) for r in figures.comparison(first, second)}

    better = shelved(top1=0.95, top1_ci95=[0.93, 0.97], ece=0.05)
    found = rows(shelved(), better)
    assert found["Accuracy"] == ("+5.0 points", 1)
    assert found["Calibration error"] == ("+2.0 points", -1)
    assert rows(better, shelved())["Accuracy"] == ("−5.0 points", -1)
    near = shelved(top1=0.91, top1_ci95=[0.88, 0.93])
    assert rows(shelved(), near)["Accuracy"] == ("+1.0 points", 0)  # it may be chance
    assert "overlap" in figures.caution(shelved(), near)
    assert figures.caution(shelved(), better) == ""
    assert "photos of its own" in figures.caution(shelved(), shelved(data="others"))
    twice = replace(better, photos_per_second=200.0, size_bytes=4_000_000)
    assert rows(better, twice)["Speed here"] == ("2.0 times as fast", 1)
    assert rows(better, twice)["Size"] == ("−1.0 MB", 0)
    assert rows(better, replace(twice, card=None))["Accuracy"] == ("", 0)


def test_exporting_writes_the_very_model(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "Grüße.pt"
    model = window.models.model.models[0]
    window.models.export(model, target)
    settle(qtbot, window)
    assert model_files.identity(target) == model.digest
    window.models.export(model, target / "nowhere.pt")
    assert "cannot be written" in told(qtbot)


def test_deleting_asks_first(window: MainWindow, qtbot: QtBot, swapped_model: Path) -> None:
    drop(window, swapped_model)
    settle(qtbot, window)
    for which in (QMessageBox.StandardButton.Cancel, None):
        qtbot.mouseClick(button(window, "delete"), Qt.MouseButton.LeftButton)
        (box,) = boxes()
        assert box.text() == "Delete Swapped?"
        chosen = box.button(which) if which else next(
            b for b in box.buttons() if box.buttonRole(b) == box.ButtonRole.DestructiveRole
        )  # fmt: skip
        qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not boxes())
        settle(qtbot, window)
        assert ("Swapped" in names(window)) == (which is not None)
    assert swapped_model.exists()
    assert [model.name for model in window.models.chosen()] == ["Colours"]


def test_the_built_in_model_cannot_be_deleted(
    window: MainWindow, qtbot: QtBot, colour_model: Path
) -> None:
    window.models.view.list.setFocus()
    qtbot.keyClick(window.models.view.list, Qt.Key.Key_Delete)
    assert "cannot be deleted: it came with the program" in window.jobbar.notice.text()
    window.models.delete(window.models.model.models[0])
    assert "It came with the program." in told(qtbot)
    settle(qtbot, window)
    assert colour_model.exists()


def test_speed_is_measured_by_itself_and_again_on_asking(window: MainWindow, qtbot: QtBot) -> None:
    before = window.models.model.models[0]
    assert before.photos_per_second is not None
    qtbot.mouseClick(button(window, "measure"), Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    after = window.models.model.models[0]
    assert after.photos_per_second != before.photos_per_second


def test_the_window_opens_without_torch_or_plots() -> None:
    code = "import sys, landmark_desktop.gui.window; print({'torch', 'pyqtgraph'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
