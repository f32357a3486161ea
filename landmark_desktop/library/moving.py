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
    """Note where photos are now; those that the library does not have are passed over.

    What was wrong with them, such as a file that was gone, has to show anew.
    """
    _make_way(connection, paths)
    # Two may have changed places: none is in the way of another one meanwhile.
    connection.executemany(
        "UPDATE photo SET path = char(0) || id WHERE id = ?", [(id_,) for id_ in paths]
    )
    for id_, path in paths.items():
        _put(connection, id_, path)
        connection.execute("UPDATE photo SET problem = NULL WHERE id = ?", (id_,))


def _make_way(connection: sqlite3.Connection, paths: Mapping[int, Path]) -> None:
    """Have no other photo stand in the library where these go.

    A scan that met a file on its way has entered it a second time: that goes. What else is known
    of a place is of a photo whose file is gone; it is known from where the other one came instead.
    """
    rows = connection.execute(
        "SELECT o.id, p.id, p.path, o.content_hash = p.content_hash AND NOT EXISTS "
        "(SELECT 1 FROM decision d WHERE d.photo_id = o.id) "
        "FROM json_each(?) goal JOIN photo p ON p.id = CAST(goal.key AS INTEGER) "
        "JOIN photo o ON o.path = goal.value AND o.id <> p.id",
        (json.dumps({id_: str(path) for id_, path in paths.items()}),),
    ).fetchall()
    arrives = set(map(str, paths.values()))
    for other, id_, left, again in rows:
        if other in paths:
            continue  # it makes way itself
        if again:
            connection.execute("DELETE FROM photo WHERE id = ?", (other,))
            connection.execute("DELETE FROM photo_words WHERE rowid = ?", (other,))
            continue
        connection.execute("UPDATE photo SET path = char(0) || id WHERE id = ?", (id_,))
        _put(connection, other, Path(left if left not in arrives else f"{left} ({other})"))


def _put(connection: sqlite3.Connection, photo_id: int, path: Path) -> None:
    connection.execute(
        "UPDATE photo SET path = ?, folder = ?, name = ? WHERE id = ?",
        (str(path), str(path.parent), path.name, photo_id),
    )
    words.index(connection, photo_id)


def written(connection: sqlite3.Connection, ids: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Return bytes and times (ns) of photos and their sidecars as we have written them last."""
    rows = connection.execute(
        "SELECT size, mtime_ns FROM written "
        "WHERE photo_id IN (SELECT value FROM json_each(?)) AND size IS NOT NULL",
        (json.dumps(list(ids)),),
    )
    return frozenset((row[0], row[1]) for row in rows)
