"""What photos and sidecars say comes into the library: tags, and a position in a sidecar.

A second look after importing, at those alone that have changed since they were last read: their
sizes and times are compared, one listing a folder. What only we have put into a file is not taken
for its own word: else a tag that is taken back here would come back from there.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from landmark_desktop.actions.folder_listing import Listing
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos, tag_edits, tags, writing
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.writing import Row
from landmark_desktop.metadata.described import METHOD_GUESS, Described, Position
from landmark_desktop.metadata.gps import from_exif, from_xmp
from landmark_desktop.metadata.reading import read_described
from landmark_desktop.metadata.record import Record
from landmark_desktop.metadata.troubles import MetadataError
from landmark_desktop.tasks import Cancel, Progress, Speed, Task

log = logging.getLogger(__name__)
AT_ONCE = 64
"""Photos a transaction."""
_SAME_PLACE = 1e-6
"""Degrees, a tenth of a metre: what writing a position and reading it back may cost."""


@dataclass(frozen=True)
class _Seen:
    """A photo whose files have changed. ``files``: kind, path, size and time of each.

    ``known``: whether they were read before.
    """

    photo_id: int
    path: Path
    stamp: str
    known: bool
    measured: Position | None
    files: tuple[tuple[str, Path, int, int], ...]


def follow(workspace: Workspace, roots: Sequence[Path], cancel: Cancel) -> Task[int]:
    """Read what the files of the photos at and below ``roots`` say; return how many were read.

    News are ``ChangeSet``s. Damaged metadata say nothing new: what was known of them stays.
    """
    changed = _changed(workspace, roots, cancel)
    speed = Speed()
    for start in range(0, len(changed), AT_ONCE):
        cancel.check()
        read = [
            (seen, said)
            for seen in changed[start : start + AT_ONCE]
            if (said := _read(seen)) is not None
        ]

        def change(
            connection: sqlite3.Connection, read: list[tuple[_Seen, Described]] = read
        ) -> set[int]:
            rows = writing.rows(connection, [seen.photo_id for seen, _ in read])
            return {
                seen.photo_id
                for seen, said in read
                if _follow_one(connection, seen, said, rows.get(seen.photo_id, {}))
            }

        touched = workspace.library.write(change)
        done = min(start + AT_ONCE, len(changed))
        news = ChangeSet(frozenset(touched), tags=bool(touched)) if touched else None
        yield Progress(done, len(changed), "Reading tags", speed.at(done), news)
    return len(changed)


def _changed(workspace: Workspace, roots: Sequence[Path], cancel: Cancel) -> list[_Seen]:
    connection = workspace.library.read()
    ids: dict[int, None] = {}
    for root in filter(photos.is_text, roots):
        text = str(root)
        ids |= dict.fromkeys(photos.ids_of(connection, [text]).values())
        ids |= dict.fromkeys(photo_id for _, photo_id in photos.below(connection, text))
    known = writing.stamps(connection, ids)
    rows = connection.execute(
        "SELECT id, path, folder, size, mtime_ns, latitude, longitude FROM photo "
        "WHERE id IN (SELECT value FROM json_each(?)) AND problem IS NULL ORDER BY folder, name",
        (str(list(ids)),),
    ).fetchall()
    found = []
    for folder, group in groupby(rows, key=lambda row: str(row["folder"])):
        cancel.check()
        listing = Listing.of(Path(folder))
        for row in group:
            path = Path(row["path"])
            files = []
            for sidecar in listing.sidecars(path):
                try:
                    status = sidecar.stat()
                except OSError:
                    continue  # gone this moment
                kind = writing.kind_of(path, sidecar)
                files.append((kind, sidecar, status.st_size, status.st_mtime_ns))
            stamp = f"{row['size']}:{row['mtime_ns']}" + "".join(
                f" {kind}:{size}:{time}" for kind, _, size, time in sorted(files)
            )
            if known.get(row["id"]) != stamp:
                files.insert(0, (writing.EMBEDDED, path, row["size"], row["mtime_ns"]))
                measured = None
                if row["latitude"] is not None and row["longitude"] is not None:
                    measured = Position(row["latitude"], row["longitude"])
                read = row["id"] in known
                found.append(_Seen(row["id"], path, stamp, read, measured, tuple(files)))
    return found


def _read(seen: _Seen) -> Described | None:
    sidecars = [path for kind, path, _, _ in seen.files if kind != writing.EMBEDDED]
    try:
        return read_described(seen.path, sidecars)
    except MetadataError as error:
        return _unreadable(seen, sidecars, error)


def _unreadable(seen: _Seen, sidecars: Sequence[Path], error: MetadataError) -> Described | None:
    """Return what can be read of damaged metadata: a broken sidecar does not hide the photo's.

    Nor does it take away what is known: another program may be writing it at this moment.
    """
    log.info("%s: %s", seen.path, error)
    if not sidecars or seen.known:
        return None
    try:
        return read_described(seen.path)
    except MetadataError:
        return None


def _follow_one(
    connection: sqlite3.Connection, seen: _Seen, said: Described, rows: dict[str, Row]
) -> bool:
    """Bring one photo's tags and position up to date; return whether anything changed."""
    records = [Record.from_json(row.record) for row in rows.values()]
    before = _said_by_files(connection, seen.photo_id)
    known = writing.said_tags(connection, seen.photo_id)
    own: dict[tuple[str, ...], int] = {}
    sure, guesses = set[int](), set[int]()
    for path in said.tags:
        was = known.get(path)
        tag_id = (was and tags.heir(connection, was)) or tags.find(connection, path)
        # A file's own tag that was renamed here is written by us, and its word all the same.
        if (tag_id, "file") in before or not any(each.has_introduced(path) for each in records):
            now = tag_id or tags.ensure(connection, path)
            own[path] = was or now
            (guesses if path in said.guessed_tags else sure).add(now)
    tag_edits.follow_file(connection, seen.photo_id, tags.paths(connection, sure).values())
    tag_edits.follow_guesses(connection, seen.photo_id, tags.paths(connection, guesses).values())
    moved = _follow_position(connection, seen, said.position, records)
    for kind, _, size, time in seen.files:
        row = rows.get(kind)
        if row is not None and (row.size, row.mtime_ns) != (size, time):
            writing.distrust(connection, seen.photo_id, kind)
    for kind in rows.keys() - {kind for kind, *_ in seen.files}:
        writing.distrust(connection, seen.photo_id, kind)  # its file is gone
    writing.note_said(connection, seen.photo_id, seen.stamp, own)
    return moved or before != _said_by_files(connection, seen.photo_id)


