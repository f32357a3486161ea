"""Look through photos before training on them; ``photo_fixes`` mends what is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from landmark_desktop.actions.photo_fixes import alike
from landmark_desktop.errors import UserError
from landmark_desktop.tasks import Cancel, Progress, Speed, Task
from training import health, layout, pixel_cache
from training.health import Health
from training.layout import DataError, DataSet

SAMPLES = 6
"""Photos shown of each class."""


class Source(Protocol):
    """Where training photos come from."""

    @property
    def title(self) -> str:
        """What it is called on the page: one short line for a person."""

    @property
    def unlabelled(self) -> str:
        """What makes a photo one without a label: words behind "5 photos"."""

    def open(self) -> tuple[Path, tuple[str, ...]]:
        """Return the folder, zip or csv that the trainer is given, and what was left out of it.

        On a worker thread. The latter are sentences for a person.
        """


@dataclass(frozen=True)
class OnDisk:
    """A folder, zip or csv that the person chose."""

    path: Path

    @property
    def title(self) -> str:
        """The name of the folder or file; of a training part, the name of its set."""
        path = self.path.parent if self.path.name.lower() == "train" else self.path
        return path.name or str(self.path)

    @property
    def unlabelled(self) -> str:
        """A list may leave the label empty."""
        return "without a label"

    def open(self) -> tuple[Path, tuple[str, ...]]:
        """Return it as it is."""
        return self.path, ()


@dataclass(frozen=True)
class Looked:
    """A photo set that was looked through. ``path``: what the trainer reads it from.

    ``unlabelled``: as in ``Source``. ``samples``: some readable training photos of each class,
    evenly spread, in its order.
    """

    title: str
    unlabelled: str
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
        path, left_out = source.open()
        data = layout.read(path, pixel_cache.default_folder() / "unpacked")
        data = replace(data, notices=left_out + data.notices)
    except (DataError, OSError) as error:
        raise UserError(f"{source.title} cannot be trained on.", str(error)) from error
    found = yield from _inspect(data, threads, cancel)
    found = replace(found, findings=(*found.findings, *alike(data.classes)))
    return Looked(source.title, source.unlabelled, path, data, found, _samples(data, found))


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
