"""One window a library: a second start hands its paths to the first one and ends.

Who holds the lock in the library's folder has the window; the system frees it however that
process ends. The others speak to it through a local socket of this user, named after the library.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from landmark_desktop.errors import UserError

log = logging.getLogger(__name__)

PATIENCE = 1.5
"""Seconds that the second start waits for the first one's answer."""
_LOCK = "window.lock"
_ANSWER = b"ok\n"
_MOST_BYTES = 16 * 1024 * 1024  # of one message: some 100,000 paths
_TOKEN = "XDG_ACTIVATION_TOKEN"
"""Wayland's leave to come to the front, which a launcher gives to what it starts."""


class Instance(QObject):
    """The window's claim on a library, from ``claim`` to ``close``."""

    asked = Signal(object)  # paths that another start handed over, a list; empty: come forward

    def __init__(self, lock: BinaryIO | None) -> None:
        super().__init__()
        self._lock = lock
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        self._heard: dict[QLocalSocket, bytes] = {}

    @staticmethod
    def claim(folder: Path, paths: Sequence[Path], patience: float = PATIENCE) -> Instance | None:
        """Return the claim on the library in ``folder``, or ``None``: its window took the paths.

        Raises ``UserError`` where another process has the library open and gives no answer
        within ``patience`` seconds.
        """
        until, name = time.monotonic() + patience, _name(folder)
        while True:
            try:
                lock = _lock(folder)
            except OSError as error:
                # Opening the library will say what is wrong with its folder.
                log.warning("the library's folder cannot be locked: %s", error)
                return Instance(None)
            if lock is not None:
                claimed = Instance(lock)
                claimed._listen(name)
                return claimed
            if _hand_over(name, paths, until):
                return None
            if time.monotonic() > until:
                raise UserError(
                    "Landmark Desktop is open already, but it does not answer.",
                    f"Process {_holder(folder)} has this library open; it may be starting, "
                    "closing, or hang.",
                    "Wait a moment and try again. If that does not help, end that process; "
                    "nothing that is finished is lost.",
                )
            time.sleep(0.05)

    def stop_listening(self) -> None:
        """Take no more paths: the window is closing. The library stays claimed."""
        self._server.close()
        heard, self._heard = self._heard, {}
        for socket in heard:
            socket.abort()  # what it said is not heard any more

    def close(self) -> None:
        """Give the library free."""
        self.stop_listening()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _listen(self, name: str) -> None:
        QLocalServer.removeServer(name)  # a crash left it: the lock says that nobody listens
        if not self._server.listen(name):
            log.warning("other starts cannot hand paths over: %s", self._server.errorString())

    def _meet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._heard[socket] = b""
            socket.readyRead.connect(lambda s=socket: self._hear(s))
            socket.disconnected.connect(lambda s=socket: self._forget(s))
            self._hear(socket)

    def _hear(self, socket: QLocalSocket) -> None:
        if socket not in self._heard:
            return
        self._heard[socket] += bytes(socket.readAll().data())
        message, complete, _ = self._heard[socket].partition(b"\n")
        if complete:
            self._heard[socket] = b""
            self._understand(socket, message)
        elif len(message) > _MOST_BYTES:
            socket.abort()

    def _understand(self, socket: QLocalSocket, message: bytes) -> None:
        try:
            said = json.loads(message)
            paths = [Path(path) for path in said["paths"]]
            token = str(said.get("token", ""))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("another start said what cannot be understood: %r", error)
            socket.abort()
            return
        socket.write(_ANSWER)
        socket.flush()
        if token:
            os.environ[_TOKEN] = token  # Qt takes it when the window is activated
        self.asked.emit(paths)

    def _forget(self, socket: QLocalSocket) -> None:
        self._heard.pop(socket, None)
        socket.deleteLater()


def _hand_over(name: str, paths: Sequence[Path], until: float) -> bool:
    """Return whether the window of the library took the paths before ``until`` (monotonic)."""

    def left() -> int:
        return max(int(1000 * (until - time.monotonic())), 1)

    message = {"paths": [str(path) for path in paths], "token": os.environ.get(_TOKEN, "")}
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # ASFW_ANY: the first may come forward
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(left()):
        return False
    socket.write(json.dumps(message).encode() + b"\n")
    while socket.bytesToWrite() and socket.waitForBytesWritten(left()):
        pass
    heard = b""
    while heard != _ANSWER and socket.waitForReadyRead(left()):
        heard += bytes(socket.readAll().data())
    socket.disconnectFromServer()
    return heard == _ANSWER


def _lock(folder: Path) -> BinaryIO | None:
    """Return the library's lock, held until it is closed; ``None`` where another holds it.

    Raises ``OSError`` where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / _LOCK).open("a+b")
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_MOST_BYTES)  # behind the text: Windows keeps others from reading there
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.close()
        return None
    except OSError:
        file.close()
        raise
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()).encode())
    file.flush()
    return file


def _holder(folder: Path) -> str:
    with contextlib.suppress(OSError):
        return (folder / _LOCK).read_text(encoding="utf-8", errors="replace") or "not known"
    return "not known"


def _name(folder: Path) -> str:
    """Return the socket's name: one for each user and library."""
    real = os.path.normcase(os.path.realpath(folder))
    key = hashlib.sha256(os.fsencode(real)).hexdigest()[:16]
    if sys.platform == "win32":
        return f"landmark-desktop-{getpass.getuser()}-{key}"
    return str(_own_folder() / f"landmark-desktop-{key}")  # sockets' paths must be short


def _own_folder() -> Path:
    """Return a folder that belongs to this user alone."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and Path(given).is_dir() and os.access(given, os.W_OK):
        return Path(given)
    folder = Path(tempfile.gettempdir()) / f"landmark-desktop-{os.getuid()}"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid == os.getuid():
            return folder
    return Path(tempfile.mkdtemp(prefix="landmark-desktop-"))  # somebody else's: nobody will call
