"""Which photos wait to be written, and into which files. Works it out; writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landmark_desktop.actions import described
from landmark_desktop.actions.described import Asked, Brief, Grounds
from landmark_desktop.actions.folder_listing import Listing
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import writing
from landmark_desktop.library.writing import EMBEDDED, Problem, Row
from landmark_desktop.metadata.record import NOTHING, Record
from landmark_desktop.metadata.sidecar import Naming
from landmark_desktop.metadata.troubles import Trouble
from landmark_desktop.metadata.want import Want

Overrule = Mapping[int, frozenset[str]]
"""By photo, the fields in which a person wants ours, whatever other programs made of them."""


@dataclass(frozen=True)
class Job:
    """One file to write."""

    asked: Asked
    target: Path
    kind: str
    row: Row | None
    listing: Listing

    @property
    def record(self) -> Record:
        """What we have put there."""
        return NOTHING if self.row is None else Record.from_json(self.row.record)


def waiting(
    workspace: Workspace, ids: Sequence[int], embed: bool | None, known: Grounds | None = None
) -> list[int]:  # fmt: skip
    """Return which of these photos wait. ``known``: for who asks page after page."""
    connection, embeds = workspace.library.read(), _embeds(workspace, embed)
    briefs = described.briefs(workspace, ids, {} if known is None else known)
    wants, failed = writing.wants(connection, ids), writing.problems(connection, ids)
    return [
        photo_id
        for photo_id in ids
        if (brief := briefs.get(photo_id)) is not None
        and _waits(brief, wants.get(photo_id, {}), failed.get(photo_id, {}), embeds)
    ]


def asked(
    workspace: Workspace, ids: Sequence[int], embed: bool | None, also: Collection[int] = ()
) -> list[Asked]:
    """Return what waits of these photos, and those of ``also`` whether they wait or not."""
    waits = waiting(workspace, ids, embed)
    return described.asked(workspace, [*{*waits, *(i for i in ids if i in also)}])


def _waits(
    brief: Brief, wants: Mapping[str, str], failed: Mapping[str, Problem], embed: bool
) -> bool:
    if not wants:
        return brief.news
    if any(want != brief.digest for want in wants.values()):
        return True
    # A file that says what it is to say has no problem, whatever it had; nor has a photo into which
    # nothing is to be written any more.
    missing = {kind for kind in failed if kind not in wants and kind != EMBEDDED}
    if embed and EMBEDDED not in wants:
        return EMBEDDED not in failed or not cannot_embed(failed[EMBEDDED]) or bool(missing)
    return bool(missing)


def wanted(job: Job, overrule: Overrule) -> Want:
    """Return what the file is to say, with what a person decided on its conflicts."""
    return replace(job.asked.want, overrule=overrule.get(job.asked.photo.id, frozenset()))


def cannot_embed(problem: Problem) -> bool:
    """Whether a photo is of a kind that takes no metadata, so that a sidecar serves it."""
    return problem.kind == EMBEDDED and problem.trouble == Trouble.UNSUPPORTED


def jobs(
    workspace: Workspace, asked: Sequence[Asked], embed: bool | None,
    listings: dict[Path, Listing] | None = None,
) -> Iterator[Job]:  # fmt: skip
    """Yield the files of each photo: where it is to be written, and all that have ours already.

    ``listings``: the folders that were listed already; those that come are added.
    """
    rows = writing.rows(workspace.library.read(), [each.photo.id for each in asked])
    listings = {} if listings is None else listings
    default = Naming(workspace.settings.sidecar_naming)
    for each in asked:
        path, known = each.photo.path, rows.get(each.photo.id, {})
        if path.parent not in listings:
            listings[path.parent] = Listing.of(path.parent)
        listing = listings[path.parent]
        found = list(listing.sidecars(path))
        if _embeds(workspace, embed) or EMBEDDED in known:
            targets = [path, *found]
            if not _embeds(workspace, embed) and not found and len(known) > 1:
                targets.append(listing.new_sidecar(path, default))
        else:
            targets = found or [listing.new_sidecar(path, default)]
        for target in targets:
            kind = writing.kind_of(path, target)
            yield Job(each, target, kind, known.get(kind), listing)


def beside(workspace: Workspace, job: Job) -> Job | None:
    """Return the sidecar for a photo that nothing can be embedded in, if it has none yet."""
    path = job.asked.photo.path
    if job.listing.sidecars(path):
        return None  # it is written anyway
    target = job.listing.new_sidecar(path, Naming(workspace.settings.sidecar_naming))
    kind = writing.kind_of(path, target)
    rows = writing.rows(workspace.library.read(), [job.asked.photo.id])
    return replace(
        job, target=target, kind=kind, row=rows.get(job.asked.photo.id, {}).get(kind)
    )  # fmt: skip


def _embeds(workspace: Workspace, embed: bool | None) -> bool:
    return workspace.settings.metadata_target == "embedded" if embed is None else embed
