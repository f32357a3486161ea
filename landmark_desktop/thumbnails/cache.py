"""Thumbnails on disk, named by content hash: a moved or copied photo needs no new one."""

from __future__ import annotations

import contextlib
import io
import os
import threading
from pathlib import Path

from landmark_desktop import atomic

SIDE = 384
"""Pixels of a thumbnail's long side: the largest grid tile at 1.5 device pixels."""


class ThumbnailCache:
    """Renders thumbnails and keeps them. Any thread may call.

    ``limit``: bytes on disk. Past it the least recently used tenth goes. A folder that
    cannot be written costs speed, not pictures.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._lock = threading.Lock()
        self._size: int | None = None  # unknown until first measured

    def get(self, path: Path, content_hash: str) -> bytes:
        """Return the photo's thumbnail as JPEG bytes, upright and in sRGB.

        Raises ``PhotoError`` where the photo cannot be decoded.
        """
        file = self._folder / content_hash[:2] / f"{content_hash}.jpg"
        with contextlib.suppress(OSError):
            thumbnail = file.read_bytes()
            os.utime(file)  # what is used stays
            return thumbnail
        thumbnail = render(path)
        with contextlib.suppress(OSError):
            atomic.write_bytes(file, thumbnail, durable=False)
            self._grown(len(thumbnail))
        return thumbnail

    def resize(self, limit: int) -> None:
        """Keep within ``limit`` bytes from now on."""
        with self._lock:
            self._limit = limit
        self.trim()

    def trim(self) -> None:
        """Measure the cache and delete the least recently used files past the limit."""
        with self._lock:
            files = []
            for path in self._folder.glob("*/*.jpg"):
                with contextlib.suppress(OSError):
                    status = path.stat()
                    files.append((status.st_mtime, status.st_size, path))
            self._size = sum(size for _, size, _ in files)
            if self._size <= self._limit:
                return
            for _, size, path in sorted(files):
                with contextlib.suppress(OSError):
                    path.unlink()
                    self._size -= size
                if self._size <= 0.9 * self._limit:
                    return

    def _grown(self, size: int) -> None:
        with self._lock:
            if self._size is not None:
                self._size += size
            full = self._size is None or self._size > self._limit
        if full:
            self.trim()


def render(path: Path, side: int = SIDE) -> bytes:
    """Return the photo, its long side at most ``side`` pixels, as JPEG bytes.

    Raises ``PhotoError`` where it cannot be decoded.
    """
    from PIL import Image  # decoders: not while the window opens

    from training.photo import decode

    photo = decode(path, long_side=side)
    photo.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()
