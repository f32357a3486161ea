"""What an action changed, and the history that takes it back and does it again, across restarts.

An entry is one action. It has parts, so that a long action may be done, and taken back, in several
transactions and still be one entry; what a killed process had done is then in the entry, and
nothing else is. How a part is turned round is said by its format (``actions.history``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landmark_desktop.library.database import now
from landmark_desktop.library.deltas import Touched, pack


@dataclass(frozen=True)
class ChangeSet:
    """What views have to refresh. ``change_id`` names the entry that undoes it, if any.

    ``photos``: ids whose row changed. ``listing``: whether photos came or went, so that
    lists and counts have to be read anew. ``tags``: whether the tree of tags changed.
    """

    photos: frozenset[int] = frozenset()
    listing: bool = False
    change_id: int | None = None
    summary: str = ""
    tags: bool = False

    def __or__(self, other: ChangeSet) -> ChangeSet:
        return ChangeSet(
            self.photos | other.photos,
            self.listing or other.listing,
            other.change_id or self.change_id,
            other.summary or self.summary,
            self.tags or other.tags,
        )


@dataclass(frozen=True)
class Entry:
    """One line of the history. Times are UTC, ISO 8601.

    ``parts`` of which ``undone`` are taken back: neither none nor all where that was cut short.
    ``redoable``: taken back, and nothing new was done since. ``problem``: why a part could not be
    taken back or done again.
    """

    id: int
    action: str
    summary: str
    done_at: str
    undone_at: str | None
    redoable: bool
    parts: int
    undone: int
    problem: str | None


@dataclass(frozen=True)
class Part:
    """One part of an entry: what turns it round, and what it changed."""

    id: int
    format: str
    data: Any
    touched: Touched
    undone: bool


def begin(connection: sqlite3.Connection, action: str, summary: str) -> int:
    """Add an entry to the history and return its id; what was taken back cannot be redone now."""
    connection.execute("UPDATE change SET redo_place = NULL WHERE redo_place IS NOT NULL")
    cursor = connection.execute(
        "INSERT INTO change (action, summary, done_at) VALUES (?, ?, ?)", (action, summary, now())
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def summarise(connection: sqlite3.Connection, change_id: int, summary: str) -> None:
    """Say anew what an entry did, as more of it is done."""
    connection.execute("UPDATE change SET summary = ? WHERE id = ?", (summary, change_id))


def add_part(
    connection: sqlite3.Connection, change_id: int, form: str, data: Any, touched: Touched
) -> int:
    """Add to an entry what was done just now; ``data`` and ``touched`` are plain JSON values."""
    cursor = connection.execute(
        "INSERT INTO change_part (change_id, format, data, touched) VALUES (?, ?, ?, ?)",
        (change_id, form, pack(data), pack(touched)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def turned(connection: sqlite3.Connection, part: Part, data: Any, form: str | None = None) -> None:
    """Note that a part was taken back, or done again; ``data`` turns it round the next time.

    Belongs into the transaction that does it. The entry is undone once all of its parts are.
    """
    all_turned(connection, [(part, data, form or part.format)])


def all_turned(connection: sqlite3.Connection, parts: Sequence[tuple[Part, Any, str]]) -> None:
    """Note that parts of one entry, with their new data and format, were turned round."""
    if not parts:
        return
    connection.executemany(
        "UPDATE change_part SET undone = ?, data = ?, format = ?, problem = NULL WHERE id = ?",
        [(not part.undone, pack(data), form, part.id) for part, data, form in parts],
    )
    row = connection.execute(
        "SELECT change_id, min(undone), max(undone) FROM change_part WHERE change_id = "
        "(SELECT change_id FROM change_part WHERE id = ?)",
        (parts[0][0].id,),
    ).fetchone()
    if row[1]:
        give_up(connection, row[0])
    elif not row[2]:
        connection.execute(
            "UPDATE change SET undone_at = NULL, redo_place = NULL WHERE id = ?", (row[0],)
        )


def give_up(connection: sqlite3.Connection, change_id: int) -> None:
    """Have an entry count as taken back, though some parts could not be, and be next to redo."""
    connection.execute(
        "UPDATE change SET undone_at = ?, redo_place = "
        "(SELECT coalesce(max(redo_place), 0) + 1 FROM change) WHERE id = ?",
        (now(), change_id),
    )


def settle_redo(connection: sqlite3.Connection, change_id: int, *, done: bool) -> None:
    """Have what came after an entry be next to redo, though some of its parts could not be.

    ``done``: whether others could, so that it counts as done.
    """
    connection.execute(
        "UPDATE change SET redo_place = NULL, undone_at = iif(?, NULL, undone_at) WHERE id = ?",
        (done, change_id),
    )


def failed(connection: sqlite3.Connection, problems: Mapping[int, str]) -> None:
    """Note why parts could not be turned round, by id."""
    connection.executemany(
        "UPDATE change_part SET problem = ? WHERE id = ?",
        [(problem, part_id) for part_id, problem in problems.items()],
    )


def drop_part(connection: sqlite3.Connection, part_id: int) -> None:
    """Strike off a part that shall not be done again; with the last one its entry goes."""
    (row,) = connection.execute(
        "DELETE FROM change_part WHERE id = ? RETURNING change_id", (part_id,)
    ).fetchall()
    connection.execute(
        "DELETE FROM change WHERE id = ?1 "
        "AND NOT EXISTS (SELECT 1 FROM change_part WHERE change_id = ?1)",
        (row[0],),
    )


def trim(connection: sqlite3.Connection, keep: int) -> int:
    """Strike off all but the newest ``keep`` entries; return how many. What they did stays.

    What would be done again on top of one of them cannot be redone any more.
    """
    oldest = connection.execute(
        "SELECT min(id) FROM (SELECT id FROM change ORDER BY id DESC LIMIT ?)", (keep,)
    ).fetchone()[0]
    connection.execute(
        "UPDATE change SET redo_place = NULL WHERE redo_place < "
        "(SELECT max(redo_place) FROM change WHERE id < ?)",
        (oldest,),
    )
    return connection.execute("DELETE FROM change WHERE id < ?", (oldest,)).rowcount
