"""The folder of models that a person added: what is in it, which file is which model."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from landmark_desktop import atomic
from landmark_desktop.errors import ModelError
from training.bundle import digest

SUFFIX = ".pt"
_PREFIX = 16  # hex digits of the digest in a file's name: enough to tell models apart


def identity(path: Path) -> str:
    """Return the file's SHA-256 in hex; read again only where size or time have changed.

    Raises ``OSError``.
    """
    stat = path.stat()
    return _digest(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, _size: int, _mtime_ns: int) -> str:
    return digest(path)


def files(folder: Path) -> list[Path]:
    """Return the model files of the folder, by name; none where it cannot be read."""
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() == SUFFIX and not path.name.startswith(".")
        )
    except OSError:
        return []


def find(folder: Path, wanted: str) -> Path | None:
    """Return the file whose SHA-256 is ``wanted``, reading those named after it first."""
    every = files(folder)
    for path in sorted(every, key=lambda path: wanted[:_PREFIX] not in path.name):
        try:
            if identity(path) == wanted:
                return path
        except OSError:
            continue
    return None


def keep(folder: Path, file: Path, check: Callable[[Path], None]) -> Path:
    """Copy ``file`` into the folder and return the copy, whose name holds its SHA-256.

    ``check`` is given the finished copy under a passing name and may refuse it by raising;
    nothing is left of it then. Raises ``ModelError`` where it cannot be copied.
    """
    what = f"The model {file.name} cannot be added."
    try:
        wanted = identity(file)
        target = folder / f"{_tidy(file.stem)} {wanted[:_PREFIX]}{SUFFIX}"
        with atomic.replacing(target) as partial:
            shutil.copyfile(file, partial)
            if digest(partial) != wanted:
                raise ModelError(what, "The file changed while it was copied.", "Try again.")
            check(partial)
    except OSError as error:
        raise ModelError(what, explain(error), "Nothing was added.") from error
    return target


def explain(error: OSError) -> str:
    """Return in the person's words why a file could not be read or written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "This account may not read or write there."
    return f"The system says: {error.strerror or error}."


def _tidy(stem: str) -> str:
    """Return a name that every file system takes: letters of any script stay."""
    words: Iterator[str] = (
        match[0] for match in re.finditer(r"[\w.+-]+", stem.encode("utf-8", "ignore").decode())
    )
    return " ".join(words)[:48].strip(" .") or "model"
