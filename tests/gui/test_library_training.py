"""Training on the library, mending what is found, and varied photos, as a person uses them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from samples import draw, save_colour_model
from training_steps import click
from windows import Open

from landmark_desktop.actions import review
from landmark_desktop.actions.photo_set import OnDisk
from landmark_desktop.gui.training.variations import VariationMaker
from landmark_desktop.gui.training.view import DATA, HOW, RESULT
from landmark_desktop.gui.window import MainWindow
from training import layout
from training.bundle import read_card
from training.spec import TrainingSpec

LONG = 120_000  # milliseconds that real work may take where the machine is busy


@pytest.fixture
def filled(qtbot: QtBot, window: MainWindow, album: Path) -> MainWindow:
    """Return the window with twelve photos in its library and suggestions for nine."""
    window.library.import_paths([album])
    settle(qtbot, window)
    return window


@pytest.fixture
def remembering(open_on: Open, shipped_model: Path) -> MainWindow:
    """Return a window whose model remembers what it learned from."""
    return open_on(shipped_model)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.runner.busy and not window.library.settling, timeout=LONG)


def ids(window: MainWindow) -> list[int]:
    rows = window.workspace.library.read().execute("SELECT id FROM photo ORDER BY name")
    return [row[0] for row in rows.fetchall()]


def open_training(qtbot: QtBot, window: MainWindow) -> Any:
    """Show the Training page and return its session."""
    window.show_page(window.training.view)
    qtbot.waitUntil(lambda: window.training._session is not None, timeout=LONG)
    settle(qtbot, window)
    return window.training.session


def decide(window: MainWindow, action: Callable[..., Any], *what: Any) -> None:
    """Decide on photos as the Library page does."""
    window.library.apply(action(window.workspace, *what))


def looked(qtbot: QtBot, session: Any) -> None:
    qtbot.waitUntil(lambda: session._looking is not None)
    qtbot.waitUntil(lambda: session._looking is None, timeout=LONG)


def choose(qtbot: QtBot, session: Any, folder: Path) -> None:
    session.choose(OnDisk(folder))
    looked(qtbot, session)


def counts(session: Any) -> dict[str, dict[str, int]]:
    return dict(session.view.data.table.classes._counts)


def group(session: Any, kind: str) -> Any:
    return next(g for g in session.view.data.findings.groups if g.kind == kind)


def asked(qtbot: QtBot, session: Any) -> tuple[Path, TrainingSpec]:
    """Press Start, keep the trainer from starting, and return what it was to do."""
    begun: list[Path] = []
    session._lead = lambda folder, _course: begun.append(folder)
    click(qtbot, session.view.how.start)
    qtbot.waitUntil(lambda: bool(begun))
    return begun[0], TrainingSpec.load(begun[0] / "asked.json")


def test_the_library_is_offered_and_counted_as_decisions_come(
    qtbot: QtBot, filled: MainWindow
) -> None:
    photos = ids(filled)
    session = open_training(qtbot, filled)
    offer = session.view.data.library
    assert not offer.buttons[False].isEnabled()
    assert "no landmark is accepted yet" in offer.about.text()
    assert offer.retrain.isHidden()
    decide(filled, review.accept, photos[:5])
    qtbot.waitUntil(lambda: "5 photos of 1 landmark" in offer.about.text(), timeout=LONG)
    assert offer.buttons[True].isEnabled()
    assert "4 accepted photos each of two landmarks" in offer.buttons[False].toolTip()
    decide(filled, review.accept, photos[5:9])
    decide(filled, review.accept, [photos[9]], "Colosseum")
    decide(filled, review.reject, [photos[0]])
    qtbot.waitUntil(lambda: offer.buttons[False].isEnabled(), timeout=LONG)
    qtbot.waitUntil(lambda: "1 of none" in offer.about.text(), timeout=LONG)
    assert "8 accepted, 1 corrected, 1 rejected" in offer.retrain.said.text()
    assert offer.retrain.button.text() == "Retrain with 10 corrections"
    # Taken back from another page, as with Ctrl+Z.
    filled.library.undo()
    qtbot.waitUntil(lambda: "9 accepted, 1 corrected." in offer.retrain.said.text(), timeout=LONG)


def test_the_library_becomes_a_photo_set_with_what_was_rejected(
    qtbot: QtBot, filled: MainWindow
) -> None:
    photos = ids(filled)
    decide(filled, review.accept, photos[:4])
    decide(filled, review.accept, photos[5:9])
    decide(filled, review.reject, [photos[4]])
    session = open_training(qtbot, filled)
    data = session.view.data
    click(qtbot, data.library.buttons[False])
    looked(qtbot, session)
    assert data.title.text() == "My library"
    assert counts(session) == {"Eiffel_Tower": {"training": 4}, "Taj_Mahal": {"training": 4}}
    assert "1 photo whose suggestion you rejected" in data.refused.text()
    assert "1 of these" in data.without.text()
    assert data.training_photos == 9
    data.refused.click()
    assert data.training_photos == 8
    assert "none. With some" in data.without.text()
    click(qtbot, data.next)
    assert session.view.how.recipe == "transfer"
    folder, spec = asked(qtbot, session)
    assert spec.data == str(folder / "photos.csv")
    read = layout.read(Path(spec.data), folder)
    assert [sample.label for sample in read.training] == ["Eiffel_Tower"] * 4 + ["Taj_Mahal"] * 4


def test_the_model_in_use_is_retrained_from_the_models_page(
    qtbot: QtBot, filled: MainWindow
) -> None:
    decide(filled, review.accept, ids(filled)[:9])
    filled.show_page(filled.models.view)
    settle(qtbot, filled)
    line = filled.models.view.detail.retrain
    qtbot.waitUntil(lambda: line.isVisible() and line.button.isEnabled(), timeout=LONG)
    assert "9 accepted" in line.said.text()
    # A decision that comes while the page is on screen.
    decide(filled, review.reject, [ids(filled)[0]])
    qtbot.waitUntil(lambda: "8 accepted, 1 rejected" in line.said.text(), timeout=LONG)
    click(qtbot, line.button)
    assert filled.stack.currentWidget() is filled.training.view
    qtbot.waitUntil(lambda: filled.training._session is not None, timeout=LONG)
    session = filled.training.session
    qtbot.waitUntil(lambda: session.view.data.looked is not None, timeout=LONG)
    assert session.view.step == DATA
    assert session.view.data.title.text() == "My library"
    # This model remembers nothing: one is made anew.
    assert session.view.how.recipe == "transfer"


def test_a_model_that_remembers_nothing_is_shown_with_the_reason(
    qtbot: QtBot, filled: MainWindow, drawn: Path, tmp_path: Path
) -> None:
    save_colour_model(tmp_path / "other.pt", lambda card: replace(card, name="Other"))
    filled.models.add([tmp_path / "other.pt"])
    settle(qtbot, filled)
    session = open_training(qtbot, filled)
    choose(qtbot, session, drawn / "data")
    click(qtbot, session.view.data.next)
    how = session.view.how
    click(qtbot, how.cards["extend"])
    assert how.sections["MODEL"].isVisible()
    assert not how.sections["NETWORK"].isVisible()
    rows = [how.bases.topLevelItem(n) for n in range(how.bases.topLevelItemCount())]
    shown = {row.text(0): row for row in rows}
    assert "remembers nothing" in shown["Colours (in use)"].text(2)
    assert not shown["Other"].flags() & Qt.ItemFlag.ItemIsSelectable
    if how.bases.base is None:  # unless the one that ships remembers
        assert "remembers" in how.problem.text()
        assert not how.start.isEnabled()


def test_landmarks_of_the_library_are_added_to_a_model(
    qtbot: QtBot, remembering: MainWindow, tmp_path: Path
) -> None:
    window = remembering
    for number in range(6):
        draw(tmp_path / "photos" / f"{number}.jpg", "Taj_Mahal", mark=number)
    window.library.import_paths([tmp_path / "photos"])
    settle(qtbot, window)
    decide(window, review.accept, ids(window), "Green_Wall")
    session = open_training(qtbot, window)
    offer = session.view.data.library
    qtbot.waitUntil(lambda: offer.buttons[True].isEnabled(), timeout=LONG)
    assert not offer.buttons[False].isEnabled()
    click(qtbot, offer.retrain.button)
    looked(qtbot, session)
    how = session.view.how
    click(qtbot, session.view.data.next)
    assert session.view.step == HOW
    assert how.recipe == "extend"
    assert "1 landmark on 6 photos, learned beside the 66" in how.about.text()
    assert how.name.text() == "66 landmarks + My library"
    how.more.click()
    assert [key for key, widget in how.advanced.widgets.items() if widget.isVisible()] == [
        "seed", "threads",
    ]  # fmt: skip
    how.name.selectAll()
    qtbot.keyClicks(how.name, "Mine")
    click(qtbot, how.start)
    qtbot.waitUntil(lambda: session.view.step == RESULT, timeout=LONG)
    card = read_card(session.leading.folder / "model.pt")
    assert card.name == "Mine"
    assert card.labels[-1].name == "Green_Wall"
    assert len(card.labels) > 66


def test_classes_are_merged_under_the_name_that_the_person_chooses(
    qtbot: QtBot, window: MainWindow, drawn: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    for source, name in (("Taj_Mahal", "Taj_Mahal"), ("Eiffel_Tower", "eiffel tower")):
        shutil.copytree(drawn / "data" / source, folder / name)
    shutil.copytree(drawn / "data" / "Eiffel_Tower", folder / "Eiffel_Tower")
    session = open_training(qtbot, window)
    choose(qtbot, session, folder)
    assert len(counts(session)) == 3
    merge = group(session, "same_name").choices[0]
    assert merge.text() == "Merge Eiffel Tower and eiffel tower"
    names = {action.text(): action for action in merge.names.actions()}
    names["Keep the name Eiffel Tower"].trigger()
    assert counts(session) == {"Eiffel_Tower": {"training": 48}, "Taj_Mahal": {"training": 24}}
    assert "1 class merged" in session.view.data.summary.text()
    # The other finding knows that copies are then in one class.
    across = group(session, "duplicate_across").choices
    assert across[1].text() == "Merge Eiffel Tower and eiffel tower"
    next(a for a in across[1].names.actions() if "eiffel" in a.text()).trigger()
    assert not across[0].isVisible()
    assert counts(session) == {"eiffel tower": {"training": 24}, "Taj_Mahal": {"training": 24}}
    click(qtbot, session.view.data.next)
    _, spec = asked(qtbot, session)
    assert layout.read(Path(spec.data), tmp_path).classes == ("Taj_Mahal", "eiffel tower")
    assert (folder / "Eiffel_Tower" / "0.jpg").exists()
    session._go(DATA)
    click(qtbot, across[1])
    assert across[0].isVisible()
    click(qtbot, merge)
    assert len(counts(session)) == 3


def test_a_leak_is_taken_out_of_training_or_out_of_test(
    qtbot: QtBot, window: MainWindow, drawn: Path, tmp_path: Path
) -> None:
    for part in ("train", "test"):
        shutil.copytree(drawn / "data", tmp_path / "mine" / part)
    for rest in sorted((tmp_path / "mine" / "test").rglob("*.jpg"))[2:]:
        rest.unlink()
    shutil.rmtree(tmp_path / "mine" / "test" / "Taj_Mahal")
    session = open_training(qtbot, window)
    choose(qtbot, session, tmp_path / "mine")
    before = counts(session)["Eiffel_Tower"]
    assert before == {"training": 24, "test": 2}
    out_of_training, out_of_test = group(session, "leak").choices
    click(qtbot, out_of_training)
    assert counts(session)["Eiffel_Tower"] == {"training": 22, "test": 2}
    assert not out_of_test.isVisible()
    assert out_of_training.text() == "Put back into training"
    click(qtbot, out_of_training)
    click(qtbot, out_of_test)
    assert counts(session)["Eiffel_Tower"] == {"training": 24}
    click(qtbot, out_of_test)
    assert counts(session)["Eiffel_Tower"] == before


def test_one_photo_is_shown_in_its_variations(
    qtbot: QtBot, window: MainWindow, drawn: Path
) -> None:
    session = open_training(qtbot, window)
    choose(qtbot, session, drawn / "data")
    click(qtbot, session.view.data.next)
    how = session.view.how
    how.more.click()
    shown = how.variations
    made: list[Any] = []

    maker = session.findChild(VariationMaker)

    def wait() -> list[Any]:
        qtbot.waitUntil(lambda: not maker._making, timeout=LONG)
        made.append([tile.pixmap().toImage() for tile in shown.tiles])
        return made[-1]

    for policy in ("strong", "light", "none"):
        widget = how.advanced.widgets["augmentation"]
        widget.setCurrentIndex(widget.findData(policy))
        tiles = wait()
        assert len(tiles) == 8
        assert (tiles[0] == tiles[1]) == (policy == "none")
    widget.setCurrentIndex(widget.findData("light"))
    before = wait()
    assert before == made[1]  # the same draw gives the same pictures
    click(qtbot, shown.again)
    others = wait()
    assert others[0] == before[0]
    assert others[1:] != before[1:]
    click(qtbot, shown.buttons[1])
    assert wait()[0] != before[0]
