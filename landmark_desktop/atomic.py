"""Write files so that they are at all times wholly old or wholly new."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

_LEFTOVER = re.compile(r"\.writing-[0-9a-f]{16}(\.[^.]*)?")


def is_leftover(name: str) -> bool:
    """Whether a file was ours to write and is not finished: nobody else names theirs so."""
    return _LEFTOVER.fullmatch(name) is not None


def write_bytes(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Replace ``path`` by ``content``: temporary file in the same folder, fsync, rename.

    ``durable=False`` skips the fsync, for caches that can be made again. Raises ``OSError``
    where the folder cannot be written; the old file is then untouched.
    """
    with replacing(path, durable=durable) as partial:
        partial.write_bytes(content)


@contextlib.contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Yield the name of an empty file beside ``path``, which takes its place at the end.

    Whatever is raised meanwhile leaves ``path`` as it was and the other file gone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".writing-{secrets.token_hex(8)}{path.suffix}")
    partial.touch(exist_ok=False)
    try:
        yield partial
        if durable:
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
