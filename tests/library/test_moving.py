"""Where photos are by now, in a library that others look at meanwhile."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from samples import draw

from landmark_desktop.actions import review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import moving, photos, search
from landmark_desktop.library.search import Filter
from landmark_desktop.tasks import Cancel, finish


@pytest.fixture
def one(library: Workspace, tmp_path: Path) -> tuple[Workspace, int, Path]:
    """Return a library with one photo, its id and its path."""
    path = tmp_path / "album" / "one.jpg"
    draw(path, "Eiffel_Tower", mark=1)
    finish(import_photos(library, [path.parent], Cancel()))
    (id_,) = _ids(library).values()
    return library, id_, path


def _ids(workspace: Workspace) -> dict[str, int]:
    rows = workspace.library.read().execute("SELECT path, id FROM photo ORDER BY path")
    return {row[0]: row[1] for row in rows}


def _move(workspace: Workspace, paths: dict[int, Path]) -> None:
    workspace.library.write(lambda connection: moving.moved(connection, paths))


def test_a_scan_that_met_the_file_on_its_way_leaves_no_second_photo(
    one: tuple[Workspace, int, Path],
) -> None:
    workspace, id_, path = one
    target = path.with_name("moved.jpg")
    target.hardlink_to(path)  # as for a moment while a file is given another name
    finish(import_photos(workspace, [path.parent], Cancel()))
    assert len(_ids(workspace)) == 2
    path.unlink()
    _move(workspace, {id_: target})
    assert _ids(workspace) == {str(target): id_}
    found = search.photo_ids(workspace.library.read(), Filter(text="moved"), None)
    assert found == [id_]


@pytest.mark.parametrize("decided", [False, True])
def test_a_photo_that_was_known_there_is_not_forgotten(
    one: tuple[Workspace, int, Path], *, decided: bool
) -> None:
    workspace, id_, path = one
    target = path.with_name("taken.jpg")
    draw(target, "Eiffel_Tower", mark=1 if decided else 2)
    finish(import_photos(workspace, [path.parent], Cancel()))
    other = _ids(workspace)[str(target)]
    if decided:
        review.accept(workspace, [other], "Eiffel_Tower")
    target.unlink()
    path.rename(target)
    _move(workspace, {id_: target})
    assert _ids(workspace) == {str(path): other, str(target): id_}
    _move(workspace, {id_: path, other: target})  # two that change places
    assert _ids(workspace) == {str(path): id_, str(target): other}


def test_a_place_that_is_left_and_taken_at_once(one: tuple[Workspace, int, Path]) -> None:
    workspace, id_, path = one
    for number in (2, 3):
        draw(path.with_name(f"{number}.jpg"), "none", mark=number)
    finish(import_photos(workspace, [path.parent], Cancel()))
    known = _ids(workspace)
    two, three = (path.with_name(f"{n}.jpg") for n in (2, 3))
    # To where the third is, whose file is gone, while the second takes its place.
    _move(workspace, {id_: three, known[str(two)]: path})
    after = {photo: Path(where) for where, photo in _ids(workspace).items()}
    assert (after[id_], after[known[str(two)]]) == (three, path)
    assert after[known[str(three)]].parent == path.parent
    assert len(after) == 3


def test_photos_that_the_library_does_not_have_are_passed_over(
    one: tuple[Workspace, int, Path],
) -> None:
    workspace, id_, path = one

    def nothing(connection: sqlite3.Connection) -> int:
        moving.moved(connection, {id_ + 1: path})
        return len(photos.below(connection, str(path.parent)))

    assert workspace.library.write(nothing) == 1


def test_a_photo_that_was_missed_on_its_way_is_whole_again(
    one: tuple[Workspace, int, Path],
) -> None:
    workspace, id_, path = one
    target = path.with_name("moved.jpg")
    suggesting = suggest_for_library(workspace, Cancel())
    next(suggesting)  # it knows by now which photos there are, and where
    path.rename(target.parent.parent / target.name)
    finish(import_photos(workspace, [path.parent], Cancel()))
    assert _problems(workspace) == ["The file is no longer there."]
    _move(workspace, {id_: target})
    assert _problems(workspace) == []
    finish(suggesting)  # it finds no file where it was
    assert _problems(workspace) == []
    (target.parent.parent / target.name).rename(target)
    assert finish(suggest_for_library(workspace, Cancel())) == 1
    assert _problems(workspace) == []


def _problems(workspace: Workspace) -> list[str]:
    rows = workspace.library.read().execute("SELECT problem FROM photo WHERE problem NOT NULL")
    return [row[0] for row in rows]
