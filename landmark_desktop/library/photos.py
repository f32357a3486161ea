"""Photos in the library: added, moved, changed, read back."""

from __future__ import annotations

import datetime
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from landmark_desktop.library import tags as tag_tree
from landmark_desktop.library import words
from landmark_desktop.library.database import now
from landmark_desktop.library.records import (
    Facts,
    Found,
    Photo,
    Said,
    Suggestion,
    Tag,
    Unreadable,
    Whereabouts,
)

_CHUNK = 500  # SQLite's default limit on parameters is far higher; this keeps statements cached


def is_text(path: Path) -> bool:
    """Whether SQLite can hold the path: on Linux a name may be any bytes, not only UTF-8."""
    return str(path) == _as_text(path)


def _as_text(path: Path) -> str:
    """Return the path; what is no text in it is spelled out, so that a person can read it."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def known_stamp(connection: sqlite3.Connection, folder: str) -> dict[str, tuple[int, int]]:
    """Return ``path -> (size, mtime_ns)`` of the photos of one folder, to skip unchanged ones."""
    rows = connection.execute("SELECT path, size, mtime_ns FROM photo WHERE folder = ?", (folder,))
    return {row["path"]: (row["size"], row["mtime_ns"]) for row in rows}


def below(connection: sqlite3.Connection, folder: str) -> list[tuple[str, int]]:
    """Return path and id of every photo in the folder and below it."""
    low, high = folder_range(folder)
    rows = connection.execute(
        "SELECT path, id FROM photo WHERE folder = ? OR (folder >= ? AND folder < ?)",
        (folder, low, high),
    )
    return [(row["path"], row["id"]) for row in rows]


def folders(connection: sqlite3.Connection) -> list[str]:
    """Return every folder that has a photo in it itself, in order."""
    rows = connection.execute("SELECT DISTINCT folder FROM photo ORDER BY folder")
    return [row["folder"] for row in rows]


def folder_range(folder: str) -> tuple[str, str]:
    """Return the bounds, from and below, of the names of all folders inside ``folder``.

    A range can use the index where ``LIKE`` cannot.
    """
    prefix = folder.rstrip(os.sep) + os.sep
    return prefix, prefix[:-1] + chr(ord(os.sep) + 1)


def store(
    connection: sqlite3.Connection, found: Sequence[Found], exists: Callable[[str], bool]
) -> list[int]:
    """Add photos, or bring known ones up to date; return their ids.

    A new path whose content is known from a path that no longer ``exists`` is the same
    photo, moved: it keeps its id, tags and decisions. A known path with new content keeps
    its tags and decisions and loses the suggestions, which were about other pixels.
    """
    return [_store_one(connection, photo, exists) for photo in found]


def _store_one(connection: sqlite3.Connection, found: Found, exists: Callable[[str], bool]) -> int:
    path = str(found.path)
    row = connection.execute(
        "SELECT id, content_hash FROM photo WHERE path = ?", (path,)
    ).fetchone()
    if row is None:
        twins = connection.execute(
            "SELECT id, content_hash, path FROM photo WHERE content_hash = ?",
            (found.content_hash,),
        )
        row = next((twin for twin in twins if not exists(twin["path"])), None)
    values = _values(found)
    if row is None:
        columns = ", ".join(values)
        marks = ", ".join("?" * len(values))
        cursor = connection.execute(
            f"INSERT INTO photo ({columns}) VALUES ({marks})", tuple(values.values())
        )
        assert cursor.lastrowid is not None
        photo_id = cursor.lastrowid
    else:
        photo_id = int(row["id"])
        del values["imported_at"]
        settings = ", ".join(f"{column} = ?" for column in values)
        connection.execute(
            f"UPDATE photo SET {settings} WHERE id = ?", (*values.values(), photo_id)
        )
        if row["content_hash"] != found.content_hash:
            connection.execute("DELETE FROM suggestion WHERE photo_id = ?", (photo_id,))
    connection.execute("DELETE FROM unreadable WHERE path = ?", (path,))
    words.index(connection, photo_id)
    return photo_id


def _values(found: Found) -> dict[str, str | int | float | None]:
    facts, modified = found.facts, found.mtime_ns / 1e9
    # Windows does not convert times before 1970; adding them up works everywhere.
    changed = datetime.datetime.fromtimestamp(max(modified, 0.0))
    changed += datetime.timedelta(seconds=min(modified, 0.0))
    return {
        "path": str(found.path),
        "folder": str(found.path.parent),
        "name": found.path.name,
        "content_hash": found.content_hash,
        "size": found.size,
        "mtime_ns": found.mtime_ns,
        "format": facts.format,
        "width": facts.width,
        "height": facts.height,
        "orientation": facts.orientation,
        "taken_at": facts.taken_at,
        # Exif of some cameras is Latin-1; no such byte may stop an import.
        "camera": facts.camera and facts.camera.encode("utf-8", "replace").decode(),
        "latitude": facts.latitude,
        "longitude": facts.longitude,
        "sort_at": facts.taken_at or changed.isoformat(timespec="seconds"),
        "imported_at": now(),
        "problem": None,
    }


def set_problems(
    connection: sqlite3.Connection, problems: Mapping[int, str], paths: Mapping[int, Path]
) -> None:
    """Note for each photo id why its pixels cannot be read at its path.

    A photo that has another path by now was moved meanwhile: nothing is known of it there.
    """
    connection.executemany(
        "UPDATE photo SET problem = ? WHERE id = ? AND path = ?",
        [(problem, photo_id, str(paths[photo_id])) for photo_id, problem in problems.items()],
    )


def ids_of(connection: sqlite3.Connection, paths: Iterable[str]) -> dict[str, int]:
    """Return the id of each photo at these paths; paths that the library lacks are left out."""
    wanted = [path for path in paths if is_text(Path(path))]
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        rows = connection.execute(f"SELECT path, id FROM photo WHERE path IN ({marks})", part)
        found |= {row["path"]: int(row["id"]) for row in rows}
    return found


def paths_of(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Path]:
    """Return where each of these photos lies."""
    wanted, found = list(ids), dict[int, Path]()
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        rows = connection.execute(f"SELECT id, path FROM photo WHERE id IN ({marks})", part)
        found |= {int(row["id"]): Path(row["path"]) for row in rows}
    return found


def fetch(
    connection: sqlite3.Connection,
    ids: Iterable[int],
    model_id: int | None,
    earlier: Sequence[int] = (),
) -> list[Photo]:
    """Return the photos with these ids, in any order; unknown ids are left out.

    A photo that the model has not seen comes with what the first of the ``earlier`` models
    said that has.
    """
    wanted = list(ids)
    photos: list[Photo] = []
    for start in range(0, len(wanted), _CHUNK):
        photos += _fetch_chunk(connection, wanted[start : start + _CHUNK], model_id, earlier)
    return photos


def whereabouts(connection: sqlite3.Connection, ids: Iterable[int]) -> list[Whereabouts]:
    """Return when and where these photos were taken, in any order; unknown ids are left out.

    Whole rows (``fetch``) take many times as long.
    """
    rows = connection.execute(
        "SELECT p.id, p.taken_at, p.latitude, p.longitude, d.landmark FROM photo p "
        "LEFT JOIN decision d ON d.photo_id = p.id AND d.verdict = 'accepted' "
        "WHERE p.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return [Whereabouts(*row) for row in rows]


def _fetch_chunk(
    connection: sqlite3.Connection,
    ids: Sequence[int],
    model_id: int | None,
    earlier: Sequence[int],
) -> list[Photo]:
    marks = ", ".join("?" * len(ids))
    accepted: dict[int, tuple[str, float | None]] = {}
    rejected: dict[int, set[str]] = defaultdict(set)
    no_landmark = set()
    for row in connection.execute(f"SELECT * FROM decision WHERE photo_id IN ({marks})", ids):
        if row["verdict"] == "accepted":
            accepted[row["photo_id"]] = row["landmark"], row["rule"]
        elif row["verdict"] == "rejected":
            rejected[row["photo_id"]].add(row["landmark"])
        else:
            no_landmark.add(row["photo_id"])
    tags = _tags(connection, ids)
    said = _suggestions(connection, ids, [model_id, *earlier])
    rows = connection.execute(f"SELECT * FROM photo WHERE id IN ({marks})", ids).fetchall()
    nothing = (None, None)
    return [
        Photo(
            id=row["id"],
            path=Path(row["path"]),
            content_hash=row["content_hash"],
            size=row["size"],
            facts=_facts(row),
            sort_at=row["sort_at"],
            problem=row["problem"],
            suggestion=said.get(row["id"], nothing)[0],
            accepted=accepted.get(row["id"], nothing)[0],
            rejected=frozenset(rejected[row["id"]]) if row["id"] in rejected else frozenset(),
            tags=tags.get(row["id"], ()),
            suggested_by=said.get(row["id"], nothing)[1],
            stale=row["id"] in said and said[row["id"]][1] != model_id,
            no_landmark=row["id"] in no_landmark,
            rule=accepted.get(row["id"], nothing)[1],
        )
        for row in rows
    ]


def _tags(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, tuple[Tag, ...]]:
    """Return the tags of each photo that has any, places first, else by name."""
    marks = ", ".join("?" * len(ids))
    said: dict[int, dict[int, list[Said]]] = defaultdict(lambda: defaultdict(list))
    for row in connection.execute(
        "SELECT photo_id, tag_id, source, added_at, landmark, model_id, confidence "
        f"FROM photo_tag WHERE photo_id IN ({marks})",
        ids,
    ):
        said[row[0]][row[1]].append(Said(*row[2:]))
    paths = tag_tree.paths(connection, {tag_id for tags in said.values() for tag_id in tags})
    ranks = {
        tag_id: (path[0] != "Places", tuple(map(words.caseless, path)))
        for tag_id, path in paths.items()
    }
    return {
        photo_id: tuple(
            Tag(paths[tag_id], tuple(tags[tag_id]))
            for tag_id in sorted(tags, key=ranks.__getitem__)
        )
        for photo_id, tags in said.items()
    }


def _suggestions(
    connection: sqlite3.Connection, ids: Sequence[int], models: Sequence[int | None]
) -> dict[int, tuple[Suggestion, int]]:
    """Return for each photo what the first of the models said that has seen it, and which."""
    found: dict[int, tuple[Suggestion, int]] = {}
    left = ids
    for model_id in models:
        marks = ", ".join("?" * len(left))
        for row in connection.execute(
            "SELECT photo_id, landmark, best, confidence, alternatives FROM suggestion "
            f"WHERE model_id = ? AND photo_id IN ({marks})",
            (model_id, *left),
        ):
            ranked = tuple((name, chance) for name, chance in json.loads(row["alternatives"]))
            said = Suggestion(row["landmark"], row["confidence"], ranked, row["best"])
            assert model_id is not None
            found[row["photo_id"]] = said, model_id
        left = [photo_id for photo_id in left if photo_id not in found]
        if not left:
            break
    return found


def _facts(row: sqlite3.Row) -> Facts:
    return Facts(
        row["format"], row["width"], row["height"], row["orientation"],
        row["taken_at"], row["camera"], row["latitude"], row["longitude"],
    )  # fmt: skip


def note_unreadable(connection: sqlite3.Connection, files: Iterable[Unreadable]) -> list[int]:
    """List files that could not be imported; a later import that succeeds strikes them off.

    A photo that is in the library already keeps its place there, with the problem. Its time
    is forgotten, so that it is read again even if the very file of before comes back.
    Returns the ids of such photos.
    """
    ids = []
    for file in files:
        path = _as_text(file.path)
        known = connection.execute(
            "UPDATE photo SET problem = ?, mtime_ns = -1 WHERE path = ? RETURNING id",
            (file.reason, path),
        ).fetchall()
        ids += [int(row["id"]) for row in known]
        if not known:
            connection.execute(
                "INSERT OR REPLACE INTO unreadable (path, reason, seen_at) VALUES (?, ?, ?)",
                (path, file.reason, now()),
            )
    return ids


def forget_unreadable(
    connection: sqlite3.Connection, roots: Iterable[Path], still: Iterable[Path]
) -> bool:
    """Strike off what is listed at and below ``roots``, except for the files ``still`` bad.

    Returns whether there was anything to strike off.
    """
    bad, mended = {_as_text(path) for path in still}, []
    for root in roots:
        path = _as_text(root)
        listed = connection.execute(
            "SELECT path FROM unreadable WHERE path = ? OR (path >= ? AND path < ?)",
            (path, *folder_range(path)),
        ).fetchall()
        mended += [(row["path"],) for row in listed if row["path"] not in bad]
    connection.executemany("DELETE FROM unreadable WHERE path = ?", mended)
    return bool(mended)


def unreadable(connection: sqlite3.Connection) -> list[Unreadable]:
    """Return the files that could not be imported and the photos that cannot be decoded."""
    rows = connection.execute(
        "SELECT path, reason FROM unreadable UNION ALL "
        "SELECT path, problem FROM photo WHERE problem IS NOT NULL ORDER BY path"
    )
    return [Unreadable(Path(row["path"]), row["reason"]) for row in rows]


def count_unreadable(connection: sqlite3.Connection) -> int:
    """Return how many files ``unreadable`` would list."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM unreadable) "
        "+ (SELECT count(*) FROM photo WHERE problem IS NOT NULL)"
    ).fetchone()
    return int(row[0])


def begin_import(connection: sqlite3.Connection, roots: Iterable[Path]) -> None:
    """Note what is about to be imported, so that a killed import goes on at the next start."""
    connection.executemany(
        "INSERT INTO import_root (path, asked_at) VALUES (?, ?) "
        "ON CONFLICT (path) DO UPDATE SET asked_at = excluded.asked_at, finished_at = NULL",
        [(_as_text(root), now()) for root in roots],
    )


def finish_import(connection: sqlite3.Connection, roots: Iterable[Path]) -> None:
    """Note that these were imported to the end, or given up by the person."""
    connection.executemany(
        "UPDATE import_root SET finished_at = ? WHERE path = ?",
        [(now(), _as_text(root)) for root in roots],
    )


def unfinished_imports(connection: sqlite3.Connection) -> list[Path]:
    """Return what a killed process was importing."""
    rows = connection.execute(
        "SELECT path FROM import_root WHERE finished_at IS NULL ORDER BY asked_at, path"
    )
    return [Path(row["path"]) for row in rows]
