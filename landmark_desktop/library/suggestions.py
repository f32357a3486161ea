"""Models and what they said of the photos."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from landmark_desktop.library.database import now
from landmark_desktop.library.records import Suggestion


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


def names(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the name of each model by its id."""
    return {row["id"]: row["name"] for row in connection.execute("SELECT id, name FROM model")}


def store(
    connection: sqlite3.Connection, model_id: int, opinions: Iterable[tuple[int, Suggestion]]
) -> None:
    """Keep what the model said, replacing what it said before of the same photos.

    A photo that went away in the meantime is passed over.
    """
    connection.executemany(
        "INSERT OR REPLACE INTO suggestion "
        "(photo_id, model_id, landmark, confidence, alternatives, made_at) "
        "SELECT id, ?, ?, ?, ?, ? FROM photo WHERE id = ?",
        [
            (model_id, s.landmark, s.confidence, json.dumps(s.alternatives), now(), photo_id)
            for photo_id, s in opinions
        ],
    )


def unseen(connection: sqlite3.Connection, model_id: int) -> list[tuple[int, Path]]:
    """Return id and path of the readable photos that this model has not seen, newest first."""
    rows = connection.execute(
        "SELECT id, path FROM photo WHERE problem IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM suggestion WHERE photo_id = photo.id AND model_id = ?) "
        "ORDER BY sort_at DESC, id DESC",
        (model_id,),
    )
    return [(row["id"], Path(row["path"])) for row in rows]
