"""A library of made-up photos with a model's opinions of them; neither files nor torch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos
from landmark_desktop.library.records import Facts, Found

TABLES = (
    "SELECT * FROM decision ORDER BY photo_id, landmark",
    "SELECT * FROM tag_refusal ORDER BY photo_id, tag_id",
    "SELECT photo_id, tag_id, source, landmark, model_id, confidence, added_at FROM photo_tag "
    "ORDER BY photo_id, tag_id, source",
)


def fill(workspace: Workspace, said: Sequence[str | None], *, folder: str = "/photos") -> list[int]:
    """Add a photo for each of ``said``: what the model suggests, ever less sure of it."""
    found = [
        Found(Path(f"{folder}/{n:05}.jpg"), f"{folder}{n}", 10, 1,
              Facts("JPEG", 4, 3, taken_at=f"2024-05-{1 + n % 28:02}T12:00:00"))
        for n in range(len(said))
    ]  # fmt: skip

    def change(connection: sqlite3.Connection) -> list[int]:
        ids = photos.store(connection, found, lambda _path: True)
        connection.executemany(
            "INSERT INTO suggestion "
            "(photo_id, model_id, landmark, confidence, alternatives, made_at) "
            "VALUES (?, ?, ?, ?, ?, '')",
            [
                (photo_id, workspace.model_id, landmark, 0.95 - 0.4 * n / len(said),
                 json.dumps([[landmark or "Petra", 0.95 - 0.4 * n / len(said)]]))
                for n, (photo_id, landmark) in enumerate(zip(ids, said, strict=True))
            ],
        )  # fmt: skip
        return ids

    return workspace.library.write(change)


def state(workspace: Workspace) -> tuple[Any, ...]:
    """Return all that actions can change: decisions, tags with their whole paths, aliases."""
    connection = workspace.library.read()
    nodes = {row["id"]: row for row in connection.execute("SELECT * FROM tag")}

    def path(tag_id: int | None) -> tuple[str, ...]:
        return () if tag_id is None else (*path(nodes[tag_id]["parent"]), nodes[tag_id]["name"])

    rows = [[tuple(row) for row in connection.execute(sql)] for sql in TABLES]
    refused = [(row[0], path(row[1])) for row in rows[1]]
    tagged = [(row[0], path(row[1]), *row[2:]) for row in rows[2]]
    used = {tag_id for row in rows[2] for tag_id in (row[1],)}
    words = connection.execute("SELECT word, tag_id FROM tag_word ORDER BY 1, 2")
    aliases = connection.execute("SELECT tag_id, key FROM tag_alias ORDER BY 1, 2")
    return (
        rows[0], sorted(refused), sorted(tagged, key=repr),
        sorted((row[0], path(row[1])) for row in words if row[1] in used),
        sorted((path(row[0]), row[1]) for row in aliases if row[0] in used),
    )  # fmt: skip
