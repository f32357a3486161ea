"""The library as a photo set: what the person accepted and corrected, and what was refused."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass, field
from pathlib import Path

from landmark_desktop import atomic
from landmark_desktop.actions import shelf
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import corrections
from landmark_desktop.library.corrections import Decided
from landmark_desktop.library.database import Library
from training.bundle import Card
from training.health_findings import FEW_PHOTOS
from training.photo_files import counted, listed
from training.support import remembers

FEWEST = 3
"""Photos that a landmark needs to be added to a model (``training.extend``)."""
_LIST = "library.csv"


@dataclass(frozen=True)
class FromLibrary:
    """The open library as a source of training photos; ``photo_set.Source``.

    ``folder``: where the list is written that the trainer reads, the folder of runs.
    """

    library: Library
    folder: Path

    @property
    def title(self) -> str:
        """What the page calls it."""
        return "My library"

    @property
    def unlabelled(self) -> str:
        """What a photo without a label is here."""
        return "whose suggestion you rejected"

    def open(self) -> tuple[Path, tuple[str, ...]]:
        """Write the list (path, label) and return it, with what was left out of it.

        Photos whose suggestion was rejected, and that were accepted as nothing else, come
        without a label: they show none of the landmarks. Raises ``UserError`` where there is
        nothing to learn from, ``OSError`` where the list cannot be written.
        """
        found = corrections.labelled(self.library.read())
        missing = {path for path, _ in found if not path.is_file()}
        there = [(path, landmark) for path, landmark in found if path not in missing]
        if not any(landmark for _, landmark in there):
            raise UserError(
                "Your library has no photos to learn from yet.",
                "Photos count once you have accepted or corrected their landmark"
                + (", and their files have to be there." if found else "."),
                "Accept or correct some suggestions on the Library page.",
            )
        text = io.StringIO(newline="")
        rows = csv.writer(text)
        rows.writerow(("path", "label"))
        rows.writerows((path, landmark or "") for path, landmark in there)
        self.folder.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(self.folder / _LIST, text.getvalue().encode())
        return self.folder / _LIST, _told(sorted(missing))


def _told(paths: list[Path]) -> tuple[str, ...]:
    if not paths:
        return ()
    photos = counted(len(paths), "photo", "photos")
    names = listed([path.name for path in paths])
    return (
        f"{photos} of your library left out, as the files are gone or on a drive that is not "
        f"connected: {names}.",
    )


@dataclass(frozen=True)
class Offer:
    """What the library could teach a model, and what is new to the one in use.

    ``labelled``: accepted photos by landmark id. ``refused``: photos that show none of the
    landmarks suggested for them. ``model``: the name of the model in use, ``remembers``: whether
    landmarks can be added to it. ``since``: decided since it was trained.
    """

    labelled: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    model: str = ""
    remembers: bool = False
    since: Decided = field(default_factory=Decided)

    @property
    def photos(self) -> int:
        """Photos with a landmark."""
        return sum(self.labelled.values())

    def why_not_alone(self) -> str:
        """Return why no model can be made of the library alone; nothing where one can."""
        if sum(photos >= FEW_PHOTOS for photos in self.labelled.values()) >= 2:
            return ""
        return f"It takes {FEW_PHOTOS} accepted photos each of two landmarks."

    def why_not_added(self) -> str:
        """Return why the library cannot be added to a model; nothing where it can."""
        if any(photos >= FEWEST for photos in self.labelled.values()):
            return ""
        return f"It takes {FEWEST} accepted photos of a landmark."

    @property
    def added(self) -> bool:
        """Whether retraining is adding to the model in use, the other way being from afresh."""
        return self.remembers and not self.why_not_added()

    def why_not_retrained(self) -> str:
        """Return why the model in use cannot be retrained; nothing where it can."""
        if self.added or not self.why_not_alone():
            return ""
        return self.why_not_added() if self.remembers else self.why_not_alone()


def offer(workspace: Workspace) -> Offer:
    """Return what the library could teach. Reads the library and a file: not on the main thread."""
    connection, recogniser = workspace.library.read(), workspace.recogniser
    return Offer(
        corrections.labelled_counts(connection),
        corrections.refused_count(connection),
        recogniser.card.name or recogniser.path.stem,
        remembers(recogniser.path),
        corrections.since(connection, trained_at(recogniser.card)),
    )


def trained_at(card: Card) -> str | None:
    """Return from when on decisions are new to a model, ISO 8601; ``None``: all of them are.

    That is when its training read the photos, or as far as only the day is known, its
    beginning: rather offer what is known than miss what is new.
    """
    for entry in ("photos_read_at", "made_on"):
        moment = str(card.provenance.get(entry))
        try:
            datetime.datetime.fromisoformat(moment)
        except ValueError:
            continue  # not said, or in no form that we know
        return moment
    return None


@dataclass(frozen=True)
class Base:
    """A model of the shelf to which landmarks could be added.

    ``landmarks``: how many it knows. ``problem``: why nothing can be added, else empty.
    """

    path: Path
    name: str
    landmarks: int
    in_use: bool
    problem: str = ""


def bases(workspace: Workspace) -> list[Base]:
    """Return the models of the shelf, the one in use first. Reads files (seconds)."""
    found = []
    for model in shelf.models(workspace):
        card, problem = model.card, ""
        if card is None:
            continue
        if not remembers(model.path):
            problem = "It remembers nothing of the photos that it learned from."
        landmarks = len(card.labels) - (card.background is not None)
        found.append(Base(model.path, model.name, landmarks, model.in_use, problem))
    return sorted(found, key=lambda base: not base.in_use)
