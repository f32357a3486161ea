"""The Models page as a person uses it: look, drop, use, go back, compare, export, delete."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from samples import draw, save_colour_model

from landmark_desktop import paths
from landmark_desktop.actions import model_files
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.models import figures
from landmark_desktop.gui.models.classes import ClassList
from landmark_desktop.gui.models.reliability import ReliabilityPlot, in_words
from landmark_desktop.gui.window import MainWindow
from training.bundle import Card, Label, OperatingPoint

Open = Callable[[], MainWindow]

METRICS: dict[str, Any] = {
    "n": 400, "top1": 0.9, "top1_ci95": [0.866, 0.926], "ece": 0.03, "kept_rate": 0.8,
    "suggestion_precision": 0.97, "false_suggestion_rate": 0.02, "data": "400 photos of mine",
    "per_class": {"Taj_Mahal": {"n": 200, "recall": 0.9}},
    "reliability": [
        {"low": 0.8, "high": 0.9, "n": 40, "confidence": 0.85, "accuracy": 0.75},
        {"low": 0.9, "high": 1.0, "n": 1, "confidence": 0.95, "accuracy": 1.0},
    ],
}  # fmt: skip


def swapped(card: Card) -> Card:
    """The same network with the names of its two landmarks exchanged."""
    first, second, *rest = card.labels
    return replace(
        card, name="Swapped", labels=(second, first, *rest), metrics={"validation": METRICS},
        operating_points=(OperatingPoint(0.6, 0.97, 0.8, 0.02), OperatingPoint(0.9, 0.99, 0.5)),
        provenance={"backbone": "A net (MIT)", "made_on": "2026-10-02", "licence": "CC0-1.0"},
        training={"data": "trips/2026"},
    )  # fmt: skip


@pytest.fixture
def swapped_model(tmp_path: Path) -> Path:
    path = tmp_path / "downloads" / "swapped ü.pt"
    path.parent.mkdir()
    save_colour_model(path, swapped)
    return path


@pytest.fixture
def open_it(
    qtbot: QtBot, tmp_path: Path, colour_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Return a function that opens the window, the colour model built in; again, anew."""
    monkeypatch.setattr(paths, "default_model", lambda: colour_model)
    opened: list[MainWindow] = []

    def open_() -> MainWindow:
        for before in opened:
            before.close()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, "light")
        window = MainWindow(Workspace.open(tmp_path / "library"))
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        window.begin([])
        return window

    yield open_
    for window in opened:
        window.close()
        window.deleteLater()


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing runs and both pages are up to date."""

    def quiet() -> bool:
        pages = window.library.settling or window.models.settling
        return not (window.runner.busy or pages)

    qtbot.waitUntil(quiet, timeout=60_000)


@pytest.fixture
def window(open_it: Open, qtbot: QtBot) -> MainWindow:
    """Return the window, showing the Models page."""
    opened = open_it()
    settle(qtbot, opened)
    number = 1 + [page.title for page in opened.pages].index("Models")
    qtbot.keyClick(opened, str(number), Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, opened)
    assert opened.stack.currentWidget() is opened.models.view
    return opened


def drop(window: MainWindow, *files: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    move = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    window.dragEnterEvent(QDragEnterEvent(QPoint(600, 400), move, mime, buttons, keys))
    window.dropEvent(QDropEvent(QPointF(600, 400), move, mime, buttons, keys))


def names(window: MainWindow) -> list[str]:
    return [model.name for model in window.models.model.models]


def named(window: MainWindow, name: str) -> Shelved:
    return next(model for model in window.models.model.models if model.name == name)


def button(window: MainWindow, name: str) -> QPushButton:
    found = window.models.view.detail._content.findChild(QPushButton, name)
    assert found is not None, name
    return found


def text(window: MainWindow) -> str:
    pane = window.models.view.pane.currentWidget()
    return "\n".join(label.text() for label in pane._content.findChildren(QLabel))


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.text()]


def told(qtbot: QtBot) -> str:
    """Return what the box on screen says, and close it."""
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    (box,) = boxes()
    said = f"{box.text()} {box.informativeText()}"
    box.close()
    qtbot.waitUntil(lambda: not boxes())
    return said


def said_of_photos(window: MainWindow) -> list[str]:
    model = window.library.model
    shown = [model.photo_at(row) for row in range(len(model.ids))]
    return [model.describe(photo) for photo in shown if photo is not None]


def count(window: MainWindow, words: str) -> int:
    return sum(words in said for said in said_of_photos(window))


# -- looking -----------------------------------------------------------------------------------


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
                     "reliability": [3, {"low": 2}], "per_class": [], "data": 5}},
            operating_points=(OperatingPoint("high", None, [], {}),),  # type: ignore[arg-type]
            provenance={"made_on": 20260101, "backbone": 5, "notes": ["a", "b"]},
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


# -- adding ------------------------------------------------------------------------------------


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


# -- using -------------------------------------------------------------------------------------


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
    sidebar = window.library.view.sidebar
    assert sidebar._items["landmark:Eiffel_Tower"].toolTip() == "0 accepted, 5 to review"
    window.library.view.choose(0)
    inspector = window.library.view.inspector.findChildren(QLabel)
    assert any("From the earlier model" in label.text() for label in inspector)
    window.library.go_on()
    settle(qtbot, window)
    assert count(window, "earlier model") == 0
    assert count(window, "Taj Mahal, suggested with") == 5
    assert count(window, "Eiffel Tower, suggested with") == 4
    assert sidebar._items["landmark:Eiffel_Tower"].toolTip() == "0 accepted, 4 to review"

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


# -- comparing, exporting, deleting ------------------------------------------------------------


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
