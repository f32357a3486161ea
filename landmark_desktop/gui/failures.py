"""What happens when something fails: a person's problem is explained, a bug is logged and told."""

from __future__ import annotations

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from landmark_desktop.errors import UserError

log = logging.getLogger(__name__)

_told: set[str] = set()


def log_to(path: Path) -> logging.Handler:
    """Keep warnings and errors in a rotating file; return its handler."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    return handler


def install() -> None:
    """Route exceptions that nobody caught, on the main thread, to ``tell``."""

    def hook(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, _trace)
        else:
            tell(None, error)

    sys.excepthook = hook


def tell(parent: QWidget | None, error: BaseException) -> None:
    """Show the failure without blocking: a user error as it is, a bug once, with details."""
    if isinstance(error, UserError):
        _show(parent, error.what, " ".join(p for p in (error.why, error.remedy) if p), "")
        return
    details = "".join(traceback.format_exception(error))
    log.error("unexpected failure\n%s", details)
    if details in _told:
        return
    _told.add(details)
    _show(
        parent,
        "Something went wrong inside the program.",
        "Your photos and tags are safe. You can go on working; the details are in the log.",
        details,
    )


def _show(parent: QWidget | None, title: str, text: str, details: str) -> None:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)  # names of files are not markup
    box.setText(title)
    box.setInformativeText(text)
    if details:
        box.setDetailedText(details)
    box.setWindowModality(Qt.WindowModality.NonModal)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.show()