def _said_by_files(connection: sqlite3.Connection, photo_id: int) -> set[tuple[int | None, str]]:
    rows = connection.execute(
        "SELECT tag_id, source FROM photo_tag WHERE photo_id = ? "
        "AND (source = 'file' OR (source = 'model' AND landmark IS NULL))",
        (photo_id,),
    )
    return {(row[0], row[1]) for row in rows}


def _follow_position(
    connection: sqlite3.Connection, seen: _Seen, position: Position | None,
    records: Sequence[Record],
) -> bool:  # fmt: skip
    """Know the position that a file states as measured; not one that we have put there."""
    if position is not None and (METHOD_GUESS in position.method or _is_ours(position, records)):
        position = None
    old, new = seen.measured, position
    if (old is None and new is None) or (old and new and _same(old, new)):
        return False
    connection.execute(
        "UPDATE photo SET latitude = ?, longitude = ? WHERE id = ?",
        (new and new.latitude, new and new.longitude, seen.photo_id),
    )
    return True


def _is_ours(position: Position, records: Sequence[Record]) -> bool:
    for record in records:
        texts = {name: str(items[0]) for name, items in record.written.items() if items}
        if any(_same(position, mine) for mine in (from_exif(texts), from_xmp(texts)) if mine):
            return True
    return False


def _same(one: Position, other: Position) -> bool:
    return (
        abs(one.latitude - other.latitude) < _SAME_PLACE
        and abs(one.longitude - other.longitude) < _SAME_PLACE
    )
