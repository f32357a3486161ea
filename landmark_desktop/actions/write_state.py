"""Whether what the library says of one photo is in its files: since when, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.actions import described, write, write_jobs
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import writing
from landmark_desktop.library.writing import EMBEDDED, FULL


@dataclass(frozen=True)
class InFiles:
    """``tagged``: the photo has tags, or had. ``written``: names of files that we wrote, and when
    (UTC, ISO 8601). ``waits``: the library says something else. ``problem``: why it could not be
    written when that was last tried. ``kept``: other programs' values that were left as they are.
    """

    tagged: bool
    written: tuple[tuple[str, str], ...]
    waits: bool
    problem: str
    kept: int


def in_files(workspace: Workspace, photo_id: int) -> InFiles | None:
    """Return how it stands with one photo, ``None`` where the library does not have it.

    For worker threads; looks at no file.
    """
    connection = workspace.library.read()
    asked = described.asked(workspace, [photo_id])
    if not asked:
        return None
    photo, want = asked[0].photo, asked[0].want
    rows = writing.rows(connection, [photo_id]).get(photo_id, {})
    problems = write.problems(workspace, [photo_id])
    at = writing.written_at(connection, photo_id)
    said = bool(want.described.tags or want.described.shown or want.removed)
    return InFiles(
        bool(said or rows),
        tuple((file_name(photo.path, kind), time) for kind, time in at.items()) if said else (),
        bool(write_jobs.waiting(workspace, [photo_id], None)),
        problems[0].reason if problems else "",
        len(writing.conflicting(connection, [photo_id])),
    )


def file_name(photo: Path, kind: str) -> str:
    """Return how the file of this kind (``library.writing``) of a photo is named."""
    if kind == EMBEDDED:
        return photo.name
    return f"{photo.name}.xmp" if kind == FULL else f"{photo.stem}.xmp"
