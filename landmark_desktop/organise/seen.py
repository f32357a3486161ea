"""What was on the disks when a plan was made: each folder is listed once, then planned from."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from landmark_desktop.library.content import content_hash
from landmark_desktop.organise.names import key


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder. ``kind``: ``file``, ``folder``, ``link``, or ``other``."""

    name: str
    kind: str
    size: int = 0
    mtime_ns: int = 0
    inode: int = 0


@dataclass(frozen=True)
class Folder:
    """A folder as it was listed. ``why``: why it could not be, in a person's words.

    ``identity``: the same for two paths that lead to one folder. ``device``: number of its file
    system. ``writable``: whether names may be added and removed. ``mode``: its permissions.
    """

    path: Path
    identity: str
    entries: Mapping[str, Entry]
    device: int
    writable: bool
    mode: int = 0o755
    why: str = ""

    def like(self, name: str) -> list[Entry]:
        """Return the entries that are one with this name on Windows or macOS."""
        return self._by_key.get(key(name), [])

    @cached_property
    def _by_key(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for name in sorted(self.entries):
            found[key(name)].append(self.entries[name])
        return dict(found)


@dataclass
class Seen:
    """Folders by path; ``None``: there is none. ``free``: bytes by device. ``digests``: of files.

    What is asked for and not there yet is looked up; what is there is not looked at again.
    """

    folders: dict[Path, Folder | None] = field(default_factory=dict)
    free: dict[int, int] = field(default_factory=dict)
    digests: dict[Path, str] = field(default_factory=dict)

    def folder(self, path: Path) -> Folder | None:
        """Return what is known of a folder."""
        if path not in self.folders:
            self.folders[path] = listed(path)
        return self.folders[path]

    def room(self, folder: Folder) -> int:
        """Return the free bytes of the file system that a folder is on; where it does not say,
        as some network shares, more than anybody needs."""
        if folder.device not in self.free:
            self.free[folder.device] = sys.maxsize
            with contextlib.suppress(OSError):
                usage = shutil.disk_usage(folder.path)
                if usage.total:
                    self.free[folder.device] = usage.free
        return self.free[folder.device]

    def digest(self, path: Path) -> str:
        """Return the content's hash; empty where the file cannot be read."""
        if path not in self.digests:
            try:
                self.digests[path] = content_hash(path)
            except OSError:
                self.digests[path] = ""
        return self.digests[path]


def listed(path: Path) -> Folder | None:
    """List a folder; ``None`` where nothing is there."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Folder(path, str(path), {}, -1, writable=False, why=_why(error))
    # Some file systems give no inode numbers.
    identity = f"{status.st_dev}:{status.st_ino or os.path.realpath(path)}"
    entries: dict[str, Entry] = {}
    why = "" if stat.S_ISDIR(status.st_mode) else "It is a file, not a folder."
    if not why:
        try:
            with os.scandir(path) as listing:
                entries = {entry.name: _entry(entry) for entry in listing}
        except OSError as error:
            why = _why(error)
    writable = not why and os.access(path, os.W_OK | os.X_OK)
    mode = stat.S_IMODE(status.st_mode)
    return Folder(path, identity, entries, status.st_dev, writable, mode, why)


def _entry(entry: os.DirEntry[str]) -> Entry:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return Entry(entry.name, "other")
    if stat.S_ISLNK(status.st_mode):
        return Entry(entry.name, "link")
    if stat.S_ISDIR(status.st_mode):
        return Entry(entry.name, "folder")
    kind = "file" if stat.S_ISREG(status.st_mode) else "other"
    return Entry(entry.name, kind, status.st_size, status.st_mtime_ns, status.st_ino)


def _why(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        return "This account may not open it."
    return f"It cannot be opened ({error.strerror or error})."
