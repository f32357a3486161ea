"""A file's state before our write, as bytes for the caller to keep until its undo goes.

Of a sidecar all of it, or that there was none; of a photo the bytes that its new state lacks
(``delta``). Both give back the old file to the last byte, as long as nobody else has written
to it since: that is checked, not assumed.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

from landmark_desktop.library.content import new_hash
from landmark_desktop.metadata import delta


@dataclass(frozen=True)
class State:
    """What a file was like when it was looked at; ``None`` for sizes: it was not there.

    ``digest``: BLAKE2b, 160 bits, as in the library (``photo.content_hash``).
    """

    size: int | None = None
    mtime_ns: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Snapshot:
    """``before``: the state to come back to. ``after``: the state it can come back from."""

    before: State
    after: State
    payload: bytes

    def to_bytes(self) -> bytes:
        """Return it as bytes for storing."""
        head = {"before": vars(self.before), "after": vars(self.after)}
        return json.dumps(head).encode() + b"\n" + self.payload

    @staticmethod
    def from_bytes(data: bytes) -> Snapshot:
        """Read ``to_bytes``'s result. Raises ``ValueError`` where it is damaged."""
        head, _, payload = data.partition(b"\n")
        try:
            entries = json.loads(head)
            return Snapshot(State(**entries["before"]), State(**entries["after"]), payload)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a kept state: {error!r}") from error


def digest(content: bytes) -> str:
    """Return the content's hash as the library keeps it."""
    return new_hash(content).hexdigest()


def keep(old: bytes | None, new: bytes | None) -> bytes:
    """Return the payload that turns ``new`` back into ``old``; ``None``: no file."""
    if old is None:
        return b"absent"
    whole = b"whole" + zlib.compress(old, 6)
    if new is None:
        return whole
    made = b"delta" + delta.make(old, new)
    return made if len(made) < len(whole) and delta.apply(new, made[5:]) == old else whole


def restored(payload: bytes, new: bytes | None) -> bytes | None:
    """Return the old content. Raises ``ValueError`` where the payload is damaged."""
    kind, rest = payload[:5], payload[5:]
    try:
        if payload == b"absent":
            return None
        if kind == b"whole":
            return zlib.decompress(rest)
    except zlib.error as error:
        raise ValueError(f"not a kept state: {error}") from error
    if kind == b"delta" and new is not None:
        return delta.apply(new, rest)
    raise ValueError("not a kept state")
