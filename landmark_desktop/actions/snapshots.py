"""Taking back what versions up to 0.1 noted: each photo's decisions and flat tags as they were."""

from __future__ import annotations

import sqlite3
from typing import Any

from landmark_desktop.actions import filing
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import changes, deltas, tags
from landmark_desktop.library.changes import ChangeSet, Part

FORMAT = "snapshots"


def turn(workspace: Workspace, part: Part) -> ChangeSet:
    """Bring the photos back to the snapshot; what does it again is kept as rows."""

    def change(connection: sqlite3.Connection) -> None:
        before = [s for s in part.data["before"] if _present(connection, s["photo"])]
        keys = {row[0] for state in before for row in state["decisions"] if row[1] == "accepted"}
        filed = filing.tag_ids(connection, workspace.gazetteer, keys)
        flat = {row[0]: tags.ensure(connection, [row[0]])
                for state in before for row in state["tags"] if row[1] != "accepted"}  # fmt: skip
        with deltas.recording(connection) as delta:
            for state in before:
                _restore(connection, state, filed, flat)
        changes.turned(connection, part, delta.runs, deltas.FORMAT)

    workspace.library.write(change)
    return ChangeSet(frozenset(part.touched["photo"]), tags=True)


def _present(connection: sqlite3.Connection, photo_id: int) -> bool:
    row = connection.execute("SELECT 1 FROM photo WHERE id = ?", (photo_id,)).fetchone()
    return row is not None


def _restore(
    connection: sqlite3.Connection, state: dict[str, Any], filed: dict[str, list[int]],
    flat: dict[str, int],
) -> None:  # fmt: skip
    photo_id = state["photo"]
    connection.execute("DELETE FROM decision WHERE photo_id = ?", (photo_id,))
    connection.execute(
        "DELETE FROM photo_tag WHERE photo_id = ? AND source IN ('accepted', 'person')", (photo_id,)
    )
    said: list[tuple[Any, ...]] = [
        (flat[name], *rest) for name, *rest in state["tags"] if name in flat
    ]
    for landmark, verdict, model_id, confidence, decided_at in state["decisions"]:
        connection.execute(
            "INSERT INTO decision (photo_id, landmark, verdict, model_id, confidence, decided_at) "
            "VALUES (?, ?, ?, (SELECT id FROM model WHERE id = ?), ?, ?)",
            (photo_id, landmark, verdict, model_id, confidence, decided_at),
        )
        if verdict == "accepted":
            by = None if confidence is None else model_id
            said += [
                (tag_id, "accepted", landmark, by, confidence, decided_at)
                for tag_id in filed[landmark]
            ]
    connection.executemany(
        "INSERT INTO photo_tag "
        "(photo_id, tag_id, source, landmark, model_id, confidence, added_at) "
        "VALUES (?, ?, ?, ?, (SELECT id FROM model WHERE id = ?), ?, ?) ON CONFLICT DO NOTHING",
        [(photo_id, *row) for row in said],
    )
