"""Take photos into the library: idempotent, resumable, cancellable; nothing is fatal."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from landmark_desktop.importing.intact import why_broken
from landmark_desktop.importing.scan import Candidate, scan
from landmark_desktop.library import photos
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.content import new_hash
from landmark_desktop.library.database import Library
from landmark_desktop.library.records import Facts, Found, Unreadable
from landmark_desktop.tasks import Cancel, Cancelled, Interrupted, Progress, Speed, Task
from training.photo import PhotoError

GONE = "The file is no longer there."
_NO_TEXT = "Its name, or that of its folder, is not valid text (UTF-8). Rename it first."
_THREADS = 2
_FIRST_BATCH, _BATCH = 8, 64
_WHOLE_IN_MEMORY = 128 * 1024 * 1024


@dataclass(frozen=True)
class Imported:
    """What an import did: photos added or brought up to date, left as they were, unreadable."""

    added: int
    unchanged: int
    unreadable: int


def ingest(
    library: Library, roots: Sequence[Path], read_facts: Callable[[Path], Facts], cancel: Cancel
) -> Task[Imported]:
    """Import everything below ``roots``; ``read_facts`` may raise ``PhotoError``.

    What is imported is noted first and struck off at the end, so that a killed import goes
    on at the next start. Files that are in the library unchanged are not read again.
    Cancelling keeps what is in and does not take the rest up again.
    """
    # Absolute but not resolved: a person knows their photos by the path they chose.
    roots = [Path(os.path.abspath(root)) for root in roots]  # noqa: PTH100
    library.write(lambda connection: photos.begin_import(connection, roots))
    try:
        result = yield from _ingest(library, roots, read_facts, cancel)
    except Interrupted:
        raise  # goes on at the next start
    except Cancelled:
        library.write(lambda connection: photos.finish_import(connection, roots))
        raise
    library.write(lambda connection: photos.finish_import(connection, roots))
    return result


def _ingest(
    library: Library, roots: Sequence[Path], read_facts: Callable[[Path], Facts], cancel: Cancel
) -> Task[Imported]:
    found: list[Candidate] = []
    refused: list[Unreadable] = []
    for item in scan(roots):
        cancel.check()
        if isinstance(item, Unreadable):
            refused.append(item)
        elif not photos.is_text(item.path):
            refused.append(Unreadable(item.path, _NO_TEXT))
        else:
            found.append(item)
        if len(found) % 500 == 1:
            yield Progress(0, None, f"Looking for photos: {len(found)} found")

    news = _keep(library, [], refused)
    changed = _changed(library, found)
    unchanged = len(found) - len(changed)
    added, unreadable, done = 0, len(refused), unchanged
    speed = Speed()
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="import") as pool:
        size = _FIRST_BATCH  # the first photos are to be on screen at once
        waiting = iter(changed)
        while batch := list(islice(waiting, size)):
            cancel.check()
            results = list(pool.map(lambda c: _examine(c, read_facts), batch))
            good = [r for r in results if isinstance(r, Found)]
            bad = [r for r in results if isinstance(r, Unreadable)]
            news |= _keep(library, good, bad)
            refused += bad
            added, unreadable, done = added + len(good), unreadable + len(bad), done + len(batch)
            yield Progress(done, len(found), "Importing photos", speed.at(done - unchanged), news)
            news, size = ChangeSet(), _BATCH
    still = [file.path for file in refused]
    if library.write(lambda connection: photos.forget_unreadable(connection, roots, still)):
        news |= ChangeSet(listing=True)
    seen = {str(candidate.path) for candidate in found} | set(map(str, still))
    news |= _note_missing(library, roots, seen)
    yield Progress(done, len(found), "Importing photos", None, news)
    return Imported(added, unchanged, unreadable)


def _changed(library: Library, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that are not in the library with the same size and time."""
    stamps: dict[str, dict[str, tuple[int, int]]] = {}
    changed = []
    for candidate in found:
        folder = str(candidate.path.parent)
        if folder not in stamps:
            stamps[folder] = photos.known_stamp(library.read(), folder)
        if stamps[folder].get(str(candidate.path)) != (candidate.size, candidate.mtime_ns):
            changed.append(candidate)
    return changed


def _note_missing(library: Library, roots: Sequence[Path], found: set[str]) -> ChangeSet:
    """Mark photos below the roots whose files are gone; found elsewhere, they are whole again."""
    known = {
        path: photo_id
        for root in roots
        if root.is_dir() and photos.is_text(root)
        for path, photo_id in photos.below(library.read(), str(root))
    }
    gone = [path for path in known.keys() - found if not _there(path)]
    return _keep(library, [], [Unreadable(Path(path), GONE) for path in gone])


def _there(path: str) -> bool:
    """Whether the file is there, or may be: a locked folder, a lost share do not say."""
    try:
        os.stat(path)  # noqa: PTH116 - once a photo
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _keep(library: Library, good: Sequence[Found], bad: Sequence[Unreadable]) -> ChangeSet:
    if not good and not bad:
        return ChangeSet()

    def change(connection: sqlite3.Connection) -> list[int]:
        return photos.note_unreadable(connection, bad) + photos.store(connection, good, _there)

    return ChangeSet(frozenset(library.write(change)), listing=True)


def _examine(candidate: Candidate, read_facts: Callable[[Path], Facts]) -> Found | Unreadable:
    """Read one file: its content's hash, whether it is whole, its facts."""
    path = candidate.path
    try:
        digest = new_hash()
        facts = read_facts(path)
        with path.open("rb") as file:
            if candidate.size <= _WHOLE_IN_MEMORY:
                content = file.read()
                digest.update(content)
                if (reason := why_broken(content)) is not None:
                    return Unreadable(path, reason)
            else:
                while block := file.read(1 << 20):
                    digest.update(block)
    except PhotoError as error:
        return Unreadable(path, str(error))
    except OSError as error:
        return Unreadable(path, f"The file cannot be read ({error.strerror or error}).")
    return Found(path, digest.hexdigest(), candidate.size, candidate.mtime_ns, facts)
