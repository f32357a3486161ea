"""What the steps of the self-test share: a temporary folder, a real window, and patience."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from landmark_desktop.gui.window import MainWindow
from training.offline import Refusal


class StepFailed(Exception):  # noqa: N818 - an outcome, not an error of the program's
    """A step did not hold; the message says why."""


@dataclass
class Trial:
    """One run of the self-test. ``photos``: a person's own photos to import too, or ``None``.

    ``wrong``: what failed behind the steps' backs; the step at hand fails of it.
    """

    folder: Path
    photos: Path | None
    refusal: Refusal
    wrong: list[str] = field(default_factory=list)
    album: list[Path] = field(default_factory=list)
    bundles: dict[str, Path] = field(default_factory=dict)
    _window: MainWindow | None = None

    @property
    def window(self) -> MainWindow:
        """The open window. Raises ``StepFailed`` where there is none."""
        if self._window is None:
            raise StepFailed("there is no window")
        return self._window

    def show(self, window: MainWindow | None) -> None:
        """Take ``window`` for the one that the steps use."""
        self._window = window

    def wait(self, until: Callable[[], bool], seconds: float, what: str) -> None:
        """Let the window live until ``until`` holds.

        Raises ``StepFailed`` where that takes longer than ``seconds``, and for a failure or a
        question that comes up meanwhile. ``what``: what is waited for, for the message.
        """
        end = time.monotonic() + seconds
        while not until():
            self.breathe()
            if time.monotonic() > end:
                raise StepFailed(f"after {seconds:.0f} s still no {what}")

    def breathe(self) -> None:
        """Let the window live for a moment. Raises ``StepFailed`` for what went wrong in it."""
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.005)
        self.check()

    def check(self) -> None:
        """Raise ``StepFailed`` where something failed or a dialog asks for a person."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                said = widget.windowTitle()
                if isinstance(widget, QMessageBox):
                    said = f"{widget.text()} {widget.informativeText()}"
                widget.close()
                self.wrong.append(f"a dialog came up: {said.strip()}")
        if self.wrong:
            said = "; ".join(self.wrong)
            self.wrong.clear()
            raise StepFailed(said)


@contextmanager
def watched(wrong: list[str]) -> Iterator[None]:
    """Note in ``wrong`` every exception that nobody catches and every error that is logged."""

    def note(error: BaseException | None) -> None:
        trace = error.__traceback__ if error is not None else None
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""
        wrong.append(f"{type(error).__name__}: {error}{where}")

    def hook(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        note(error)

    class Errors(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            wrong.append(f"logged: {record.getMessage()}")

    before, thread_before = sys.excepthook, threading.excepthook
    errors = Errors(logging.ERROR)
    sys.excepthook = hook
    threading.excepthook = lambda failed: note(failed.exc_value)
    logging.getLogger().addHandler(errors)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(errors)
        sys.excepthook, threading.excepthook = before, thread_before
