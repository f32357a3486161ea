"""The result of a real run in the real window: labels mended in place, models compared."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from samples import small
from training_steps import REAL, begin, click, epochs_done, finish, look, open_page

from landmark_desktop.actions import browse, mended, review
from landmark_desktop.actions.mended import Mend
from landmark_desktop.gui.training.gallery import Gallery
from landmark_desktop.gui.training.mend_parts import ChooseClass
from landmark_desktop.gui.training.view import DATA, HOW, RESULT
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.search import Filter
from training import launch
from training.layout import read
from training.spec import TrainingSpec


@pytest.fixture(scope="session")
def trained(drawn: Path, training_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a real, finished run; its judgement errs on one photo."""
    folder = tmp_path_factory.mktemp("runs") / "Small"
    folder.mkdir()
    small(drawn, depth="head").save(folder / "asked.json")
    command = launch.command(
        "fit", "--spec", str(folder / "asked.json"), "--out", str(folder), "--events"
    )
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    judgement = json.loads((folder / launch.JUDGEMENT).read_text())
    photos = judgement["photos"]
    wrong = next(p for p in photos if p["truth"] == "Eiffel_Tower")
    wrong |= {"guess": "Taj_Mahal", "confidence": 0.97}
    judgement["worst"] = [{k: wrong[k] for k in ("path", "truth", "guess", "confidence")}]
    judgement["confusion"][0][0] -= 1
    judgement["confusion"][0][1] += 1
    (folder / launch.JUDGEMENT).write_text(json.dumps(judgement))
    return folder


@pytest.fixture
def run(window: MainWindow, trained: Path, qtbot: QtBot) -> Path:
    """Return the folder of the run, its result on screen."""
    folder = window.workspace.places.runs / "Small"
    shutil.copytree(trained, folder)
    open_run(qtbot, window, folder)
    return folder


def open_run(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    page = open_page(qtbot, window)
    page.session.open_run(folder)
    qtbot.waitUntil(lambda: page.session.view.step == RESULT, timeout=REAL)
    quiet(qtbot, window)


def quiet(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: not (window.runner.busy or window.library.settling or window.models.settling),
        timeout=REAL,
    )


def choose(gallery: Gallery, words: str, tile: int = 0) -> None:
    """Choose an entry of the menu of a photo."""
    menu = gallery.menu(gallery.tiles[tile])
    next(a for a in menu.actions() if words in a.text().replace("&", "")).trigger()
    menu.close()


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)  # offscreen
def test_a_label_is_mended_in_place_kept_and_taken_back(
    window: MainWindow, run: Path, qtbot: QtBot
) -> None:
    view = window.training.session.view
    worst, bar = view.result.worst, view.mended
    (tile,) = worst.tiles
    assert not bar.isVisible()
    assert "Taj Mahal" in tile.accessibleName()
    choose(worst, "It is Taj Mahal")
    quiet(qtbot, window)
    assert "Now: Taj Mahal" in tile.accessibleName()
    assert bar.isVisible()
    assert bar.words.text().startswith("1 label mended")
    assert mended.read(run) == {tile.shown.path: Mend("Taj_Mahal")}
    # The same photo in the cell of the matrix, reached by keyboard, says so too.
    matrix = view.result.matrix
    matrix.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(matrix, key)
    (same,) = view.result.cell.tiles
    assert same.shown.path == tile.shown.path
    assert same.mend == Mend("Taj_Mahal")
    choose(view.result.cell, "It shows none of them")
    assert "Now: none of them" in tile.accessibleName()
    choose(worst, "Leave it out")
    assert "Now: left out" in same.accessibleName()
    choose(worst, "It is another landmark")
    dialog = view.findChild(ChooseClass)
    assert [dialog.list.item(i).text() for i in range(dialog.list.count())] == ["Taj Mahal"]
    qtbot.keyClicks(dialog.search, "no such")
    assert not dialog.ok.isEnabled()
    dialog.search.setText("mah")
    click(qtbot, dialog.ok)
    quiet(qtbot, window)
    assert mended.read(run) == {tile.shown.path: Mend("Taj_Mahal")}
    open_run(qtbot, window, run)  # read anew from the folder
    (tile,) = worst.tiles
    assert tile.mend == Mend("Taj_Mahal")
    choose(worst, "Undo: Eiffel Tower")
    quiet(qtbot, window)
    assert not bar.isVisible()
    assert tile.mend is None
    assert mended.read(run) == {}


