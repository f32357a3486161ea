"""What the person looks at: the photos that match, how many there are, and their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.library import photos, search
from landmark_desktop.library.records import Photo, Unreadable
from landmark_desktop.library.search import Counts, Filter


@dataclass(frozen=True)
class Listing:
    """The photos to show, newest first, with the numbers for the lists beside them."""

    ids: list[int]
    counts: Counts
    unreadable: int


def listing(workspace: Workspace, wanted: Filter) -> Listing:
    """Return what matches ``wanted``; a search finds landmarks by any of their names."""
    connection, model = workspace.library.read(), workspace.model
    card = model.recogniser.card
    labels = [landmark_key(card, i) for i in range(len(card.labels)) if i != card.background]
    found = workspace.gazetteer.matching(wanted.text, labels)
    named = {landmark.id: landmark.place_path for landmark in found}
    return Listing(
        search.photo_ids(connection, wanted, model.id, named, model.earlier),
        search.counts(connection, model.id, model.earlier),
        photos.count_unreadable(connection),
    )


def rows(workspace: Workspace, ids: Sequence[int]) -> list[Photo]:
    """Return the photos with these ids, in any order."""
    model = workspace.model
    return photos.fetch(workspace.library.read(), ids, model.id, model.earlier)


def ids_of(workspace: Workspace, paths: Sequence[str]) -> dict[str, int]:
    """Return the id of each of these files that is in the library."""
    return photos.ids_of(workspace.library.read(), paths)


def paths(workspace: Workspace, ids: Sequence[int]) -> dict[int, Path]:
    """Return where each of these photos lies."""
    return photos.paths_of(workspace.library.read(), ids)


def unreadable(workspace: Workspace) -> list[Unreadable]:
    """Return every file that could not be imported or decoded, with the reason."""
    return photos.unreadable(workspace.library.read())
