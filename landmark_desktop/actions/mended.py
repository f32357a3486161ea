"""Labels mended on a run's result page: kept beside the run, and a new photo list made of them.

Nothing of the person's photos is touched. The corrections lie in the run's folder, and training
again reads a list in which they hold.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from landmark_desktop import atomic
from landmark_desktop.actions import review
from landmark_desktop.actions.photo_fixes import Edits, write_list
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.library import photos
from landmark_desktop.library.changes import ChangeSet
from training import layout, pixel_cache
from training.bundle import Card
from training.layout import DataSet, Sample
from training.spec import TrainingSpec

log = logging.getLogger(__name__)

MENDED = "mended.json"
"""The corrections, in the run's folder."""
_LIST = "mended.csv"


@dataclass(frozen=True)
class Mend:
    """What a photo is to count as from now on.

    ``label``: a class of the run, or ``None`` where the photo shows none of them.
    ``left_out``: not to be learned from at all; ``label`` is ``None`` then.
    """

    label: str | None = None
    left_out: bool = False


Mends = Mapping[str, Mend]
"""Corrections by the photo's path, as ``judgement.json`` writes it."""


def read(run: Path) -> dict[str, Mend]:
    """Return the corrections of a run; none where there are none, or none that can be read."""
    file = run / MENDED
    try:
        rows = json.loads(file.read_text(encoding="ascii"))
        return {str(path): Mend(**entries) for path, entries in rows.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log.warning("the mended labels in %s cannot be read: %s", file, error)
        return {}


def write(run: Path, mends: Mends) -> None:
    """Keep the corrections of a run. Raises ``OSError`` where its folder cannot be written."""
    rows = {path: {"label": mend.label, "left_out": mend.left_out} for path, mend in mends.items()}
    # In ASCII, names of files that are no valid text come back as they are.
    atomic.write_bytes(run / MENDED, json.dumps(rows, indent=1).encode("ascii"))


def relabelled(data: DataSet, beside: Iterable[Path], mends: Mends) -> tuple[DataSet, Edits]:
    """Return the set with the mended labels, and what is left out of it.

    ``beside``: photos without a landmark that come into the set with the others.
    """

    def mended(samples: Iterable[Sample]) -> tuple[Sample, ...]:
        return tuple(
            replace(sample, label=mends[str(sample.path)].label)
            if str(sample.path) in mends
            else sample
            for sample in samples
        )

    set_ = replace(
        data,
        training=mended((*data.training, *(Sample(path, None) for path in beside))),
        validation=mended(data.validation),
        test=mended(data.test),
    )
    return set_, Edits(frozenset(path for path, mend in mends.items() if mend.left_out))


@dataclass(frozen=True)
class Relabelled:
    """A run's photos with the mended labels, as a source of training photos.

    ``run``: the run's folder, beside which the list is written; ``photo_set.Source``.
    """

    run: Path
    spec: TrainingSpec

    @property
    def title(self) -> str:
        """What the page calls it."""
        return f"{self.spec.name} mended"

    @property
    def unlabelled(self) -> str:
        """What a photo without a label is here."""
        return "without a landmark"

    @property
    def negatives(self) -> tuple[Path, ...]:
        """The folders of photos without a landmark that training again takes beside the list.

        None where one of their photos is mended: no folder can leave one out, so that the list
        holds them all.
        """
        found = tuple(Path(folder) for folder in self.spec.negatives)
        mends = read(self.run)
        within = any(Path(path).is_relative_to(folder) for path in mends for folder in found)
        return () if within else found

    def open(self) -> tuple[Path, tuple[str, ...]]:
        """Write the list (path, label, split) and return it with the notices of its making.

        Raises ``DataError`` where the run's photos are gone, ``UserError`` where none would be
        left, ``OSError`` where the list cannot be written.
        """
        data = layout.read(Path(self.spec.data), pixel_cache.default_folder() / "unpacked")
        folders = [] if self.negatives else [Path(folder) for folder in self.spec.negatives]
        beside = [sample.path for sample in layout.unlabelled(folders)]
        set_, edits = relabelled(data, beside, read(self.run))
        file = self.run.parent / _LIST
        write_list(set_, edits, file)
        return file, data.notices


@dataclass(frozen=True)
class InLibrary:
    """A mended photo that the library has under another landmark.

    ``landmark``: what it shows by the mend, ``None`` for nothing that the run knows.
    """

    photo: int
    accepted: str
    landmark: str | None


def differing(workspace: Workspace, card: Card, mends: Mends) -> list[InLibrary]:
    """Return the photos of the library that were accepted as something else than mended."""
    keys = {label.name: landmark_key(card, i) for i, label in enumerate(card.labels)}
    connection, model = workspace.library.read(), workspace.model
    ids = photos.ids_of(connection, [path for path, mend in mends.items() if not mend.left_out])
    rows = photos.fetch(connection, ids.values(), model.id, model.earlier)
    paths = {photo_id: path for path, photo_id in ids.items()}
    found = []
    for row in rows:
        label = mends[paths[row.id]].label
        wanted = None if label is None else keys.get(label, label)
        if row.accepted is not None and row.accepted != wanted:
            found.append(InLibrary(row.id, row.accepted, wanted))
    return found


def correct_library(workspace: Workspace, found: Iterable[InLibrary]) -> ChangeSet:
    """Have the library say of these photos what was mended; one decision, which undo takes back."""
    return review.correct(workspace, {entry.photo: entry.landmark for entry in found})
