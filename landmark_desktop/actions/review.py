"""A person's word on suggestions: accept, reject, and take it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import changes, decisions, photos
from landmark_desktop.library.changes import ChangeSet


def accept(workspace: Workspace, ids: Sequence[int], landmark: str | None = None) -> ChangeSet:
    """Accept each photo's own suggestion, or ``landmark`` for all of them; tag accordingly.

    Photos without an unanswered suggestion are left alone where no landmark is named.
    """
    gazetteer, model_id = workspace.gazetteer, workspace.model_id

    def change(connection: sqlite3.Connection) -> ChangeSet:
        chosen = _chosen(connection, ids, model_id, landmark)
        before = [decisions.snapshot(connection, photo_id) for photo_id in chosen]
        for photo_id, key in chosen.items():
            decisions.accept(connection, photo_id, key, gazetteer[key].tags, model_id)
        return _recorded(connection, "accept", _names(workspace, chosen), before)

    return workspace.library.write(change)


def reject(workspace: Workspace, ids: Sequence[int], landmark: str | None = None) -> ChangeSet:
    """Say that the photos do not show their suggested (or accepted) landmark, or ``landmark``."""
    model_id = workspace.model_id

    def change(connection: sqlite3.Connection) -> ChangeSet:
        chosen = _chosen(connection, ids, model_id, landmark, accepted_too=True)
        before = [decisions.snapshot(connection, photo_id) for photo_id in chosen]
        for photo_id, key in chosen.items():
            decisions.reject(connection, photo_id, key, model_id)
        return _recorded(connection, "reject", _names(workspace, chosen), before)

    return workspace.library.write(change)


def undo(workspace: Workspace) -> ChangeSet:
    """Take back the newest action that is not taken back yet; an empty set if there is none."""

    def change(connection: sqlite3.Connection) -> ChangeSet:
        entry = changes.latest(connection)
        if entry is None:
            return ChangeSet()
        restored = [decisions.restore(connection, state) for state in entry.undo["before"]]
        changes.mark_undone(connection, entry.id)
        present = frozenset(photo_id for photo_id in restored if photo_id is not None)
        return ChangeSet(present, summary=f"Undone: {entry.summary}")

    return workspace.library.write(change)


def _chosen(
    connection: sqlite3.Connection, ids: Sequence[int], model_id: int, landmark: str | None,
    *, accepted_too: bool = False,
) -> dict[int, str]:  # fmt: skip
    """Return the landmark in question for each photo that has one."""
    found = photos.fetch(connection, ids, model_id)
    if landmark is not None:
        return {photo.id: landmark for photo in found}
    chosen = {}
    for photo in found:
        if photo.waiting and photo.suggestion and photo.suggestion.landmark:
            chosen[photo.id] = photo.suggestion.landmark
        elif accepted_too and photo.accepted is not None:
            chosen[photo.id] = photo.accepted
    return chosen


def _names(workspace: Workspace, chosen: dict[int, str]) -> str:
    names = sorted({workspace.gazetteer[key].name for key in chosen.values()})
    what = names[0] if len(names) == 1 else f"{len(names)} landmarks"
    return f"{what} on {len(chosen)} photo{'s' if len(chosen) != 1 else ''}"


def _recorded(
    connection: sqlite3.Connection, action: str, on: str, before: list[decisions.Snapshot]
) -> ChangeSet:
    if not before:
        return ChangeSet()
    summary = f"{'Accepted' if action == 'accept' else 'Rejected'} {on}"
    change_id = changes.record(connection, action, summary, {"before": before})
    return ChangeSet(
        frozenset(int(state["photo"]) for state in before), change_id=change_id, summary=summary
    )
