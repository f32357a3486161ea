"""Walk folders for photos. Whatever cannot be entered is reported, and the walk goes on."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.library.records import Unreadable
from training.photo import EXTENSIONS

# Other programs' own thumbnails and bins, which hold copies of photos.
_SKIPPED_FOLDERS = frozenset({"@eadir", "#recycle", "$recycle.bin", "lost+found", "__macosx"})

# Windows: the content would have to be fetched from a cloud first (FILE_ATTRIBUTE_OFFLINE,
# FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS).
_CLOUD_ATTRIBUTES = 0x1000 | 0x400000


@dataclass(frozen=True)
class Candidate:
    """A file that is a photo by its name, or that the person named."""

    path: Path
    size: int
    mtime_ns: int


def scan(roots: Iterable[Path]) -> Iterator[Candidate | Unreadable]:
    """Yield the photos below ``roots`` (folders or files), in order of path, each once.

    Links are followed, loops are not. Hidden files and folders are passed over below a
    root; a file that is itself a root is taken whatever its name.
    """
    seen_folders: set[tuple[int, int]] = set()
    seen_files: set[str] = set()
    for root in roots:
        try:
            status = root.stat()
        except OSError as error:
            yield Unreadable(root, _why(error))
            continue
        found = _walk(root, seen_folders) if stat.S_ISDIR(status.st_mode) else _file(root, status)
        for item in found:
            if str(item.path) not in seen_files:
                seen_files.add(str(item.path))
                yield item


def _walk(top: Path, seen: set[tuple[int, int]]) -> Iterator[Candidate | Unreadable]:
    waiting = [top]  # not by recursion: folders can be nested deeper than Python's calls
    while waiting:
        folders: list[Path] = []
        yield from _list(waiting.pop(), seen, folders)
        waiting += reversed(folders)


def _list(
    folder: Path, seen: set[tuple[int, int]], folders: list[Path]
) -> Iterator[Candidate | Unreadable]:
    """Yield the photos of one folder; put the folders in it into ``folders``."""
    try:
        status = folder.stat()
        # Where the system gives no inode numbers the path itself has to serve.
        identity = (status.st_dev, status.st_ino or hash(os.path.realpath(folder)))
        if identity in seen:
            return
        seen.add(identity)
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield Unreadable(folder, _why(error))
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith("."):
            if entry.name.endswith(".icloud") and _is_photo(Path(entry.name).stem):
                yield Unreadable(path, _IN_CLOUD)
            continue
        try:
            if entry.is_dir():
                if entry.name.lower() not in _SKIPPED_FOLDERS:
                    folders.append(path)
            elif _is_photo(entry.name):
                yield from _file(path, entry.stat())
        except OSError as error:
            yield Unreadable(path, _why(error))


_IN_CLOUD = "The photo is in the cloud, not on this computer. Download it first."


def _file(path: Path, status: os.stat_result) -> Iterator[Candidate | Unreadable]:
    if getattr(status, "st_file_attributes", 0) & _CLOUD_ATTRIBUTES:
        yield Unreadable(path, _IN_CLOUD)
    elif not stat.S_ISREG(status.st_mode):
        yield Unreadable(path, "This is a device or a pipe, not a file.")
    else:
        # Some file systems hold times that SQLite's integers, signed and of 64 bits, do not.
        time = min(max(status.st_mtime_ns, -(2**63)), 2**63 - 1)
        yield Candidate(path, status.st_size, time)


def _is_photo(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in EXTENSIONS  # noqa: PTH122 - once a file


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "This account may not open it."
    if isinstance(error, FileNotFoundError):
        return "There is no such file or folder."
    return f"It cannot be opened ({error.strerror or error})."
