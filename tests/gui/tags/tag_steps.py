"""What a person does to tags, with the keyboard, and what is then on screen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from landmark_desktop.gui.library.tag_strip import TagChip
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.records import Photo
from landmark_desktop.library.tag_paths import write

NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing runs and everything on screen is up to date."""
    page = window.library
    qtbot.waitUntil(lambda: not window.runner.busy and not page.settling, timeout=30_000)


def press(window: MainWindow, key: Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(window), key, held)


def type_(window: MainWindow, text: str) -> None:
    QTest.keyClicks(focused(window), text)


def focused(window: MainWindow) -> QWidget:
    return QApplication.focusWidget() or window


def choose(window: MainWindow, *photo_ids: int) -> None:
    """Choose these photos and have the focus in the grid."""
    window.library.view.grid.restore(photo_ids, None)
    window.library.view.grid.setFocus()


def photo(window: MainWindow, photo_id: int) -> Photo:
    found = window.library.model.photo(photo_id)
    assert found is not None
    return found


def tags(window: MainWindow, photo_id: int) -> dict[str, str]:
    """Return each tag of a photo with the one whose word counts most."""
    return {write(tag.path): tag.source for tag in photo(window, photo_id).tags}


def chips(window: MainWindow) -> list[str]:
    """Return what the chips in the inspector say."""
    looks = [chip.look for chip in window.library.view.inspector.tags.chips]
    return [look.text + look.behind for look in looks]


def chip(window: MainWindow, name: str) -> TagChip:
    shown = window.library.view.inspector.tags.chips
    return next(chip for chip in shown if chip.look.text == name)


def tree(window: MainWindow) -> list[str]:
    """Return the lines of the tree of tags that are open, each with its number, indented."""
    view = window.library.view.sidebar
    lines: list[str] = []

    def walk(parent: QModelIndex, depth: int) -> None:
        for row in range(view.model().rowCount(parent)):
            index = view.model().index(row, 0, parent)
            lines.append(f"{'  ' * depth}{index.data()} {index.siblingAtColumn(1).data()}")
            if view.isExpanded(index):
                walk(index, depth + 1)

    walk(view.index_of("tags"), 0)
    return lines


def go_to_tag(window: MainWindow, *path: str) -> None:
    """Walk to a tag with the arrows, opening what is above it."""
    view = window.library.view.sidebar
    view.setFocus()
    press(window, Key.Key_Home)
    for depth, level in enumerate(path):
        for _ in range(60):
            index = view.currentIndex()
            if index.data() == level and _depth(index) == depth + 1:
                break
            press(window, Key.Key_Down)
        else:
            raise AssertionError(f"no tag {level}")
        if depth < len(path) - 1 and not view.isExpanded(view.currentIndex()):
            press(window, Key.Key_Right)


def _depth(index: QModelIndex) -> int:
    return 1 + _depth(index.parent()) if index.parent().isValid() else 0
