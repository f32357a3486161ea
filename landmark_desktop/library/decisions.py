"""What a person said of suggestions, the tags that follow from it, and the way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from landmark_desktop.library import words
from landmark_desktop.library.database import now

Snapshot = dict[str, Any]


def snapshot(connection: sqlite3.Connection, photo_id: int) -> Snapshot:
    """Return all decisions and tags of a photo, for ``restore``; plain JSON values."""
    return {
        "photo": photo_id,
        "decisions": [
            list(row)
            for row in connection.execute(
                "SELECT landmark, verdict, model_id, confidence, decided_at FROM decision "
                "WHERE photo_id = ?",
                (photo_id,),
            )
        ],
        "tags": [
            list(row)
            for row in connection.execute(
                "SELECT name, source, landmark, model_id, confidence, added_at "
                "FROM photo_tag JOIN tag ON tag.id = tag_id WHERE photo_id = ?",
                (photo_id,),
            )
        ],
    }


def restore(connection: sqlite3.Connection, state: Snapshot) -> int | None:
    """Bring a photo back to a snapshot; return its id, or ``None`` where it is gone."""
    photo_id = int(state["photo"])
    known = connection.execute("SELECT 1 FROM photo WHERE id = ?", (photo_id,)).fetchone()
    if known is None:
        return None
    connection.execute("DELETE FROM decision WHERE photo_id = ?", (photo_id,))
    connection.execute("DELETE FROM photo_tag WHERE photo_id = ?", (photo_id,))
    connection.executemany(
        "INSERT INTO decision (photo_id, landmark, verdict, model_id, confidence, decided_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(photo_id, *row) for row in state["decisions"]],
    )
    for name, *rest in state["tags"]:
        connection.execute(
            "INSERT INTO photo_tag "
            "(photo_id, tag_id, source, landmark, model_id, confidence, added_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (photo_id, _tag_id(connection, name), *rest),
        )
    words.index(connection, photo_id)
    return photo_id


def accept(
    connection: sqlite3.Connection, photo_id: int, landmark: str, tags: Sequence[str],
    model_id: int | None,
) -> None:  # fmt: skip
    """Note that the person says the photo shows ``landmark``, and tag it accordingly.

    Tags of a landmark accepted before go; tags that the person typed stay as they are.
    """
    _withdraw(connection, photo_id)
    confidence = _confidence(connection, photo_id, model_id, landmark)
    _decide(connection, photo_id, landmark, "accepted", model_id, confidence)
    for name in tags:
        connection.execute(
            "INSERT OR IGNORE INTO photo_tag "
            "(photo_id, tag_id, source, landmark, model_id, confidence, added_at) "
            "VALUES (?, ?, 'accepted', ?, ?, ?, ?)",
            (photo_id, _tag_id(connection, name), landmark, model_id, confidence, now()),
        )
    words.index(connection, photo_id)


def reject(
    connection: sqlite3.Connection, photo_id: int, landmark: str, model_id: int | None
) -> None:
    """Note that the person says the photo does not show ``landmark``; its tags go."""
    row = connection.execute(
        "SELECT verdict FROM decision WHERE photo_id = ? AND landmark = ?", (photo_id, landmark)
    ).fetchone()
    if row is not None and row["verdict"] == "accepted":
        _withdraw(connection, photo_id)
    confidence = _confidence(connection, photo_id, model_id, landmark)
    _decide(connection, photo_id, landmark, "rejected", model_id, confidence)
    words.index(connection, photo_id)


def _withdraw(connection: sqlite3.Connection, photo_id: int) -> None:
    connection.execute(
        "DELETE FROM decision WHERE photo_id = ? AND verdict = 'accepted'", (photo_id,)
    )
    connection.execute(
        "DELETE FROM photo_tag WHERE photo_id = ? AND source = 'accepted'", (photo_id,)
    )


def _decide(
    connection: sqlite3.Connection, photo_id: int, landmark: str, verdict: str,
    model_id: int | None, confidence: float | None,
) -> None:  # fmt: skip
    connection.execute(
        "INSERT OR REPLACE INTO decision "
        "(photo_id, landmark, verdict, model_id, confidence, decided_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (photo_id, landmark, verdict, model_id, confidence, now()),
    )


def _confidence(
    connection: sqlite3.Connection, photo_id: int, model_id: int | None, landmark: str
) -> float | None:
    """How sure the model was of this very landmark, where it suggested it."""
    row = connection.execute(
        "SELECT confidence FROM suggestion WHERE photo_id = ? AND model_id = ? AND landmark = ?",
        (photo_id, model_id, landmark),
    ).fetchone()
    return None if row is None else float(row["confidence"])


def _tag_id(connection: sqlite3.Connection, name: str) -> int:
    connection.execute("INSERT OR IGNORE INTO tag (name) VALUES (?)", (name,))
    row = connection.execute("SELECT id FROM tag WHERE name = ?", (name,)).fetchone()
    return int(row["id"])
