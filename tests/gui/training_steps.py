"""What a person does on the Training page, step by step, for the tests that need a real run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from landmark_desktop.actions.photo_set import OnDisk
from landmark_desktop.gui.training.page import TrainingPage
from landmark_desktop.gui.training.view import HOW, RESULT, WATCH
from landmark_desktop.gui.window import MainWindow

REAL = 300_000  # milliseconds that a run on drawn photos may take where the machine is busy


def click(qtbot: QtBot, button: QWidget) -> None:
    """Press a button that can be seen and pressed, now or very soon: the page follows a run."""
    qtbot.waitUntil(lambda: button.isVisibleTo(button.window()) and button.isEnabled())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def open_page(qtbot: QtBot, window: MainWindow) -> TrainingPage:
    """Show the Training page and wait until it is furnished."""
    window.show_page(window.training.view)
    qtbot.waitUntil(lambda: window.training._session is not None, timeout=REAL)
    return window.training


def look(qtbot: QtBot, page: TrainingPage, folder: Path) -> None:
    """Choose photos and wait until they are looked through."""
    page.choose(OnDisk(folder))
    qtbot.waitUntil(lambda: page.session._looking is None, timeout=REAL)


def begin(qtbot: QtBot, page: TrainingPage, epochs: int) -> None:
    """Train the last layer for so many epochs, without an early end."""
    view = page.session.view
    click(qtbot, view.data.next)
    assert view.step == HOW
    click(qtbot, view.how.cards["quick"])
    view.how.more.click()
    view.how.advanced.widgets["head_epochs"].setValue(epochs)
    view.how.advanced.widgets["patience"].setValue(0)
    click(qtbot, view.how.start)
    qtbot.waitUntil(lambda: page.busy, timeout=REAL)
    assert view.step == WATCH


def epochs_done(page: TrainingPage) -> int:
    """Return how many epochs the page has seen the end of."""
    return len(page.session.leading.course.validation)


def finish(qtbot: QtBot, page: TrainingPage) -> None:
    """Stop the run, keep the best, and wait for its result."""
    view = page.session.view
    ready = view.watch.finish
    qtbot.waitUntil(lambda: ready.isVisible() and ready.isEnabled(), timeout=REAL)
    click(qtbot, ready)
    qtbot.waitUntil(lambda: view.step == RESULT, timeout=REAL)


def stop(qtbot: QtBot, page: TrainingPage) -> None:
    """Cancel the run and wait until it is over."""
    click(qtbot, page.session.view.watch.cancel)
    qtbot.waitUntil(lambda: not page.busy, timeout=REAL)
