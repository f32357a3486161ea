"""Settings are changed with the keyboard, hold at once, and are there after a restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from samples import draw

from landmark_desktop import settings
from landmark_desktop.gui import theme
from landmark_desktop.gui.settings.dialog import SettingsDialog
from landmark_desktop.gui.settings.entries import PAGES, Choice, Number
from landmark_desktop.gui.settings.rows import ListRow, NumberRow, OptionsRow, SwitchRow
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.settings import Settings

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def press(window: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, held)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: not (
            window.runner.busy or window.settings.live.settling or window.writing.settling
            or window.library.settling or window.review.settling
        ),
        timeout=30_000,
    )  # fmt: skip


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> SettingsDialog:
    """Return the open dialog."""
    settle(qtbot, window)
    window.activateWindow()
    window.library.view.grid.setFocus()
    press(window, Qt.Key.Key_Comma, CTRL)
    assert window.settings.dialog is not None
    return window.settings.dialog


def test_every_entry_is_a_setting_within_its_limits() -> None:
    known = {field.name: field.default for field in fields(Settings)}
    for page in PAGES:
        for entry in page.entries:
            default = known[entry.name]
            match entry:
                case Choice():
                    assert default in [option.value for option in entry.options]
                case Number():
                    assert isinstance(default, int)
                    assert entry.least <= default <= entry.most


def test_with_the_keyboard_and_over_a_restart(
    window: MainWindow, dialog: SettingsDialog, qtbot: QtBot,
    open_window: Callable[[], MainWindow],
) -> None:  # fmt: skip
    assert not dialog.isModal()
    target = dialog.rows["metadata_target"]
    assert isinstance(target, OptionsRow)
    press(dialog, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is target.buttons["sidecar"]
    press(dialog, Qt.Key.Key_Down)
    assert window.workspace.settings.metadata_target == "embedded", "at once"
    press(dialog, Qt.Key.Key_Tab)
    press(dialog, Qt.Key.Key_Down)
    assert window.workspace.settings.sidecar_naming == "IMG.xmp"
    press(dialog, Qt.Key.Key_Tab)
    press(dialog, Qt.Key.Key_Space)
    press(dialog, Qt.Key.Key_Tab)
    press(dialog, Qt.Key.Key_Space)
    dialog.titles.setFocus()
    press(dialog, Qt.Key.Key_Down)
    minutes = dialog.rows["neighbour_minutes"]
    assert isinstance(minutes, NumberRow)
    press(dialog, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is minutes.number
    press(dialog, Qt.Key.Key_Up)
    dialog.titles.setFocus()
    press(dialog, Qt.Key.Key_Down)
    limit = dialog.rows["history_limit"]
    assert isinstance(limit, NumberRow)
    assert limit.number.text() == "all, for ever"
    limit.number.setFocus()
    limit.number.selectAll()
    QTest.keyClicks(limit.number, "500")
    press(dialog, Qt.Key.Key_Tab)
    settle(qtbot, window)
    wanted = {"metadata_target": "embedded", "sidecar_naming": "IMG.xmp", "write_gps": True,
              "keep_mtime": True, "neighbour_minutes": 100, "history_limit": 500}  # fmt: skip
    saved = settings.load(window.workspace.places.settings)
    assert {name: getattr(saved, name) for name in wanted} == wanted, "without a close"
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    window.close()
    again = open_window()
    kept = again.workspace.settings
    assert {name: getattr(kept, name) for name in wanted} == wanted
    again.settings.open()
    assert again.settings.dialog is not None
    gps = again.settings.dialog.rows["write_gps"]
    assert isinstance(gps, SwitchRow)
    assert gps.box.isChecked()


def test_the_theme_changes_at_once_everywhere(
    window: MainWindow, dialog: SettingsDialog, qtbot: QtBot
) -> None:
    row = dialog.rows["theme"]
    assert isinstance(row, ListRow)
    dialog.titles.setCurrentRow(2)
    row.list.setFocus()
    row.list.setCurrentIndex(row.list.findData("light"))
    press(dialog, Qt.Key.Key_Down)
    assert theme.colours() is theme.DARK
    window.settings.live.set("theme", "light")  # as the menu does
    assert row.list.currentData() == "light"
    settle(qtbot, window)


def test_thumbnails_give_way_at_once(
    window: MainWindow, dialog: SettingsDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    cache, folder = window.workspace.thumbnails, window.workspace.places.thumbnails
    for number in range(3):
        cache.get(draw(tmp_path / f"{number}.jpg", mark=number, size=(640, 480)), f"ab{number}")
    assert len(list(folder.rglob("*.jpg"))) == 3
    for padding in range(2):  # what 150 MB look like
        path = folder / "ab" / f"large{padding}.jpg"
        with path.open("wb") as file:
            file.truncate(75_000_000)
    window.settings.live.set("thumbnail_cache_mb", 100)
    settle(qtbot, window)
    assert sum(path.stat().st_size for path in folder.rglob("*.jpg")) <= 100_000_000


def test_models_move(window: MainWindow, dialog: SettingsDialog, qtbot: QtBot) -> None:
    before = window.workspace.recogniser.engine()
    window.settings.live.set("device", "cpu")
    settle(qtbot, window)
    after = window.workspace.recogniser.engine()
    assert window.workspace.recogniser.device == "cpu"
    assert after is not before


def test_evidence_is_weighed_anew(
    window: MainWindow, dialog: SettingsDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[bool] = []
    monkeypatch.setattr(window.review.witness, "forget", lambda: forgotten.append(True))
    window.settings.live.set("neighbour_minutes", 30)
    assert forgotten == [True]
    settle(qtbot, window)


def test_every_control_says_what_it_is(dialog: SettingsDialog) -> None:
    assert dialog.titles.accessibleName()
    for row in dialog.rows.values():
        controls = [
            child for child in row.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(row)
        ]  # fmt: skip
        assert controls
        for control in controls:
            assert control.accessibleName() or getattr(control, "text", str)()
