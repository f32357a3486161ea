"""What waits as photos change, how one photo stands, and conflicts decided photo by photo."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from samples import draw

from landmark_desktop.actions import history, review, tags, write
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.actions.write_state import in_files
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
    assert write.failed(workspace) == [first]
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
