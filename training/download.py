"""Download one file whole or not at all: temporary file, checked SHA-256, rename."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import urllib.request
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

TIMEOUT = 30.0
"""Seconds without a byte from the server after which it counts as gone."""

_CHUNK = 256 * 1024

Opener = Callable[..., Any]
"""Called as ``urllib.request.urlopen(request, timeout=seconds)`` is; returns what it returns."""


class DownloadError(Exception):
    """A file that did not come; the message is sentences saying why."""


@dataclass(frozen=True)
class Downloading:
    """Bytes that have come, and bytes in all; ``total`` is 0 where the server does not say."""

    done: int
    total: int


def download(
    url: str, folder: Path, name: str, sha256: str, open_url: Opener = urllib.request.urlopen
) -> Generator[Downloading, None, Path]:
    """Download ``url`` to ``folder/name``; yield how far it is, return the file's path.

    ``sha256``: the beginning of the file's SHA-256, in hex. Raises ``DownloadError`` where
    the server, the disk or the hash is in the way. Nothing partial is left, also where the
    generator is closed early.
    """
    partial: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(suffix=".partial", prefix=".download-", dir=folder)
        partial = Path(temporary)
        digest = hashlib.sha256()
        done = 0
        with os.fdopen(handle, "wb") as file, closing(_chunks(url, open_url)) as chunks:
            for chunk, total in chunks:
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                yield Downloading(done, total)
            file.flush()
            os.fsync(file.fileno())
        if not digest.hexdigest().startswith(sha256):
            raise DownloadError(
                f"What the server sent is not the published file: its SHA-256 begins with "
                f"{digest.hexdigest()[: len(sha256)]} instead of {sha256}. A network that asks "
                "people to sign in first can be the reason."
            )
        partial.chmod(0o644)
        return partial.replace(folder / name)
    except OSError as error:  # of the disk: _chunks turns the network's into DownloadError
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DownloadError(f"The disk that holds {folder} is full.") from error
        reason = error.strerror or error
        raise DownloadError(f"The folder {folder} cannot be written to ({reason}).") from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)


def _chunks(url: str, open_url: Opener) -> Generator[tuple[bytes, int], None, None]:
    """Yield the parts of what is at ``url`` and its size, first an empty part."""
    done = total = 0
    # Named, because some servers turn Python's default name away.
    request = urllib.request.Request(url, headers={"User-Agent": "landmark-desktop"})
    try:
        with open_url(request, timeout=TIMEOUT) as response:
            length = response.headers.get("Content-Length") or ""
            total = int(length) if length.isdecimal() else 0
            yield b"", total
            while chunk := response.read(_CHUNK):
                done += len(chunk)
                yield chunk, total
    except HTTPError as error:
        error.close()
        raise DownloadError(
            f"The server answered with error {error.code} ({error.reason})."
        ) from error
    except (OSError, HTTPException) as error:
        raise DownloadError(_lost(done, total, error)) from error
    if done < total:
        raise DownloadError(_lost(done, total))


def _lost(done: int, total: int, error: Exception | None = None) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    why = f" ({reason})" if reason and str(reason) else ""
    if not done:
        return f"The server could not be reached; is this computer online{why}?"
    of = f" of {total / 2**20:.1f}" if total else ""
    return f"The connection was lost after {done / 2**20:.1f}{of} MB{why}."
