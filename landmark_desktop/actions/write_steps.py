"""One file going from one state to another so that a crash at any moment can be settled.

First the intent is noted: what will be known of the file afterwards, and the snapshot that takes
it back. Then the file is replaced. Then, in one transaction, the intent goes, what is known of the
file is entered, and the history gets its part. A killed process leaves at most one intent; the
next one looks at the file: if it is what was intended, the step is finished, else it was not done.

One process writes at a time (``alone``), on one thread.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from landmark_desktop.actions import history
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import changes, writing
from landmark_desktop.library import history as past
from landmark_desktop.library.changes import ChangeSet, Part
from landmark_desktop.library.writing import EMBEDDED, Intent, Row, Step
from landmark_desktop.metadata.replace_file import clean_leftovers, content_of
from landmark_desktop.metadata.snapshot import Snapshot, State, keep, restored
from landmark_desktop.metadata.troubles import MetadataError, from_os
from landmark_desktop.metadata.write import restore

log = logging.getLogger(__name__)
FORMAT = "files"
"""The format of parts that are files, one each."""


@contextlib.contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Be the only one who writes files of this library; settle what a killed process left.

    The lock is an empty SQLite file, which every system frees when its process ends, however.
    Raises ``UserError`` where another one is writing.
    """
    path = workspace.places.library.with_name("writing.lock")
    lock = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise UserError(
                "Files are being written already.", "Another window or command is at it.",
                "Wait until it is done.",
            ) from error  # fmt: skip
        settle_interrupted(workspace)
        yield
    finally:
        lock.close()


def settle_interrupted(workspace: Workspace) -> None:
    """Find out for each step that a killed process had begun whether it was done."""
    for intent in writing.intents(workspace.library.read()):
        path = Path(intent.step.path)
        with contextlib.suppress(MetadataError):  # a folder that is gone holds nothing to clean
            clean_leftovers(Path(os.path.realpath(path)).parent)
        after = Snapshot.from_bytes(intent.snapshot).after
        try:
            _, now = content_of(path)
        except OSError as error:
            # Its disk is not there, say: settled when it is.
            log.info("%s cannot be looked at: %s", path, error)
            continue
        if now.size is None and not path.parent.is_dir():
            continue
        if (now.size, now.digest) == (after.size, after.digest):
            workspace.library.write(lambda c, i=intent, t=now.mtime_ns: finish(c, i, t))  # type: ignore[misc]
        else:
            # Not done, or written to by another program since: nothing there counts as ours then.
            workspace.library.write(lambda c, i=intent: writing.drop(c, i.id))  # type: ignore[misc]


def finish(
    connection: sqlite3.Connection, intent: Intent, mtime_ns: int, count: int | None = None
) -> int | None:
    """Enter a step as done, into the history too; return the history's entry.

    ``count``: how many files the entry has with this one, where the caller knows.
    """
    step, after = intent.step, Snapshot.from_bytes(intent.snapshot).after
    writing.settle(connection, step, mtime_ns)
    if step.kind == EMBEDDED and after.size is not None:
        writing.follow_photo(connection, step.photo_id, after.size, mtime_ns, after.digest)
    writing.drop(connection, intent.id)
    data = {
        "photo": step.photo_id, "kind": step.kind, "path": step.path,
        "row": None if step.before is None else asdict(step.before),
        "snapshot": base64.b64encode(intent.snapshot).decode(),
    }  # fmt: skip
    if step.part_id is not None:
        with contextlib.suppress(LookupError):  # the history was trimmed since
            changes.turned(connection, past.part(connection, step.part_id), data)
        return None
    known = step.change_id is not None and past.entry(connection, step.change_id) is not None
    change_id = step.change_id if known else changes.begin(connection, "write", "")
    assert change_id is not None
    changes.add_part(connection, change_id, FORMAT, data, {"file": [step.photo_id]})
    if count is None:
        row = connection.execute(
            "SELECT count(*) FROM change_part WHERE change_id = ?", (change_id,)
        ).fetchone()
        count = int(row[0])
    summary = f"Wrote tags into {count:,} file{'s' if count != 1 else ''}"
    changes.summarise(connection, change_id, summary)
    return change_id


def _turn(workspace: Workspace, part: Part) -> ChangeSet:
    """Give the file of a part the state before it, or after it again; held by ``alone``."""
    connection, data = workspace.library.read(), part.data
    news = ChangeSet(frozenset({data["photo"]}))
    if past.part(connection, part.id).undone != part.undone:
        return news  # settled when the lock was taken
    photo_id, kind = data["photo"], data["kind"]
    snapshot = base64.b64decode(data["snapshot"])
    path = _path(workspace, photo_id, Path(data["path"]))
    kept = Snapshot.from_bytes(snapshot)
    try:
        content, now = content_of(path)
    except OSError as error:
        raise from_os(error, path) from error
    rows = writing.rows(connection, [photo_id]).get(photo_id, {})
    step = Step(
        photo_id, kind, str(path), writing.as_row(data["row"]), rows.get(kind), part_id=part.id
    )
    if (now.size, now.digest) == (kept.before.size, kept.before.digest):
        # Somebody else has put it back already; there is nothing to turn round the next time.
        already = Snapshot(now, now, b"")
        step = replace(step, before=None)
        workspace.library.write(
            lambda c: finish(c, writing.begin(c, step, already.to_bytes()), now.mtime_ns)
        )
        return news
    if (now.size, now.digest) != (kept.after.size, kept.after.digest):
        restore(path, snapshot)  # says that it cannot, and why
    old = restored(kept.payload, content)
    coming = State(kept.before.size, 0, kept.before.digest)
    reverse = Snapshot(now, coming, keep(content, old)).to_bytes()
    intent = workspace.library.write(lambda c: writing.begin(c, step, reverse))
    try:
        state = restore(path, snapshot)
    except BaseException:
        workspace.library.write(lambda c: writing.drop(c, intent.id))
        raise
    workspace.library.write(lambda c: finish(c, intent, state.mtime_ns))
    return news


def _path(workspace: Workspace, photo_id: int, path: Path) -> Path:
    """Return where the file is by now: beside its photo, wherever that was moved to."""
    row = workspace.library.read().execute(
        "SELECT folder FROM photo WHERE id = ?", (photo_id,)
    ).fetchone()  # fmt: skip
    if row is None or path.exists():
        return path
    moved = Path(row["folder"]) / path.name
    return moved if moved.exists() else path


def new_row(want: str, record: str, state: State, conflicts: object) -> Row:
    """Return what to know of a file in ``state``."""
    text = json.dumps(conflicts, ensure_ascii=False)
    return Row(want, record, state.size, state.mtime_ns, state.digest, text)


def _files(part: Part) -> list[Path]:
    return [Path(part.data["path"])]


history.register(FORMAT, history.Turner(history.singly(_turn), alone, _files))
