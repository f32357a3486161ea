"""Teach the model in use a new landmark from a few photos: what to learn, how it went, adopt it.

The trainer learns in a folder of its own among the training runs (recipe ``extend``), whose
result is looked at before anything of the library changes.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from landmark_desktop import atomic
from landmark_desktop.actions import review, training_runs
from landmark_desktop.actions.teaching_words import FEWEST
from landmark_desktop.actions.workspace import Workspace, landmark_of
from landmark_desktop.errors import UserError
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark, fold
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.library import places
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.photos import is_text
from landmark_desktop.library.places import OwnPlace
from landmark_desktop.library.records import Photo
from training import launch, recipes, support
from training.bundle import BundleError, Card
from training.judge import wilson

log = logging.getLogger(__name__)

PHOTOS = "photos.csv"
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Naming:
    """What a typed name stands for.

    ``known``: the model in use recognises that landmark. ``listed``: the gazetteer has it, the
    model does not know it. ``id``: what models and decisions call it.
    """

    state: Literal["empty", "new", "listed", "known"]
    id: str = ""
    landmark: Landmark | None = None


@dataclass(frozen=True)
class Lesson:
    """What is taught. ``own``: whether the place is to be stored as the person's."""

    place: OwnPlace
    photos: tuple[Photo, ...]
    own: bool = True


@dataclass(frozen=True)
class Missed:
    """A photo that was not recognised, and what was said of it instead."""

    path: Path
    why: str


@dataclass(frozen=True)
class Taught:
    """How the learning went, judged on photos that were left out of it.

    ``recognised``: of ``photos`` so many got the landmark as a suggestion. ``known_photos``:
    remembered photos of known landmarks that the model recognised before; ``lost``: share of
    them that it no longer does, with its 95 % interval.
    """

    bundle: Path
    name: str
    photos: int
    recognised: int
    missed: tuple[Missed, ...]
    known_photos: int
    lost: float
    lost_interval: tuple[float, float]

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share recognised (Wilson)."""
        return wilson(self.recognised, self.photos)


def labels(card: Card) -> list[str]:
    """Return the landmarks that a model recognises, as decisions call them."""
    return [landmark_key(card, i) for i in range(len(card.labels)) if i != card.background]


def name_of(gazetteer: Gazetteer, card: Card, text: str) -> Naming:
    """Say what a typed name stands for; accents and case do not count."""
    wanted, known = fold(text), labels(card)
    if not wanted:
        return Naming("empty")
    for landmark in (*(gazetteer[id_] for id_ in known), *gazetteer):
        if wanted in map(fold, (landmark.name, landmark.local_name, *landmark.aliases)):
            state: Literal["known", "listed"] = "known" if landmark.id in known else "listed"
            return Naming(state, landmark.id, landmark)
    outputs = {label.name for label in card.labels}
    return Naming("new", new_id(text, {*known, *outputs, *(x.id for x in gazetteer)}))


def new_id(name: str, taken: set[str]) -> str:
    """Return the id of a new place: its name with underscores, unlike all those ``taken``."""
    printable = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", name))
    stem = "_".join(printable.split())
    held, id_, number = {other.casefold() for other in taken}, stem, 2
    while id_.casefold() in held:
        id_, number = f"{stem}_{number}", number + 1
    return id_


def kinds(gazetteer: Gazetteer) -> list[str]:
    """Return the kinds of landmark that there are, in the order of the alphabet."""
    return sorted({landmark.kind for landmark in gazetteer if landmark.kind})


def readable(photos: Sequence[Photo]) -> tuple[Photo, ...]:
    """Return the photos that can be learned from: their files are there and can be read.

    A path that is no text cannot stand in the trainer's list.
    """
    return tuple(p for p in photos if not p.problem and is_text(p.path) and p.path.is_file())


def refusal(model: Path, card: Card) -> str:
    """Return why the model cannot be taught anything; nothing where it can."""
    try:
        remembers = support.remembers(model)
    except (BundleError, OSError) as error:
        return f"The model in use, {card.name}, cannot be read. {error}"
    if remembers:
        return ""
    return (
        f"The model in use, {card.name}, remembers nothing of the photos it was trained on, so "
        "it would forget what it knows. Train one anew on the Training page, or choose another "
        "on the Models page."
    )


def begin(workspace: Workspace, lesson: Lesson, threads: int) -> Path:
    """Prepare a run that teaches the model in use; return its folder.

    Raises ``UserError`` where there are too few photos or the folder cannot be written.
    """
    photos = readable(lesson.photos)
    if len(photos) < FEWEST:
        raise UserError(
            f"{len(photos)} of these photos can be read, and at least {FEWEST} are needed.",
            remedy="Choose more photos of the landmark.",
        )
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("path", "label"))
    rows.writerows((str(photo.path.absolute()), lesson.place.id) for photo in photos)
    base = workspace.recogniser
    folder: Path | None = None
    try:
        folder = training_runs.new_folder(workspace.places.runs, lesson.place.name)
        atomic.write_bytes(folder / PHOTOS, text.getvalue().encode())
        spec = recipes.spec(
            data=str(folder / PHOTOS), recipe="extend", base=str(base.path.absolute()),
            name=model_name(base.card.name, lesson.place.name), threads=threads,
        )  # fmt: skip
        spec.save(folder / training_runs.ASKED)
    except OSError as error:
        if folder is not None:
            discard(folder)
        raise UserError(
            "The learning cannot begin.",
            f"The folder {workspace.places.runs} cannot be written ({error.strerror or error}).",
            "Free some space on the disk, and try again.",
        ) from error
    return folder


def model_name(base: str, name: str) -> str:
    """Return what the new model is called: the old one's name and what came to it."""
    first, *more = f"{base} + {name}".split(" + ")
    gathered = [match for part in more if (match := re.fullmatch(r"(\d+) more", part))]
    longer = " + ".join((first, *more))
    if not gathered and len(longer) <= _LONGEST_NAME:
        return longer
    number = len(more) + sum(int(match[1]) - 1 for match in gathered)
    return f"{first} + {number} more"


