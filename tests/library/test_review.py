"""Accepting, rejecting and taking back: tags follow, and undoing everything restores everything."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import draw

from landmark_desktop.actions import browse, review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter, State
from landmark_desktop.tasks import Cancel, Succeeded, run


def fill(workspace: Workspace, folder: Path) -> list[Photo]:
    assert isinstance(run(import_photos(workspace, [folder], Cancel()), lambda _: None), Succeeded)
    assert isinstance(run(suggest_for_library(workspace, Cancel()), lambda _: None), Succeeded)
    return everything(workspace)


def everything(workspace: Workspace) -> list[Photo]:
    photos = browse.rows(workspace, browse.listing(workspace, Filter()).ids)
    return sorted(photos, key=lambda photo: photo.path.name)


def found(workspace: Workspace, **wanted: Any) -> int:
    return len(browse.listing(workspace, Filter(**wanted)).ids)


def test_accepting_tags_a_photo_and_makes_it_searchable(workspace: Workspace, album: Path) -> None:
    tower = fill(workspace, album)[0]
    assert tower.waiting
    changes = review.accept(workspace, [tower.id])
    assert changes.photos == {tower.id}
    assert changes.summary == "Accepted Eiffel Tower on 1 photo"
    (after,) = browse.rows(workspace, [tower.id])
    assert after.accepted == "Eiffel_Tower"
    assert not after.waiting
    place = ("Places", "France", "Paris", "Eiffel Tower")
    assert [tag.path for tag in after.tags] == [place, ("Kinds", "tower")]
    assert {tag.source for tag in after.tags} == {"accepted"}
    assert found(workspace, text="paris") == 5  # the four that are only suggested as well
    assert found(workspace, text="paris", state=State.ACCEPTED) == 1


def test_what_was_rejected_is_not_suggested_again(workspace: Workspace, album: Path) -> None:
    tower = fill(workspace, album)[0]
    review.reject(workspace, [tower.id])
    (after,) = browse.rows(workspace, [tower.id])
    assert not after.waiting
    assert after.landmark is None
    assert after.tags == ()
    assert found(workspace, landmark="Eiffel_Tower") == 4
    assert review.accept(workspace, [tower.id]).photos == frozenset()


def test_another_landmark_replaces_an_accepted_one(workspace: Workspace, album: Path) -> None:
    tower = fill(workspace, album)[0]
    review.accept(workspace, [tower.id])
    review.accept(workspace, [tower.id], "Taj_Mahal")
    (after,) = browse.rows(workspace, [tower.id])
    assert after.accepted == "Taj_Mahal"
    assert [tag.name for tag in after.tags] == ["Taj Mahal", "mausoleum"]


def test_a_landmark_outside_the_gazetteer_is_its_own_tag(workspace: Workspace, album: Path) -> None:
    tower = fill(workspace, album)[0]
    review.accept(workspace, [tower.id], "Our garden")
    (after,) = browse.rows(workspace, [tower.id])
    assert [tag.name for tag in after.tags] == ["Our garden"]


def test_the_states_add_up(workspace: Workspace, album: Path) -> None:
    photos = fill(workspace, album)
    review.accept(workspace, [photos[0].id, photos[5].id])
    review.reject(workspace, [photos[1].id])
    review.no_landmark(workspace, [photos[2].id, photos[11].id])
    counts = browse.listing(workspace, Filter()).counts
    assert counts.states == {
        State.ANY: 12, State.WAITING: 5, State.ACCEPTED: 2, State.NONE: 2, State.NO_LANDMARK: 2,
    }  # fmt: skip
    assert counts.landmarks == {"Eiffel_Tower": (1, 2), "Taj_Mahal": (1, 3)}
    for state, number in counts.states.items():
        assert found(workspace, state=state) == number


def test_undo_survives_a_restart(tmp_path: Path, colour_model: Path, album: Path) -> None:
    workspace = Workspace.open(tmp_path / "library", colour_model)
    before = fill(workspace, album)
    review.accept(workspace, [photo.id for photo in before])
    workspace.close()
    workspace = Workspace.open(tmp_path / "library", colour_model)
    assert review.undo(workspace).summary == "Undone: Accepted 2 landmarks on 9 photos"
    assert everything(workspace) == before
    assert not review.undo(workspace).photos
    workspace.close()


_STEP = st.tuples(
    st.sampled_from(["accept", "reject", "undo"]),
    st.sets(st.integers(0, 3), min_size=1),
    st.sampled_from([None, "Taj_Mahal", "Eiffel_Tower", "Our garden"]),
)


@given(steps=st.lists(_STEP, max_size=12))
@settings(max_examples=40, deadline=None)
def test_undoing_everything_restores_everything(
    tmp_path_factory: pytest.TempPathFactory, colour_model: Path, steps: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("undo")
    for number, shows in enumerate(["Eiffel_Tower", "Eiffel_Tower", "Taj_Mahal", "none"]):
        draw(folder / "album" / f"{number}.png", shows, size=(40, 40), mark=number)
    workspace = Workspace.open(folder / "library", colour_model)
    try:
        before = fill(workspace, folder / "album")
        words = index(workspace)
        for what, chosen, landmark in steps:
            ids = [before[number].id for number in sorted(chosen)]
            if what == "undo":
                review.undo(workspace)
            elif what == "accept":
                review.accept(workspace, ids, landmark)
            else:
                review.reject(workspace, ids, landmark)
            for photo in everything(workspace):
                assert photo.accepted not in photo.rejected
                tagged = {tag.landmark for tag in photo.tags}
                assert tagged == ({photo.accepted} if photo.accepted else set())
        while review.undo(workspace).photos:
            pass
        assert everything(workspace) == before
        assert index(workspace) == words
    finally:
        workspace.close()


def index(workspace: Workspace) -> list[tuple[Any, ...]]:
    connection: sqlite3.Connection = workspace.library.read()
    rows = connection.execute("SELECT rowid, name, folder FROM photo_words ORDER BY rowid")
    return [tuple(row) for row in rows]
