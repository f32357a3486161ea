"""Start the window: one for each library, its theme, what fails; torch comes only after it."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from landmark_desktop import crashes
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.crashes import Session
from landmark_desktop.errors import UserError
from landmark_desktop.gui import failures, theme
from landmark_desktop.gui.application import Application, Ending
from landmark_desktop.gui.instance import Instance
from landmark_desktop.gui.opening import wait_for
from landmark_desktop.library import database
from landmark_desktop.paths import Places

if TYPE_CHECKING:
    from landmark_desktop.gui.window import MainWindow

log = logging.getLogger(__name__)

_AFTER_THE_WINDOW_MS = 150


def run(library: Path | None, paths: Sequence[Path], *, safe: bool = False) -> int:
    """Open the window on a library, open ``paths`` in it, and return the process's exit status.

    Where the library has a window already, that one opens the paths and comes forward. ``safe``:
    start in safe mode, whatever happened before.
    """
    app = Application(sys.argv[:1])
    failures.install()
    places = Places.of(library)
    try:
        instance = Instance.claim(places.library.parent, paths)
    except UserError as error:
        return _refuse(app, error)
    if instance is None:
        return 0
    with contextlib.ExitStack() as at_end:
        at_end.callback(instance.close)
        session = Session.begin(places.crashes)
        at_end.callback(session.end)
        _log_to(places.log, at_end)
        safe = safe or session.past.crashes >= crashes.SAFE_AFTER
        log.info("started: %s%s", crashes.about(), ", in safe mode" if safe else "")
        if session.past.report is not None:
            log.warning("the last session did not end well: %s", session.past.report.name)
        handed: list[Path] = []  # by other starts, before there is a window to open them
        keep = instance.asked.connect(handed.extend)
        try:
            older = database.is_older(places.library)
            # The window's modules are imported meanwhile: reading the model takes as long.
            with ThreadPoolExecutor(1, "opening") as early:
                opening = early.submit(Workspace.open, library, safe=safe)
                from landmark_desktop.gui.window import MainWindow

                workspace = wait_for(opening, older=older)
        except UserError as error:
            return _refuse(app, error)
        theme.apply(app, workspace.settings.theme)
        app.setWindowIcon(theme.icon("app"))
        window = MainWindow(workspace)
        instance.asked.disconnect(keep)
        _connect(app, instance, window, at_end)
        on_screen = _FirstPaint(window)
        on_screen.painted.connect(lambda: log.info("on screen"))
        window.show()

        def begin() -> None:
            window.begin([*paths, *handed, *app.listen()], session.past)
            log.info("open")

        QTimer.singleShot(_AFTER_THE_WINDOW_MS, begin)
        status = app.exec()
        log.info("ended")
        return status


class _FirstPaint(QObject):
    """Tells when a widget has been painted for the first time."""

    painted = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._widget.removeEventFilter(self)
            QTimer.singleShot(0, self.painted.emit)  # behind the pass that this belongs to
        return super().eventFilter(watched, event)


def _connect(
    app: Application, instance: Instance, window: MainWindow, at_end: contextlib.ExitStack
) -> None:
    """Have the window hear of other starts, of files to open, and of the end."""

    def take(paths: list[Path]) -> None:
        log.info("another start handed over %d paths", len(paths))
        window.open_paths(paths)
        window.come_forward()

    ending = Ending()
    at_end.callback(ending.close)
    ending.asked.connect(window.end)
    instance.asked.connect(take)
    app.asked.connect(window.open_paths)
    window.closing.connect(instance.stop_listening)


def _log_to(path: Path, at_end: contextlib.ExitStack) -> None:
    try:
        handler = failures.log_to(path)
    except OSError as error:
        log.warning("no log file: %s", error)
        return
    at_end.callback(handler.close)
    at_end.callback(logging.getLogger().removeHandler, handler)


def _refuse(app: Application, error: UserError) -> int:
    """Say why the program does not start."""
    theme.apply(app, "system")
    QMessageBox.critical(None, "Landmark Desktop", str(error))
    return 1
