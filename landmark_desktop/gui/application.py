"""Qt's application object, with what the desktop asks of a program: open this, end now."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from landmark_desktop.desktop import APP_ID


class Application(QApplication):
    """Collects files that macOS asks to open, also those that come before the window."""

    asked = Signal(object)  # paths to open, a list; emitted from ``listen`` on

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self._waiting: list[Path] | None = []
        self.setApplicationName(APP_ID)
        self.setApplicationDisplayName("Landmark Desktop")
        self.setDesktopFileName(APP_ID)

    def listen(self) -> list[Path]:
        """Return what was asked for up to now; ``asked`` tells of the rest."""
        before, self._waiting = self._waiting or [], None
        return before

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            path = event.file() or event.url().toLocalFile()
            if path and self._waiting is not None:
                self._waiting.append(Path(path))
            elif path:
                self.asked.emit([Path(path)])
            return True
        return super().event(event)


class Ending(QObject):
    """Tells when the system wants the program to end: SIGTERM, SIGINT, SIGHUP.

    Without it they would end the process in the middle of what it does, as a crash would.
    Python runs its handlers between two steps of Python, of which there are none while Qt
    waits for events; so the signals' numbers come through a socket that wakes Qt. Not on
    Windows, which closes windows instead.
    """

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        if sys.platform == "win32":
            return
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        self._before = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
            if signal.getsignal(number) is not signal.SIG_IGN  # nohup wants to go on
        }
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)

    def close(self) -> None:
        """Listen no more."""
        if sys.platform == "win32":
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for number, before in self._before.items():
            signal.signal(number, before)
        self._here.close()
        self._there.close()

    def _wake(self) -> None:
        if set(self._here.recv(64)) & set(self._before):
            self.asked.emit()
