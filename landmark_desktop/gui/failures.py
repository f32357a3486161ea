"""What happens when something fails: a person's problem is explained, a bug is logged and told."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

from landmark_desktop.errors import UserError

log = logging.getLogger(__name__)

_told: set[str] = set()
_open: set[QDialog] = set()  # one without a parent is lost where nobody holds it
_log_file: Path | None = None


def log_to(path: Path) -> logging.Handler:
    """Keep what happens in a rotating file, 4 MB at most; return its handler.

    Warnings and errors of everything, and of the application's own parts also what is plain.
    """
    global _log_file
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for other in logging.getLogger().handlers:  # the terminal hears of no more than before
        other.setLevel(max(other.level, logging.WARNING))
    logging.getLogger().addHandler(handler)
    logging.getLogger("landmark_desktop").setLevel(logging.INFO)
    _log_file = path
    return handler


class _Elsewhere(QObject):
    """Brings what failed on a thread to the main thread."""

    raised = Signal(object)  # BaseException


def install() -> None:
    """Route exceptions that nobody caught, on whatever thread, to ``tell``."""
    elsewhere = _Elsewhere()
    elsewhere.raised.connect(lambda error: tell(None, error), Qt.ConnectionType.QueuedConnection)

    def hook(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, _trace)
        else:
            tell(None, error)

    def thread_hook(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None and not isinstance(failed.exc_value, SystemExit):
            elsewhere.raised.emit(failed.exc_value)

    sys.excepthook = hook
    threading.excepthook = thread_hook


def tell(parent: QWidget | None, error: BaseException) -> None:
    """Show the failure without blocking: a user error as it is, a bug once, with details."""
    if isinstance(error, UserError):
        log.info("told: %s", error)
        _explain(parent, error.what, " ".join(p for p in (error.why, error.remedy) if p))
        return
    details = "".join(traceback.format_exception(error))
    log.error("unexpected failure\n%s", details)
    if details in _told:
        return
    _told.add(details)
    from landmark_desktop.gui.bug_dialog import BugDialog  # seldom needed

    _show(BugDialog(details, _log_file, parent))


def _explain(parent: QWidget | None, title: str, text: str) -> None:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)  # names of files are not markup
    box.setText(title)
    box.setInformativeText(text)
    box.setWindowModality(Qt.WindowModality.NonModal)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _show(box)


def _show(dialog: QDialog) -> None:
    _open.add(dialog)
    dialog.finished.connect(lambda _result: _open.discard(dialog))
    dialog.show()
