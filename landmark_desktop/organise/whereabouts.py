"""Where a step's file is by now, for a run that was cut short at any moment."""

from __future__ import annotations

import contextlib
import os
from enum import Enum, auto

from landmark_desktop.library.content import content_hash
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State, inverse, partial
from landmark_desktop.organise.troubles import from_os

_COARSEST = 2_000_000_000
"""Nanoseconds to which a copy's time may be rounded: FAT keeps every other second."""


class Place(Enum):
    """Where the file is: as before the step, as after it, in the middle of it, or elsewhere."""

    SOURCE = auto()
    TARGET = auto()
    BOTH = auto()
    NEITHER = auto()


def place_of(step: Step) -> Place:
    """Look where the file of a step that was begun is. Raises ``StepError``.

    Known again by size and time, and by its number on the file system where it keeps that.
    """
    keeps = step.kind != "copy" and not step.across
    try:
        source, target = State.of(step.source), State.of(step.target)
        before = _same(step, source, step.mtime_ns, 0, keeps)
        if step.kind in ("remove", "unlink"):
            return Place.SOURCE if before else Place.TARGET
        after = _same(step, target, step.bears or step.mtime_ns, 0 if keeps else _COARSEST, keeps)
        if before and after and not keeps:
            # Not what else may be there of this size and time.
            after = content_hash(step.source) == content_hash(step.target)
    except OSError as error:
        raise from_os(error, step.source) from error
    if before and after:
        return Place.BOTH
    return Place.SOURCE if before else Place.TARGET if after else Place.NEITHER


def finish_half(step: Step) -> State | None:
    """Bring a step that was begun to its end if its file is at its new place already.

    Returns the state there, ``None`` where the step is still to be done: what it left half
    finished is cleaned up then.
    """
    try:
        place = place_of(step)
        for copy in (step, inverse(step, State(0, 0))):
            if copy.copies:
                partial(copy).unlink(missing_ok=True)
        if place is Place.BOTH and step.kind == "move":
            step.source.unlink()
        if place in (Place.SOURCE, Place.NEITHER):
            _clear(step)
            return None
        return State.of(step.target)
    except OSError as error:
        raise from_os(error, step.source) from error


def _clear(step: Step) -> None:
    """Take away the empty file that holds the name where there are no hard links."""
    with contextlib.suppress(FileNotFoundError):
        if step.kind == "move" and step.size and os.lstat(step.target).st_size == 0:
            step.target.unlink()


def _same(step: Step, state: State | None, time: int, coarse: int, keeps: bool) -> bool:
    if state is None or state.size != step.size or abs(state.mtime_ns - time) > coarse:
        return False
    return not keeps or not step.inode or not state.inode or state.inode == step.inode
