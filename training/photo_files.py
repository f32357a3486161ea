"""Which files of a person's folders are photos: what is looked at, and what is passed over.

Shared by everything that reads labelled photos. ``layout`` is the way in.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path, PurePath

from training.photo import EXTENSIONS


class DataError(ValueError):
    """Photos that cannot be used as they are; the message is a sentence for a person."""


# What file managers, archivers and network drives leave behind beside hidden files.
_LITTER = frozenset(["__macosx", "@eadir", "thumbs.db", "ehthumbs.db", "desktop.ini"])


def ignored(name: str) -> bool:
    """Return whether a file or folder of this name is passed over without a word."""
    return name.startswith(".") or name.lower() in _LITTER


def is_photo(path: PurePath) -> bool:
    """Return whether the name of a file ends like a photo's."""
    return path.suffix.lower() in EXTENSIONS


def walk(
    folder: Path,
    above: Collection[Path] = (),
    on_locked: Callable[[OSError], None] | None = None,
) -> Iterator[Path]:
    """Yield every file below ``folder`` that is not ignored; each folder's by name.

    Links to folders are followed. A folder that is reached twice, or that is one of
    ``above``, is passed over: a link that leads back up ends there. ``on_locked`` is told
    of each folder that cannot be opened.
    """
    seen = {_identity(path) for path in above}
    for parent, folders, names in os.walk(folder, onerror=on_locked, followlinks=True):
        identity = _identity(Path(parent))
        if identity in seen:
            folders.clear()
            continue
        seen.add(identity)
        folders[:] = sorted(name for name in folders if not ignored(name))
        yield from (Path(parent, name) for name in sorted(names) if not ignored(name))


def photos(folder: Path, above: Collection[Path] = ()) -> list[Path]:
    """Return the photos below ``folder``, sorted; links that lead nowhere are left out."""
    return sorted(p for p in walk(folder, above) if is_photo(p) and p.is_file())


def subfolders(folder: Path) -> list[Path]:
    """Return the folders directly in ``folder`` that are not ignored, sorted by name."""
    return sorted(p for p in folder.iterdir() if not ignored(p.name) and p.is_dir())


def photos_directly_in(folder: Path) -> list[Path]:
    """Return the photos that lie in ``folder`` itself, sorted."""
    return sorted(
        p for p in folder.iterdir() if is_photo(p) and not ignored(p.name) and p.is_file()
    )


def listed(names: Collection[str], most: int = 5) -> str:
    """Return names as one text: all of them, or the first ones and how many there are more."""
    shown = [_short(name) for name in list(names)[:most]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def counted(count: int, one: str, several: str) -> str:
    """Return a count with its noun: ``1 photo``, ``2 photos``."""
    return f"{count:,} {one if count == 1 else several}"


def no_photos_notice(endings: Mapping[str, int]) -> list[str]:
    """Return what to say of files that are no photos, given how many have which ending."""
    if not endings:
        return []
    count = sum(endings.values())
    kinds = [ending or "no ending" for ending, _ in Counter(endings).most_common()]
    files = counted(count, "file that is no photo was", "files that are no photos were")
    return [f"{files} left out ({listed(kinds)})."]


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:35]}…{name[-20:]}"
