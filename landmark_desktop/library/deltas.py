"""What a transaction changed, row by row, so that it can be turned round, and round again.

After "Automatic Undo/Redo Using SQLite" (https://sqlite.org/undoredo.html): temporary triggers
note each changed row as it was, or the key of a new one. Turning a delta round is done under the
same triggers and gives the delta that turns it back: undo and redo are one function.

Recorded rows must keep their keys: what moves to another key is written anew. Tags come into
being outside of recording (``tags.ensure``).
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from landmark_desktop.library import tag_edits, tags

FORMAT = "rows"
"""How the history calls parts that are deltas."""

Touched = dict[str, list[int]]
"""Ids of what was changed, by kind: ``photo``, ``tag``, and what others add."""

Run = tuple[str, Literal["+", "-", "="], list[list[Any]]]
"""Consecutive rows of one table: keys of new ones, or whole rows as they were before they went
or changed."""


@dataclass(frozen=True)
class _Table:
    """A recorded table: its key, its other columns, and the column that says what it is about."""

    key: tuple[str, ...]
    rest: tuple[str, ...] = ()
    about: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return self.key + self.rest


_SAID = ("model_id", "confidence")
_TABLES = {
    "decision": _Table(
        ("photo_id", "landmark"), ("verdict", *_SAID, "decided_at", "rule"), ("photo", "photo_id")
    ),
    "photo_tag": _Table(
        ("photo_id", "tag_id", "source"), ("landmark", *_SAID, "added_at"), ("photo", "photo_id")
    ),
    "tag_refusal": _Table(("photo_id", "tag_id"), ("refused_at",), ("photo", "photo_id")),
    "tag": _Table(("id",), ("parent", "name", "key"), ("tag", "id")),
    "tag_alias": _Table(("tag_id", "key"), ("name",), ("tag", "tag_id")),
    "tag_origin": _Table(("origin",), ("tag_id",)),
    "tag_word": _Table(("word", "tag_id")),
}
_WIDEST = max(len(table.columns) for table in _TABLES.values())
# A row may have lost what it refers to: a photo that left the library, a model that was deleted.
_THERE = {"photo_id": "photo", "tag_id": "tag"}


@dataclass
class Delta:
    """What happened while recording; filled in when that ends."""

    runs: list[Run] = field(default_factory=list)
    touched: Touched = field(default_factory=dict)


@contextlib.contextmanager
def recording(connection: sqlite3.Connection) -> Iterator[Delta]:
    """Note what the caller's transaction changes from here to the end of the block."""
    connection.execute(f"CREATE TEMP TABLE delta (at INTEGER PRIMARY KEY, tbl, op, {_spread('c')})")
    for name, table in _TABLES.items():
        for event, op, row, columns in (
            ("INSERT", "+", "new", table.key),
            ("DELETE", "-", "old", table.columns),
            ("UPDATE", "=", "old", table.columns),
        ):
            values = ", ".join(f"{row}.{column}" for column in columns)
            connection.execute(
                f"CREATE TEMP TRIGGER delta_{name}_{event} AFTER {event} ON main.{name} BEGIN "
                f"INSERT INTO delta (tbl, op, {_spread('c', len(columns))}) "
                f"VALUES ('{name}', '{op}', {values}); END"
            )
    delta = Delta()
    try:
        yield delta
        _collect(connection, delta)
    finally:
        if connection.in_transaction:
            for name in _TABLES:
                for event in ("INSERT", "DELETE", "UPDATE"):
                    connection.execute(f"DROP TRIGGER IF EXISTS temp.delta_{name}_{event}")
            connection.execute("DROP TABLE IF EXISTS temp.delta")


def _collect(connection: sqlite3.Connection, delta: Delta) -> None:
    rows = connection.execute(f"SELECT tbl, op, {_spread('c')} FROM delta ORDER BY at")
    touched: dict[str, set[int]] = {}
    for (name, op), run in groupby(map(tuple, rows), key=lambda row: row[:2]):
        table = _TABLES[name]
        columns = table.key if op == "+" else table.columns
        values = [list(row[2 : 2 + len(columns)]) for row in run]
        delta.runs.append((name, op, values))
        if table.about is not None:
            kind, column = table.about
            place = table.columns.index(column)
            touched.setdefault(kind, set()).update(row[place] for row in values)
    delta.touched = {kind: sorted(ids) for kind, ids in touched.items()}


