"""Teaching a landmark as a person does it: photos, Ctrl+T, a name, a look at the result, use it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from samples import save_colour_model

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.teach.dialog import TeachDialog
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library import places
from training import events, launch
from training.remember import remember

# Popups and windows that come to the front, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

REAL = 120_000  # milliseconds that a real lesson may take where the machine is busy

# What the child does in the trainer's stead: tell of a lesson, and write what one leaves.
_CHILD = """
import csv, json, os, shutil, sys
from pathlib import Path
from training import events
run, model, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def say(event): print(events.to_line(event), flush=True)
say(events.Preparing("Looking at the photos", 2, 6))
if how == "dies": os._exit(3)
if how == "fails": say(events.Failed("The photos are all alike.")); sys.exit(1)
if how == "full": say(events.Failed("The disk is full.")); sys.exit(1)
if how == "waits":
    for line in sys.stdin:
        if line.strip() == "cancel": say(events.Stopped("")); sys.exit(0)
    sys.exit(0)
say(events.Started(1, 6, 6, 2, "CPU"))
say(events.EpochDone(0, 0.5, 0.4)); say(events.EpochDone(1, 0.2, 0.2))
rows = list(csv.DictReader((run / "photos.csv").read_text(encoding="utf-8").splitlines()))
photos = [dict(path=row["path"], truth=row["label"], guess=row["label"] if n else "Taj_Mahal",
               confidence=0.9, suggested=True) for n, row in enumerate(rows)]
known = dict(photos=40, lost=0.05 if how == "loses" else 0.0, lost_ci95=[0.0, 0.09])
if how != "silent":
    (run / "judgement.json").write_text(json.dumps(dict(photos=photos, known=known)))
shutil.copy(model, run / "model.pt")
say(events.Finished(str(run / "model.pt")))
"""


@pytest.fixture(scope="session")
def remembering(
    tmp_path_factory: pytest.TempPathFactory, colour_model: Path, drawn: Path, training_cache: Path
) -> Path:
    """Return the colour model with a memory of what it knows."""
    path = tmp_path_factory.mktemp("remembering") / "colours.pt"
    for _ in remember(colour_model, drawn / "data", [drawn / "negatives"], path, training_cache):
        pass
    return path


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Return a function that says how the trainer's stand-in behaves."""
    model = tmp_path / "taught.pt"
    save_colour_model(model, lambda card: replace(card, name="Colours + Mill"))

    def behave(how: str) -> None:
        monkeypatch.setattr(
            launch, "fit_command",
            lambda _spec, run, **_: [sys.executable, "-c", _CHILD, str(run), str(model), how],
        )  # fmt: skip

    return behave


@pytest.fixture
def mill(tmp_path: Path) -> Path:
    """Return a folder of eight photos of a violet mill that no model knows."""
    folder = tmp_path / "mill"
    folder.mkdir()
    for number in range(8):
        picture = Image.new("RGB", (320, 240), (150 + 3 * number, 40, 160))
        exif = Image.Exif()
        exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 40.0, 36.0), 3: "E", 4: (4.0, 37.0, 40.0)})
        picture.save(folder / f"mill {number}.jpg", **({"exif": exif} if number < 5 else {}))
    return folder


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., MainWindow]]:
    """Return a function that opens a window on a model, and imports photos."""
    opened: list[MainWindow] = []

    def open_(model: Path, *photos: Path) -> MainWindow:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, "light")
        window = MainWindow(Workspace.open(tmp_path / "library", model))
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        if photos:
            window.library.import_paths(list(photos))
        settle(qtbot, window)
        return window

    yield open_
    for window in opened:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_window: Callable[..., MainWindow], remembering: Path, mill: Path) -> MainWindow:
    """Return a window with the mill's photos and a model that remembers."""
    return open_window(remembering, mill)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    page = window.library
    qtbot.waitUntil(lambda: not window.runner.busy and not page.settling, timeout=60_000)


def teach(qtbot: QtBot, window: MainWindow) -> TeachDialog:
    """Choose all photos and press Ctrl+T."""
    window.library.view.grid.setFocus()
    window.library.view.grid.selectAll()
    assert window.teach.action.isEnabled()
    window.teach.action.trigger()
    qtbot.waitUntil(lambda: window.teach.dialog is not None)
    settle(qtbot, window)
    dialog = window.teach.dialog
    assert dialog is not None
    return dialog


def click(qtbot: QtBot, button: QWidget) -> None:
    assert button.isVisibleTo(button.window())
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def find_place(qtbot: QtBot, dialog: TeachDialog, text: str) -> None:
    place = dialog.view.form.place
    place.search.setFocus()
    place.search.clear()
    qtbot.keyClicks(place.search, text)
    qtbot.waitUntil(lambda: not place.settling, timeout=5000)
    qtbot.waitUntil(lambda: place.chosen is not None, timeout=5000)


def fill(qtbot: QtBot, dialog: TeachDialog, name: str = "Old Mill") -> None:
    qtbot.keyClicks(dialog.view.form.name, name)
    dialog.view.form.kind.setEditText("Windmill")
    find_place(qtbot, dialog, "arles")


def learn(qtbot: QtBot, dialog: TeachDialog) -> None:
    click(qtbot, dialog.view.learn)
    assert dialog.view.stack.currentWidget() is dialog.view.running
    qtbot.waitUntil(lambda: not dialog.run.active, timeout=REAL)


def runs(window: MainWindow) -> list[Path]:
    folder = window.workspace.places.runs
    return list(folder.iterdir()) if folder.exists() else []


def gone(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.teach.dialog is None, timeout=20_000)
    settle(qtbot, window)


# -- the way there -------------------------------------------------------------------------------


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


# -- the form ------------------------------------------------------------------------------------


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


# -- learning ------------------------------------------------------------------------------------


def test_the_result_is_shown_before_anything_changes(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("well")
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
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
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
    learn(qtbot, dialog)
    assert dialog.view.result.loss.text().startswith("Too much is lost: 2 of 40")
    assert dialog.view.result.loss.objectName() == "bad"


def test_using_it_tags_the_photos_and_changes_the_model(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("well")
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
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
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
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
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
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
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
    learn(qtbot, dialog)
    settle(qtbot, window)
    assert "how well cannot be read" in dialog.view.form.message.text()
    assert runs(window) == []


def test_a_folder_that_cannot_be_written_says_so(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("well")
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
    window.workspace.places.runs.write_text("a file where the folder should be")
    learn(qtbot, dialog)
    assert "The learning cannot begin." in dialog.view.form.message.text()
    assert "cannot be written" in dialog.view.form.message.text()


def begin(qtbot: QtBot, dialog: TeachDialog) -> None:
    """Begin a lesson that waits to be stopped."""
    told: list[Any] = []
    dialog.run.trainer.happened.connect(told.append)
    click(qtbot, dialog.view.learn)
    qtbot.waitUntil(lambda: any(isinstance(e, events.Preparing) for e in told), timeout=20_000)
    assert dialog.view.running.what.text() == "Looking at the photos: 2 of 6"


def test_stopping_goes_back_to_the_form(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("waits")
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
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
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
    begin(qtbot, dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    gone(qtbot, window)
    assert runs(window) == []
    assert window.library._holds == 0


def test_closing_the_window_in_mid_run_leaves_no_process_and_no_trace(
    qtbot: QtBot, window: MainWindow, child: Callable[[str], None]
) -> None:
    child("waits")
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
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
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
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
