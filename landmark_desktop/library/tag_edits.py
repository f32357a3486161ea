"""Tags put on photos and taken off, renamed, moved, merged. Each in the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from landmark_desktop.library import tags
from landmark_desktop.library.database import now
from landmark_desktop.library.words import caseless

_GIVEN = "SELECT value FROM json_each(:ids)"


def put(
    connection: sqlite3.Connection, ids: Iterable[int], tag_id: int, source: str = "person",
    confidence: float | None = None,
) -> list[int]:  # fmt: skip
    """Put the tag on photos as said by ``source``; return those for which that is new.

    ``confidence`` (0 to 1): how sure a source is that is no person.

    A person's word lifts an earlier refusal; anyone else's gives way to it.
    """
    values = {
        "ids": json.dumps(list(ids)), "tag": tag_id, "source": source, "now": now(),
        "sure": confidence,
    }  # fmt: skip
    if source == "person":
        connection.execute(
            f"DELETE FROM tag_refusal WHERE tag_id = :tag AND photo_id IN ({_GIVEN})", values
        )
    rows = connection.execute(
        "INSERT INTO photo_tag (photo_id, tag_id, source, confidence, added_at) "
        f"SELECT id, :tag, :source, :sure, :now FROM photo WHERE id IN ({_GIVEN}) AND NOT EXISTS "
        "(SELECT 1 FROM tag_refusal r WHERE r.photo_id = photo.id AND r.tag_id = :tag) "
        "ON CONFLICT DO NOTHING RETURNING photo_id",
        values,
    )
    return [row["photo_id"] for row in rows.fetchall()]


def follow_file(
    connection: sqlite3.Connection, photo_id: int, paths: Iterable[Sequence[str]]
) -> None:
    """Have a photo's tags of source ``file`` be these: what its metadata say, read just now.

    What a person took off the photo stays off. No part of any action.
    """
    wanted = {tags.ensure(connection, path) for path in paths}
    connection.execute(
        "DELETE FROM photo_tag WHERE photo_id = ? AND source = 'file' "
        "AND tag_id NOT IN (SELECT value FROM json_each(?))",
        (photo_id, json.dumps(list(wanted))),
    )
    for tag_id in wanted:
        put(connection, [photo_id], tag_id, "file")


def follow_guesses(
    connection: sqlite3.Connection, photo_id: int, paths: Iterable[Sequence[str]]
) -> None:
    """Have a photo's guesses that came with its file be these.

    They are a model's word, of which only the file knows: no landmark, no model, no confidence.
    Never a person's, though the file has them: that is what it says of them.
    """
    wanted = {tags.ensure(connection, path) for path in paths}
    connection.execute(
        "DELETE FROM photo_tag WHERE photo_id = ? AND source = 'model' AND landmark IS NULL "
        "AND model_id IS NULL AND confidence IS NULL "
        "AND tag_id NOT IN (SELECT value FROM json_each(?))",
        (photo_id, json.dumps(list(wanted))),
    )
    for tag_id in wanted:
        put(connection, [photo_id], tag_id, "model")


def take(connection: sqlite3.Connection, ids: Iterable[int], tag_id: int) -> list[int]:
    """Take the tag, and all below it, off photos, whoever put it there; return those that had it.

    It stays off: neither a model nor a file brings it back, only a person.
    """
    values = {
        "ids": json.dumps(list(ids)), "now": now(),
        "branch": json.dumps(tags.branch(connection, [tag_id])),
    }  # fmt: skip
    # "+tag_id" has SQLite look the photos up: the branch may be on a hundred times as many.
    had = f"photo_id IN ({_GIVEN}) AND +tag_id IN (SELECT value FROM json_each(:branch))"
    connection.execute(
        "INSERT INTO tag_refusal (photo_id, tag_id, refused_at) "
        f"SELECT DISTINCT photo_id, tag_id, :now FROM photo_tag WHERE {had} ON CONFLICT DO NOTHING",
        values,
    )
    rows = connection.execute(f"DELETE FROM photo_tag WHERE {had} RETURNING photo_id", values)
    return sorted({row["photo_id"] for row in rows.fetchall()})


def guessed(
    connection: sqlite3.Connection, ids: Iterable[int], tag_id: int | None = None
) -> dict[int, list[int]]:
    """Return for each tag that only machines say the photos, of these, on which they do.

    ``tag_id``: this tag and no other.
    """
    rows = connection.execute(
        f"SELECT tag_id, photo_id FROM photo_tag WHERE photo_id IN ({_GIVEN}) "
        "AND (:tag IS NULL OR tag_id = :tag) GROUP BY photo_id, tag_id "
        "HAVING min(source IN ('model', 'neighbours'))",
        {"ids": json.dumps(list(ids)), "tag": tag_id},
    )
    found: dict[int, list[int]] = {}
    for guess, photo_id in rows:
        found.setdefault(guess, []).append(photo_id)
    return found


def having(connection: sqlite3.Connection, tag_id: int) -> list[int]:
    """Return the photos that have the tag or one below it."""
    rows = connection.execute(
        "SELECT DISTINCT photo_id FROM photo_tag WHERE tag_id IN (SELECT value FROM json_each(?))",
        (json.dumps(tags.branch(connection, [tag_id])),),
    )
    return [row["photo_id"] for row in rows]


def relocate(connection: sqlite3.Connection, tag_id: int, parent: int | None, name: str) -> None:
    """Give the tag another name, another parent, or both; what is below goes with it.

    A tag that is there already and on no photo gives way. Raises ``sqlite3.IntegrityError``
    where one is there that photos have: see ``occupant``.
    """
    other = occupant(connection, tag_id, parent, name)
    if other is not None and not having(connection, other):
        merge(connection, other, tag_id)
    connection.execute(
        "UPDATE tag SET parent = ?, name = ?, key = ? WHERE id = ?",
        (parent, name, caseless(name), tag_id),
    )
    tags.index(connection, tag_id)


def occupant(
    connection: sqlite3.Connection, tag_id: int, parent: int | None, name: str
) -> int | None:
    """Return another tag that is where ``relocate`` would put this one."""
    row = connection.execute(
        "SELECT id FROM tag WHERE coalesce(parent, 0) = ? AND key = ? AND id <> ?",
        (parent or 0, caseless(name), tag_id),
    ).fetchone()
    return None if row is None else int(row["id"])


def merge(connection: sqlite3.Connection, tag_id: int, into: int) -> None:
    """Make two tags one: photos, aliases and what is below go to ``into``; ``tag_id`` is no more.

    Tags of the same name below both are merged too. ``into`` must not lie below ``tag_id``.
    Keys are not updated but rows written anew, as history (``deltas``) asks.
    """
    children = connection.execute("SELECT id, name FROM tag WHERE parent = ?", (tag_id,)).fetchall()
    for child in children:
        twin = occupant(connection, child["id"], into, child["name"])
        if twin is not None:
            merge(connection, child["id"], twin)
        else:
            connection.execute("UPDATE tag SET parent = ? WHERE id = ?", (into, child["id"]))
    move = {"old": tag_id, "new": into}
    for sql in _MERGE:
        connection.execute(sql, move)
    tags.index(connection, into)


_MERGE: Sequence[str] = (
    "INSERT INTO photo_tag SELECT photo_id, :new, source, landmark, model_id, confidence, added_at "
    "FROM photo_tag WHERE tag_id = :old ON CONFLICT DO NOTHING",
    "DELETE FROM photo_tag WHERE tag_id = :old",
    # Where one of the two was taken off a photo and the other is on it, it stays on.
    "DELETE FROM tag_refusal WHERE tag_id = :new AND photo_id IN "
    "(SELECT photo_id FROM photo_tag WHERE tag_id = :new)",
    "INSERT INTO tag_refusal SELECT photo_id, :new, refused_at FROM tag_refusal r "
    "WHERE tag_id = :old AND NOT EXISTS (SELECT 1 FROM photo_tag p "
    "WHERE p.photo_id = r.photo_id AND p.tag_id = :new) ON CONFLICT DO NOTHING",
    "DELETE FROM tag_refusal WHERE tag_id = :old",
    "INSERT INTO tag_alias SELECT :new, key, name FROM tag_alias "
    "WHERE tag_id = :old AND key <> (SELECT key FROM tag WHERE id = :new) ON CONFLICT DO NOTHING",
    # The name that goes is still typed by people who know it.
    "INSERT INTO tag_alias SELECT :new, key, name FROM tag "
    "WHERE id = :old AND key <> (SELECT key FROM tag WHERE id = :new) ON CONFLICT DO NOTHING",
    "DELETE FROM tag_alias WHERE tag_id = :old",
    "DELETE FROM tag_word WHERE tag_id = :old",
    "UPDATE tag_origin SET tag_id = :new WHERE tag_id = :old",
    # Files go on saying the old one (``tags.heir``).
    "INSERT INTO tag_origin VALUES ('tag:' || :old, :new) "
    "ON CONFLICT (origin) DO UPDATE SET tag_id = excluded.tag_id",
    "DELETE FROM tag WHERE id = :old",
)
