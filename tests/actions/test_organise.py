"""Organising a real library: what is planned, moved, followed, undone and recovered."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from organise.trees import read
from organised import carried_out, cut_short, fill, ids_below, known_paths, numbered, planned
from samples import draw

from landmark_desktop.actions import (
    history,
    organise,
    organise_run,
    review,
    write_steps,
)
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.organise import Request, Which
from landmark_desktop.actions.organise_entries import Applied
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import photos
from landmark_desktop.organise.journal import Journal
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.wanted import Mode, Why
from landmark_desktop.tasks import Cancel, finish


@pytest.fixture
def filled(workspace: Workspace, album: Path) -> Workspace:
    """A library of the album: towers accepted, mausoleums suggested, the others neither."""
    return fill(workspace, album)


def test_accepted_photos_move_and_the_library_follows(filled: Workspace, album: Path) -> None:
    before, known = read(album), known_paths(filled)
    into = album / "sorted"
    done = carried_out(filled, Request(into, "{country}/{city}/{landmark}"))
    assert done.files == 6
    assert done.changes.summary == "Moved 6 files into sorted"
    place = into / "France" / "Paris" / "Eiffel Tower"
    assert sorted(path.name for path in place.iterdir()) == [
        "photo 00.jpg", "photo 00.jpg.xmp", "photo 01.jpg", "photo 02.jpg", "photo 03.jpg",
        "photo 04.jpg",
    ]  # fmt: skip
    after = known_paths(filled)
    assert {path for path in after if not Path(path).is_file()} == set()
    assert len(after & known) == 7
    # Tags, decisions and the search go with the photos.
    rows = photos.fetch(filled.library.read(), ids_below(filled, place), None)
    assert {photo.accepted for photo in rows} == {"Eiffel_Tower"}
    assert all(photo.tags for photo in rows)

    undone = finish(history.undo(filled, Cancel()))
    assert undone.summary == "Undone: Moved 6 files into sorted"
    assert read(album) == before
    assert known_paths(filled) == known

    finish(history.redo(filled, Cancel()))
    assert len(list(place.iterdir())) == 6
    finish(history.undo(filled, Cancel()))
    assert read(album) == before


def test_suggested_and_all_photos_go_by_choice(filled: Workspace, album: Path) -> None:
    def count(which: Which, template: str = "{country}") -> int:
        return len(planned(filled, Request(album / "sorted", template, which=which)).placed)

    assert count(Which.ACCEPTED) == 5
    assert count(Which.SUGGESTED) == 9
    assert count(Which.ALL) == 9
    assert count(Which.ALL, '{country|"Elsewhere"}') == 12
    plan = planned(filled, Request(album / "sorted", "{country}", which=Which.ALL))
    assert [left.why for left in plan.left] == [Why.UNKNOWN] * 3


def test_a_rejected_suggestion_and_no_landmark_stay(filled: Workspace, album: Path) -> None:
    mausoleums = numbered(filled, album, range(5, 9))
    review.reject(filled, mausoleums[:1])
    review.no_landmark(filled, mausoleums[1:2])
    plan = planned(filled, Request(album / "sorted", "{country}", which=Which.SUGGESTED))
    assert len(plan.placed) == 7


def test_only_the_photos_that_are_asked_for_go(filled: Workspace, album: Path) -> None:
    towers = numbered(filled, album, range(5))
    request = Request(
        album / "sorted", ids=tuple(towers[:3]), apart=frozenset(towers[:1]),
        instead={towers[1]: ("Elsewhere",)},
    )  # fmt: skip
    plan = planned(filled, request)
    assert sorted(str(p.target.relative_to(album / "sorted")) for p in plan.placed) == [
        "Elsewhere", "France/Paris/Eiffel Tower",
    ]  # fmt: skip


def test_copies_leave_the_library_where_it_is(filled: Workspace, album: Path) -> None:
    known, before = known_paths(filled), read(album)
    done = carried_out(filled, Request(album.parent / "export", "{landmark}", Mode.COPY))
    assert done.files == 6
    assert read(album) == before
    assert known_paths(filled) == known
    assert (album.parent / "export" / "Eiffel Tower" / "photo 03.jpg").is_file()
    finish(history.undo(filled, Cancel()))
    assert not (album.parent / "export").exists()
    assert read(album) == before


def test_a_run_that_was_cut_short_is_settled_first(filled: Workspace, album: Path) -> None:
    known, before = known_paths(filled), read(album)
    request = Request(album / "sorted", "{landmark}")
    for finishing in (False, True):
        plan = planned(filled, request)
        cut_short(filled, plan)
        (left,) = organise_run.cut_short(filled)
        assert (left.title, left.begun, left.steps) == ("Moving photos", 3, 6)
        with pytest.raises(UserError, match="was cut short"):
            carried_out(filled, request)
        done = finish(organise_run.recover(filled, Cancel(), finish=finishing))
        assert not done.failed
        assert not organise_run.cut_short(filled)
        if not finishing:
            assert (read(album), known_paths(filled)) == (before, known)
    assert done.files == 6
    assert len(ids_below(filled, album / "sorted")) == 5
    finish(history.undo(filled, Cancel()))
    assert (read(album), known_paths(filled)) == (before, known)


def test_a_run_that_goes_on_elsewhere_was_not_cut_short(filled: Workspace, album: Path) -> None:
    cut_short(filled, planned(filled, Request(album / "sorted", "{landmark}")))
    with write_steps.alone(filled):
        assert organise_run.cut_short(filled) == []
    assert len(organise_run.cut_short(filled)) == 1


@pytest.mark.parametrize("finishing", [False, True])
def test_a_run_that_was_over_is_taken_back_by_undoing_it(
    filled: Workspace, album: Path, monkeypatch: pytest.MonkeyPatch, *, finishing: bool
) -> None:
    """Killed when the history knew of it already: that would stay, and be in the way of undo."""
    known, before = known_paths(filled), read(album)

    def die(journal: Journal) -> None:
        journal.close()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "settle", die)
        with pytest.raises(KeyboardInterrupt):
            carried_out(filled, Request(album / "sorted", "{landmark}"))
    done = finish(organise_run.recover(filled, Cancel(), finish=finishing))
    assert done.changes.summary.startswith("Moved 6 files into sorted")
    assert done.changes.summary.endswith("undo takes it back") is not finishing
    assert [entry.action for entry in history.entries(filled)].count("organise") == 1
    finish(history.undo(filled, Cancel()))
    assert (read(album), known_paths(filled)) == (before, known)


def test_looking_for_runs_leaves_their_journals_alone(filled: Workspace, album: Path) -> None:
    cut_short(filled, planned(filled, Request(album / "sorted", "{landmark}")))
    (left,) = organise_run.cut_short(filled)
    # As another process leaves it in the middle of a line.
    written = left.path.read_bytes() + b'{"ste'
    left.path.write_bytes(written)
    left.path.chmod(0o444)
    assert [each.begun for each in organise_run.cut_short(filled)] == [3]
    assert left.path.read_bytes() == written


def test_a_shot_stays_whole_where_one_of_its_photos_was_taken_out(
    filled: Workspace, album: Path
) -> None:
    edit = album / "day 0" / "photo 00-edited.jpg"
    draw(edit, "Eiffel_Tower", mark=50)
    finish(import_photos(filled, [album], Cancel()))
    (tower,) = numbered(filled, album, range(1))
    (edited,) = photos.ids_of(filled.library.read(), [str(edit)]).values()
    review.accept(filled, [edited], "Eiffel_Tower")
    for out in (tower, edited):
        plan = planned(filled, Request(album / "sorted", apart=frozenset({out})))
        assert len(plan.placed) == 4
        (left,) = plan.left
        assert left.why is Why.APART
        assert left.wanted.levels == ("France", "Paris", "Eiffel Tower")
        assert {tower, edited} == set(left.wanted.photos.values())


def test_a_photo_can_be_sent_into_the_folder_itself(filled: Workspace, album: Path) -> None:
    towers = numbered(filled, album, range(5))
    plan = planned(filled, Request(album / "sorted", ids=tuple(towers), instead={towers[4]: ()}))
    (there,) = [each for each in plan.placed if towers[4] in each.wanted.photos.values()]
    assert there.target == album / "sorted"


def test_an_example_knows_the_other_photos_of_its_event(filled: Workspace, album: Path) -> None:
    towers = numbered(filled, album, range(5))

    def date(connection: sqlite3.Connection) -> None:
        for day, id_ in enumerate(towers):
            taken = f"2019-06-{12 + day // 2}T{9 + day:02}:00:00"
            connection.execute("UPDATE photo SET taken_at = ? WHERE id = ?", (taken, id_))

    filled.library.write(date)
    request = Request(album / "sorted", "{event}")
    plan = planned(filled, request)
    targets = {i: p.target.name for p in plan.placed for i in p.wanted.photos.values()}
    found = organise.examples(filled, request, towers[:1])
    assert found == {towers[0]: (targets[towers[0]],)}


def test_too_little_room_is_told_before_anything(filled: Workspace, album: Path) -> None:
    before = read(album)
    plan = planned(filled, Request(album.parent / "export", "{landmark}", Mode.COPY))
    short = Plan(plan.asked, plan.placed, steps=plan.steps, short={album: 5_000_000})
    with pytest.raises(UserError, match=r"too little room .* 5 MB are missing"):
        finish(organise_run.apply(filled, short, Cancel()))
    assert read(album) == before


def test_a_name_of_a_photo_that_is_away_is_not_taken(filled: Workspace, album: Path) -> None:
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    gone = album / "sorted" / "Eiffel Tower" / "photo 01.jpg"
    gone.unlink()  # on a disk that is not there just now, say
    other = album / "again" / "photo 01.jpg"
    draw(other, "Eiffel_Tower", mark=77)
    finish(import_photos(filled, [other.parent], Cancel()))
    (id_,) = photos.ids_of(filled.library.read(), [str(other)]).values()
    review.accept(filled, [id_], "Eiffel_Tower")
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    assert str(gone) in known_paths(filled)
    assert str(gone.with_name("photo 01 (2).jpg")) in known_paths(filled)


def test_a_second_run_has_nothing_to_do(filled: Workspace, album: Path) -> None:
    request = Request(album / "sorted", "{country}/{landmark}")
    carried_out(filled, request)
    plan = planned(filled, request)
    assert not plan.steps
    assert {left.why for left in plan.left} == {Why.THERE}
    assert finish(organise_run.apply(filled, plan, Cancel())) == Applied()


def test_an_example_needs_no_place(filled: Workspace, album: Path) -> None:
    (tower,) = numbered(filled, album, range(1))
    (other,) = numbered(filled, album, range(10, 11))
    request = Request(album, '{country|"Elsewhere"}/{folder}')
    assert organise.examples(filled, request, [tower, other]) == {
        tower: ("France", "day 0"), other: ("Elsewhere", "day 0"),
    }  # fmt: skip


def test_local_names_by_choice(filled: Workspace, album: Path) -> None:
    (tower,) = numbered(filled, album, range(1))
    request = Request(album, "{landmark}", local_names=True)
    assert organise.examples(filled, request, [tower]) == {tower: ("Tour Eiffel",)}
