"""What folders are made from, and photos that were moved by us."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from landmark_desktop.library import words


class Filed(NamedTuple):
    """A photo as far as a folder depends on it. ``taken_at``: the camera's local time, ISO 8601.

    ``accepted``: the landmark that was accepted for it; ``suggested``: one that waits for an
    answer. ``latitude``, ``longitude``: degrees, WGS 84.
    """

    id: int
    folder: Path
    name: str
    taken_at: str | None
    camera: str | None
    latitude: float | None
    longitude: float | None
    accepted: str | None
    suggested: str | None

    @property
    def path(self) -> Path:
        """Return where it lies."""
        return self.folder / self.name


def filed(
    connection: sqlite3.Connection, model_id: int, ids: Iterable[int] | None = None
) -> list[Filed]:
    """Return these photos, or all of them, in order of path."""
    which = "" if ids is None else "WHERE p.id IN (SELECT value FROM json_each(?))"
    rows = connection.execute(
        "SELECT p.id, p.folder, p.name, p.taken_at, p.camera, p.latitude, p.longitude, d.landmark, "
        "CASE WHEN d.photo_id IS NULL AND NOT EXISTS (SELECT 1 FROM decision r "
        "WHERE r.photo_id = p.id AND r.landmark = s.landmark) THEN s.landmark END "
        "FROM photo p "
        "LEFT JOIN decision d ON d.photo_id = p.id AND d.verdict <> 'rejected' "
        f"LEFT JOIN suggestion s ON s.photo_id = p.id AND s.model_id = ? {which} ORDER BY p.path",
        (model_id,) if ids is None else (model_id, json.dumps(list(ids))),
    )
    # A photo of which a person says that it shows none has that decision with no landmark.
    folders: dict[str, Path] = {}
    return [
        Filed(
            r[0], folders.get(r[1]) or folders.setdefault(r[1], Path(r[1])), r[2], r[3], r[4],
            r[5], r[6], r[7] or None, r[8],
        )
        for r in rows
    ]  # fmt: skip


def roots(connection: sqlite3.Connection) -> frozenset[Path]:
    """Return what the person gave us to import: folders, and single files."""
    return frozenset(Path(row[0]) for row in connection.execute("SELECT path FROM import_root"))


def names_in(connection: sqlite3.Connection, folder: Path) -> frozenset[str]:
    """Return the names of the photos of one folder."""
    rows = connection.execute("SELECT name FROM photo WHERE folder = ?", (str(folder),))
    return frozenset(row[0] for row in rows)


def moved(connection: sqlite3.Connection, paths: Mapping[int, Path]) -> None:
    """Note where photos are now; those that the library does not have are passed over."""
    # Two may have changed places: none is in the way of another one meanwhile.
    connection.executemany(
        "UPDATE photo SET path = char(0) || id WHERE id = ?", [(id_,) for id_ in paths]
    )
    connection.executemany(
        "UPDATE photo SET path = ?, folder = ?, name = ? WHERE id = ?",
        [(str(path), str(path.parent), path.name, id_) for id_, path in paths.items()],
    )
    for id_ in paths:
        words.index(connection, id_)


def of_size(connection: sqlite3.Connection, photo_id: int) -> list[tuple[int, int]]:
    """Return bytes and times (ns) of a photo and its sidecars as we have written them last."""
    rows = connection.execute(
        "SELECT size, mtime_ns FROM photo WHERE id = ?1 UNION "
        "SELECT size, mtime_ns FROM written WHERE photo_id = ?1 AND size IS NOT NULL",
        (photo_id,),
    )
    return [(row[0], row[1]) for row in rows]
