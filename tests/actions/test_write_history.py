"""Tags and files together, in any order: done, written, undone, redone, restarted, meddled with.

The model is two stacks, as a person sees them: what can be undone, what can be redone. Whatever
came in between, each step gives the library and every file back as they were; a file that another
program has written to since is left alone, and the rest is not.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from samples import draw
from shelved import state

from landmark_desktop.actions import history, review, tags, write
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import writing
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, finish

_SOME = st.sets(st.integers(0, 2), min_size=1)
_PATH = st.sampled_from([("A",), ("A", "b"), ("Places", "France"), ("C",), ("Kinds", "tower")])
_LANDMARK = st.sampled_from(["Eiffel_Tower", "Taj_Mahal"])
_Files = dict[str, bytes]


@dataclass
class Step:
    """An entry of the history: how all was before and after it. ``meddled``: files since then."""

    before: Any
    after: Any
    old: _Files
    new: _Files
    entry: int
    waited: tuple[list[int], list[int]]
    meddled: set[str] = field(default_factory=set)


class TagsAndFiles(RuleBasedStateMachine):
    """What is undone and redone is what was there."""

    @initialize()
    def begin(self) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="landmark-files-")
        self._album = Path(self._scratch.name) / "album"
        for number in range(3):
            draw(self._album / f"{number}.jpg", mark=number, size=(32, 24))
        self._workspace = Workspace.open(Path(self._scratch.name) / "library")
        self._import()
        rows = self._workspace.library.read().execute("SELECT id FROM photo ORDER BY path")
        self._ids = [row[0] for row in rows]
        self._start = self._state()
        self._in_turn = True  # until something is undone before what came after it
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._marks: dict[str, bytes] = {}

    # -- what is there -------------------------------------------------------------------------

    def _import(self) -> None:
        finish(import_photos(self._workspace, [self._album], Cancel()))

    def _state(self) -> Any:
        return state(self._workspace)

    def _files(self) -> _Files:
        return {path.name: path.read_bytes() for path in sorted(self._album.iterdir())}

    def _waits(self) -> list[int]:
        return finish(write.waiting(self._workspace, None, Cancel()))

    def _some(self, photos: set[int]) -> list[int]:
        return [self._ids[number] for number in sorted(photos)]

    # -- doing ---------------------------------------------------------------------------------

    def _do(self, action: Callable[[Workspace], ChangeSet]) -> None:
        before, old, waited = self._state(), self._files(), self._waits()
        try:
            entry = action(self._workspace).change_id
        except UserError:
            entry = None
        if entry is None:
            assert (self._state(), self._files()) == (before, old)
            return
        both = (waited, self._waits())
        self._done.append(Step(before, self._state(), old, self._files(), entry, both))
        self._undone.clear()

    @rule(photos=_SOME, landmark=_LANDMARK)
    def accept(self, photos: set[int], landmark: str) -> None:
        self._do(lambda w: review.accept(w, self._some(photos), landmark))

    @rule(photos=_SOME)
    def undecide(self, photos: set[int]) -> None:
        self._do(lambda w: review.undecide(w, self._some(photos)))

    @rule(photos=_SOME, path=_PATH)
    def tag(self, photos: set[int], path: tuple[str, ...]) -> None:
        self._do(lambda w: tags.add(w, self._some(photos), path))

    @rule(photos=_SOME, path=_PATH)
    def untag(self, photos: set[int], path: tuple[str, ...]) -> None:
        self._do(lambda w: tags.remove(w, self._some(photos), path))

    @rule(path=_PATH, to=_PATH)
    def rename(self, path: tuple[str, ...], to: tuple[str, ...]) -> None:
        self._do(lambda w: tags.move(w, path, to))

    @rule(path=_PATH, into=_PATH)
    def merge(self, path: tuple[str, ...], into: tuple[str, ...]) -> None:
        self._do(lambda w: tags.merge(w, path, into))

    @rule(photos=_SOME, embed=st.booleans())
    def write(self, photos: set[int], embed: bool) -> None:
        chosen = self._some(photos)
        self._do(lambda w: finish(write.write(w, chosen, Cancel(), embed=embed)).changes)
        assert not set(self._waits()) & set(chosen)

    # -- what is no action ---------------------------------------------------------------------

    @rule()
    def restart(self) -> None:
        folder = self._workspace.places.library.parent
        self._workspace.close()
        self._workspace = Workspace.open(folder)

    @rule()
    def look_again(self) -> None:
        before = self._state()
        self._import()
        assert self._state() == before, "what we have written is not taken for the file's word"

    @rule(which=st.integers(0, 5))
    def meddle(self, which: int) -> None:
        names = sorted(self._files())
        name = names[which % len(names)]
        mark = b"<!-- another program: %d -->" % len(self._marks)
        with (self._album / name).open("ab") as file:
            file.write(mark)
        self._marks[name] = self._marks.get(name, b"") + mark
        for step in (*self._done, *self._undone):
            step.meddled.add(name)

    # -- undoing and redoing -------------------------------------------------------------------

    @precondition(lambda self: self._done)
    @rule(older=st.sampled_from([0, 0, 0, 0, 1, 2]))
    def undo(self, older: int) -> None:
        self._undo(self._done[-1 - older % len(self._done)])

    def _undo(self, step: Step) -> None:
        before, files = self._state(), self._files()
        try:
            finish(history.undo(self._workspace, Cancel(), step.entry))
        except UserError:
            assert (self._state(), self._files()) == (before, files)
            assert step is not self._done[-1] or step.meddled & _changed(step)
            return
        self._check(step, files, step.new, step.old)
        self._in_turn = self._in_turn and step is self._done[-1]
        if self._in_turn:
            assert self._state() == step.before
            assert self._marks or self._waits() == step.waited[0]
        self._done.remove(step)
        self._undone.append(step)

    @precondition(lambda self: self._undone)
    @rule()
    def redo(self) -> None:
        self._redo()

    def _redo(self) -> None:
        step = self._undone.pop()
        before, files = self._state(), self._files()
        try:
            finish(history.redo(self._workspace, Cancel()))
        except UserError:
            assert (self._state(), self._files()) == (before, files)
            assert step.meddled & _changed(step)
            return
        self._check(step, files, step.old, step.new)
        self._done.append(step)
        self._done.sort(key=lambda step: step.entry)
        if self._in_turn:
            assert self._state() == step.after
            assert self._marks or self._waits() == step.waited[1]

    def _check(self, step: Step, were: _Files, gone: _Files, come: _Files) -> None:
        expected = dict(were)
        for name in _changed(step) - step.meddled:
            assert were.get(name) == gone.get(name)
            expected.pop(name, None)
            expected |= {name: come[name]} if name in come else {}
        assert self._files() == expected

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def nothing_of_another_program_is_lost(self) -> None:
        files = self._files()
        for name, marks in self._marks.items():
            assert marks in files[name]

    @invariant()
    def the_library_knows_its_files(self) -> None:
        assert not writing.intents(self._workspace.library.read())
        rows = self._workspace.library.read().execute("SELECT * FROM photo")
        for row in rows:
            path = Path(row["path"])
            if path.name not in self._marks:
                content, status = path.read_bytes(), path.stat()
                digest = hashlib.blake2b(content, digest_size=20).hexdigest()
                assert (row["size"], row["content_hash"]) == (len(content), digest)
                assert row["mtime_ns"] == status.st_mtime_ns

    def teardown(self) -> None:
        if not hasattr(self, "_workspace"):
            return
        try:
            while self._undone:
                self._redo()
            end = self._state()
            for step in reversed(self._done[:]):
                self._undo(step)
            assert self._state() == self._start
            while self._undone:
                self._redo()
            assert self._state() == end
        finally:
            self._workspace.close()
            self._scratch.cleanup()


def _changed(step: Step) -> set[str]:
    names = step.old.keys() | step.new.keys()
    return {name for name in names if step.old.get(name) != step.new.get(name)}


TagsAndFiles.TestCase.settings = settings(max_examples=12, stateful_step_count=14, deadline=None)
TestTagsAndFiles = TagsAndFiles.TestCase
