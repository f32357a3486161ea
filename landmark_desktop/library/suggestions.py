"""Models and what they said of the photos."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from landmark_desktop.library.database import now
from landmark_desktop.library.records import Suggestion

# The rule of ``Suggestion.at``.
_DECIDED = "CASE WHEN confidence >= :threshold THEN best END"


def register_model(connection: sqlite3.Connection, digest: str, name: str) -> int:
    """Return the id of the model with this SHA-256, adding it where it is new."""
    connection.execute(
        "INSERT INTO model (digest, name, seen_at) VALUES (?, ?, ?) "
        "ON CONFLICT (digest) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
        (digest, name, now()),
    )
    row = connection.execute("SELECT id FROM model WHERE digest = ?", (digest,)).fetchone()
    return int(row["id"])


def others(connection: sqlite3.Connection, model_id: int) -> tuple[int, ...]:
    """Return the other models that have said something, the one used last first."""
    rows = connection.execute(
        "SELECT id FROM model WHERE id <> ? "
        "AND EXISTS (SELECT 1 FROM suggestion WHERE model_id = model.id) "
        "ORDER BY seen_at DESC, id DESC",
        (model_id,),
    )
    return tuple(row["id"] for row in rows)


def keep_speed(
    connection: sqlite3.Connection, digest: str, name: str, rate: float, device: str
) -> None:
    """Remember how many photos a second the model looks at here, on ``cpu`` or ``cuda``."""
    connection.execute(
        "INSERT INTO model (digest, name, seen_at, photos_per_second, measured_on) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET "
        "photos_per_second = excluded.photos_per_second, measured_on = excluded.measured_on",
        (digest, name, now(), rate, device),
    )


def speeds(connection: sqlite3.Connection) -> dict[str, tuple[float, str]]:
    """Return photos a second and the device, by digest, of the models that were measured."""
    rows = connection.execute(
        "SELECT digest, photos_per_second, measured_on FROM model "
        "WHERE photos_per_second IS NOT NULL"
    )
    return {row["digest"]: (row["photos_per_second"], row["measured_on"]) for row in rows}


def decide(connection: sqlite3.Connection, model_id: int, threshold: float) -> list[int]:
    """Have the model suggest from a confidence of ``threshold`` on, what it has said included.

    Returns the ids of the photos for which that changes anything; other rows are not written.
    Photos need not be looked at again, and what a person decided stays.
    """
    if _threshold(connection, model_id) == threshold:
        return []
    connection.execute("UPDATE model SET threshold = ? WHERE id = ?", (threshold, model_id))
    # "+model_id": walking the table once is two to four times as fast as going by the index on
    # landmarks, which has SQLite look each row up (100,000 rows; benchmarks/RESULTS.md).
    changed = connection.execute(
        f"UPDATE suggestion SET landmark = {_DECIDED} "
        f"WHERE +model_id = :model AND landmark IS NOT {_DECIDED} RETURNING photo_id",
        {"model": model_id, "threshold": threshold},
    )
    return [row["photo_id"] for row in changed.fetchall()]


def names(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the name of each model by its id."""
    return {row["id"]: row["name"] for row in connection.execute("SELECT id, name FROM model")}


def store(
    connection: sqlite3.Connection, model_id: int, opinions: Iterable[tuple[int, Suggestion]]
) -> None:
    """Keep what the model said, replacing what it said before of the same photos.

    What it suggests follows from its threshold in the library, which may have changed since it
    looked. A photo that went away in the meantime is passed over.
    """
    limit = _threshold(connection, model_id)
    connection.executemany(
        "INSERT OR REPLACE INTO suggestion "
        "(photo_id, model_id, landmark, best, confidence, alternatives, made_at) "
        "SELECT id, ?, ?, ?, ?, ?, ? FROM photo WHERE id = ?",
        [
            (model_id, s.landmark, s.best, s.confidence, json.dumps(s.alternatives), now(), id_)
            for id_, s in ((id_, opinion.at(limit)) for id_, opinion in opinions)
        ],
    )


def _threshold(connection: sqlite3.Connection, model_id: int) -> float:
    row = connection.execute("SELECT threshold FROM model WHERE id = ?", (model_id,)).fetchone()
    return float(row["threshold"])


def unseen(connection: sqlite3.Connection, model_id: int) -> list[tuple[int, Path]]:
    """Return id and path of the readable photos that this model has not seen, newest first."""
    rows = connection.execute(
        "SELECT id, path FROM photo WHERE problem IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM suggestion WHERE photo_id = photo.id AND model_id = ?) "
        "ORDER BY sort_at DESC, id DESC",
        (model_id,),
    )
    return [(row["id"], Path(row["path"])) for row in rows]
