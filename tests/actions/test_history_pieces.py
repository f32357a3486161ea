"""Parts of an entry taken back by their files: what there is, and what becomes of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from organise.trees import read
from samples import draw

from landmark_desktop.actions import history, organise, organise_run, review, write
from landmark_desktop.actions.history import Piece
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.organise import Request
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import photos
from landmark_desktop.library.changes import Entry
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.tasks import Cancel, Cancelled, finish

TOWER = Path("sorted/Eiffel Tower")


@pytest.fixture
def filled(workspace: Workspace, album: Path) -> Workspace:
    """A library of the album, its five towers accepted, one of them with a sidecar."""
    finish(import_photos(workspace, [album], Cancel()))
    (album / "day 0" / "photo 00.jpg.xmp").write_text("<x/>")
    paths = [str(album / f"day {n % 2}" / f"photo {n:02}.jpg") for n in range(5)]
    ids = photos.ids_of(workspace.library.read(), paths)
    review.accept(workspace, [*ids.values()], "Eiffel_Tower")
    return workspace


def apply(workspace: Workspace, album: Path, mode: Mode = Mode.MOVE, template: str = "") -> Entry:
    """Tidy the towers into ``sorted`` and return the entry of the history."""
    request = Request(album / "sorted", template or "{landmark}", mode)
    plan = finish(organise.make_plan(workspace, request, Cancel()))
    finish(organise_run.apply(workspace, plan, Cancel()))
    return history.entries(workspace, 1)[0]


def left(workspace: Workspace, entry: Entry) -> tuple[Piece, ...]:
    return finish(history.pieces(workspace, entry.id, Cancel()))


def again(workspace: Workspace, entry: Entry) -> Entry:
    return next(each for each in history.entries(workspace) if each.id == entry.id)


def test_what_is_left_is_told_by_its_files(filled: Workspace, album: Path) -> None:
    before = read(album)
    entry = apply(filled, album)
    assert history.in_pieces(entry)
    pieces = left(filled, entry)
    first = album / TOWER / "photo 00.jpg"
    assert [len(piece.files) for piece in pieces] == [2, 1, 1, 1, 1]
    assert pieces[0] == Piece((first, first.with_name("photo 00.jpg.xmp")), moved=True)
    finish(history.undo(filled, Cancel(), entry.id, [first, pieces[3].files[0]]))
    assert left(filled, entry) == (pieces[1], pieces[2], pieces[4])
    assert (album / "day 0" / "photo 00.jpg.xmp").is_file()
    assert again(filled, entry).undone_at is None
    finish(history.undo(filled, Cancel(), entry.id))
    assert left(filled, entry) == ()
    assert not history.in_pieces(again(filled, entry))
    assert read(album) == before


def test_the_rest_can_be_taken_back_where_some_of_a_part_could_not_be(
    filled: Workspace, album: Path
) -> None:
    entry = apply(filled, album)
    changed, other = album / TOWER / "photo 01.jpg", album / TOWER / "photo 03.jpg"
    draw(changed, "none", mark=99)
    undone = finish(history.undo(filled, Cancel(), entry.id, [changed, other]))
    assert "1 of 2 parts could not be" in undone.summary
    now = again(filled, entry)
    assert now.undone_at is None, "it is still done: nobody wanted the rest of it taken back"
    assert not now.redoable
    problems = {piece.files[0].name: piece.problem for piece in left(filled, entry)}
    assert "It was changed" in (problems.pop("photo 01.jpg") or "")
    assert problems == {"photo 00.jpg": None, "photo 02.jpg": None, "photo 04.jpg": None}
    latest = history.entries(filled, 1)[0]
    finish(history.undo(filled, Cancel()))
    assert again(filled, latest).undone == 4, "undo means the newest that is not taken back"


def test_photos_that_swap_places_are_told_where_they_are(filled: Workspace, album: Path) -> None:
    one, two = (draw(album / f"day {n}" / "same.jpg", "Eiffel_Tower", mark=50 + n) for n in (0, 1))
    finish(import_photos(filled, [album], Cancel()))
    ids = photos.ids_of(filled.library.read(), [str(one), str(two)])
    request = Request(
        album, "{landmark}", ids=tuple(ids.values()),
        instead={ids[str(one)]: ("day 1",), ids[str(two)]: ("day 0",)},
    )  # fmt: skip
    plan = finish(organise.make_plan(filled, request, Cancel()))
    finish(organise_run.apply(filled, plan, Cancel()))
    entry = history.entries(filled, 1)[0]
    (piece,) = left(filled, entry)
    assert piece.files == (one, two), "nobody knows of the name that one of them waited under"


def test_copies_are_not_said_to_go_back(filled: Workspace, album: Path) -> None:
    entry = apply(filled, album, Mode.COPY)
    pieces = left(filled, entry)
    assert [piece.moved for piece in pieces] == [False] * 5
    finish(history.undo(filled, Cancel(), entry.id, [pieces[1].files[0]]))
    assert not pieces[1].files[0].exists()
    assert pieces[2].files[0].is_file()


def test_written_files_are_pieces_too(filled: Workspace) -> None:
    finish(write.write(filled, None, Cancel()))
    entry = history.entries(filled, 1)[0]
    assert history.in_pieces(entry)
    assert len(left(filled, entry)) == 4, "one has a sidecar that nobody can read"


def test_what_cannot_be_taken_back_in_part_says_so(filled: Workspace, album: Path) -> None:
    accepted = history.entries(filled, 1)[0]
    assert not history.in_pieces(accepted)
    with pytest.raises(UserError, match="only be taken back as a whole"):
        left(filled, accepted)
    with pytest.raises(UserError, match="no entry 99"):
        finish(history.pieces(filled, 99, Cancel()))
    first = apply(filled, album)
    second = apply(filled, album, template="{city}")
    assert {piece.later for piece in left(filled, first)} == {second}
    with pytest.raises(UserError, match="was done later"):
        finish(history.undo(filled, Cancel(), first.id, [album / "sorted"]))
    finish(history.undo(filled, Cancel(), second.id))
    assert [piece.later for piece in left(filled, first)] == [None] * 5
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        finish(history.pieces(filled, first.id, cancel))


def test_a_part_goes_back_though_others_were_moved_on(filled: Workspace, album: Path) -> None:
    before, first = read(album), apply(filled, album)
    files = [piece.files[0] for piece in left(filled, first)]
    (last,) = photos.ids_of(filled.library.read(), [str(files[4])]).values()
    request = Request(album / "best", "{landmark}", ids=(last,))
    plan = finish(organise.make_plan(filled, request, Cancel()))
    finish(organise_run.apply(filled, plan, Cancel()))
    second = history.entries(filled, 1)[0]
    assert [piece.later for piece in left(filled, first)] == [*4 * [None], second]
    finish(history.undo(filled, Cancel(), first.id, files[:2]))
    with pytest.raises(UserError, match="was done later"):
        finish(history.undo(filled, Cancel(), first.id, files[3:]))
    with pytest.raises(UserError, match="was done later"):
        finish(history.undo(filled, Cancel(), first.id))
    assert files[3].is_file()
    finish(history.undo_to(filled, Cancel(), first.id))
    assert read(album) == before
