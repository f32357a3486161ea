"""Look through photos before training on them, and leave out what should not be learned from.

Nothing of the person's is changed: what is left out is left out of a list (csv) that the
trainer reads instead of the folder.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from landmark_desktop import atomic
from landmark_desktop.errors import UserError
from landmark_desktop.tasks import Cancel, Progress, Speed, Task
from training import health, layout, pixel_cache
from training.health import Health
from training.health_findings import PARTS, Finding
from training.layout import DataError, DataSet, Sample

SAMPLES = 6
"""Photos shown of each class."""
_SPLITS = dict(zip(PARTS, ("train", "val", "test"), strict=True))
_ALL_OF = frozenset(
    ["unreadable", "tiny", "extreme_aspect", "duplicate_across", "near_across"]
)  # fmt: skip
_REPEATED = frozenset(["duplicate_within", "near_within"])
_LEAKS = frozenset(["leak", "near_leak"])


class Source(Protocol):
    """Where training photos come from. ``title``: what it is called on the page."""

    @property
    def title(self) -> str:
        """One short line for a person."""

    def open(self) -> Path:
        """Return the folder, zip or csv that the trainer is given; on a worker thread."""


@dataclass(frozen=True)
class OnDisk:
    """A folder, zip or csv that the person chose."""

    path: Path

    @property
    def title(self) -> str:
        """The name of the folder or file."""
        return self.path.name or str(self.path)

    def open(self) -> Path:
        """Return it as it is."""
        return self.path


@dataclass(frozen=True)
class Looked:
    """A photo set that was looked through. ``path``: what the trainer reads it from.

    ``samples``: some readable training photos of each class, evenly spread, in its order.
    """

    title: str
    path: Path
    data: DataSet
    health: Health
    samples: dict[str, tuple[Path, ...]]


def look(source: Source, threads: int, cancel: Cancel) -> Task[Looked]:
    """Read the photo set and open every photo of it once.

    Raises ``UserError`` where there is nothing that could be trained on.
    """
    yield Progress(0, None, "Reading the folders")
    try:
        path = source.open()
        data = layout.read(path, pixel_cache.default_folder() / "unpacked")
    except (DataError, OSError) as error:
        raise UserError(f"{source.title} cannot be trained on.", str(error)) from error
    found = yield from _inspect(data, threads, cancel)
    return Looked(source.title, path, data, found, _samples(data, found))


def without_landmark(folders: Sequence[Path]) -> int:
    """Return how many photos the folders of negatives hold.

    Raises ``UserError`` where one holds none: the trainer would refuse it.
    """
    found = 0
    for folder in folders:
        try:
            count = len(layout.unlabelled([folder]))
        except OSError as error:
            raise UserError(
                f"{folder.name} cannot be opened.", f"{error.strerror or error}."
            ) from error
        if not count:
            raise UserError(
                f"There are no photos in {folder.name}.",
                remedy="Choose a folder with photos that show no landmark.",
            )
        found += count
    return found


def _inspect(data: DataSet, threads: int, cancel: Cancel) -> Task[Health]:
    stream = health.inspect(data, threads)
    speed = Speed()
    try:
        while True:
            try:
                step = next(stream)
            except StopIteration as end:
                found: Health = end.value
                return found
            yield Progress(step.done, step.total, "Looking at photos", speed.at(step.done))
            cancel.check()
    finally:
        stream.close()


def _samples(data: DataSet, found: Health) -> dict[str, tuple[Path, ...]]:
    broken = {path for f in found.findings if f.kind == "unreadable" for path in f.paths}
    good: dict[str, list[Path]] = defaultdict(list)
    for sample in data.training:
        if sample.label is not None and str(sample.path) not in broken:
            good[sample.label].append(sample.path)
    return {
        name: tuple(dict.fromkeys(paths[i * len(paths) // SAMPLES] for i in range(SAMPLES)))
        for name, paths in good.items()
    }


@dataclass(frozen=True)
class Fix:
    """What can be done about findings of one kind. ``paths``: the files it leaves out."""

    text: str
    paths: frozenset[str]


def fix_for(kind: str, findings: Iterable[Finding], part_of: dict[str, str]) -> Fix | None:
    """Return what can be done about findings of this kind, ``None`` where nothing can.

    ``part_of``: training, validation or test by path. Of a photo that is there several times
    one stays; of a leak the copies that judge stay, for what was judged by them before.
    """
    paths: set[str] = set()
    for finding in findings:
        if kind in _ALL_OF:
            paths |= set(finding.paths)
        elif kind in _REPEATED:
            paths |= set(finding.paths[1:])
        elif kind in _LEAKS:
            last = max((PARTS.index(part_of[path]) for path in finding.paths), default=0)
            paths |= {p for p in finding.paths if PARTS.index(part_of[p]) < last}
    if not paths:
        return None
    files = "this file" if len(paths) == 1 else f"these {len(paths):,} files"
    if kind in _LEAKS:
        return Fix(f"Take {files} out of training", frozenset(paths))
    if kind in _REPEATED:
        more = "file" if len(paths) == 1 else "files"
        return Fix(f"Keep one of each, leave {len(paths):,} {more} out", frozenset(paths))
    return Fix(f"Leave {files} out", frozenset(paths))


def part_of(data: DataSet) -> dict[str, str]:
    """Return which part each photo of the set is in, by its path."""
    return {str(s.path): part for part in PARTS for s in _part(data, part)}


def counts(data: DataSet, left_out: Collection[str]) -> dict[str, dict[str, int]]:
    """Return how many photos of each class are in each part, those left out not counted."""
    totals: dict[str, Counter[str]] = {name: Counter() for name in data.classes}
    for part in PARTS:
        for sample in _part(data, part):
            if sample.label is not None and str(sample.path) not in left_out:
                totals[sample.label][part] += 1
    return {name: dict(parts) for name, parts in totals.items()}


def write_list(data: DataSet, left_out: Collection[str], file: Path) -> None:
    """Write the photos that stay as a list that ``layout.read`` reads (path, label, split).

    A file whose name is no valid text cannot stand in a list and is left out too. Raises
    ``UserError`` where nothing would be left to train on, ``OSError`` where ``file`` cannot be
    written.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("path", "label", "split"))
    trained = 0
    for part in PARTS:
        for sample in _part(data, part):
            path = str(sample.path.absolute())
            if str(sample.path) in left_out or not _is_text(path):
                continue
            rows.writerow((path, sample.label or "", _SPLITS[part]))
            trained += part == "training" and sample.label is not None
    if not trained:
        raise UserError(
            "No photo is left to train on.",
            "Everything was left out.",
            "Put some of the photos back.",
        )
    atomic.write_bytes(file, text.getvalue().encode())


def _part(data: DataSet, part: str) -> tuple[Sample, ...]:
    samples: tuple[Sample, ...] = getattr(data, part)
    return samples


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