def _spread(letter: str, count: int = _WIDEST) -> str:
    return ", ".join(f"{letter}{number}" for number in range(count))


def turn(connection: sqlite3.Connection, runs: list[Run]) -> Delta:
    """Turn the runs round; return the delta that turns them back.

    Rows of photos that are gone are passed over.
    """
    came_back: list[int] = []
    with recording(connection) as delta:
        for name, op, rows in reversed(runs):
            table, latest_first = _TABLES[name], rows[::-1]
            if op == "+":
                where = " AND ".join(f"{column} = ?" for column in table.key)
                connection.executemany(f"DELETE FROM {name} WHERE {where}", latest_first)
            else:
                if name == "tag":
                    for tag_id, parent, level, _ in latest_first:
                        if _make_room(connection, tag_id, parent, level):
                            came_back.append(tag_id)
                connection.executemany(_write(name, table), latest_first)
        for tag_id in came_back:  # with its own name again, which is no alias of it
            connection.execute(
                "DELETE FROM tag_alias WHERE tag_id = ?1 "
                "AND key = (SELECT key FROM tag WHERE id = ?1)",
                (tag_id,),
            )
            tags.index(connection, tag_id)
    return delta


def _write(name: str, table: _Table) -> str:
    """Return the statement that puts a whole row back, or does nothing if it has lost its photo."""
    marks = [
        "(SELECT id FROM model WHERE id = ?{})" if column == "model_id" else "?{}"
        for column in table.columns
    ]
    values = ", ".join(mark.format(place) for place, mark in enumerate(marks, 1))
    there = " AND ".join(
        f"EXISTS (SELECT 1 FROM {_THERE[column]} WHERE id = ?{place})"
        for place, column in enumerate(table.columns, 1)
        if column in _THERE
    )
    changes = ", ".join(f"{column} = excluded.{column}" for column in table.rest)
    return (
        f"INSERT INTO {name} ({', '.join(table.columns)}) SELECT {values} WHERE {there or '1'} "
        f"ON CONFLICT ({', '.join(table.key)}) DO "
        + (f"UPDATE SET {changes}" if changes else "NOTHING")
    )


def _make_room(connection: sqlite3.Connection, tag_id: int, parent: int | None, name: str) -> bool:
    """Have a tag that came to be in this place meanwhile, say by an import, be this one.

    Returns whether there was one.
    """
    other = tag_edits.occupant(connection, tag_id, parent, name)
    if other is None:
        return False
    known = connection.execute("SELECT 1 FROM tag WHERE id = ?", (tag_id,)).fetchone()
    if known is None:
        aside = f"\x00{tag_id}"  # no level that was cleaned holds it
        connection.execute("INSERT INTO tag VALUES (?, ?, ?, ?)", (tag_id, parent, aside, aside))
    tag_edits.merge(connection, other, tag_id)
    return True


def in_the_way(connection: sqlite3.Connection, runs: list[Run]) -> set[int]:
    """Return the tags that are by now where turning the runs round would put others.

    Those, too, that came to be below a tag which would go below them.
    """
    found: set[int] = set()
    for name, op, rows in runs:
        if name != "tag" or op == "+":
            continue
        for tag_id, parent, level, _ in rows:
            other = tag_edits.occupant(connection, tag_id, parent, level)
            above = tags.line(connection, parent)
            found |= set() if other is None else {other}
            found |= set(above[: above.index(tag_id)] if tag_id in above else ())
    return found


def pack(data: Any) -> str | bytes:
    """Return plain data as the history keeps it: JSON, and compressed where that pays."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) < 256 else zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def unpack(stored: str | bytes) -> Any:
    """Return what ``pack`` was given."""
    text = stored if isinstance(stored, str) else zlib.decompress(stored).decode(
        "utf-8", "surrogatepass"
    )  # fmt: skip
    return json.loads(text)
