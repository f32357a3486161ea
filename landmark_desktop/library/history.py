"""The history as it is read: entries, their parts, and what was built on them.

``changes`` writes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence

from landmark_desktop.library.changes import Entry, Part
from landmark_desktop.library.deltas import FORMAT, Touched, in_the_way, unpack

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


def later(
    connection: sqlite3.Connection, change_id: int, parts: Collection[int] | None = None
) -> Entry | None:
    """Return the first later entry, not taken back, that changed something this one did.

    Or something that now stands where this one would put a tag. ``None``: this one can be taken
    back. ``parts``: those of its parts that matter, by default all. Reads every later part; none
    where it is the newest.
    """
    own: dict[str, set[int]] = {}
    since = None
    for row in connection.execute(
        "SELECT id, format, data, touched FROM change_part WHERE change_id = ? ORDER BY id",
        (change_id,),
    ):
        since = row["id"] if since is None else since
        if parts is not None and row["id"] not in parts:
            continue
        touched = unpack(row["touched"])
        for kind, ids in touched.items():
            own.setdefault(kind, set()).update(ids)
        if "tag" in touched and row["format"] == FORMAT:
            own["tag"] |= in_the_way(connection, unpack(row["data"]))
    for other, touched in _since(connection, change_id, since or 0):
        for kind, ids in touched.items():
            if not own.get(kind, set()).isdisjoint(ids):
                return entry(connection, other)
    return None


def built_on(connection: sqlite3.Connection, change_id: int) -> dict[int, int]:
    """Return, by part, the first later entry that is in the way of taking it back, as ``later``
    says it of all; for entries that touch no tags."""
    own: dict[str, dict[int, list[int]]] = {}
    since = 0
    for row in connection.execute(
        "SELECT id, touched FROM change_part WHERE change_id = ? ORDER BY id DESC", (change_id,)
    ):
        since = row["id"]
        for kind, ids in unpack(row["touched"]).items():
            for id_ in ids:
                own.setdefault(kind, {}).setdefault(id_, []).append(row["id"])
    found: dict[int, int] = {}
    for other, touched in _since(connection, change_id, since):
        for kind, ids in touched.items():
            for id_ in own.get(kind, {}).keys() & set(ids):
                for part_id in own[kind][id_]:
                    found.setdefault(part_id, other)
    return found


def _since(
    connection: sqlite3.Connection, change_id: int, since: int
) -> Iterator[tuple[int, Touched]]:
    """Yield the entry of each part behind one, and what it touched; none that is taken back."""
    rows = connection.execute(
        "SELECT change_id, touched FROM change_part WHERE id > ? AND change_id <> ? AND NOT undone "
        "ORDER BY id",
        (since, change_id),
    )
    for row in rows:
        yield row["change_id"], unpack(row["touched"])
