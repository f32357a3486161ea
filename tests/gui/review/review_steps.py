"""What a person does on the Review page, with the keyboard, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from samples import COLOURS, draw
from shelved import fill

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.window import MainWindow

NONE, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
SHIFT = Qt.KeyboardModifier.ShiftModifier


def settle(qtbot: QtBot, window: MainWindow) -> None:
    def still() -> bool:
        busy = window.runner.busy or window.review.settling or window.library.settling
        return not busy

    qtbot.waitUntil(still, timeout=30_000)


def press(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    target: QWidget = QApplication.focusWidget() or window
    QTest.keyClick(target, key, held)


def type_(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def said(workspace: Workspace) -> dict[int, tuple[str, str]]:
    """Return what was decided: each photo's landmark and the verdict."""
    rows = workspace.library.read().execute("SELECT photo_id, landmark, verdict FROM decision")
    return {row[0]: (row[1], row[2]) for row in rows}


def show(
    qtbot: QtBot, window: MainWindow, folder: Path, suggested: Sequence[str | None]
) -> list[int]:
    """Add drawn photos with these suggestions, ever less sure, and go to the Review page."""
    for number, shows in enumerate(suggested):
        draw(folder / f"{number:05}.jpg", shows if shows in COLOURS else "none", mark=number)
    found = fill(window.workspace, suggested, folder=str(folder))
    settle(qtbot, window)
    window.library.view.grid.setFocus()
    press(window, Qt.Key.Key_2, CTRL)
    settle(qtbot, window)
    window.review.read()
    settle(qtbot, window)
    return found
