"""What the tests of the Organise page share: a library of real photos in the window, and keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from landmark_desktop.actions import review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.gui.organise.session import OrganiseSession
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.organise.preview import Branch, Preview
from landmark_desktop.tasks import Cancel, finish

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is going on."""

    def still() -> bool:
        parts = (window.library, window.organise, window.recovery, window.writing,
                 window.settings.live)  # fmt: skip
        return not (window.runner.busy or any(part.settling for part in parts))

    qtbot.waitUntil(still, timeout=120_000)


def press(window: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or window, key, held)


def type_(window: QWidget, text: str) -> None:
    """Type where the keyboard is, in place of what is there."""
    press(window, Qt.Key.Key_A, CTRL)
    QTest.keyClicks(QApplication.focusWidget() or window, text)


def fill(window: MainWindow, album: Path) -> dict[str, int]:
    """Import the album, accept its towers and mausoleums, and return the ids by name."""
    finish(import_photos(window.workspace, [album], Cancel()))
    ids = ids_by_name(window)
    review.accept(window.workspace, [ids[f"photo {n:02}.jpg"] for n in range(5)], "Eiffel_Tower")
    review.accept(window.workspace, [ids[f"photo {n:02}.jpg"] for n in range(5, 9)], "Taj_Mahal")
    window.library.apply(ChangeSet(frozenset(ids.values()), listing=True))
    return ids


def ids_by_name(window: MainWindow) -> dict[str, int]:
    """Return the ids of all photos, by the names of their files."""
    rows = window.workspace.library.read().execute("SELECT name, id FROM photo")
    return {row[0]: row[1] for row in rows}


def opened(qtbot: QtBot, window: MainWindow) -> OrganiseSession:
    """Open the page with its key and wait for what it shows."""
    settle(qtbot, window)
    window.activateWindow()
    window.setFocus()
    press(window, Qt.Key.Key_3, CTRL)
    qtbot.waitUntil(lambda: window.organise.session is not None)
    settle(qtbot, window)
    session = window.organise.session
    assert session is not None
    return session


def shown(session: OrganiseSession) -> Preview:
    """Return the plan on show."""
    assert session.shown is not None
    return session.shown


def after(session: OrganiseSession, *levels: str) -> Branch:
    """Return a folder of the tree of afterwards, by its place below the outermost one."""
    path = shown(session).plan.asked.into.joinpath(*levels)
    return next(branch for branch in shown(session).after.branches if branch.path == path)


def before(session: OrganiseSession, name: str) -> Branch:
    """Return a folder of the tree of before."""
    return next(branch for branch in shown(session).before.branches if branch.name == name)


def files(folder: Path) -> list[str]:
    """Return every file below a folder."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
