"""What the tests of writing share: a library of real photos in the window, and keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from samples import draw

from landmark_desktop.actions import tags
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.gui.writing.dialog import WriteDialog
from landmark_desktop.tasks import Cancel, finish

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is going on; say what is where that takes minutes.

    On a busy machine it does: the lanes that give way to others get a hundredth of a core.
    """

    def still() -> None:
        parts = {
            "library": window.library, "writing": window.writing, "settings": window.settings.live,
        }  # fmt: skip
        going_on = [name for name, part in parts.items() if part.settling]
        going_on += [f"lane {job.lane}" for job in window.runner._jobs]
        assert not going_on

    qtbot.waitUntil(still, timeout=240_000)


def press(window: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or window, key, held)


def fill(qtbot: QtBot, window: MainWindow, folder: Path, count: int) -> list[int]:
    """Import drawn photos, put a tag on each, and return their ids by path."""
    for number in range(count):
        draw(folder / f"{number:04}.jpg", mark=number, size=(64, 48))
    finish(import_photos(window.workspace, [folder], Cancel()))
    rows = window.workspace.library.read().execute("SELECT id FROM photo ORDER BY path")
    ids = [row[0] for row in rows]
    tag(window, ids, "Mine")
    window.library.requery()
    settle(qtbot, window)
    return ids


def tag(window: MainWindow, ids: Sequence[int], name: str) -> None:
    """Put a tag on photos, as an action of the window would."""
    window.library.apply(tags.add(window.workspace, list(ids), (name,)))


def opened(qtbot: QtBot, window: MainWindow) -> WriteDialog:
    """Open the dialog with its key and wait for what it shows."""
    window.activateWindow()
    window.library.view.grid.setFocus()
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: window.writing.dialog is not None and window.writing.dialog.isVisible())
    settle(qtbot, window)
    dialog = window.writing.dialog
    assert dialog is not None
    return dialog


def words(widget: QWidget, name: str) -> list[str]:
    """Return what labels of this name say."""
    return [label.text() for label in widget.findChildren(QLabel, name)]