def test_a_photo_opens_by_click_and_by_key(
    window: MainWindow, run: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    (tile,) = window.training.session.view.result.worst.tiles
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    tile.setFocus()
    qtbot.keyClick(tile, Qt.Key.Key_Return)
    assert opened == [tile.shown.path] * 2
    asked: list[object] = []
    tile.menu_asked.disconnect()
    tile.menu_asked.connect(asked.append)
    qtbot.keyClick(tile, Qt.Key.Key_M)
    click(qtbot, tile.more)
    assert len(asked) == 2


def test_training_again_has_the_mended_labels_and_the_same_method(
    window: MainWindow, run: Path, qtbot: QtBot, drawn: Path
) -> None:
    session = window.training.session
    view = session.view
    path = view.result.worst.tiles[0].shown.path
    choose(view.result.worst, "It is Taj Mahal")
    quiet(qtbot, window)
    click(qtbot, view.mended.again)
    qtbot.waitUntil(lambda: session._looking is None, timeout=REAL)
    assert view.step == DATA
    assert view.data.title.text() == "Small mended"
    assert view.data.negatives == (drawn / "negatives",)
    click(qtbot, view.data.next)
    assert view.step == HOW
    spec = view.how.spec("-")
    before = TrainingSpec.load(run / launch.SPEC)
    for key in ("recipe", "backbone", "depth", "head_epochs", "batch_size", "dropout"):
        assert getattr(spec, key) == getattr(before, key), key
    begun: list[Path] = []
    session._lead = lambda folder, _course: begun.append(folder)
    click(qtbot, view.how.start)
    qtbot.waitUntil(lambda: bool(begun), timeout=REAL)
    asked = TrainingSpec.load(begun[0] / "asked.json")
    assert Path(asked.data).parent == begun[0]
    found = read(Path(asked.data), begun[0])
    assert {str(s.path): s.label for s in found.training}[path] == "Taj_Mahal"


def test_a_mended_photo_of_the_library_is_corrected_there_too(
    window: MainWindow, run: Path, qtbot: QtBot, drawn: Path
) -> None:
    window.library.import_paths([drawn / "data"])
    quiet(qtbot, window)
    result = window.training.session.view.result
    path = result.worst.tiles[0].shown.path
    photo = browse.ids_of(window.workspace, [path])[path]
    review.accept(window.workspace, [photo], "Eiffel_Tower")
    choose(result.worst, "It is Taj Mahal")
    bar = window.training.session.view.mended
    qtbot.waitUntil(lambda: bar.library.isVisible(), timeout=REAL)
    assert "1 photo in the library" in bar.library.text()
    click(qtbot, bar.library)
    quiet(qtbot, window)
    assert browse.rows(window.workspace, [photo])[0].accepted == "Taj_Mahal"
    assert "Corrected" in window.jobbar.notice.text()
    assert not bar.library.isVisible()
    click(qtbot, window.jobbar.button)  # Undo
    quiet(qtbot, window)
    assert browse.rows(window.workspace, [photo])[0].accepted == "Eiffel_Tower"


def test_the_photos_of_a_cell_are_shown_in_the_library(
    window: MainWindow, run: Path, qtbot: QtBot, drawn: Path
) -> None:
    result = window.training.session.view.result
    result.matrix._choose((0, 1))
    result.matrix._emit()
    quiet(qtbot, window)
    assert not result.in_library.isVisibleTo(result)
    window.library.import_paths([drawn / "data"])
    quiet(qtbot, window)
    result.matrix._emit()
    quiet(qtbot, window)
    click(qtbot, result.in_library)
    assert window.stack.currentWidget() is window.library.view
    quiet(qtbot, window)
    shown = browse.rows(window.workspace, window.library.model.ids)
    assert [str(photo.path) for photo in shown] == [result.cell.tiles[0].shown.path]
    click(qtbot, window.jobbar.button)  # Show all
    quiet(qtbot, window)
    assert len(window.library.model.ids) == 48
    window.library.show_only([shown[0].id])
    quiet(qtbot, window)
    assert len(window.library.model.ids) == 1
    qtbot.keyClick(window.library.view, Qt.Key.Key_Escape)
    quiet(qtbot, window)
    assert len(window.library.model.ids) == 48


def test_the_model_in_use_is_compared_on_the_same_photos(
    window: MainWindow, run: Path, qtbot: QtBot
) -> None:
    compare = window.training.session.view.result.compare
    held: list[str] = []
    window.training.lane_wanted.connect(lambda: held.append("wanted"))
    window.training.lane_left.connect(lambda: held.append("left"))
    assert compare.model.currentText() == "Colours (in use)"
    assert not compare.table.isVisible()
    click(qtbot, compare.go)
    quiet(qtbot, window)
    assert held == ["wanted", "left"]
    assert "that both models know" in compare.words.text()
    assert "2 landmarks" in compare.words.text()
    assert compare.table.isVisibleTo(compare)
    assert compare.gained.tiles == []
    assert [tile.shown.guess for tile in compare.lost.tiles] == ["Taj_Mahal"]
    assert list(run.glob("compared-*.json"))
    choose(compare.lost, "Leave it out")
    assert "left out" in window.training.session.view.result.worst.tiles[0].accessibleName()
    open_run(qtbot, window, run)
    assert "that both models know" in compare.words.text()  # kept from before
    assert not compare.go.isVisibleTo(compare)


def test_from_the_library_through_training_to_new_suggestions(
    window: MainWindow, qtbot: QtBot, drawn: Path, album: Path
) -> None:
    """The whole way: import, train, watch, use the model, see what it says in the library."""
    window.library.import_paths([album])
    quiet(qtbot, window)
    before = window.workspace.model
    page = open_page(qtbot, window)
    look(qtbot, page, drawn / "data")
    page.session.choose_negatives((drawn / "negatives",))
    begin(qtbot, page, 1000)
    view = page.session.view
    qtbot.waitUntil(lambda: epochs_done(page) > 3 and view.watch.curves is not None, timeout=REAL)
    click(qtbot, view.watch.pause)
    qtbot.waitUntil(lambda: view.watch.go_on.isVisible(), timeout=REAL)
    click(qtbot, view.watch.go_on)
    finish(qtbot, page)
    assert view.result.figures["top1"].value.text() == "100.0%"
    view.result.verticalScrollBar().setValue(0)
    QTest.qWait(50)
    click(qtbot, view.result.use)
    qtbot.waitUntil(lambda: window.workspace.model.digest != before.digest, timeout=REAL)
    quiet(qtbot, window)
    window.show_page(window.library.view)
    ids = browse.listing(window.workspace, Filter()).ids
    photos = browse.rows(window.workspace, ids)
    assert len(photos) == 12
    assert {photo.suggested_by for photo in photos} == {window.workspace.model.id}
    assert not any(photo.stale for photo in photos)
    said = [photo.suggestion.landmark for photo in photos if photo.suggestion]
    assert "Eiffel_Tower" in said
    assert "Taj_Mahal" in said
