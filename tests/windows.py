"""Real windows on one library, which a test opens one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.window import MainWindow


class Open(Protocol):
    """Opens the window, with this model in use or the one that the library says."""

    def __call__(self, model: Path | None = None, *, safe: bool = False) -> MainWindow: ...


@contextmanager
def opening(qtbot: QtBot, folder: Path) -> Iterator[Open]:
    """Yield a function that opens the window of the library in ``folder``; again, it anew."""
    opened: list[MainWindow] = []

    def close(window: MainWindow) -> None:
        window.training.close()  # with a run going on, closing the window would ask, and wait
        window.close()

    def open_(model: Path | None = None, *, safe: bool = False) -> MainWindow:
        for before in opened:
            close(before)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, "light")
        window = MainWindow(Workspace.open(folder, model, safe=safe))
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield open_
    for window in opened:
        close(window)
        window.deleteLater()
