"""Any actions, in any order, undone and redone: all of it comes back, both ways, and survives."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from shelved import fill, state

from landmark_desktop.actions import history, recorded, review, tag_offers, tags
from landmark_desktop.actions.history import Turner
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import changes
from landmark_desktop.library.changes import ChangeSet, Part
from landmark_desktop.library.records import Tag
from landmark_desktop.tasks import Cancel, Cancelled, finish

_PHOTOS = st.sets(st.integers(0, 3), min_size=1)
_LANDMARK = st.sampled_from([None, "Taj_Mahal", "Eiffel_Tower", "Our garden"])
_PATH = st.sampled_from(
    [("A",), ("A", "b"), ("Places",), ("Places", "France"), ("Kinds", "tower"), ("Kinds",),
     ("Places", "India", "Agra"), ("a", "B", "C")]
)  # fmt: skip


@pytest.fixture
def ids(library: Workspace) -> list[int]:
    return fill(library, ["Eiffel_Tower", "Eiffel_Tower", "Taj_Mahal", None])


class AnyActions(RuleBasedStateMachine):
    """Does anything; at the end, undoing all gives the start, redoing all gives the end."""

    @initialize()
    def begin(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="landmark-history-")
        self._workspace = Workspace.open(Path(self._folder.name))
        self._ids = fill(self._workspace, ["Eiffel_Tower", "Eiffel_Tower", "Taj_Mahal", None])
        self._start = state(self._workspace)

    def _some(self, photos: set[int]) -> list[int]:
        return [self._ids[n] for n in sorted(photos)]

    @rule(photos=_PHOTOS, landmark=_LANDMARK)
    def accept(self, photos: set[int], landmark: str | None) -> None:
        review.accept(self._workspace, self._some(photos), landmark)

    @rule(photos=_PHOTOS)
    def accept_by_rule(self, photos: set[int]) -> None:
        finish(review.accepting(self._workspace, self._some(photos), Cancel(), rule=0.7))

    @rule(photos=_PHOTOS, landmark=_LANDMARK)
    def reject(self, photos: set[int], landmark: str | None) -> None:
        review.reject(self._workspace, self._some(photos), landmark)

    @rule(photos=_PHOTOS)
    def no_landmark(self, photos: set[int]) -> None:
        review.no_landmark(self._workspace, self._some(photos))

    @rule(photos=_PHOTOS)
    def undecide(self, photos: set[int]) -> None:
        review.undecide(self._workspace, self._some(photos))

    @rule(photos=_PHOTOS, landmark=_LANDMARK)
    def correct(self, photos: set[int], landmark: str | None) -> None:
        review.correct(self._workspace, dict.fromkeys(self._some(photos), landmark))

    @rule(photos=_PHOTOS, path=_PATH)
    def add(self, photos: set[int], path: tuple[str, ...]) -> None:
        tags.add(self._workspace, self._some(photos), path)

    @rule(what=st.sampled_from(["remove", "delete", "rename", "move", "merge", "alias"]),
          photos=_PHOTOS, path=_PATH, other=_PATH)  # fmt: skip
    def edit(self, what: str, photos: set[int], path: Any, other: Any) -> None:
        edits = {
            "remove": lambda w: tags.remove(w, self._some(photos), path),
            "delete": lambda w: tags.delete(w, path),
            "rename": lambda w: tags.rename(w, path, other[-1]),
            "move": lambda w: tags.move(w, path, other),
            "merge": lambda w: tags.merge(w, path, other),
            "alias": lambda w: tags.add_alias(w, path, "also " + other[-1]),
        }
        before = state(self._workspace)
        try:
            edits[what](self._workspace)
        except UserError:
            assert state(self._workspace) == before

    @rule()
    def undo(self) -> None:
        review.undo(self._workspace)

    @rule()
    def redo(self) -> None:
        review.redo(self._workspace)

    @rule(which=st.integers(0, 5))
    def undo_an_older_one(self, which: int) -> None:
        entries = history.entries(self._workspace)
        before = state(self._workspace)
        try:
            finish(history.undo(self._workspace, Cancel(), entries[which].id))
        except (UserError, IndexError):
            assert state(self._workspace) == before

    @rule()
    def restart(self) -> None:
        self._workspace.close()
        self._workspace = Workspace.open(Path(self._folder.name))

    @invariant()
    def nothing_is_both_there_and_refused(self) -> None:
        both = self._workspace.library.read().execute(
            "SELECT count(*) FROM photo_tag JOIN tag_refusal USING (photo_id, tag_id)"
        )
        assert both.fetchone()[0] == 0

    def teardown(self) -> None:
        if not hasattr(self, "_workspace"):
            return
        while review.redo(self._workspace).summary:
            pass
        end = state(self._workspace)
        undone = 0
        while review.undo(self._workspace).summary:
            undone += 1
        assert state(self._workspace) == self._start
        for _ in range(undone):
            assert review.redo(self._workspace).summary
        assert state(self._workspace) == end
        self._workspace.close()
        self._folder.cleanup()


AnyActions.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestAnyActions = AnyActions.TestCase


def test_undo_and_redo_survive_a_restart(library: Workspace, ids: list[int]) -> None:
    start = state(library)
    review.accept(library, ids)
    end = state(library)
    folder = library.places.library.parent
    library.close()
    for task, wanted in ((history.undo, start), (history.redo, end)):
        again = Workspace.open(folder)
        finish(task(again, Cancel()))
        assert state(again) == wanted
        again.close()


def test_a_new_action_ends_what_can_be_redone(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:1])
    review.undo(library)
    review.accept(library, ids[2:3])
    assert not review.redo(library).summary
    newest, older = history.entries(library)
    assert (older.undone_at is not None, older.redoable) == (True, False)
    assert newest.undone_at is None


def test_an_older_entry_is_taken_back_unless_something_was_built_on_it(
    library: Workspace, ids: list[int]
) -> None:
    first = review.accept(library, ids[:2])
    second = review.accept(library, ids[2:3])
    later = review.reject(library, ids[1:2])
    with pytest.raises(UserError) as caught:
        finish(history.undo(library, Cancel(), first.change_id))
    assert "Rejected Eiffel Tower on 1 photo" in str(caught.value)
    finish(history.undo(library, Cancel(), second.change_id))
    finish(history.undo(library, Cancel(), later.change_id))
    with pytest.raises(UserError, match="already"):
        finish(history.undo(library, Cancel(), later.change_id))
    finish(history.undo(library, Cancel(), first.change_id))
    assert [entry.redoable for entry in history.entries(library)] == [True] * 3


def test_photos_that_are_gone_are_passed_over(library: Workspace, ids: list[int]) -> None:
    start = state(library)
    review.accept(library, ids[:3])
    library.library.write(lambda c: c.execute("DELETE FROM photo WHERE id = ?", (ids[0],)))
    done = review.undo(library)
    assert done.summary == "Undone: Accepted 2 landmarks on 3 photos (1 no longer in the library)"
    assert state(library) == start
    review.redo(library)


def test_a_model_that_is_gone_stops_no_redo(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:1])
    review.undo(library)
    library.library.write(lambda c: c.execute("DELETE FROM model"))
    assert review.redo(library).photos == {ids[0]}


def test_an_import_that_makes_the_tag_again_stops_no_undo(
    library: Workspace, ids: list[int]
) -> None:
    from landmark_desktop.library import tag_edits
    from landmark_desktop.library import tags as tree

    tags.add(library, ids[:1], ("Pariis", "Louvre"))
    tags.rename(library, ("Pariis",), "Paris")
    library.library.write(
        lambda c: tag_edits.put(c, ids[1:2], tree.ensure(c, ("Pariis", "Louvre")), "file")
    )
    after = state(library)
    review.undo(library)
    assert tree.find(library.library.read(), ("Paris",)) is None
    (node,) = [n for n in tag_offers.tree(library) if n.path == ("Pariis", "Louvre")]
    assert node.photos == 2
    review.redo(library)
    assert state(library) == after


def test_a_long_action_is_one_entry(
    library: Workspace, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "AT_ONCE", 1)
    start = state(library)
    steps = list(review.accepting(library, ids, Cancel()))
    assert [step.done for step in steps] == [1, 2, 3, 4]
    (entry,) = history.entries(library)
    assert (entry.summary, entry.parts) == ("Accepted 2 landmarks on 3 photos", 3)
    end = state(library)
    review.undo(library)
    assert state(library) == start
    review.redo(library)
    assert state(library) == end


@pytest.mark.parametrize("stop", ["cancel", "fail"])
def test_a_long_action_is_done_wholly_or_not_at_all(
    library: Workspace, ids: list[int], monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    monkeypatch.setattr(recorded, "AT_ONCE", 1)
    start, cancel = state(library), Cancel()
    task = review.accepting(library, ids, cancel)
    next(task)
    next(task)
    assert state(library) != start
    if stop == "cancel":
        cancel.set()
        with pytest.raises(Cancelled):
            next(task)
    else:
        with pytest.raises(ZeroDivisionError):
            task.throw(ZeroDivisionError())
    assert state(library) == start
    assert history.entries(library) == []


def test_what_a_killed_process_had_done_is_in_its_entry(
    library: Workspace, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "AT_ONCE", 1)
    start = state(library)
    task = review.accepting(library, ids, Cancel())
    next(task)
    monkeypatch.setattr(recorded, "_take_back", lambda *_: None)  # a killed process does nothing
    task.close()
    (entry,) = history.entries(library)
    assert entry.summary == "Accepted Eiffel Tower on 1 photo"
    review.undo(library)
    assert state(library) == start


def test_an_undo_that_was_cut_short_goes_on(
    library: Workspace, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "AT_ONCE", 1)
    start = state(library)
    review.accept(library, ids)
    task = history.undo(library, Cancel())
    next(task)
    task.close()
    (entry,) = history.entries(library)
    assert (entry.undone, entry.parts, entry.undone_at) == (1, 3, None)
    review.undo(library)
    assert state(library) == start
    assert history.entries(library)[0].undone_at is not None


def test_files_may_fail_one_by_one(library: Workspace, ids: list[int]) -> None:
    done: dict[str, bool] = {"a": True, "b": True, "c": True}

    def turn(workspace: Workspace, part: Part) -> ChangeSet:
        if part.data == "b":
            raise UserError("b was changed by another program.")
        done[part.data] = part.undone
        workspace.library.write(lambda c: changes.turned(c, part, part.data))
        return ChangeSet()

    history.register("test files", Turner(history.singly(turn)))

    def write(connection: Any) -> int:
        change_id = changes.begin(connection, "write", "Wrote 3 files")
        for name in done:
            changes.add_part(connection, change_id, "test files", name, {"file": [ord(name)]})
        return change_id

    change_id = library.library.write(write)
    assert "1 of 3 parts could not be: b was changed" in review.undo(library).summary
    assert done == {"a": False, "b": True, "c": False}
    (entry,) = history.entries(library)
    assert (entry.undone, entry.redoable) == (2, True)
    assert entry.problem == "b was changed by another program."
    with pytest.raises(UserError, match="b was changed"):
        finish(history.undo(library, Cancel(), change_id))
    review.redo(library)
    assert done == {"a": True, "b": True, "c": True}


def test_who_said_a_tag_comes_back_exactly(library: Workspace, ids: list[int]) -> None:
    from landmark_desktop.actions import browse

    def shown() -> list[tuple[Tag, ...]]:
        return [photo.tags for photo in browse.rows(library, ids)]

    finish(review.accepting(library, ids, Cancel(), rule=0.1))
    before = shown()
    tags.merge(library, ("Kinds", "tower"), ("Kinds", "mausoleum"))
    review.no_landmark(library, ids)
    review.undo(library)
    review.undo(library)
    assert shown() == before
