"""Photos decoded once, through the narrow door, into a memory-mapped file.

The cache is keyed by the photos' content and the door, not by their paths: moved photos,
other runs and other splits of the same photos find it again, and a set that shares photos
with an earlier one copies their rows. A cache folder holds, for each set::

    <key>.npy      uint8, N x views x 3 x size x size, rows of unreadable photos are zero
    <key>.jsonl    one line a row that is written: {"digest": ..., "error": null or a sentence}
    digests.json   what the content of each path was, by its size and time of change

A killed run leaves the rows it has written, and the next one goes on behind them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image
from platformdirs import user_cache_path

from training.bars import trim_bars
from training.bundle import Preprocessing
from training.events import Preparing
from training.photo import PhotoError

Pixels = npt.NDArray[np.uint8]
T = TypeVar("T")
R = TypeVar("R")

_VERSION = 2
_WINDOW = 256  # photos decoded ahead of what is written: bounds the memory
MOST_BYTES = 8 * 2**30
"""Older sets are deleted when the folder grows beyond this, one run's own set never."""


class CacheError(OSError):
    """The cache cannot be written; the message is a sentence for a person."""


@dataclass(frozen=True)
class Cached:
    """Decoded photos. ``pixels``: N x views x 3 x size x size, mapped from disk, read-only.

    ``kept``: rows (and indices of the paths) that could be read, ``unreadable``: a line for
    each of the others. ``key`` names the content and the door.
    """

    pixels: Pixels
    kept: list[int]
    unreadable: list[str]
    key: str


def default_folder() -> Path:
    """Return where decoded photos and features are kept between runs."""
    chosen = os.environ.get("LANDMARK_TRAINING_CACHE")
    return Path(chosen) if chosen else user_cache_path("landmark-desktop") / "training"


def load(
    paths: Sequence[Path], door: Preprocessing, folder: Path, *, views: int, threads: int
) -> Generator[Preparing, None, Cached]:
    """Decode what is not decoded yet, reporting how far it is; return all of it.

    View 0 is the door as the app applies it, bars cut off before. View 1, where two are
    asked for, is the same photo reduced without antialiasing, as the makers of most small
    sets did. Raises ``CacheError`` where the folder is full or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        digests = yield from _digests(paths, folder, threads)
        whole = hashlib.sha256(repr((_VERSION, door, views, digests)).encode())
        key = f"{_family(door, views)}-{whole.hexdigest()[:16]}"
        pixels_file, index_file = folder / f"{key}.npy", folder / f"{key}.jsonl"
        shape = (len(paths), views, 3, door.size, door.size)
        index = _read_index(index_file)
        if len(index) < len(paths) or not pixels_file.exists():
            known = _known_rows(folder, _family(door, views))
            stack = _open(pixels_file, shape, fresh=not (pixels_file.exists() and index))
            yield from _fill(stack, index_file, paths, digests, known, door, views, threads)
            index = _read_index(index_file)
        os.utime(pixels_file)
        _prune(folder, keep=key)
    except CacheError:
        raise
    except OSError as error:
        raise CacheError(
            f"The decoded photos cannot be kept in {folder} ({error.strerror or error}). Make "
            "room there, or name another folder with --cache."
        ) from error
    errors = [entry["error"] for entry in index[: len(paths)]]
    return Cached(
        np.load(pixels_file, mmap_mode="r"),
        [row for row, error in enumerate(errors) if error is None],
        [f"{paths[row]}: {error}" for row, error in enumerate(errors) if error is not None],
        key,
    )


def _family(door: Preprocessing, views: int) -> str:
    return f"{door.resize}{door.size}x{views}"


def _digests(paths: Sequence[Path], folder: Path, threads: int) -> Generator[
    Preparing, None, list[str]
]:  # fmt: skip
    """Return the content's digest of each path; unchanged files are not read again."""
    memo_file = folder / "digests.json"
    memo: dict[str, list[Any]] = {}
    try:
        memo = json.loads(memo_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except ValueError:
        memo_file.unlink()  # cut short by a power failure: read the files again

    def digest(path: Path) -> tuple[str, list[Any]]:
        try:
            status = path.stat()
            seen = memo.get(str(path.absolute()))
            if seen is not None and seen[:2] == [status.st_size, status.st_mtime_ns]:
                return str(seen[2]), seen
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "blake2b").hexdigest()[:32]
            return content, [status.st_size, status.st_mtime_ns, content]
        except OSError as error:
            return f"unreadable: {error.strerror} {path}", []

    digests: list[str] = []
    news: dict[str, list[Any]] = {}
    for path, (content, entry) in zip(paths, _ahead(digest, paths, threads), strict=True):
        digests.append(content)
        if entry:
            news[str(path.absolute())] = entry
        if len(digests) % _WINDOW == 0:
            yield Preparing("Looking at the files", len(digests), len(paths))
    if any(memo.get(path) != entry for path, entry in news.items()):
        partial = memo_file.with_suffix(".partial")
        partial.write_text(json.dumps({**memo, **news}), encoding="utf-8")
        partial.replace(memo_file)
    return digests


