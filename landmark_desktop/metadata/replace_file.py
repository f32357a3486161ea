"""Put a file's new content in the place of its old one: wholly, and with all that hangs on it."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path

from landmark_desktop import atomic
from landmark_desktop.metadata.snapshot import State, digest
from landmark_desktop.metadata.troubles import MetadataError, Trouble, from_os


def content_of(path: Path) -> tuple[bytes | None, State]:
    """Return the file's content and state; ``None`` where there is none. May raise ``OSError``."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read()
    except FileNotFoundError:
        return None, State()
    return content, State(len(content), status.st_mtime_ns, digest(content))


def put(path: Path, content: bytes | None, old: State, *, mtime_ns: int | None = None) -> State:
    """Write ``content`` (``None``: delete) where the file is still in state ``old``.

    Permissions, owner and extended attributes stay as far as the system lets us. A link is
    followed: the file behind it is replaced. ``mtime_ns``: the time it shall bear, if not now.
    Raises ``MetadataError``; the file is then as it was.
    """
    path = Path(os.path.realpath(path))
    try:
        if not path.parent.is_dir():
            raise FileNotFoundError(2, "No such folder", str(path.parent))
        refuse_read_only(path)
        if content is None:
            _unchanged(path, old)
            path.unlink(missing_ok=True)
            return State()
        with atomic.replacing(path) as partial:
            partial.write_bytes(content)
            if old.size is not None:
                _dress(partial, path)
            else:
                partial.chmod(0o666 & ~_umask())
            if mtime_ns is not None:
                os.utime(partial, ns=(mtime_ns, mtime_ns))
            else:
                os.utime(partial)
            made = partial.stat()
            _unchanged(path, old)
        return State(len(content), made.st_mtime_ns, digest(content))
    except OSError as error:
        raise from_os(error, path) from error


def refuse_read_only(path: Path) -> None:
    """Raise ``MetadataError`` for a file that is marked read-only: renaming would override it."""
    with contextlib.suppress(FileNotFoundError):
        if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise MetadataError(
                Trouble.READ_ONLY, path, f"Nothing was written into {path.name}.",
                "The file is marked as read-only.",
                "Take the mark away to have it written; the tags stay in the library meanwhile.",
            )  # fmt: skip


def clean_leftovers(folder: Path) -> int:
    """Delete what a killed run has not finished in ``folder``; return how many files.

    Their names begin with a dot, so that no scan takes them for photos. To be called while
    nothing is being written.
    """
    count = 0
    try:
        for entry in os.scandir(folder):
            if atomic.is_leftover(entry.name) and entry.is_file(follow_symlinks=False):
                Path(entry.path).unlink()
                count += 1
    except OSError as error:
        raise from_os(error, folder) from error
    return count


def _dress(partial: Path, like: Path) -> None:
    shutil.copystat(like, partial)  # permissions, times, on Linux extended attributes
    if hasattr(os, "chown"):
        status, mine = like.stat(), partial.stat()
        if (status.st_uid, status.st_gid) != (mine.st_uid, mine.st_gid):
            with contextlib.suppress(PermissionError):  # only root may give files away
                os.chown(partial, status.st_uid, status.st_gid)
                partial.chmod(stat.S_IMODE(status.st_mode))


def _unchanged(path: Path, old: State) -> None:
    """Raise where the file is no more what it was read as: a last look before the rename."""
    try:
        status = path.stat()
        now: tuple[int | None, int] = (status.st_size, status.st_mtime_ns)
    except FileNotFoundError:
        now = (None, 0)
    if now != (old.size, old.mtime_ns):
        raise MetadataError(
            Trouble.CHANGED, path, f"{path.name} was not written.",
            "Another program changed it at the same moment.", "Write again.",
        )  # fmt: skip


def _umask() -> int:
    """Return the process's mask; there is no way to read it but to set it, on every system."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
