"""Filters join by "and", folders hold what is below them, words are found as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import draw

from landmark_desktop.actions import browse
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import words
from landmark_desktop.library.search import Filter
from landmark_desktop.tasks import Cancel, run


def names(workspace: Workspace, wanted: Filter) -> set[str]:
    return {
        photo.path.name for photo in browse.rows(workspace, browse.listing(workspace, wanted).ids)
    }


@pytest.fixture
def trips(workspace: Workspace, tmp_path: Path) -> Path:
    folder = tmp_path / "trips"
    for number, name in enumerate(
        ("Rome/a.png", "Rome/night/b.png", "Rome 2/c.png", "Århus/d_e.png")
    ):
        draw(folder / name, mark=number, size=(40, 40))
    run(import_photos(workspace, [folder], Cancel()), lambda _: None)
    return folder


def test_a_folder_holds_what_is_below_it_and_nothing_beside_it(
    workspace: Workspace, trips: Path
) -> None:
    assert names(workspace, Filter(folder=str(trips / "Rome"))) == {"a.png", "b.png"}
    assert names(workspace, Filter(folder=str(trips / "Rome 2"))) == {"c.png"}
    assert names(workspace, Filter(folder=str(trips))) == {"a.png", "b.png", "c.png", "d_e.png"}
    assert names(workspace, Filter(folder="/")) == {"a.png", "b.png", "c.png", "d_e.png"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rome", {"a.png", "b.png", "c.png"}),
        ("ROME night", {"b.png"}),
        ("arh", {"d_e.png"}),
        ("Århus", {"d_e.png"}),
        ("d e", {"d_e.png"}),
        ("nothing", set()),
        ("   ", {"a.png", "b.png", "c.png", "d_e.png"}),
        ('" OR *', set()),
        ("'; DROP TABLE photo; --", set()),
    ],
)
def test_words_are_found_as_people_type_them(
    workspace: Workspace, trips: Path, text: str, found: set[str]
) -> None:
    assert names(workspace, Filter(text=text)) == found


def test_filters_join(workspace: Workspace, trips: Path) -> None:
    assert names(workspace, Filter(folder=str(trips / "Rome"), text="night")) == {"b.png"}


def test_a_query_of_no_words_is_none() -> None:
    assert words.query(" !? ") is None
    assert words.query("a.b") == '"a"* "b"*'
