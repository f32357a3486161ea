"""What an action changed, and the history that takes it back, across restarts too."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from landmark_desktop.library.database import now


@dataclass(frozen=True)
class ChangeSet:
    """What views have to refresh. ``change_id`` names the entry that undoes it, if any.

    ``photos``: ids whose row changed. ``listing``: whether photos came or went, so that
    lists and counts have to be read anew.
    """

    photos: frozenset[int] = frozenset()
    listing: bool = False
    change_id: int | None = None
    summary: str = ""

    def __or__(self, other: ChangeSet) -> ChangeSet:
        return ChangeSet(
            self.photos | other.photos,
            self.listing or other.listing,
            other.change_id or self.change_id,
            other.summary or self.summary,
        )


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    id: int
    action: str
    summary: str
    undo: dict[str, Any]
    undone: bool


def record(connection: sqlite3.Connection, action: str, summary: str, undo: dict[str, Any]) -> int:
    """Add an entry to the history and return its id."""
    cursor = connection.execute(
        "INSERT INTO change (action, summary, undo, done_at) VALUES (?, ?, ?, ?)",
        (action, summary, json.dumps(undo), now()),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def latest(connection: sqlite3.Connection) -> Entry | None:
    """Return the newest entry that is not undone, or ``None``."""
    row = connection.execute(
        "SELECT * FROM change WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return None if row is None else _entry(row)


def mark_undone(connection: sqlite3.Connection, change_id: int) -> None:
    """Note that the entry was taken back."""
    connection.execute("UPDATE change SET undone_at = ? WHERE id = ?", (now(), change_id))


def _entry(row: sqlite3.Row) -> Entry:
    undone = row["undone_at"] is not None
    return Entry(row["id"], row["action"], row["summary"], json.loads(row["undo"]), undone)
