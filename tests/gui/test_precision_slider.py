"""The slider as a person uses it: from the Library, from the Models page, and after a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from precision_steps import faded, stating
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from samples import save_colour_model

from landmark_desktop.actions import precision, review
from landmark_desktop.errors import LibraryError
from landmark_desktop.gui import precision_door, theme
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.library.sure import SureButton
from landmark_desktop.gui.models.suggesting import Suggesting
from landmark_desktop.gui.precision import PrecisionPanel
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.search import Filter, State
from training.bundle import Card, Label, Preprocessing

Open = Callable[[], MainWindow]


@pytest.fixture(scope="module")
def colour_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the model of every window here: it states operating points."""
    path = tmp_path_factory.mktemp("models") / "stating.pt"
    save_colour_model(path, stating)
    return path


@pytest.fixture
def filled(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Return the window of a library with five suggestions at the model's own default."""
    window.library.import_paths([faded(tmp_path / "faded")])
    settle(qtbot, window)
    return window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    def quiet() -> bool:
        pages = window.library.settling or window.models.settling or window.precision.settling
        return not (window.runner.busy or pages)

    qtbot.waitUntil(quiet, timeout=60_000)


def sure(window: MainWindow) -> SureButton:
    return window.library.view.sure


def opened(window: MainWindow, qtbot: QtBot) -> PrecisionPanel:
    """Open the popup as a person does who knows the key."""
    window.show_page(window.library.view)
    qtbot.keyClick(window.library.view, Qt.Key.Key_S)
    assert sure(window).popup.isVisible()
    return sure(window).panel


def number(window: MainWindow, state: State) -> int:
    """Return the number beside a list at the side."""
    name = window.library.view.sidebar.index_of(f"state:{state}")
    return int(name.siblingAtColumn(1).data() or 0)


def chips(window: MainWindow) -> int:
    model = window.library.model
    shown = [model.photo_at(row) for row in range(len(model.ids))]
    return sum("suggested with" in model.describe(photo) for photo in shown if photo is not None)


def models_page(window: MainWindow, qtbot: QtBot) -> Suggesting:
    window.show_page(window.models.view)
    settle(qtbot, window)
    shown = window.models.view.detail.suggesting
    assert shown is not None
    return shown


def texts(widget: Suggesting) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def test_arrow_keys_change_what_is_suggested(filled: MainWindow, qtbot: QtBot) -> None:
    assert sure(filled).text() == "Sure: 92%"
    assert (number(filled, State.WAITING), chips(filled)) == (5, 5)
    panel = opened(filled, qtbot)
    assert panel.slider.hasFocus()
    assert (panel.slider.minimum(), panel.slider.value(), panel.slider.maximum()) == (90, 92, 98)
    for _ in range(4):
        qtbot.keyClick(panel.slider, Qt.Key.Key_Right)
    assert sure(filled).text() == "Sure: 96%"  # at once
    assert "About 96 of 100 suggestions are right." in panel.said.text()
    assert "80 of 100 photos of known landmarks get one" in panel.said.text()
    settle(qtbot, filled)
    assert (number(filled, State.WAITING), number(filled, State.NONE), chips(filled)) == (3, 4, 3)
    assert filled.jobbar._summary.endswith("3 to review")
    qtbot.keyClick(panel.slider, Qt.Key.Key_Home)
    settle(qtbot, filled)
    assert (number(filled, State.WAITING), chips(filled)) == (6, 6)
    assert "6 of 100 everyday photos do" in panel.said.text()
    qtbot.keyClick(sure(filled).popup, Qt.Key.Key_Escape)
    assert not sure(filled).popup.isVisible()


def test_the_way_back_to_the_default(filled: MainWindow, qtbot: QtBot) -> None:
    panel = opened(filled, qtbot)
    assert not panel.reset.isEnabled()
    qtbot.keyClick(panel.slider, Qt.Key.Key_End)
    settle(qtbot, filled)
    assert number(filled, State.WAITING) == 1
    assert filled.workspace.settings.precision == 0.98
    qtbot.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    settle(qtbot, filled)
    assert number(filled, State.WAITING) == 5
    assert filled.workspace.settings.precision == 0
    assert (panel.slider.value(), panel.slider.mark) == (92, 92)


def test_a_narrowed_grid_follows(filled: MainWindow, qtbot: QtBot) -> None:
    filled.library._narrow(Filter(state=State.WAITING))
    settle(qtbot, filled)
    assert len(filled.library.model.ids) == 5
    opened(filled, qtbot).slider.setValue(96)
    settle(qtbot, filled)
    assert len(filled.library.model.ids) == 3


def test_what_was_accepted_stays(filled: MainWindow, qtbot: QtBot) -> None:
    model = filled.library.model
    shown = [model.photo_at(row) for row in range(len(model.ids))]
    least = next(photo for photo in shown if photo and photo.path.stem == "1")
    filled.library.apply(review.accept(filled.workspace, [least.id]))
    opened(filled, qtbot).slider.setValue(98)
    settle(qtbot, filled)
    assert number(filled, State.ACCEPTED) == 1
    after = model.photo(least.id)
    assert after is not None
    assert after.accepted == "Eiffel_Tower"


def test_it_survives_a_restart(
    filled: MainWindow, open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(filled, qtbot).slider.setValue(96)
    settle(qtbot, filled)
    filled.close()
    again = open_window()
    settle(qtbot, again)
    assert sure(again).text() == "Sure: 96%"
    assert (number(again, State.WAITING), chips(again)) == (3, 3)
    again.library.import_paths([faded(tmp_path / "more")])  # comes in at what was asked for
    settle(qtbot, again)
    assert number(again, State.WAITING) == 6


def test_closing_right_after_a_move_keeps_it(
    filled: MainWindow, open_window: Open, qtbot: QtBot
) -> None:
    opened(filled, qtbot).slider.setValue(98)
    filled.close()
    again = open_window()
    settle(qtbot, again)
    assert sure(again).text() == "Sure: 98%"
    assert number(again, State.WAITING) == 1


def test_many_moves_are_few_questions(
    filled: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def counted(workspace: object, wanted: float) -> ChangeSet:
        asked.append(wanted)
        return precision.ask_for(workspace, wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(precision_door, "ask_for", counted)
    panel = opened(filled, qtbot)
    for value in (93, 94, 95, 96, 97, 98, 97, 96):
        panel.slider.setValue(value)
    settle(qtbot, filled)
    assert asked == [0.96]
    assert number(filled, State.WAITING) == 3


def test_the_models_page_has_the_same_slider(filled: MainWindow, qtbot: QtBot) -> None:
    shown = models_page(filled, qtbot)
    assert shown.slider is not None
    assert "It suggests a landmark from a confidence of 60.0% on." in texts(shown)
    shown.slider.slider.setFocus()
    qtbot.keyClick(shown.slider.slider, Qt.Key.Key_Right)
    assert sure(filled).text() == "Sure: 93%"
    assert "It suggests a landmark from a confidence of 65.0% on." in texts(shown)
    bold = [label.text() for label in shown._table.findChildren(QLabel, "plottitle")]
    assert bold == ["65.0%", "93.0%", "92.5%", "3.5%"]
    settle(qtbot, filled)
    assert number(filled, State.WAITING) == 4
    opened(filled, qtbot).slider.setValue(98)
    assert shown.slider.slider.value() == 98
    assert filled.models.view.detail.suggesting is shown  # not made anew under the pointer


def test_another_model_takes_the_question_over(
    filled: MainWindow, qtbot: QtBot, tmp_path: Path, colour_model: Path
) -> None:
    save_colour_model(tmp_path / "silent.pt")
    opened(filled, qtbot).slider.setValue(96)
    settle(qtbot, filled)
    filled.models.add([tmp_path / "silent.pt"], then_use=True)
    settle(qtbot, filled)
    assert sure(filled).text() == "Sure: –"
    assert not sure(filled).isEnabled()
    assert "not known" in sure(filled).toolTip()
    assert number(filled, State.WAITING) == 5
    shown = models_page(filled, qtbot)
    assert shown.slider is None
    assert any("not known" in text for text in texts(shown))
    filled.models.add([colour_model], then_use=True)
    settle(qtbot, filled)
    assert sure(filled).text() == "Sure: 96%"
    assert number(filled, State.WAITING) == 3


def test_what_the_model_cannot_do_is_said(filled: MainWindow, qtbot: QtBot) -> None:
    filled.workspace.change_settings(precision=0.8)
    filled.precision._show()
    panel = opened(filled, qtbot)
    assert panel.slider.value() == 90
    assert panel.remark.isVisible()
    assert panel.remark.text().startswith("You asked for 80%")
    panel.slider.setValue(95)
    assert not panel.remark.isVisible()
    assert "400 validation photos" in panel.basis.text()
    settle(qtbot, filled)


def test_scrolling_past_it_changes_nothing(qtbot: QtBot) -> None:
    card = stating(Card("c", (Label("a"), Label("none")), Preprocessing(32), 3, 1.0, 0.6, 1))
    box, panel = QWidget(), PrecisionPanel()
    column = QVBoxLayout(box)
    column.addWidget(panel)
    qtbot.addWidget(box)
    panel.show_card(card, 0.94)
    box.show()
    qtbot.waitUntil(box.isActiveWindow)
    panel.reset.setFocus()
    slider = panel.slider
    here = QPointF(slider.rect().center())

    def scroll() -> int:
        wheel = QWheelEvent(
            here, slider.mapToGlobal(here), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(slider, wheel)
        return slider.value()

    assert scroll() == 94
    slider.setFocus()
    assert scroll() > 94


def test_a_library_that_cannot_be_written_is_told(
    filled: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_change: object) -> None:
        raise LibraryError("The library cannot be used.", "The disk is full.", "Free some space.")

    monkeypatch.setattr(filled.workspace.library, "write", full)
    opened(filled, qtbot).slider.setValue(96)

    def boxes() -> list[QMessageBox]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]

    qtbot.waitUntil(lambda: any("The disk is full." in b.informativeText() for b in boxes()))
    for box in boxes():
        box.close()
    monkeypatch.undo()
    settle(qtbot, filled)
    sure(filled).panel.slider.setValue(97)
    settle(qtbot, filled)
    assert number(filled, State.WAITING) == 2


def test_it_is_painted_in_both_themes(filled: MainWindow, qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    panel = opened(filled, qtbot)
    light = panel.slider.grab().toImage()
    theme.apply(app, "dark")
    assert panel.slider.grab().toImage() != light
    theme.apply(app, "light")


def test_a_great_many_changes_are_not_looked_up_one_by_one(filled: MainWindow) -> None:
    model: PhotoModel = filled.library.model
    assert model.photo_at(0) is not None
    with_all: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, *_: with_all.append((first.row(), last.row())))
    model.refresh(range(100_000))
    assert with_all == [(0, len(model.ids) - 1)]


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.number = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.number += event.type() == QEvent.Type.Paint
        return False


def test_rows_that_change_are_painted_again(filled: MainWindow, qtbot: QtBot) -> None:
    """The grid has its own way with them: it lays nothing out anew."""
    page = filled.library
    painted = Paints(page.view.grid.viewport())
    for change in (
        lambda: page.model.touch(page.model.ids[0]), page.model.refresh_all,
        lambda: page.model.refresh(page.model.ids[:2]),
    ):  # fmt: skip
        before = painted.number
        change()
        qtbot.waitUntil(lambda n=before: painted.number > n)