def _fill(
    stack: Pixels,
    index_file: Path,
    paths: Sequence[Path],
    digests: Sequence[str],
    known: dict[str, tuple[Path, int]],
    door: Preprocessing,
    views: int,
    threads: int,
) -> Iterator[Preparing]:
    """Write the rows that are missing, then their lines: a line never precedes its row."""
    done = len(_read_index(index_file))
    sources: dict[Path, Pixels] = {}

    def row(i: int) -> Pixels | str:
        if digests[i] in known:
            file, there = known[digests[i]]
            if file not in sources:
                sources[file] = np.load(file, mmap_mode="r")
            copied: Pixels = sources[file][there]
            return copied
        return _views(paths[i], door, views)

    with index_file.open("a", encoding="utf-8") as index:
        lines: list[str] = []
        todo = range(done, len(paths))
        for i, result in zip(todo, _ahead(row, todo, threads), strict=True):
            error = result if isinstance(result, str) else None
            if not isinstance(result, str):
                stack[i] = result
            lines.append(json.dumps({"digest": digests[i], "error": error}))
            if len(lines) == _WINDOW or i == len(paths) - 1:
                if isinstance(stack, np.memmap):
                    stack.flush()
                index.write("".join(line + "\n" for line in lines))
                index.flush()
                lines.clear()
            if i % 32 == 0:
                yield Preparing("Decoding photos", i, len(paths))


def _ahead(work: Callable[[T], R], items: Sequence[T], threads: int) -> Iterator[R]:
    """Yield ``work`` of each item in order, done ahead by threads, a window at a time."""
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(items), _WINDOW):
            yield from pool.map(work, items[start : start + _WINDOW])


def _views(path: Path, door: Preprocessing, views: int) -> Pixels | str:
    try:
        photo = trim_bars(door.open(path))
    except PhotoError as error:
        return str(error)
    stack = [door.apply(photo)]
    if views == 2:
        nearest = photo.resize((door.size, door.size), Image.Resampling.NEAREST)
        stack.append(np.asarray(nearest).transpose(2, 0, 1))
    return np.stack(stack)


def _open(file: Path, shape: tuple[int, ...], *, fresh: bool) -> Pixels:
    if not fresh:
        begun: Pixels = np.load(file, mmap_mode="r+")
        return begun
    wanted = int(np.prod(shape))
    free = shutil.disk_usage(file.parent).free
    if wanted > free:
        # Writing beyond the end of the disk through a map kills the process: ask before.
        raise CacheError(
            f"The decoded photos take {wanted / 1e6:,.0f} MB, and {file.parent} has "
            f"{free / 1e6:,.0f} MB left. Make room there, or name another folder with --cache."
        )
    file.with_suffix(".jsonl").unlink(missing_ok=True)
    stack = np.lib.format.open_memmap(file, "w+", np.uint8, shape)
    if hasattr(os, "posix_fallocate"):
        with file.open("r+b") as handle:
            os.posix_fallocate(handle.fileno(), 0, file.stat().st_size)
    return stack


def _read_index(file: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return entries
    whole = text[: text.rfind("\n") + 1]
    if whole != text:  # killed while a line was being written
        file.write_text(whole, encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def _known_rows(folder: Path, family: str) -> dict[str, tuple[Path, int]]:
    """Return the rows of other sets behind the same door, by their content."""
    return {
        entry["digest"]: (index.with_suffix(".npy"), row)
        for index in sorted(folder.glob(f"{family}-*.jsonl"))
        if index.with_suffix(".npy").exists()
        for row, entry in enumerate(_read_index(index))
        if entry["error"] is None
    }


def _prune(folder: Path, keep: str) -> None:
    sets = sorted(folder.glob("*.npy"), key=lambda file: file.stat().st_mtime, reverse=True)
    total = 0
    for file in sets:
        total += file.stat().st_size
        if total > MOST_BYTES and not file.name.startswith(keep):
            try:
                file.unlink()
            except PermissionError:
                continue  # Windows: another run has it open
            file.with_suffix(".jsonl").unlink(missing_ok=True)