def result(folder: Path, lesson: Lesson, gazetteer: Gazetteer) -> Taught:
    """Read how it went. Raises ``UserError`` where that cannot be read."""
    try:
        data = json.loads((folder / launch.JUDGEMENT).read_text(encoding="utf-8"))
        judged, known = data["photos"], data["known"]
        missed = tuple(
            Missed(Path(photo["path"]), _why(photo, gazetteer))
            for photo in judged
            if not _recognised(photo)
        )
        low, high = known["lost_ci95"]
        return Taught(
            folder / launch.MODEL, lesson.place.name, len(judged), len(judged) - len(missed),
            missed, int(known["photos"]), float(known["lost"]), (float(low), float(high)),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("no result in %s: %s", folder, error)
        raise UserError(
            "The model has learned, but how well cannot be read.",
            f"{launch.JUDGEMENT} is missing or damaged.",
            "Teach it again.",
        ) from error


def adopt(workspace: Workspace, lesson: Lesson) -> ChangeSet:
    """Store the place and accept the photos as showing it, which can be undone.

    The place stays after an undo: the model goes on recognising it. Raises ``LibraryError``.
    """
    if lesson.own:
        workspace.library.write(lambda connection: places.store(connection, lesson.place))
        workspace.gazetteer.add(landmark_of(lesson.place))
    return review.accept(workspace, [photo.id for photo in lesson.photos], lesson.place.id)


def discard(folder: Path) -> None:
    """Remove a run with all it has made."""
    try:
        shutil.rmtree(folder)
    except OSError as error:
        log.warning("%s could not be removed: %s", folder, error)


def _recognised(photo: dict[str, object]) -> bool:
    return bool(photo["suggested"]) and photo["guess"] == photo["truth"]


def _why(photo: dict[str, object], gazetteer: Gazetteer) -> str:
    if photo["guess"] == photo["truth"]:
        return "too unsure"
    name = gazetteer[str(photo["guess"])].name
    return f"taken for {name}" if photo["suggested"] else f"perhaps {name}"
