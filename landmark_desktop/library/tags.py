"""The tree of tags: paths, where each is kept, what is below, and how many photos have it.

A tag is one level; its path is its parents' names and its own (``tag_paths``). Two spellings that
differ in case alone are one tag, and the first is kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from landmark_desktop.library.tag_paths import Path, cleaned
from landmark_desktop.library.words import caseless, clean, fold


@dataclass(frozen=True)
class Node:
    """A tag in the tree. ``photos`` have the tag itself, ``below`` it or one below it."""

    id: int
    path: Path
    photos: int
    below: int


def find(connection: sqlite3.Connection, path: Sequence[str]) -> int | None:
    """Return the tag at ``path``, whatever its case, or ``None``."""
    found: int | None = None
    for level in path:
        row = connection.execute(
            "SELECT id FROM tag WHERE coalesce(parent, 0) = ? AND key = ?",
            (found or 0, caseless(level)),
        ).fetchone()
        if row is None:
            return None
        found = row["id"]
    return found


def ensure(connection: sqlite3.Connection, path: Sequence[str]) -> int:
    """Return the tag at ``path``; levels that are not there yet come into being.

    That is no part of what an action did: a tag that no photo has is not shown.
    """
    tag_id: int | None = None
    for level in cleaned(path):
        tag_id = _child(connection, tag_id, level)
    assert tag_id is not None
    return tag_id


def filed(
    connection: sqlite3.Connection, path: Sequence[str], landmark: str | None = None,
    aliases: Iterable[str] = (),
) -> int:  # fmt: skip
    """Return the tag under which the gazetteer's ``path`` is filed, making it where it is new.

    A level that a person renamed, moved or merged is still where this leads. ``landmark``: the id
    of what the last level names; ``aliases``: its other names.
    """
    levels = cleaned(path)
    tag_id: int | None = None
    for depth, level in enumerate(levels, 1):
        origin = json.dumps([caseless(above) for above in levels[:depth]], ensure_ascii=False)
        if depth == len(levels) and landmark is not None:
            origin = f"landmark:{landmark}"
        row = connection.execute(
            "SELECT tag_id FROM tag_origin WHERE origin = ?", (origin,)
        ).fetchone()
        if row is None:
            tag_id = _child(connection, tag_id, level)
            connection.execute("INSERT INTO tag_origin VALUES (?, ?)", (origin, tag_id))
        else:
            tag_id = int(row["tag_id"])
    assert tag_id is not None
    for alias in aliases:
        add_alias(connection, tag_id, alias)
    return tag_id


def origin(connection: sqlite3.Connection, landmark: str) -> int | None:
    """Return the tag of a landmark, wherever it is by now."""
    row = connection.execute(
        "SELECT tag_id FROM tag_origin WHERE origin = ?", (f"landmark:{landmark}",)
    ).fetchone()
    return None if row is None else int(row["tag_id"])


def heir(connection: sqlite3.Connection, tag_id: int) -> int | None:
    """Return the tag that a tag has become: itself, or what it was merged into."""
    row = connection.execute(
        "SELECT id FROM tag WHERE id = :id "
        "UNION ALL SELECT tag_id FROM tag_origin WHERE origin = 'tag:' || :id",
        {"id": tag_id},
    ).fetchone()
    return None if row is None else int(row[0])


def add_alias(connection: sqlite3.Connection, tag_id: int, name: str) -> None:
    """Have the tag be found by another name too; its own name is no alias."""
    key = caseless(name)
    added = connection.execute(
        "INSERT INTO tag_alias (tag_id, key, name) SELECT id, ?, ? FROM tag "
        "WHERE id = ? AND key <> ? ON CONFLICT DO NOTHING",
        (key, clean(name), tag_id, key),
    )
    if key and added.rowcount:
        index(connection, tag_id)


def index(connection: sqlite3.Connection, tag_id: int) -> None:
    """Bring the words by which the tag is found up to date."""
    names = connection.execute(
        "SELECT name FROM tag WHERE id = :id "
        "UNION ALL SELECT name FROM tag_alias WHERE tag_id = :id",
        {"id": tag_id},
    )
    new = {word for row in names for word in fold(row["name"]).split()}
    rows = connection.execute("SELECT word FROM tag_word WHERE tag_id = ?", (tag_id,))
    old = {row["word"] for row in rows}
    connection.executemany(
        "DELETE FROM tag_word WHERE word = ? AND tag_id = ?", [(word, tag_id) for word in old - new]
    )
    connection.executemany("INSERT INTO tag_word VALUES (?, ?)", [(w, tag_id) for w in new - old])


def _child(connection: sqlite3.Connection, parent: int | None, name: str) -> int:
    key = caseless(name)
    row = connection.execute(
        "SELECT id FROM tag WHERE coalesce(parent, 0) = ? AND key = ?", (parent or 0, key)
    ).fetchone()
    if row is not None:
        return int(row["id"])
    cursor = connection.execute(
        "INSERT INTO tag (parent, name, key) VALUES (?, ?, ?)", (parent, name, key)
    )
    assert cursor.lastrowid is not None
    index(connection, cursor.lastrowid)
    return cursor.lastrowid


def paths(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Path]:
    """Return the path of each of these tags; unknown ids are left out."""
    rows = connection.execute(
        "WITH RECURSIVE up (id, parent, name) AS ("
        "SELECT id, parent, name FROM tag WHERE id IN (SELECT value FROM json_each(?)) "
        "UNION SELECT tag.id, tag.parent, tag.name FROM up JOIN tag ON tag.id = up.parent) "
        "SELECT * FROM up",
        (json.dumps(wanted := list(ids)),),
    )
    nodes = {row["id"]: (row["parent"], row["name"]) for row in rows}
    known: dict[int | None, Path] = {None: ()}

    def path(tag_id: int | None) -> Path:
        if tag_id not in known:
            assert tag_id is not None
            parent, name = nodes[tag_id]
            known[tag_id] = (*path(parent), name)
        return known[tag_id]

    return {tag_id: path(tag_id) for tag_id in wanted if tag_id in nodes}


def line(connection: sqlite3.Connection, tag_id: int | None) -> list[int]:
    """Return a tag and all above it, the root last; none for ``None``."""
    found: list[int] = []
    while tag_id is not None:
        found.append(tag_id)
        row = connection.execute("SELECT parent FROM tag WHERE id = ?", (tag_id,)).fetchone()
        tag_id = None if row is None else row["parent"]
    return found


def branch(connection: sqlite3.Connection, ids: Iterable[int]) -> list[int]:
    """Return these tags and all below them."""
    rows = connection.execute(
        "WITH RECURSIVE down (id) AS ("
        "SELECT id FROM tag WHERE id IN (SELECT value FROM json_each(?)) "
        "UNION SELECT tag.id FROM down JOIN tag ON tag.parent = down.id) "
        "SELECT id FROM down",
        (json.dumps(list(ids)),),
    )
    return [row["id"] for row in rows]
