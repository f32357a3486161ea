"""Write what the library says into sidecars or photos: what waits, what it would change, doing it.

Nothing is written that nobody asked for. What waits is worked out, not kept: photos of which the
library says something else than was last written (``described``, ``writing.Row.want``). So
accepting thousands of photos touches no file, and what could not be written goes on waiting.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.actions import write_jobs, write_steps
from landmark_desktop.actions.described import Grounds
from landmark_desktop.actions.folder_listing import Listing
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.actions.write_jobs import Overrule
from landmark_desktop.actions.write_run import Done, Run
from landmark_desktop.library import writing
from landmark_desktop.library.writing import Problem
from landmark_desktop.metadata.troubles import MetadataError, from_os
from landmark_desktop.metadata.want import Conflict
from landmark_desktop.metadata.write import Change, plan
from landmark_desktop.tasks import Cancel, Progress, Speed, Task

__all__ = [
    "AT_ONCE", "Done", "FilePreview", "Overrule", "failed", "kept", "notices", "preview",
    "problems", "still_waiting", "waiting", "write",
]  # fmt: skip

AT_ONCE = 200
"""Photos that are looked up together."""
_COUNTED = 2000
"""Photos that are counted together: some tens of milliseconds."""


@dataclass(frozen=True)
class FilePreview:
    """What would be written into one file: old and new items of each field.

    ``new``: whether there is no such file yet. ``conflicts``: what would not be written, and
    why. ``problem``: why nothing can be written there. ``tried``: why it could not be when that
    was last tried.
    """

    photo_id: int
    target: Path
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    problem: str = ""
    new: bool = False
    tried: Problem | None = None


def waiting(
    workspace: Workspace, ids: Sequence[int] | None, cancel: Cancel, *, embed: bool | None = None
) -> Task[list[int]]:
    """Return which of these photos, or of all, have something to be written, by path.

    For worker threads: no file is touched, but all that the library says is looked through. What
    comes out may turn out to be in the file already.
    """
    wanted = writing.candidates(workspace.library.read(), ids)
    found: list[int] = []
    known: Grounds = {}
    for start in range(0, len(wanted), _COUNTED):
        cancel.check()
        found += write_jobs.waiting(workspace, wanted[start : start + _COUNTED], embed, known)
        yield Progress(start, len(wanted), "Looking what is to be written")
    return found


def still_waiting(
    workspace: Workspace, known: Collection[int], changed: Collection[int], cancel: Cancel
) -> Task[list[int]]:
    """Return what waits, by path, where ``known`` waited until the photos ``changed`` did."""
    found = yield from waiting(workspace, sorted(changed), cancel)
    return writing.by_path(workspace.library.read(), (set(known) - set(changed)).union(found))


def kept(workspace: Workspace) -> list[int]:
    """Return the photos in whose files other programs' values were kept, by path."""
    return writing.conflicting(workspace.library.read())


def notices(problems: Iterable[Problem]) -> dict[str, int]:
    """Return how many photos could not be written, by reason (``Trouble``)."""
    return Counter(trouble for _, trouble in {(each.photo_id, each.trouble) for each in problems})


def problems(workspace: Workspace, ids: Sequence[int] | None = None) -> list[Problem]:
    """Return what could not be written when last tried and still waits, with reason and time."""
    connection = workspace.library.read()
    found = writing.problems(connection, ids)
    waits = write_jobs.waiting(workspace, list(found), None)
    wants = writing.wants(connection, waits)
    return [
        problem
        for photo_id in waits
        for problem in found[photo_id].values()
        # What cannot be embedded and has a sidecar instead is no problem.
        if not (write_jobs.cannot_embed(problem) and photo_id in wants)
    ]


def failed(workspace: Workspace, problems: Iterable[Problem]) -> list[int]:
    """Return the photos that have one of these problems, by path."""
    return writing.by_path(workspace.library.read(), {each.photo_id for each in problems})


def preview(
    workspace: Workspace, ids: Sequence[int], *, embed: bool | None = None,
    overrule: Overrule | None = None, listings: dict[Path, Listing] | None = None,
) -> list[FilePreview]:  # fmt: skip
    """Return what ``write`` would change for these photos, one page of ``waiting`` or ``kept``.

    Reads the files (some milliseconds each) and writes nothing. Files that need no change are
    left out. ``listings``: folders that were listed already, for who asks page after page; those
    that come are added.
    """
    connection, overrule = workspace.library.read(), overrule or {}
    tried = writing.problems(connection, ids)
    asked = write_jobs.asked(
        workspace, ids, embed, {*writing.conflicting(connection, ids), *overrule}
    )
    found: list[FilePreview] = []
    for job in write_jobs.jobs(workspace, asked, embed, listings):
        photo_id = job.asked.photo.id
        last = tried.get(photo_id, {}).get(job.kind)
        try:
            want = write_jobs.wanted(job, overrule)
            planned = plan(job.asked.photo.path, job.target, want, job.record)
            if planned.changes and not os.access(job.target.parent, os.W_OK):
                raise from_os(PermissionError(errno.EACCES, "no write access"), job.target)
        except MetadataError as error:
            found.append(FilePreview(photo_id, job.target, problem=str(error), tried=last))
        else:
            if planned.changes or planned.conflicts:
                new, both = planned.state.size is None, (planned.changes, planned.conflicts)
                found.append(FilePreview(photo_id, job.target, *both, new=new, tried=last))
    return found


def write(
    workspace: Workspace, ids: Sequence[int] | None, cancel: Cancel, *,
    embed: bool | None = None, overrule: Overrule | None = None,
) -> Task[Done]:  # fmt: skip
    """Write what waits of these photos, or of all, as one entry of the history.

    ``embed``: into photos or beside them, by default as the settings say. ``overrule``: photos
    with fields in which the person wants ours, whatever other programs have made of them; they
    are written whether they wait or not. Cancelling keeps what is written. A run that is killed
    is gone on with by the next one. Raises ``UserError`` where another process is writing;
    single files that cannot be written are ``problems``.
    """
    overrule = overrule or {}
    wanted = writing.candidates(workspace.library.read(), ids)
    with write_steps.alone(workspace):
        run = Run(workspace, overrule)
        speed, listings = Speed(), dict[Path, Listing]()
        try:
            for start in range(0, len(wanted), AT_ONCE):
                some = write_jobs.asked(workspace, wanted[start : start + AT_ONCE], embed, overrule)
                for number, job in enumerate(write_jobs.jobs(workspace, some, embed, listings)):
                    cancel.check()
                    run.do(job)
                    if number % 8 == 7:
                        done = min(start + number, len(wanted))
                        yield Progress(done, len(wanted), "Writing tags", speed.at(run.files))
                run.flush()
                if run.stop:
                    break
                done = min(start + AT_ONCE, len(wanted))
                yield Progress(done, len(wanted), "Writing tags", None, run.news())
        finally:
            run.flush()
    return run.done()
