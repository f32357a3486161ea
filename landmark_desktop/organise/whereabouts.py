"""Where a step's file is by now, for a run that was cut short at any moment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path

from landmark_desktop.library.content import content_hash
from landmark_desktop.organise.journal import Journal
from landmark_desktop.organise.order import PARKED, Step
from landmark_desktop.organise.perform import State, inverse, partial
from landmark_desktop.organise.renaming import one_name, sync
from landmark_desktop.organise.troubles import from_os

_COARSEST = 2_000_000_000
"""Nanoseconds to which a copy's time may be rounded: FAT keeps every other second."""


class Place(Enum):
    """Where the file is: as before the step, as after it, in the middle of it, or elsewhere."""

    SOURCE = auto()
    TARGET = auto()
    BOTH = auto()
    NEITHER = auto()


def place_of(step: Step, group: Sequence[Step] = ()) -> Place:
    """Look where the file of a step that was begun is; ``group``: the steps of its group.

    A file is known again by size and time; a copy by its content, or where its original is gone,
    by its size, since many disks round times. Raises ``StepError``.
    """
    try:
        source, target = State.of(step.source), State.of(step.target)
        before = _same(step, source)
        if step.kind in ("remove", "unlink"):
            return Place.SOURCE if before else Place.TARGET
        if not step.copies:
            return _renamed(step, source if before else None, target, group)
        after = target is not None and target.size == step.size
        if before and after and not _copied_whole(step, target):
            after = content_hash(step.source) == content_hash(step.target)
        if before and after:
            after = not one_name(step.source, step.target)
    except OSError as error:
        raise from_os(error, step.source) from error
    if before and after:
        return Place.BOTH
    return Place.SOURCE if before else Place.TARGET if after else Place.NEITHER


def _copied_whole(step: Step, target: State | None) -> bool:
    """Whether that is plain without reading thousands of copies: each had its name and its time
    last. Of a move, the original goes by what this says."""
    if step.kind != "copy" or target is None:
        return False
    return abs(target.mtime_ns - (step.bears or step.mtime_ns)) <= _COARSEST


def _renamed(
    step: Step, source: State | None, target: State | None, group: Sequence[Step]
) -> Place:
    """Return where a file is that keeps its number on the file system while it goes.

    Some disks (FAT, network shares) give other numbers the next time. So a number tells two files
    apart that are alike, and is no reason to doubt a file that only one of them can be.
    """
    target = target if _same(step, target) else None
    if source is not None and target is not None:
        if source.inode and source.inode == target.inode:
            return Place.SOURCE if one_name(step.source, step.target) else Place.BOTH
        return Place.TARGET if target.inode == step.inode != 0 else Place.SOURCE
    found = source or target
    if found is None or (found.inode != step.inode != 0 and _has_double(step, group)):
        return Place.NEITHER
    return Place.SOURCE if source is not None else Place.TARGET


def _has_double(step: Step, group: Sequence[Step]) -> bool:
    """Whether another file of the group is of the same size and time."""
    waits = {path for path in (step.source, step.target) if path.name.startswith(PARKED)}
    return any(
        _stamp(each) == _stamp(step)
        for each in group
        if each.source != step.source and waits.isdisjoint((each.source, each.target))
    )


def _stamp(step: Step) -> tuple[int, int]:
    return step.size, step.mtime_ns


def _same(step: Step, state: State | None) -> bool:
    return state is not None and (state.size, state.mtime_ns) == _stamp(step)


def finish_half(step: Step, group: Sequence[Step] = ()) -> State | None:
    """Bring a step that was begun to its end if its file is at its new place already.

    Returns the state there, ``None`` where the step is still to be done: what it left half
    finished is cleaned up then. Raises ``StepError``.
    """
    place = place_of(step, group)
    back = inverse(step, State(step.size, step.mtime_ns))
    try:
        for copy in (step, back):
            if copy.copies:
                partial(copy).unlink(missing_ok=True)
        if place is Place.BOTH and step.kind == "move":
            sync(step.target.parent)  # before the other name goes
            step.source.unlink()
        if place in (Place.SOURCE, Place.NEITHER):
            _clear(step, group)
            return None
        _clear(back, group)
        return State.of(step.target)
    except OSError as error:
        raise from_os(error, step.source) from error


def _clear(step: Step, group: Sequence[Step]) -> None:
    """Take away the empty file that holds the step's name where there are no hard links.

    Not what may be an empty file of the group itself.
    """
    places = [each.size for each in group if step.target in (each.source, each.target)]
    if step.kind in ("move", "copy") and step.size and all(places):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if os.lstat(step.target).st_size == 0:
                step.target.unlink()


def out_of_reach(journal: Journal) -> Path | None:
    """Return a folder that is not there just now, so that a file that was begun cannot be found.

    Most likely its disk is not connected.
    """
    gone = {journal.run.emptied[number][0] for number in journal.begun.removed}
    unmade = set(journal.run.made) - {journal.run.made[n] for n in journal.begun.made}
    for number in sorted(journal.begun.steps):
        step = journal.steps[number]
        if not (os.path.lexists(step.source) or os.path.lexists(step.target)):
            for folder in (step.source.parent, step.target.parent):
                if folder not in gone | unmade and not os.path.isdir(folder):  # noqa: PTH112 - never raises
                    return folder
    return None
