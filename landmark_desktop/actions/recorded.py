"""Actions that can be taken back: one entry in the history, in one transaction or in several.

A change does its look-ups and ``tags.ensure`` first, then writes under ``deltas.recording``, and
hands the delta over here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeVar

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import changes, deltas
from landmark_desktop.library import history as past
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.deltas import Delta
from landmark_desktop.tasks import Cancel, Progress, Task

T = TypeVar("T")
AT_ONCE = 500
"""Photos a transaction: others wait for about a tenth of a second (benchmarks.review)."""


def recorded(
    connection: sqlite3.Connection, action: str, summary: str, delta: Delta,
    change_id: int | None = None,
) -> ChangeSet:  # fmt: skip
    """Enter what was done into the history, as a new entry or as more of ``change_id``.

    Where nothing changed, there is no entry, and the set is empty.
    """
    if not delta.runs:
        return ChangeSet(change_id=change_id, summary=summary if change_id else "")
    if change_id is None:
        change_id = changes.begin(connection, action, summary)
    else:
        changes.summarise(connection, change_id, summary)
    changes.add_part(connection, change_id, deltas.FORMAT, delta.runs, delta.touched)
    photos = frozenset(delta.touched.get("photo", ()))
    return ChangeSet(photos, False, change_id, summary, tags="tag" in delta.touched)


def in_parts(
    workspace: Workspace, action: str, items: Sequence[T],
    change: Callable[[sqlite3.Connection, Sequence[T]], tuple[Delta, str]], what: str,
    cancel: Cancel,
) -> Task[ChangeSet]:  # fmt: skip
    """Do ``change`` to ``AT_ONCE`` items at a time, as one entry; all of it or nothing.

    ``change`` returns what it changed and the summary of all that was done so far. What raises,
    cancelling included, takes back the parts before it. A process that is killed leaves an entry
    that holds and tells what was done.
    """
    done = ChangeSet()
    try:
        for start in range(0, len(items), AT_ONCE):
            cancel.check()

            def write(
                connection: sqlite3.Connection,
                start: int = start,
                entry: int | None = done.change_id,
            ) -> ChangeSet:
                delta, summary = change(connection, items[start : start + AT_ONCE])
                return recorded(connection, action, summary, delta, entry)

            news = workspace.library.write(write)
            done |= news
            yield Progress(min(start + AT_ONCE, len(items)), len(items), what, news=news)
    except BaseException:
        if done.change_id is not None:
            _take_back(workspace, done.change_id)
        raise
    return done


def _take_back(workspace: Workspace, change_id: int) -> None:
    write = workspace.library.write
    # Asked on the writer's thread, behind a part that may be on its way still.
    for part_id in write(lambda c: past.part_ids(c, change_id, undone=False)):

        def change(connection: sqlite3.Connection, part_id: int = part_id) -> None:
            deltas.turn(connection, past.part(connection, part_id).data)
            changes.drop_part(connection, part_id)

        write(change)
