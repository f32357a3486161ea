"""Organising a real library: what is planned, moved, followed, undone and recovered."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from organise.trees import read
from samples import draw

from landmark_desktop.actions import (
    history,
    organise,
    organise_run,
    review,
    tags,
    write,
    write_steps,
)
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.organise import Request, Which
from landmark_desktop.actions.organise_entries import Applied
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import photos
from landmark_desktop.organise.journal import Journal, Run
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.wanted import Mode, Why
from landmark_desktop.tasks import Cancel, finish


@pytest.fixture
def filled(workspace: Workspace, album: Path) -> Workspace:
    """A library of the album: towers accepted, mausoleums suggested, the others neither."""
    finish(import_photos(workspace, [album], Cancel()))
    finish(suggest_for_library(workspace, Cancel()))
    (album / "day 0" / "photo 00.jpg.xmp").write_text("<x/>")
    towers = _ids(workspace, album, range(5))
    review.accept(workspace, towers)
    return workspace


def _ids(workspace: Workspace, album: Path, numbers: range) -> list[int]:
    paths = [str(album / f"day {n % 2}" / f"photo {n:02}.jpg") for n in numbers]
    return [*photos.ids_of(workspace.library.read(), paths).values()]


def _paths(workspace: Workspace) -> set[str]:
    rows = workspace.library.read().execute("SELECT path, folder, name FROM photo")
    found = [tuple(row) for row in rows]
    assert all(os.path.join(folder, name) == path for path, folder, name in found)  # noqa: PTH118
    return {path for path, _, _ in found}


def _plan(workspace: Workspace, request: Request) -> Plan:
    return finish(organise.make_plan(workspace, request, Cancel()))


def _apply(workspace: Workspace, request: Request) -> Applied:
    return finish(organise_run.apply(workspace, _plan(workspace, request), Cancel()))


def test_accepted_photos_move_and_the_library_follows(filled: Workspace, album: Path) -> None:
    before, known = read(album), _paths(filled)
    into = album / "sorted"
    done = _apply(filled, Request(into, "{country}/{city}/{landmark}"))
    assert done.files == 6
    assert done.changes.summary == "Moved 6 files into sorted"
    place = into / "France" / "Paris" / "Eiffel Tower"
    assert sorted(path.name for path in place.iterdir()) == [
        "photo 00.jpg", "photo 00.jpg.xmp", "photo 01.jpg", "photo 02.jpg", "photo 03.jpg",
        "photo 04.jpg",
    ]  # fmt: skip
    after = _paths(filled)
    assert {path for path in after if not Path(path).is_file()} == set()
    assert len(after & known) == 7
    # Tags, decisions and the search go with the photos.
    rows = photos.fetch(filled.library.read(), _at(filled, place), None)
    assert {photo.accepted for photo in rows} == {"Eiffel_Tower"}
    assert all(photo.tags for photo in rows)

    undone = finish(history.undo(filled, Cancel()))
    assert undone.summary == "Undone: Moved 6 files into sorted"
    assert read(album) == before
    assert _paths(filled) == known

    finish(history.redo(filled, Cancel()))
    assert len(list(place.iterdir())) == 6
    finish(history.undo(filled, Cancel()))
    assert read(album) == before


def _at(workspace: Workspace, folder: Path) -> list[int]:
    return [id_ for _, id_ in photos.below(workspace.library.read(), str(folder))]


def test_suggested_and_all_photos_go_by_choice(filled: Workspace, album: Path) -> None:
    def count(which: Which, template: str = "{country}") -> int:
        return len(_plan(filled, Request(album / "sorted", template, which=which)).placed)

    assert count(Which.ACCEPTED) == 5
    assert count(Which.SUGGESTED) == 9
    assert count(Which.ALL) == 9
    assert count(Which.ALL, '{country|"Elsewhere"}') == 12
    plan = _plan(filled, Request(album / "sorted", "{country}", which=Which.ALL))
    assert [left.why for left in plan.left] == [Why.UNKNOWN] * 3


def test_a_rejected_suggestion_and_no_landmark_stay(filled: Workspace, album: Path) -> None:
    mausoleums = _ids(filled, album, range(5, 9))
    review.reject(filled, mausoleums[:1])
    review.no_landmark(filled, mausoleums[1:2])
    plan = _plan(filled, Request(album / "sorted", "{country}", which=Which.SUGGESTED))
    assert len(plan.placed) == 7


def test_only_the_photos_that_are_asked_for_go(filled: Workspace, album: Path) -> None:
    towers = _ids(filled, album, range(5))
    request = Request(
        album / "sorted", ids=tuple(towers[:3]), apart=frozenset(towers[:1]),
        instead={towers[1]: ("Elsewhere",)},
    )  # fmt: skip
    plan = _plan(filled, request)
    assert sorted(str(p.target.relative_to(album / "sorted")) for p in plan.placed) == [
        "Elsewhere", "France/Paris/Eiffel Tower",
    ]  # fmt: skip


def test_copies_leave_the_library_where_it_is(filled: Workspace, album: Path) -> None:
    known, before = _paths(filled), read(album)
    done = _apply(filled, Request(album.parent / "export", "{landmark}", Mode.COPY))
    assert done.files == 6
    assert read(album) == before
    assert _paths(filled) == known
    assert (album.parent / "export" / "Eiffel Tower" / "photo 03.jpg").is_file()
    finish(history.undo(filled, Cancel()))
    assert not (album.parent / "export").exists()
    assert read(album) == before


def test_undo_takes_along_what_was_written_since(filled: Workspace, album: Path) -> None:
    known = _paths(filled)
    _apply(filled, Request(album / "sorted", "{landmark}"))
    sidecar = album / "sorted" / "Eiffel Tower" / "photo 01.jpg.xmp"
    tags.add(filled, _at(filled, sidecar.parent), ("Mine",))
    finish(write.write(filled, None, Cancel()))
    assert sidecar.is_file()
    entry = next(e for e in history.entries(filled) if e.action == "organise")
    finish(history.undo(filled, Cancel(), entry.id))
    assert _paths(filled) == known
    assert (album / "day 1" / "photo 01.jpg.xmp").is_file()
    assert not (album / "sorted").exists()


def test_undo_refuses_a_photo_that_was_changed(filled: Workspace, album: Path) -> None:
    _apply(filled, Request(album / "sorted", "{landmark}"))
    changed = album / "sorted" / "Eiffel Tower" / "photo 01.jpg"
    draw(changed, "none", mark=99)
    undone = finish(history.undo(filled, Cancel()))
    assert "1 of 5 parts could not be" in undone.summary
    assert "It was changed" in undone.summary
    assert changed.is_file()
    assert (album / "day 1" / "photo 03.jpg").is_file()


def test_a_run_that_was_cut_short_is_settled_first(filled: Workspace, album: Path) -> None:
    known, before = _paths(filled), read(album)
    request = Request(album / "sorted", "{landmark}")
    for finishing in (False, True):
        plan = _plan(filled, request)
        _cut_short(filled, plan)
        (left,) = organise_run.cut_short(filled)
        assert (left.title, left.begun, left.steps) == ("Moving photos", 3, 6)
        with pytest.raises(UserError, match="was cut short"):
            _apply(filled, request)
        done = finish(organise_run.recover(filled, Cancel(), finish=finishing))
        assert not done.failed
        assert not organise_run.cut_short(filled)
        if not finishing:
            assert (read(album), _paths(filled)) == (before, known)
    assert done.files == 6
    assert len(_at(filled, album / "sorted")) == 5
    finish(history.undo(filled, Cancel()))
    assert (read(album), _paths(filled)) == (before, known)


def test_a_run_that_goes_on_elsewhere_was_not_cut_short(filled: Workspace, album: Path) -> None:
    _cut_short(filled, _plan(filled, Request(album / "sorted", "{landmark}")))
    with write_steps.alone(filled):
        assert organise_run.cut_short(filled) == []
    assert len(organise_run.cut_short(filled)) == 1


def _cut_short(workspace: Workspace, plan: Plan) -> None:
    """Leave a run as a process leaves it that is killed after its third file."""
    note = {"kind": "apply", "mode": "move", "into": str(plan.asked.into)}
    run = Run("killed", "Moving photos", plan.steps, plan.made, plan.emptied, note)
    folder = workspace.places.journals
    folder.mkdir(exist_ok=True)
    journal = Journal.begin(folder, run)
    plan.made[0].mkdir()
    journal.folder(0)
    plan.made[1].mkdir()
    journal.folder(1)
    for number, step in enumerate(plan.steps[:3]):
        journal.step(number)
        step.source.rename(step.target)
    journal.close()


@pytest.mark.parametrize("finishing", [False, True])
def test_a_run_that_was_over_is_taken_back_by_undoing_it(
    filled: Workspace, album: Path, monkeypatch: pytest.MonkeyPatch, *, finishing: bool
) -> None:
    """Killed when the history knew of it already: that would stay, and be in the way of undo."""
    known, before = _paths(filled), read(album)

    def die(journal: Journal) -> None:
        journal.close()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "settle", die)
        with pytest.raises(KeyboardInterrupt):
            _apply(filled, Request(album / "sorted", "{landmark}"))
    done = finish(organise_run.recover(filled, Cancel(), finish=finishing))
    assert done.changes.summary.startswith("Moved 6 files into sorted")
    assert done.changes.summary.endswith("undo takes it back") is not finishing
    assert [entry.action for entry in history.entries(filled)].count("organise") == 1
    finish(history.undo(filled, Cancel()))
    assert (read(album), _paths(filled)) == (before, known)


def test_looking_for_runs_leaves_their_journals_alone(filled: Workspace, album: Path) -> None:
    _cut_short(filled, _plan(filled, Request(album / "sorted", "{landmark}")))
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
    (tower,) = _ids(filled, album, range(1))
    (edited,) = photos.ids_of(filled.library.read(), [str(edit)]).values()
    review.accept(filled, [edited], "Eiffel_Tower")
    for out in (tower, edited):
        plan = _plan(filled, Request(album / "sorted", apart=frozenset({out})))
        assert len(plan.placed) == 4
        (left,) = plan.left
        assert left.why is Why.APART
        assert left.wanted.levels == ("France", "Paris", "Eiffel Tower")
        assert {tower, edited} == set(left.wanted.photos.values())


def test_a_photo_can_be_sent_into_the_folder_itself(filled: Workspace, album: Path) -> None:
    towers = _ids(filled, album, range(5))
    plan = _plan(filled, Request(album / "sorted", ids=tuple(towers), instead={towers[4]: ()}))
    (there,) = [each for each in plan.placed if towers[4] in each.wanted.photos.values()]
    assert there.target == album / "sorted"


def test_an_example_knows_the_other_photos_of_its_event(filled: Workspace, album: Path) -> None:
    towers = _ids(filled, album, range(5))

    def date(connection: sqlite3.Connection) -> None:
        for day, id_ in enumerate(towers):
            taken = f"2019-06-{12 + day // 2}T{9 + day:02}:00:00"
            connection.execute("UPDATE photo SET taken_at = ? WHERE id = ?", (taken, id_))

    filled.library.write(date)
    request = Request(album / "sorted", "{event}")
    plan = _plan(filled, request)
    targets = {i: p.target.name for p in plan.placed for i in p.wanted.photos.values()}
    found = organise.examples(filled, request, towers[:1])
    assert found == {towers[0]: (targets[towers[0]],)}


def test_too_little_room_is_told_before_anything(filled: Workspace, album: Path) -> None:
    before = read(album)
    plan = _plan(filled, Request(album.parent / "export", "{landmark}", Mode.COPY))
    short = Plan(plan.asked, plan.placed, steps=plan.steps, short={album: 5_000_000})
    with pytest.raises(UserError, match=r"too little room .* 5 MB are missing"):
        finish(organise_run.apply(filled, short, Cancel()))
    assert read(album) == before


def test_a_name_of_a_photo_that_is_away_is_not_taken(filled: Workspace, album: Path) -> None:
    _apply(filled, Request(album / "sorted", "{landmark}"))
    gone = album / "sorted" / "Eiffel Tower" / "photo 01.jpg"
    gone.unlink()  # on a disk that is not there just now, say
    other = album / "again" / "photo 01.jpg"
    draw(other, "Eiffel_Tower", mark=77)
    finish(import_photos(filled, [other.parent], Cancel()))
    (id_,) = photos.ids_of(filled.library.read(), [str(other)]).values()
    review.accept(filled, [id_], "Eiffel_Tower")
    _apply(filled, Request(album / "sorted", "{landmark}"))
    assert str(gone) in _paths(filled)
    assert str(gone.with_name("photo 01 (2).jpg")) in _paths(filled)


def test_a_second_run_has_nothing_to_do(filled: Workspace, album: Path) -> None:
    request = Request(album / "sorted", "{country}/{landmark}")
    _apply(filled, request)
    plan = _plan(filled, request)
    assert not plan.steps
    assert {left.why for left in plan.left} == {Why.THERE}
    assert finish(organise_run.apply(filled, plan, Cancel())) == Applied()


def test_an_example_needs_no_place(filled: Workspace, album: Path) -> None:
    (tower,) = _ids(filled, album, range(1))
    (other,) = _ids(filled, album, range(10, 11))
    request = Request(album, '{country|"Elsewhere"}/{folder}')
    assert organise.examples(filled, request, [tower, other]) == {
        tower: ("France", "day 0"), other: ("Elsewhere", "day 0"),
    }  # fmt: skip


def test_local_names_by_choice(filled: Workspace, album: Path) -> None:
    (tower,) = _ids(filled, album, range(1))
    request = Request(album, "{landmark}", local_names=True)
    assert organise.examples(filled, request, [tower]) == {tower: ("Tour Eiffel",)}
