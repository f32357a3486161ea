"""Older entries undone out of turn, what cannot be done again, and a history that is cut short."""

from __future__ import annotations

import pytest
from shelved import fill, state

from landmark_desktop.actions import history, recorded, review, tags
from landmark_desktop.actions.history import Turner
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import changes
from landmark_desktop.library.changes import ChangeSet, Part
from landmark_desktop.tasks import Cancel, finish


@pytest.fixture
def ids(library: Workspace) -> list[int]:
    return fill(library, ["Eiffel_Tower", "Eiffel_Tower", "Taj_Mahal", None])


def refused(library: Workspace, entry: int | None, because: str) -> None:
    before = state(library)
    with pytest.raises(UserError) as caught:
        finish(history.undo(library, Cancel(), entry))
    assert because in str(caught.value)
    assert state(library) == before


def undo_all(library: Workspace) -> None:
    while review.undo(library).summary:
        pass


def test_a_tag_does_not_come_back_to_below_itself(library: Workspace, ids: list[int]) -> None:
    tags.add(library, ids[:1], ("France", "Towers"))
    start = state(library)
    out = tags.move(library, ("France", "Towers"), ("Towers",))
    tags.add(library, ids[:1], ("France",))
    tags.move(library, ("France",), ("Towers", "France"))
    refused(library, out.change_id, "Moved the tag France to Towers|France")
    for _ in range(3):
        review.undo(library)
    assert state(library) == start


def test_a_tag_does_not_come_back_to_where_another_was_put(
    library: Workspace, ids: list[int]
) -> None:
    tags.add(library, ids[:1], ("Rome",))
    tags.add(library, ids[1:2], ("Roma",))
    start = state(library)
    first = tags.rename(library, ("Rome",), "Lazio")
    tags.rename(library, ("Roma",), "Rome")
    end = state(library)
    refused(library, first.change_id, "Renamed the tag Roma to Rome")
    undo_all(library)
    for _ in range(4):
        review.redo(library)
    assert state(library) == end
    for _ in range(2):
        review.undo(library)
    assert state(library) == start


def test_a_tag_that_was_made_again_meanwhile_keeps_its_words(
    library: Workspace, ids: list[int]
) -> None:
    tags.add(library, ids[:1], ("Rome",))
    tags.add(library, ids[1:2], ("Italy",))
    start = state(library)
    tags.merge(library, ("Rome",), ("Italy",))
    tags.add(library, ids[2:3], ("Rome",))
    end = state(library)
    for _ in range(2):
        review.undo(library)
    assert state(library) == start
    for _ in range(2):
        review.redo(library)
    assert state(library) == end


class Files:
    """Parts as of files: those named in ``broken`` cannot be turned round."""

    def __init__(self, library: Workspace) -> None:
        self.broken: set[str] = set()
        self._library = library
        history.register("test files", Turner(history.singly(self._turn)))

    def _turn(self, workspace: Workspace, part: Part) -> ChangeSet:
        if part.data in self.broken:
            raise UserError(f"{part.data} was changed by another program.")
        workspace.library.write(lambda c: changes.turned(c, part, part.data))
        return ChangeSet()

    def write(self, names: str) -> None:
        """Enter an action of one part a name."""

        def change(connection: object) -> None:
            change_id = changes.begin(connection, "write", f"Wrote {names}")  # type: ignore[arg-type]
            for name in names:
                changes.add_part(connection, change_id, "test files", name, {})  # type: ignore[arg-type]

        self._library.library.write(change)


@pytest.mark.parametrize("broken", ["b", "ab"])
def test_what_cannot_be_done_again_is_not_in_the_way(
    library: Workspace, ids: list[int], broken: str
) -> None:
    files = Files(library)
    files.write("ab")
    tags.add(library, ids, ("Later",))
    end = state(library)
    undo_all(library)
    files.broken = set(broken)
    if broken == "b":
        assert "1 of 2 parts could not be: b was changed" in review.redo(library).summary
    else:
        with pytest.raises(UserError, match="cannot be redone"):
            review.redo(library)
    assert review.redo(library).summary == "Redone: Tagged 4 photos Later"
    assert state(library) == end
    assert not review.redo(library).summary


def test_two_processes_take_a_part_back_once(
    library: Workspace, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "AT_ONCE", 1)
    start = state(library)
    review.accept(library, ids)
    other = Workspace.open(library.places.library.parent)
    task = history.undo(other, Cancel())
    next(task)
    review.undo(library)
    after = history.entries(library)
    finish(task)
    other.close()
    assert state(library) == start
    assert history.entries(library) == after
    assert review.redo(library).summary


def test_a_limit_cuts_the_history_in_one_go(library: Workspace, ids: list[int]) -> None:
    Files(library).write("ab")
    for number in range(5):
        tags.add(library, ids, (f"T{number}",))
    assert history.trim(library) == 0
    library.change_settings(history_limit=2)
    history._TURNERS.pop("test files")  # as a part of another version of the program is
    assert history.trim(library) == 4
    assert [entry.summary for entry in history.entries(library)] == [
        "Tagged 4 photos T4", "Tagged 4 photos T3",
    ]  # fmt: skip


def test_nothing_is_done_again_without_what_came_before_it(
    library: Workspace, ids: list[int]
) -> None:
    review.accept(library, ids[:1])
    library.change_settings(history_limit=1)
    history.trim(library)
    library.change_settings(history_limit=0)
    review.undecide(library, ids[:1])
    review.accept(library, ids[:1], "Taj_Mahal")
    for _ in range(2):
        review.undo(library)
    before = state(library)
    library.change_settings(history_limit=1)
    history.trim(library)
    assert not review.redo(library).summary
    assert state(library) == before


def test_what_is_cancelled_late_is_taken_back_part_by_part(
    library: Workspace, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "AT_ONCE", 1)
    start = state(library)
    task = review.accepting(library, ids, Cancel())
    for _ in range(3):
        next(task)
    wrote: list[int] = []
    write = library.library.write

    def counted(change: object) -> object:
        wrote.append(1)
        return write(change)  # type: ignore[arg-type]

    monkeypatch.setattr(library.library, "write", counted)
    task.close()
    assert len(wrote) == 4, "a look, then three parts: nobody waits for all of them"
    assert state(library) == start
    assert history.entries(library) == []
