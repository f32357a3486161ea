"""Start the window: theme, failures, library; torch comes only after it is on screen."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.gui import failures, theme
from landmark_desktop.gui.window import MainWindow

_AFTER_THE_WINDOW_MS = 150


def run(library: Path | None, paths: Sequence[Path]) -> int:
    """Open the window on a library, import ``paths``, and return the process's exit status."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("landmark-desktop")
    app.setApplicationDisplayName("Landmark Desktop")
    app.setDesktopFileName("landmark-desktop")
    failures.install()
    try:
        workspace = Workspace.open(library)
    except UserError as error:
        theme.apply(app, "system")
        QMessageBox.critical(None, "Landmark Desktop", str(error))
        return 1
    try:
        handler = failures.log_to(workspace.places.log)
    except OSError as error:
        logging.getLogger(__name__).warning("no log file: %s", error)
        handler = logging.NullHandler()
    theme.apply(app, workspace.settings.theme)
    app.setWindowIcon(theme.icon("app"))
    window = MainWindow(workspace)
    window.show()
    QTimer.singleShot(_AFTER_THE_WINDOW_MS, lambda: window.begin(paths))
    try:
        return app.exec()
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
