"""The list of keys: opened by one, scrolled, closed by another."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from landmark_desktop.gui.help import (
    IN_HISTORY,
    IN_ORGANISE,
    IN_REVIEW,
    IN_WRITING,
    SHORTCUTS,
    ShortcutsDialog,
)
from landmark_desktop.gui.window import MainWindow


def test_all_keys_are_listed(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not (window.runner.busy or window.library.settling))
    window.activateWindow()
    window.library.view.grid.setFocus()
    QTest.keyClick(window.library.view.grid, Qt.Key.Key_F1)
    (dialog,) = window.findChildren(ShortcutsDialog)
    assert not dialog.isModal()
    (area,) = dialog.findChildren(QScrollArea)
    said = area.widget().text()  # type: ignore[attr-defined]
    parts = (SHORTCUTS, IN_REVIEW, IN_WRITING, IN_ORGANISE, IN_HISTORY)
    for line in (line for part in parts for line in part.splitlines()):
        assert all(part in said for part in line.split("\t"))
    dialog.resize(560, 300)
    QApplication.processEvents()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() > 0
    with qtbot.waitSignal(dialog.destroyed):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
