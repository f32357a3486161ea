"""A person's word on suggestions: accept, reject, and take it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from landmark_desktop.actions.workspace import InUse, Workspace
from landmark_desktop.library import changes, decisions, photos
from landmark_desktop.library.changes import ChangeSet

_DONE = {"accept": "Accepted", "reject": "Rejected", "correct": "Corrected"}


def accept(workspace: Workspace, ids: Sequence[int], landmark: str | None = None) -> ChangeSet:
    """Accept each photo's own suggestion, or ``landmark`` for all of them; tag accordingly.

    Photos without an unanswered suggestion are left alone where no landmark is named.
    """
    gazetteer, model = workspace.gazetteer, workspace.model

    def change(connection: sqlite3.Connection) -> ChangeSet:
        chosen = _chosen(connection, ids, model, landmark)
        before = [decisions.snapshot(connection, photo_id) for photo_id in chosen]
        for photo_id, (key, said_by) in chosen.items():
            decisions.accept(connection, photo_id, key, gazetteer[key].tags, said_by)
        return _recorded(connection, "accept", _names(workspace, chosen), before)

    return workspace.library.write(change)


def reject(workspace: Workspace, ids: Sequence[int], landmark: str | None = None) -> ChangeSet:
    """Say that the photos do not show their suggested (or accepted) landmark, or ``landmark``."""
    model = workspace.model

    def change(connection: sqlite3.Connection) -> ChangeSet:
        chosen = _chosen(connection, ids, model, landmark, accepted_too=True)
        before = [decisions.snapshot(connection, photo_id) for photo_id in chosen]
        for photo_id, (key, said_by) in chosen.items():
            decisions.reject(connection, photo_id, key, said_by)
        return _recorded(connection, "reject", _names(workspace, chosen), before)

    return workspace.library.write(change)


def correct(workspace: Workspace, landmarks: Mapping[int, str | None]) -> ChangeSet:
    """Have each photo show the landmark that is named for it; one undo takes all of it back.

    ``None``: it does not show what it was accepted as, and nothing else is known of it.
    """
    gazetteer, model = workspace.gazetteer, workspace.model

    def change(connection: sqlite3.Connection) -> ChangeSet:
        found = photos.fetch(connection, list(landmarks), model.id, model.earlier)
        before = [decisions.snapshot(connection, photo.id) for photo in found]
        chosen: dict[int, tuple[str, int]] = {}
        for photo in found:
            landmark, said_by = landmarks[photo.id], photo.suggested_by or model.id
            if landmark is not None:
                decisions.accept(connection, photo.id, landmark, gazetteer[landmark].tags, said_by)
            elif photo.accepted is not None:
                decisions.reject(connection, photo.id, photo.accepted, said_by)
            chosen[photo.id] = landmark or photo.accepted or "", said_by
        return _recorded(connection, "correct", _names(workspace, chosen), before)

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
    connection: sqlite3.Connection, ids: Sequence[int], model: InUse, landmark: str | None,
    *, accepted_too: bool = False,
) -> dict[int, tuple[str, int]]:  # fmt: skip
    """Return the landmark in question for each photo that has one, and which model said it."""
    chosen = {}
    for photo in photos.fetch(connection, ids, model.id, model.earlier):
        said_by = photo.suggested_by or model.id
        if landmark is not None:
            chosen[photo.id] = landmark, said_by
        elif photo.waiting and photo.suggestion and photo.suggestion.landmark:
            chosen[photo.id] = photo.suggestion.landmark, said_by
        elif accepted_too and photo.accepted is not None:
            chosen[photo.id] = photo.accepted, said_by
    return chosen


def _names(workspace: Workspace, chosen: dict[int, tuple[str, int]]) -> str:
    names = sorted({workspace.gazetteer[key].name for key, _ in chosen.values()})
    what = names[0] if len(names) == 1 else f"{len(names)} landmarks"
    return f"{what} on {len(chosen)} photo{'s' if len(chosen) != 1 else ''}"


def _recorded(
    connection: sqlite3.Connection, action: str, on: str, before: list[decisions.Snapshot]
) -> ChangeSet:
    if not before:
        return ChangeSet()
    summary = f"{_DONE[action]} {on}"
    change_id = changes.record(connection, action, summary, {"before": before})
    return ChangeSet(
        frozenset(int(state["photo"]) for state in before), change_id=change_id, summary=summary
    )
