"""What files said, what was written into them, and what is being written: rows and their order.

Which photos wait is worked out by ``actions.write``; here is only what cannot be worked out anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from landmark_desktop.library import tags
from landmark_desktop.library.database import now
from landmark_desktop.library.deltas import pack, unpack

TagPath = tuple[str, ...]
EMBEDDED, FULL, STEM = "embedded", "full", "stem"
_GIVEN = "photo_id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True)
class Row:
    """A file as it was left by us. ``want``: digest of what it was to say.

    ``record``: what we have put there (``metadata.record``, as JSON). ``size`` in bytes, ``None``
    where there is no file; ``digest``: BLAKE2b, 160 bits. ``conflicts``: a JSON list.
    """

    want: str
    record: str
    size: int | None
    mtime_ns: int
    digest: str
    conflicts: str = "[]"


@dataclass(frozen=True)
class Step:
    """One file going from one state to another.

    ``row``: what to know of it afterwards, ``before``: what was known. ``change_id``: the
    entry of the history that it is to be part of, ``part_id``: the part that is turned round.
    """

    photo_id: int
    kind: str
    path: str
    row: Row | None
    before: Row | None
    change_id: int | None = None
    part_id: int | None = None

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @staticmethod
    def from_json(text: str) -> Step:
        """Read ``to_json``'s text."""
        data = json.loads(text)
        rows = {name: as_row(data[name]) for name in ("row", "before")}
        return Step(**{**data, **rows})


@dataclass(frozen=True)
class Intent:
    """A step that a process was about to do. ``snapshot`` takes it back."""

    id: int
    step: Step
    snapshot: bytes


@dataclass(frozen=True)
class Problem:
    """Why a file could not be written. ``trouble``: the kind of reason; ``tried_at``: UTC."""

    photo_id: int
    kind: str
    trouble: str
    reason: str
    want: str
    tried_at: str = ""


def as_row(data: Mapping[str, Any] | None) -> Row | None:
    """Return a row of plain data, as the history keeps it."""
    return None if data is None else Row(**data)


def rows(
    connection: sqlite3.Connection, ids: Iterable[int] | None = None
) -> dict[int, dict[str, Row]]:
    """Return by photo and kind what was written; of all photos without ``ids``."""
    where, values = _which(ids)
    found: dict[int, dict[str, Row]] = {}
    for row in connection.execute(
        "SELECT photo_id, kind, want, record, size, mtime_ns, digest, conflicts "
        f"FROM written WHERE {where}",
        values,
    ):
        found.setdefault(row[0], {})[row[1]] = Row(row[2], unpack(row[3]), *row[4:])
    return found


def problems(
    connection: sqlite3.Connection, ids: Iterable[int] | None = None
) -> dict[int, dict[str, Problem]]:
    """Return by photo and kind what could not be written."""
    where, values = _which(ids)
    found: dict[int, dict[str, Problem]] = {}
    for row in connection.execute(
        f"SELECT photo_id, kind, trouble, reason, want, tried_at FROM write_trouble WHERE {where}",
        values,
    ):
        found.setdefault(row[0], {})[row[1]] = Problem(*row)
    return found


def said(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, tuple[TagPath, ...]]:
    """Return the tags that the files of these photos had when they were last read."""
    where, values = _which(ids)
    found = connection.execute(f"SELECT photo_id, tags FROM file_said WHERE {where}", values)
    return {
        row[0]: tuple(tuple(path) for _, *path in json.loads(row[1])) for row in found
    }  # fmt: skip


def said_tags(connection: sqlite3.Connection, photo_id: int) -> dict[TagPath, int]:
    """Return by path the tags that a photo's files said, as they were: ``tags.heir`` tells what
    those became that a person has merged since."""
    row = connection.execute(
        "SELECT tags FROM file_said WHERE photo_id = ?", (photo_id,)
    ).fetchone()  # fmt: skip
    return {} if row is None else {tuple(path): tag_id for tag_id, *path in json.loads(row[0])}


