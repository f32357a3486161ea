"""Write metadata into a sidecar or a photo, as planned, and take it back. The face for actions.

``plan`` looks and writes nothing; ``apply`` does what was planned, merging anew where the file
has changed since; ``restore`` gives the old state back. All raise ``MetadataError`` and leave
the file as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.metadata.fields import BY_NAME, Content, Item
from landmark_desktop.metadata.merge import merge
from landmark_desktop.metadata.record import NOTHING, Record
from landmark_desktop.metadata.replace_file import content_of, put
from landmark_desktop.metadata.snapshot import Snapshot, State, digest, keep, restored
from landmark_desktop.metadata.target import Loaded, load, rewritten
from landmark_desktop.metadata.troubles import MetadataError, Trouble, from_os
from landmark_desktop.metadata.want import Conflict, Merged, Want


@dataclass(frozen=True)
class Change:
    """One field's old and new items, for looking at."""

    field: str
    old: tuple[Item, ...]
    new: tuple[Item, ...]


@dataclass(frozen=True)
class Plan:
    """What would be written into ``target`` (a sidecar, or the photo itself)."""

    photo: Path
    target: Path
    want: Want
    record: Record
    state: State
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class Written:
    """What was done. ``record`` is for the next plan; ``snapshot`` for ``restore``, ``None``
    where nothing had to be written. ``merged``: the file had changed since it was planned."""

    target: Path
    record: Record
    state: State
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    snapshot: bytes | None = None
    merged: bool = False


def plan(photo: Path, target: Path, want: Want, record: Record = NOTHING) -> Plan:
    """Look what ``want`` would change in ``target``: ``photo`` itself, or a sidecar of it.

    ``record``: what the last ``Written`` for this target said. Nothing is written.
    """
    loaded = load(photo, target)
    merged = _merged(loaded, want, record)
    changes = _changes(loaded.content or {}, merged.content)
    return Plan(photo, target, want, record, loaded.state, changes, merged.conflicts)


def apply(
    planned: Plan, *, keep_mtime: bool = False,
    about_to: Callable[[Written], None] | None = None,
) -> Written:  # fmt: skip
    """Write what was planned. A file that is as it should be is not even touched.

    Another program's changes since the plan are merged; where that brings a conflict that the
    plan did not show, nothing is written and ``Trouble.CHANGED`` is raised.

    ``about_to`` is told of what is about to be written, just before the file is replaced, for
    who has to know after a crash; the time in that ``state`` is not yet known, and 0.
    """
    target, want = planned.target, planned.want
    loaded = load(planned.photo, target)
    merged = _merged(loaded, want, planned.record)
    changed = (loaded.state.size, loaded.state.digest) != (
        planned.state.size, planned.state.digest,
    )  # fmt: skip
    if changed and set(merged.conflicts) - set(planned.conflicts):
        raise MetadataError(
            Trouble.CHANGED, target, f"{target.name} was not written.",
            "Another program has changed it in the meantime, and not as you wanted.",
            "Look at it again and decide.",
        )  # fmt: skip
    changes = _changes(loaded.content or {}, merged.content)
    if not changes:
        return Written(target, merged.record, loaded.state, (), merged.conflicts, None, changed)
    new = rewritten(loaded, merged.content, target)
    time = loaded.state.mtime_ns if keep_mtime and loaded.state.size is not None else None
    payload = keep(loaded.data, new)
    if about_to is not None:
        coming = State() if new is None else State(len(new), 0, digest(new))
        early = Snapshot(loaded.state, coming, payload).to_bytes()
        about_to(
            Written(target, merged.record, coming, changes, merged.conflicts, early, changed)
        )  # fmt: skip
    after = put(target, new, loaded.state, mtime_ns=time)
    snapshot = Snapshot(loaded.state, after, payload).to_bytes()
    return Written(
        target, merged.record, after, changes, merged.conflicts, snapshot, changed
    )  # fmt: skip


def restore(target: Path, snapshot: bytes) -> State:
    """Give the file its state before our write again, to the byte, time and all.

    Raises ``Trouble.CHANGED`` where it was written to since: then only a plan that wants less
    can take back what we wrote. Restoring twice is no error. ``ValueError``: damaged bytes.
    """
    kept = Snapshot.from_bytes(snapshot)
    try:
        data, now = content_of(target)
    except OSError as error:
        raise from_os(error, target) from error
    if (now.size, now.digest) == (kept.before.size, kept.before.digest):
        return now
    if (now.size, now.digest) != (kept.after.size, kept.after.digest):
        raise MetadataError(
            Trouble.CHANGED, target, f"{target.name} was not put back.",
            "Another program has changed it since; its changes would be lost.",
            "Remove the tags instead: that leaves the other changes.",
        )  # fmt: skip
    return put(target, restored(kept.payload, data), now, mtime_ns=kept.before.mtime_ns)


def _merged(loaded: Loaded, want: Want, record: Record) -> Merged:
    return merge(loaded.content, record, want, loaded.fields, loaded.beneath)


def _changes(old: Content, new: Content) -> tuple[Change, ...]:
    names = sorted(old.keys() | new.keys(), key=list(BY_NAME).index)
    both = ((name, old.get(name, ()), new.get(name, ())) for name in names)
    return tuple(Change(*each) for each in both if each[1] != each[2])
