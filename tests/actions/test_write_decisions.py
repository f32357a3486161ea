"""What waits as photos change, how one photo stands, and conflicts decided photo by photo."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from samples import draw

from landmark_desktop.actions import described, history, review, tags, write, write_steps
from landmark_desktop.actions.described import Grounds
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.actions.write_state import in_files
from landmark_desktop.errors import UserError
from landmark_desktop.library import suggestions, writing
from landmark_desktop.library import tags as tag_tree
from landmark_desktop.library.records import Suggestion
from landmark_desktop.metadata.described import Described
from landmark_desktop.metadata.want import Want
from landmark_desktop.metadata.write import apply, plan
from landmark_desktop.tasks import Cancel, finish

CITY = frozenset({"photoshop:City"})


@pytest.fixture
def ids(workspace: Workspace, tmp_path: Path) -> list[int]:
    """Return six imported photos."""
    for number in range(6):
        draw(tmp_path / "photos" / f"{number}.jpg", mark=number)
    finish(import_photos(workspace, [tmp_path / "photos"], Cancel()))
    rows = workspace.library.read().execute("SELECT id FROM photo ORDER BY path")
    return [row[0] for row in rows]


def waits(workspace: Workspace) -> list[int]:
    return finish(write.waiting(workspace, None, Cancel()))


def sidecar(tmp_path: Path, number: int) -> Path:
    return tmp_path / "photos" / f"{number}.jpg.xmp"


def move_to_lyon(path: Path) -> None:
    before = path.read_text()
    after = before.replace("<photoshop:City>Paris<", "<photoshop:City>Lyon<")
    assert after != before
    path.write_text(after)


def test_photos_that_are_alike_are_looked_at_once(workspace: Workspace, ids: list[int]) -> None:
    workspace.change_settings(write_gps=True)
    tags.add(workspace, ids[:4], ("Mine",))
    tags.add(workspace, ids[1:5], ("Places", "France"))
    tags.remove(workspace, ids[2:3], ("Mine",))
    review.accept(workspace, ids[3:], "Eiffel_Tower")
    said = Suggestion("Taj_Mahal", 0.9, (("Taj_Mahal", 0.9),), "Taj_Mahal")
    workspace.library.write(
        lambda c: suggestions.store(c, workspace.model_id, [(i, said) for i in ids[:2]])
    )
    finish(review.accepting(workspace, ids[:2], Cancel(), rule=0.5))
    review.no_landmark(workspace, ids[2:3])
    tags.confirm(workspace, ids[:1])
    workspace.library.write(
        lambda c: c.execute("UPDATE photo SET latitude = 1, longitude = 1 WHERE id = ?", (ids[4],))
    )
    workspace.library.write(
        lambda c: writing.note_said(c, ids[5], "", {("Mine",): tag_tree.ensure(c, ("Mine",))})
    )
    known: Grounds = {}
    briefs = described.briefs(workspace, ids, known)
    slow = {each.photo.id: each for each in described.asked(workspace, ids)}
    assert {i: (b.digest, b.news) for i, b in briefs.items()} == {
        i: (a.digest, a.news) for i, a in slow.items()
    }
    assert len(known) == len({a.digest for a in slow.values()}) == 6


def test_a_photo_that_changes_meanwhile_stands_for_no_other(
    workspace: Workspace, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    tags.add(workspace, ids, ("Mine",))
    (wanted, *_) = described.asked(workspace, ids[1:])
    look = described.asked

    def late(opened: Workspace, some: list[int]) -> list[described.Asked]:
        tags.add(workspace, some, ("More",))
        return look(opened, some)

    monkeypatch.setattr(described, "asked", late)
    found = described.briefs(workspace, ids, {})
    assert {found[i].digest for i in ids[1:]} == {wanted.digest}


def test_a_problem_goes_with_what_was_to_be_written(
    workspace: Workspace, ids: list[int], tmp_path: Path
) -> None:
    tags.add(workspace, ids[:1], ("Mine",))
    photo = tmp_path / "photos" / "0.jpg"
    photo.chmod(0o444)
    finish(write.write(workspace, ids[:1], Cancel(), embed=True))
    assert [each.trouble for each in write.problems(workspace)] == ["read-only"]
    finish(history.undo(workspace, Cancel()))
    assert write.problems(workspace) == []
    assert waits(workspace) == []
    state = in_files(workspace, ids[0])
    assert state is not None
    assert state.problem == ""


def test_a_sidecar_makes_up_for_a_photo_that_could_not_be_written(
    workspace: Workspace, ids: list[int], tmp_path: Path
) -> None:
    tags.add(workspace, ids[:1], ("Mine",))
    (tmp_path / "photos" / "0.jpg").chmod(0o444)
    finish(write.write(workspace, ids[:1], Cancel(), embed=True))
    finish(write.write(workspace, ids[:1], Cancel()))
    assert sidecar(tmp_path, 0).exists()
    assert (waits(workspace), write.problems(workspace)) == ([], [])
    workspace.change_settings(metadata_target="embedded")
    assert waits(workspace) == ids[:1], "now it is to be in the photo"


def test_a_sidecar_that_is_gone_is_no_problem_any_more(
    workspace: Workspace, ids: list[int], tmp_path: Path
) -> None:
    path = sidecar(tmp_path, 0)
    apply(plan(tmp_path / "photos" / "0.jpg", path, Want(Described((("Theirs",),)))))
    path.chmod(0o444)
    tags.add(workspace, ids[:1], ("Mine",))
    finish(write.write(workspace, ids[:1], Cancel()))
    assert len(write.problems(workspace)) == 1
    path.unlink()
    workspace.change_settings(metadata_target="embedded")
    finish(write.write(workspace, ids[:1], Cancel()))
    assert (waits(workspace), write.problems(workspace)) == ([], [])


def test_undoing_while_files_are_written_is_refused_as_a_whole(
    workspace: Workspace, ids: list[int]
) -> None:
    tags.add(workspace, ids, ("Mine",))
    finish(write.write(workspace, None, Cancel()))
    with write_steps.alone(workspace), pytest.raises(UserError, match="being written already"):
        finish(history.undo(workspace, Cancel()))
    entry = history.entries(workspace)[0]
    assert (entry.undone, entry.problem) == (0, None)
    assert "Undone" in finish(history.undo(workspace, Cancel())).summary


@pytest.mark.parametrize("seed", range(4))
def test_what_waits_follows_every_change(workspace: Workspace, ids: list[int], seed: int) -> None:
    chance = random.Random(seed)
    known = waits(workspace)
    for _ in range(8):
        some = chance.sample(ids, chance.randrange(1, 4))
        match chance.randrange(5):
            case 0:
                changes = review.accept(workspace, some, "Eiffel_Tower")
            case 1:
                changes = review.undecide(workspace, some)
            case 2:
                changes = tags.add(workspace, some, ("Mine", str(chance.randrange(3))))
            case 3:
                changes = finish(write.write(workspace, some, Cancel())).changes
            case _:
                changes = finish(history.undo(workspace, Cancel()))
        known = finish(write.still_waiting(workspace, known, changes.photos, Cancel()))
        assert known == waits(workspace)


def test_how_a_photo_stands(workspace: Workspace, ids: list[int], tmp_path: Path) -> None:
    first = ids[0]
    state = in_files(workspace, first)
    assert state is not None
    assert (state.tagged, state.waits, state.written) == (False, False, ())
    tags.add(workspace, [first], ("Mine",))
    state = in_files(workspace, first)
    assert state is not None
    assert (state.tagged, state.waits, state.written) == (True, True, ())
    finish(write.write(workspace, [first], Cancel()))
    state = in_files(workspace, first)
    assert state is not None
    assert (state.waits, [name for name, _ in state.written]) == (False, ["0.jpg.xmp"])
    sidecar(tmp_path, 0).chmod(0o444)
    tags.add(workspace, [first], ("More",))
    finish(write.write(workspace, [first], Cancel()))
    state = in_files(workspace, first)
    assert state is not None
    assert state.waits
    assert "read-only" in state.problem
    assert write.failed(workspace, write.problems(workspace)) == [first]
    assert in_files(workspace, 10_000) is None


def test_a_conflict_is_decided_for_one_photo_alone(
    workspace: Workspace, ids: list[int], tmp_path: Path
) -> None:
    two = ids[:2]
    review.accept(workspace, two, "Eiffel_Tower")
    finish(write.write(workspace, two, Cancel()))
    for number in range(2):
        move_to_lyon(sidecar(tmp_path, number))
    tags.add(workspace, two, ("Mine",))
    done = finish(write.write(workspace, two, Cancel()))
    assert len(done.conflicts) == 2
    assert waits(workspace) == []
    assert write.kept(workspace) == two, "they can be decided on later too"
    (page,) = write.preview(workspace, two[:1])
    assert [conflict.field for conflict in page.conflicts] == ["photoshop:City"]
    (page,) = write.preview(workspace, two[:1], overrule={two[0]: CITY})
    assert page.conflicts == ()
    assert [change.field for change in page.changes] == ["photoshop:City"]
    done = finish(write.write(workspace, two, Cancel(), overrule={two[0]: CITY}))
    assert done.written == 1
    assert ">Paris<" in sidecar(tmp_path, 0).read_text()
    assert "Lyon" not in sidecar(tmp_path, 0).read_text()
    assert "Lyon" in sidecar(tmp_path, 1).read_text()
    assert write.kept(workspace) == two[1:]
    finish(history.undo(workspace, Cancel()))
    assert "Lyon" in sidecar(tmp_path, 0).read_text()


def test_a_preview_says_why_it_failed_the_last_time(
    workspace: Workspace, ids: list[int], tmp_path: Path
) -> None:
    path = sidecar(tmp_path, 0)
    tags.add(workspace, ids[:1], ("Mine",))
    assert write.preview(workspace, ids[:1])[0].new
    finish(write.write(workspace, ids[:1], Cancel()))
    path.chmod(0o444)
    tags.add(workspace, ids[:1], ("More",))
    assert "read-only" in write.preview(workspace, ids[:1])[0].problem
    finish(write.write(workspace, ids[:1], Cancel()))
    path.chmod(0o644)
    (page,) = write.preview(workspace, ids[:1])
    assert (page.problem, page.new) == ("", False)
    assert page.tried is not None
    assert page.tried.trouble == "read-only"
