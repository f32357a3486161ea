"""For any tree: what a plan predicts is what is on disk afterwards, and undo is the identity."""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from organise.trees import Library, Tree, apply, make, planned, read, resume

from landmark_desktop.organise import run
from landmark_desktop.organise.journal import Journal, Run
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State, perform
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.run import carry_out
from landmark_desktop.organise.undo import reversed_run
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.tasks import Cancel, finish

_FOLDERS = st.sampled_from(
    ["in", "in/a", "in/a/b", "in/Paris", "sorted", "sorted/Paris", "sorted/paris", "sorted/Rome",
     "sorted/Paris/2019", "sorted/E\u0301vora", "sorted/\u00c9vora"]
)  # fmt: skip
_NAMES = st.sampled_from(
    ["1.jpg", "2.jpg", "1.JPG", "1.cr2", "1.jpg.xmp", "1.xmp", "1.mov", "1-edited.jpg",
     "1 (2).jpg", "1.png", "1.tif.xmp", "notes.txt", ".DS_Store", "2.jpg.xmp", "é.jpg",
     "e\u0301.jpg"]
)  # fmt: skip
_CROWDED_FOLDERS = st.sampled_from(["sorted/A", "sorted/B", "sorted/C"])
_CROWDED_NAMES = st.sampled_from(["1.jpg", "2.jpg", "1.jpg.xmp", "2.mov"])
_CONTENTS = st.sampled_from([b"one", b"two", b"six"])
_LEVELS = st.sampled_from(
    [(), ("Paris",), ("paris",), ("Rome",), ("Paris", "2019"), ("Évora",), ("1.jpg",), ("New", "Y")]
)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[dict[str, bytes], dict[str, tuple[str, ...]], Mode]:
    crowded = draw(st.booleans())
    folders, names = (_CROWDED_FOLDERS, _CROWDED_NAMES) if crowded else (_FOLDERS, _NAMES)
    paths = draw(st.lists(st.tuples(folders, names), min_size=1, max_size=14, unique=True))
    files = {f"{folder}/{name}": draw(_CONTENTS) for folder, name in paths}
    photos = [name for name in files if name.lower().endswith((".jpg", ".png"))]
    if crowded:
        # Photos change places with each other: everybody goes where somebody else was.
        goals = draw(st.permutations([tuple(name.split("/")[1:-1]) for name in photos]))
        return files, dict(zip(photos, goals, strict=True)), Mode.MOVE
    levels = {name: draw(_LEVELS) for name in photos if draw(st.booleans())}
    return files, levels, draw(st.sampled_from([Mode.MOVE, Mode.COPY, Mode.LINK]))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_cases())
def test_a_plan_predicts_and_undo_is_the_identity(
    case: tuple[dict[str, bytes], dict[str, tuple[str, ...]], Mode],
) -> None:
    files, levels, mode = case
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder, "photos")
        make(top, files)
        before = read(top)
        plan = planned(top, levels, mode=mode)
        library = Library()

        outcome = apply(plan, Path(folder, "journals"), library)

        assert not outcome.failed
        assert not outcome.stuck
        after = read(top)
        assert after == predicted(before, plan, top)
        _nothing_is_anothers_companion(plan, after, top)
        elsewhere = {p.target for p in plan.placed}.isdisjoint((top / n).parent for n in levels)
        if mode is not Mode.MOVE and elsewhere:
            assert not planned(top, levels, mode=mode).steps  # all of it is there by now
        assert library.paths == {
            step.photo: step.target for step in plan.steps if step.photo and mode is Mode.MOVE
        }

        back = reversed_run(
            "back", "Back", [*outcome.groups.values()], outcome.made, outcome.removed
        )
        journal = Journal.begin(Path(folder, "journals"), back)
        undone = finish(carry_out(journal, Cancel(), library.follow))
        journal.settle()

        assert not undone.failed
        assert read(top) == before


def _nothing_is_anothers_companion(plan: Plan, after: Tree, top: Path) -> None:
    """What lies beside a photo under its name, where it has come to, has come with it."""
    for each in plan.placed:
        brought = {new.name for _, new in each.moves}
        folder = f"{_name(each.target, top)}/"
        there = [name.removeprefix(folder) for name in after if name.startswith(folder)]
        stems = {name.split(".")[0].casefold() for name in brought}
        files = {name for name in there if "/" not in name and not name.startswith(".")}
        assert {n for n in files if n.split(".")[0].casefold() in stems} == brought


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_cases(), st.integers(0, 12), st.booleans(), st.sampled_from(["", "renumbered", "alike"]))
def test_a_run_that_is_cut_short_anywhere_is_finished_or_taken_back(
    case: tuple[dict[str, bytes], dict[str, tuple[str, ...]], Mode], after: int,
    back: bool, disk: str,
) -> None:  # fmt: skip
    """``after``: steps. ``disk``: whether it numbers its files anew with every mount, or all files
    are of one time."""
    files, levels, mode = case
    with tempfile.TemporaryDirectory() as folder:
        top, journals = Path(folder, "photos"), Path(folder, "journals")
        make(top, files)
        for name in files if disk == "alike" else ():
            os.utime(top / name, ns=(10**18, 10**18))
        before = read(top)
        plan = planned(top, levels, mode=mode)
        goal = predicted(before, plan, top)
        shift = 10**9 if disk == "renumbered" else 0
        steps = tuple(replace(step, inode=step.inode + shift) for step in plan.steps)
        journals.mkdir()
        journal = Journal.begin(journals, Run("run", "", steps, plan.made, plan.emptied))
        with _killed(after):
            finish(carry_out(journal, Cancel(), Library().follow))
        journal.close()

        outcome = resume(journals, Library(), back=back)
        assert not outcome.failed
        assert read(top) == (before if back else goal)

        if not back:
            groups = [*outcome.groups.values()]
            undo = reversed_run("back", "", groups, outcome.made, outcome.removed)
            journal = Journal.begin(journals, undo)
            with _killed(after):
                finish(carry_out(journal, Cancel(), Library().follow))
            journal.close()
            assert not resume(journals, Library(), back=False).failed
            assert read(top) == before


@contextlib.contextmanager
def _killed(after: int) -> Iterator[None]:
    """End what is done inside when so many steps were, without cleaning up."""
    steps = itertools.count()

    def dying(step: Step, cancel: Cancel | None = None) -> State:
        if next(steps) == after:
            raise KeyboardInterrupt
        return perform(step, cancel)

    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr(run, "perform", dying)
        yield


def predicted(before: Tree, plan: Plan, top: Path) -> Tree:
    """Return the tree that the plan says there will be."""
    tree = dict(before)
    for each in plan.placed:
        for old, new in each.moves:
            tree[_name(new, top)] = before[_name(old, top)]
    if plan.asked.mode is Mode.MOVE:
        arrived = {_name(new, top) for each in plan.placed for _, new in each.moves}
        left = {_name(old, top) for each in plan.placed for old, _ in each.moves}
        tree = {name: value for name, value in tree.items() if name not in left - arrived}
    for path in plan.made:
        tree[f"{_name(path, top)}/"] = (b"", 0)
    for path, _ in plan.emptied:
        del tree[f"{_name(path, top)}/"]
    return tree


def _name(path: Path, top: Path) -> str:
    return str(path.relative_to(top))