def stamps(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    """Return the stamp of each of these photos whose files were read."""
    where, values = _which(ids)
    found = connection.execute(f"SELECT photo_id, stamp FROM file_said WHERE {where}", values)
    return {row[0]: row[1] for row in found}


def candidates(connection: sqlite3.Connection, ids: Iterable[int] | None = None) -> list[int]:
    """Return those of these photos, or of all, that may have something to be written, by path.

    They have tags, an accepted landmark, tags that were taken off, or something of ours in their
    files.
    """
    where, values = _which(ids)
    any_of = " UNION ".join(
        f"SELECT photo_id FROM {table} AND {where}"
        for table in (
            "photo_tag WHERE 1", "decision WHERE +verdict = 'accepted'", "tag_refusal WHERE 1",
            "written WHERE 1",
        )
    )  # fmt: skip
    found = connection.execute(
        f"SELECT id FROM photo WHERE id IN ({any_of}) ORDER BY path", 4 * values
    )
    return [row[0] for row in found]


def grounds(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, tuple[object, ...]]:
    """Return all that decides on what the files of each of these photos are to say.

    Tags and whether they are guesses, the accepted landmark and whether a rule accepted it, tags
    that were taken off, what the files said, whether there is a position: two photos with equal
    grounds are to say the same. Cheap: some ten microseconds a photo.
    """
    found = connection.execute(
        "SELECT id, (SELECT group_concat(2 * tag_id + guess) FROM (SELECT tag_id, "
        "min(source IN ('model', 'neighbours')) AS guess FROM photo_tag WHERE photo_id = photo.id "
        "GROUP BY tag_id)), "
        "(SELECT json_array(landmark, rule IS NULL) FROM decision "
        "WHERE photo_id = photo.id AND +verdict = 'accepted'), "
        "(SELECT group_concat(tag_id) FROM tag_refusal WHERE photo_id = photo.id), "
        "(SELECT tags FROM file_said WHERE photo_id = photo.id), latitude IS NULL "
        "FROM photo WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {row[0]: tuple(row)[1:] for row in found}


def wants(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return by photo and kind the digest of what was written (``Row.want``)."""
    where, values = _which(ids)
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(
        f"SELECT photo_id, kind, want FROM written WHERE {where}", values
    ):  # fmt: skip
        found.setdefault(row[0], {})[row[1]] = row[2]
    return found


def by_path(connection: sqlite3.Connection, ids: Iterable[int]) -> list[int]:
    """Return those of these photos that are in the library, by path."""
    found = connection.execute(
        "SELECT id FROM photo WHERE id IN (SELECT value FROM json_each(?)) ORDER BY path",
        (json.dumps(list(ids)),),
    )
    return [row[0] for row in found]


def conflicting(
    connection: sqlite3.Connection, ids: Iterable[int] | None = None
) -> list[int]:  # fmt: skip
    """Return the photos, of these or of all, with something that was not written, by path."""
    where, values = _which(ids)
    found = connection.execute(
        "SELECT id FROM photo WHERE id IN (SELECT photo_id FROM written "
        f"WHERE conflicts <> '[]' AND {where}) ORDER BY path",
        values,
    )
    return [row[0] for row in found]


def written_at(connection: sqlite3.Connection, photo_id: int) -> dict[str, str]:
    """Return by kind when the files of a photo were last written, or found to be as wanted."""
    found = connection.execute(
        "SELECT kind, written_at FROM written WHERE photo_id = ? ORDER BY written_at", (photo_id,)
    )
    return {row[0]: row[1] for row in found}


def refused(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the tags that a person took off each of these photos."""
    where, values = _which(ids)
    found: dict[int, list[int]] = {}
    for row in connection.execute(
        f"SELECT photo_id, tag_id FROM tag_refusal WHERE {where}", values
    ):
        found.setdefault(row[0], []).append(row[1])
    return found


def begin(connection: sqlite3.Connection, step: Step, snapshot: bytes) -> Intent:
    """Note what is about to be done."""
    cursor = connection.execute(
        "INSERT INTO write_intent (photo_id, data, snapshot) VALUES (?, ?, ?)",
        (step.photo_id, step.to_json(), snapshot),
    )
    assert cursor.lastrowid is not None
    return Intent(cursor.lastrowid, step, snapshot)


def intents(connection: sqlite3.Connection) -> list[Intent]:
    """Return what processes were about to do when they ended, the oldest first."""
    found = connection.execute("SELECT id, data, snapshot FROM write_intent ORDER BY id")
    return [Intent(row[0], Step.from_json(row[1]), row[2]) for row in found]


def drop(connection: sqlite3.Connection, intent_id: int) -> None:
    """Strike off what was done, or was not."""
    connection.execute("DELETE FROM write_intent WHERE id = ?", (intent_id,))


def settle(connection: sqlite3.Connection, step: Step, mtime_ns: int) -> None:
    """Have a step be done: the file bears ``mtime_ns`` now.

    A photo that we have written into is still the same picture: it keeps its suggestions, and
    the next import need not read it again.
    """
    connection.execute(
        "DELETE FROM write_trouble WHERE photo_id = ? AND kind = ?", (step.photo_id, step.kind)
    )
    # The next import looks once more: what it knew of these files no longer holds. It finds their
    # tags under the names of now, or, where this step takes one back, under those of before.
    known = said_tags(connection, step.photo_id)
    heirs = filter(None, (tags.heir(connection, each) for each in known.values()))
    current = {path: tag_id for tag_id, path in tags.paths(connection, heirs).items()}
    note_said(connection, step.photo_id, "", current | known)
    keep(connection, step.photo_id, step.kind, step.row and replace(step.row, mtime_ns=mtime_ns))


def follow_photo(
    connection: sqlite3.Connection, photo_id: int, size: int, mtime_ns: int, digest: str
) -> None:
    """Know a photo by what it is after our write."""
    connection.execute(
        "UPDATE photo SET size = ?, mtime_ns = ?, content_hash = ? WHERE id = ?",
        (size, mtime_ns, digest, photo_id),
    )


def keep(connection: sqlite3.Connection, photo_id: int, kind: str, row: Row | None) -> None:
    """Keep what we know of a file, or forget it; nothing of a photo that left the library."""
    if row is None:
        connection.execute(
            "DELETE FROM written WHERE photo_id = ? AND kind = ?", (photo_id, kind)
        )  # fmt: skip
        return
    connection.execute(
        "INSERT OR REPLACE INTO written SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? "
        "WHERE EXISTS (SELECT 1 FROM photo WHERE id = ?)",
        (photo_id, kind, row.want, pack(row.record), row.size, row.mtime_ns, row.digest,
         row.conflicts, now(), photo_id),
    )  # fmt: skip


def note_problem(connection: sqlite3.Connection, problem: Problem) -> None:
    """Note why a file could not be written; it waits until it can be."""
    connection.execute(
        "INSERT OR REPLACE INTO write_trouble VALUES (?, ?, ?, ?, ?, ?)",
        (problem.photo_id, problem.kind, problem.trouble, problem.reason, problem.want, now()),
    )


def forget_problems(connection: sqlite3.Connection, photo_id: int) -> None:
    """Strike off why files of a photo could not be written."""
    connection.execute("DELETE FROM write_trouble WHERE photo_id = ?", (photo_id,))


def note_said(
    connection: sqlite3.Connection, photo_id: int, stamp: str, said: Mapping[TagPath, int]
) -> None:
    """Remember which tags a photo's files said, and by what to see whether that still holds."""
    entries = [[tag_id, *path] for path, tag_id in said.items()]
    connection.execute(
        "INSERT OR REPLACE INTO file_said SELECT ?, ?, ? "
        "WHERE EXISTS (SELECT 1 FROM photo WHERE id = ?)",
        (photo_id, stamp, json.dumps(entries, ensure_ascii=False), photo_id),
    )


def distrust(connection: sqlite3.Connection, photo_id: int, kind: str) -> None:
    """Have a file be looked at again by the next write: another program has written to it."""
    connection.execute(
        "UPDATE written SET want = '' WHERE photo_id = ? AND kind = ?", (photo_id, kind)
    )


def kind_of(photo: Path, target: Path) -> str:
    """Return which of a photo's files ``target`` is."""
    if target == photo:
        return EMBEDDED
    return FULL if target.name.casefold() == f"{photo.name}.xmp".casefold() else STEM


def _which(ids: Iterable[int] | None) -> tuple[str, tuple[str, ...]]:
    return ("1", ()) if ids is None else (_GIVEN, (json.dumps(list(ids)),))
