"""The history as it is read: entries, their parts, and what was built on them.

``changes`` writes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from landmark_desktop.library.changes import Entry, Part
from landmark_desktop.library.deltas import FORMAT, in_the_way, unpack

_ENTRY = (
    "SELECT c.id, action, summary, done_at, undone_at, redo_place IS NOT NULL AS redoable, "
    "count(p.id) AS parts, coalesce(sum(p.undone), 0) AS undone, max(p.problem) AS problem "
    "FROM change c LEFT JOIN change_part p ON p.change_id = c.id WHERE {} "
    "GROUP BY c.id ORDER BY c.id DESC"
)


def entry(connection: sqlite3.Connection, change_id: int) -> Entry | None:
    """Return one entry."""
    return next(iter(_entries(connection, "c.id = ?", (change_id,))), None)


def entries(
    connection: sqlite3.Connection, limit: int = 100, before: int | None = None,
    action: str | None = None,
) -> list[Entry]:  # fmt: skip
    """Return the newest entries, newest first; those older than the entry ``before``, or those of
    one ``action``."""
    newest = (
        "c.id IN (SELECT id FROM change WHERE id < ? AND action = coalesce(?, action) "
        "ORDER BY id DESC LIMIT ?)"
    )
    return _entries(connection, newest, (before or 2**62, action, limit))


def latest(connection: sqlite3.Connection) -> Entry | None:
    """Return the newest entry that is not taken back, or ``None``."""
    newest = "c.id = (SELECT max(id) FROM change WHERE undone_at IS NULL)"
    return next(iter(_entries(connection, newest)), None)


def next_redo(connection: sqlite3.Connection) -> Entry | None:
    """Return the entry that redo does again: the one taken back last, or ``None``."""
    top = (
        "c.id = (SELECT id FROM change WHERE redo_place IS NOT NULL "
        "ORDER BY redo_place DESC LIMIT 1)"
    )
    return next(iter(_entries(connection, top)), None)


def _entries(
    connection: sqlite3.Connection, which: str, values: Sequence[object] = ()
) -> list[Entry]:
    rows = connection.execute(_ENTRY.format(which), values)
    return [
        Entry(
            row["id"], row["action"], row["summary"], row["done_at"], row["undone_at"],
            bool(row["redoable"]), row["parts"], row["undone"], row["problem"],
        )
        for row in rows
    ]  # fmt: skip


def part_ids(connection: sqlite3.Connection, change_id: int, *, undone: bool) -> list[int]:
    """Return the parts that are still to be taken back, last first, or done again, first first."""
    order = "" if undone else "DESC"
    rows = connection.execute(
        f"SELECT id FROM change_part WHERE change_id = ? AND undone = ? ORDER BY id {order}",
        (change_id, undone),
    )
    return [row["id"] for row in rows]


def part(connection: sqlite3.Connection, part_id: int) -> Part:
    """Return a part. Raises ``LookupError`` where it is gone."""
    row = connection.execute("SELECT * FROM change_part WHERE id = ?", (part_id,)).fetchone()
    if row is None:
        raise LookupError(f"no part {part_id} in the history")
    data, touched = unpack(row["data"]), unpack(row["touched"])
    return Part(row["id"], row["format"], data, touched, bool(row["undone"]))


def problems(connection: sqlite3.Connection, change_id: int) -> dict[int, str]:
    """Return, by part, why parts of an entry could not be turned round when that was tried."""
    rows = connection.execute(
        "SELECT id, problem FROM change_part WHERE change_id = ? AND problem IS NOT NULL",
        (change_id,),
    )
    return {row["id"]: row["problem"] for row in rows}


def later(connection: sqlite3.Connection, change_id: int) -> Entry | None:
    """Return the first later entry, not taken back, that changed something this one did.

    Or something that now stands where this one would put a tag. ``None``: this one can be taken
    back. Reads every later part; none where it is the newest.
    """
    own: dict[str, set[int]] = {}
    since = None
    for row in connection.execute(
        "SELECT id, format, data, touched FROM change_part WHERE change_id = ? ORDER BY id",
        (change_id,),
    ):
        since = row["id"] if since is None else since
        touched = unpack(row["touched"])
        for kind, ids in touched.items():
            own.setdefault(kind, set()).update(ids)
        if "tag" in touched and row["format"] == FORMAT:
            own["tag"] |= in_the_way(connection, unpack(row["data"]))
    rows = connection.execute(
        "SELECT change_id, touched FROM change_part WHERE id > ? AND change_id <> ? AND NOT undone "
        "ORDER BY id",
        (since or 0, change_id),
    )
    for row in rows:
        for kind, ids in unpack(row["touched"]).items():
            if not own.get(kind, set()).isdisjoint(ids):
                return entry(connection, row["change_id"])
    return None
