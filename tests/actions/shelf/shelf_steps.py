"""What the tests of the shelf do again and again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from landmark_desktop.actions import browse, shelf
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import ModelError
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter
from landmark_desktop.tasks import Cancel, Succeeded, run
from training.bundle import Card


def swapped(card: Card) -> Card:
    """The same network with the names of its two landmarks exchanged: it is always wrong."""
    first, second, *rest = card.labels
    return replace(card, name="Swapped", labels=(second, first, *rest))


def look(workspace: Workspace) -> list[Photo]:
    assert isinstance(run(suggest_for_library(workspace, Cancel()), lambda _: None), Succeeded)
    return everything(workspace)


def fill(workspace: Workspace, folder: Path) -> list[Photo]:
    assert isinstance(run(import_photos(workspace, [folder], Cancel()), lambda _: None), Succeeded)
    return look(workspace)


def everything(workspace: Workspace) -> list[Photo]:
    rows = browse.rows(workspace, browse.listing(workspace, Filter()).ids)
    return sorted(rows, key=lambda photo: photo.path.name)


def landmarks(photos: list[Photo]) -> list[str | None]:
    return [photo.landmark for photo in photos]


def refused(workspace: Workspace, file: Path) -> str:
    """Return why the file is refused; nothing of it may be left."""
    with pytest.raises(ModelError) as caught:
        shelf.add(workspace, file)
    assert file.name in caught.value.what
    folder = workspace.places.models
    assert not folder.exists() or list(folder.iterdir()) == []
    assert len(shelf.models(workspace)) == 1
    return str(caught.value)
