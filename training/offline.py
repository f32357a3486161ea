"""Refuse the network, and note who asked for it: for the self-test, which proves that nobody does.

Torch-free face of the trainer: the window's self-test and the trainer's child lean on it alike.
"""

from __future__ import annotations

import os
import sys
from typing import Any

VARIABLE = "LANDMARK_OFFLINE"
"""Environment variable that has the trainer refuse the network."""
MARK = "the network was asked for:"
"""What a line on stderr contains for each attempt."""

_EVENTS = frozenset(
    {
        "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
        "socket.gethostbyname", "socket.gethostbyaddr",
    }
)  # fmt: skip
_LOCAL = ("127.", "::1", "localhost")


class NetworkRefusedError(ConnectionError):
    """Raised where something wants to reach another computer."""


class Refusal:
    """Refuses the network for this process until ``end``; ``attempts`` says what was tried.

    Python tells of what goes through its sockets (audit events, PEP 578); libraries that open
    sockets of their own are not seen. This computer itself may be reached: on Windows pairs of
    sockets go that way.
    """

    def __init__(self) -> None:
        self.attempts: list[str] = []
        self._active = True
        sys.addaudithook(self._hear)

    def end(self) -> None:
        """Refuse no more. The hook itself cannot be taken away, and does nothing from here on."""
        self._active = False

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _EVENTS or not self._active:
            return
        host = _host(event, arguments)
        if host is None or host.startswith(_LOCAL):
            return
        said = f"{event} {host}"
        self.attempts.append(said)
        sys.stderr.write(f"{MARK} {said}\n")
        raise NetworkRefusedError(f"{MARK} {said}")


def refuse_where_told() -> None:
    """Refuse the network for the rest of this process where ``VARIABLE`` is set."""
    if os.environ.get(VARIABLE):
        Refusal()


def _host(event: str, arguments: tuple[Any, ...]) -> str | None:
    """Return the host that an event is about, ``None`` where it stays on this computer."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
        return None if host is None else _text(host)
    address = arguments[1]  # (host, port, ...), a path of this computer, or nothing
    return _text(address[0]) if isinstance(address, tuple) and address else None


def _text(host: object) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
