"""Runs that are over as entries of the history: a part for each group of steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import changes
from landmark_desktop.library import history as past
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.organise.journal import Run, step_data, step_of
from landmark_desktop.organise.order import PARKED
from landmark_desktop.organise.perform import State
from landmark_desktop.organise.run import Done, Outcome
from landmark_desktop.organise.wanted import Mode

FORMAT = "moves"
"""The format of parts that are groups of steps, one each."""
_AT_ONCE = 500  # parts that are entered in one transaction
_DID = {"move": "Moved", "copy": "Copied", "link": "Linked"}


@dataclass(frozen=True)
class Applied:
    """What came of a plan. ``failed``: what could not be done and why, a sentence each.

    ``turned``, ``problems``: of an entry that was turned round, its parts that were, and why
    others could not be.
    """

    changes: ChangeSet = field(default_factory=ChangeSet)
    files: int = 0
    failed: tuple[str, ...] = ()
    stopped: bool = False
    turned: frozenset[int] = frozenset()
    problems: Mapping[int, str] = field(default_factory=dict)


def enter(workspace: Workspace, run: Run, outcome: Outcome) -> Applied:
    """Enter a run that is over into the history; once, even where a killed process had begun."""
    if run.note["kind"] == "turn":
        return _enter_turn(workspace, run, outcome)
    groups = [*outcome.groups.values()]
    count = len({done.step.source for group in groups for done in group if not parked(done)})
    failed = tuple(map(str, outcome.failed.values()))
    summary = f"{_DID[run.note['mode']]} {files(count)} into {Path(run.note['into']).name}"
    if not groups:
        return Applied(ChangeSet(summary="Nothing was moved"), 0, failed, outcome.stopped)
    connection, data = workspace.library.read(), _Data(run, outcome)
    change_id = _entered(connection, run.id)
    first = 0 if change_id is None else len(past.part_ids(connection, change_id, undone=False))
    for start in range(first, len(groups), _AT_ONCE):

        def write(c: sqlite3.Connection, start: int = start, known: int | None = change_id) -> int:
            entry = known or changes.begin(c, "organise", summary)
            for group in groups[start : start + _AT_ONCE]:
                places = [*_photos(group)] if run.note["mode"] == Mode.MOVE else []
                changes.add_part(c, entry, FORMAT, data.of(group), {"place": places})
            return entry

        change_id = workspace.library.write(write)
    photos = frozenset(photo for group in groups for photo in _photos(group))
    news = ChangeSet(photos, listing=True, change_id=change_id, summary=summary)
    return Applied(news, count, failed, outcome.stopped)


def _photos(group: Sequence[Done]) -> Iterator[int]:
    """Yield the ids of the library's photos among the files of a group."""
    return (done.step.photo for done in group if done.step.photo is not None)


def _entered(connection: sqlite3.Connection, run_id: str) -> int | None:
    """Return the entry of a run that was killed after it was entered, all of it or a part."""
    for entry in past.entries(connection, 20, action="organise"):
        for undone in (False, True):
            for part_id in past.part_ids(connection, entry.id, undone=undone)[:1]:
                if past.part(connection, part_id).data.get("run") == run_id:
                    return entry.id
    return None


def _enter_turn(workspace: Workspace, run: Run, outcome: Outcome) -> Applied:
    ids: list[int] = run.note["parts"]
    problems = {ids[group]: str(error) for group, error in outcome.failed.items()}
    data = _Data(run, outcome)
    done = {ids[group]: members for group, members in outcome.groups.items()}
    if outcome.stopped:
        why = next(reversed(problems.values()))
        problems = {id_: why for id_ in ids if id_ not in done} | problems

    def write(connection: sqlite3.Connection) -> frozenset[int]:
        photos, turned = set[int](), []
        for part_id, group in done.items():
            try:
                part = past.part(connection, part_id)
            except LookupError:
                continue  # struck off while the run was cut short: the history has a limit
            photos.update(part.touched.get("place", ()))
            if part.undone == run.note["undone"]:  # a killed process may have come as far
                turned.append((part, data.of(group), part.format))
        changes.all_turned(connection, turned)
        return frozenset(photos)

    photos = workspace.library.write(write)
    return Applied(
        ChangeSet(photos, listing=True), len(done), tuple(problems.values()), outcome.stopped,
        frozenset(done), problems,
    )  # fmt: skip


class _Data:
    """What parts of the history hold, a group each, with the folders of the run that it needs."""

    def __init__(self, run: Run, outcome: Outcome) -> None:
        self._run = run.id
        self._made, self._removed = frozenset(outcome.made), dict(outcome.removed)

    def of(self, group: Sequence[Done]) -> dict[str, Any]:
        """Return the group as plain JSON values."""
        targets = {parent: None for done in group for parent in done.step.target.parents}
        sources = {parent: None for done in group for parent in done.step.source.parents}
        return {
            "run": self._run,
            "steps": [[step_data(done.step), vars(done.after)] for done in group],
            "made": [str(path) for path in targets if path in self._made],
            "removed": [
                [str(path), self._removed[path]] for path in sources if path in self._removed
            ],
        }


def of_data(data: dict[str, Any]) -> tuple[list[Done], list[Path], list[tuple[Path, int]]]:
    """Return what a part holds: its steps as done, folders that were made, and removed."""
    group = [Done(step_of(step), State(**after)) for step, after in data["steps"]]
    return group, [*map(Path, data["made"])], [(Path(p), mode) for p, mode in data["removed"]]


def parked(done: Done) -> bool:
    """Whether a file has only waited at the step's source for its place to be free."""
    return done.step.source.name.startswith(PARKED)


def files(count: int) -> str:
    """Return a number of files in words."""
    return f"{count:,} file{'s' if count != 1 else ''}"
