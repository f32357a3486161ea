"""The hash that says which photo a file is, wherever it lies."""

from __future__ import annotations

import hashlib
from pathlib import Path


def new_hash(content: bytes = b"") -> hashlib.blake2b:
    """Return the hash to feed with a photo's bytes: BLAKE2b, 160 bits (``photo.content_hash``)."""
    return hashlib.blake2b(content, digest_size=20)


def content_hash(path: Path) -> str:
    """Return the hash of a file's content as hexadecimal digits. May raise ``OSError``."""
    found = new_hash()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()
