"""Does a run step by step, journal first; takes back what cannot be done whole.

A group of steps (one shot with its companions) is done all or not at all. Cancelling stops
between two groups: what is done stays, and can be undone like a whole run.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from landmark_desktop.organise.journal import Journal
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State, inverse, perform
from landmark_desktop.organise.troubles import StepError, Trouble, from_os
from landmark_desktop.organise.whereabouts import Place, finish_half, place_of
from landmark_desktop.tasks import Cancel, Cancelled, Progress, Speed, Task

_EVERY = 0.2
"""Seconds of work between two looks of the library, and of a person, at what is done."""
_ENOUGH = frozenset({Trouble.FULL})
"""Of what each of thousands of files would fail likewise: the rest is not tried."""


@dataclass(frozen=True)
class Done:
    """A step that was done, and how its file is known again at its new place."""

    step: Step
    after: State


@dataclass
class Outcome:
    """What a run came to. ``groups``: by number, the steps of each that was done, in order.

    ``failed``: groups that were taken back, with the trouble. ``stopped``: the rest was not tried,
    as it would have failed too. ``stuck``: files that could not be brought back, where they are.
    ``made``, ``removed``: folders.
    """

    groups: dict[int, tuple[Done, ...]] = field(default_factory=dict)
    failed: dict[int, StepError] = field(default_factory=dict)
    stopped: bool = False
    stuck: list[Path] = field(default_factory=list)
    made: tuple[Path, ...] = ()
    removed: tuple[tuple[Path, int], ...] = ()


Follow = Callable[[Sequence[Done]], object]
"""Tells the library where files are now; what it returns is told to views."""


def carry_out(journal: Journal, cancel: Cancel, follow: Follow) -> Task[Outcome]:
    """Do what of the journal's run is not done yet.

    Begun anew after a crash, it goes on where the files say that it was. Cancelled, it returns
    what was done until then.
    """
    run, outcome, speed = journal.run, Outcome(), Speed()
    fresh: list[Done] = []
    files, told = 0, time.monotonic()
    for group, members in groupby(enumerate(run.steps), lambda numbered: numbered[1].group):
        if cancel.is_set or outcome.stopped:
            break
        steps = list(members)
        files += len(steps)
        try:
            if group in journal.begun.given_up:
                raise StepError(Trouble.FAILED, steps[0][1].source, journal.begun.given_up[group])
            done = _group(journal, steps, outcome, cancel)
        except Cancelled:
            break
        except StepError as error:
            outcome.failed[group] = error
            outcome.stopped = error.trouble in _ENOUGH
            if group not in journal.begun.given_up:
                journal.give_up(group, error.why)
        else:
            outcome.groups[group] = done
            fresh += done
        if time.monotonic() - told > _EVERY:
            news, fresh = follow(fresh), []
            yield Progress(files, len(run.steps), run.title, speed.at(files), news)
            told = time.monotonic()
    news = follow(fresh)
    outcome.removed = _remove_emptied(journal)
    outcome.made = _made(journal)
    yield Progress(files, len(run.steps), run.title, None, news)
    return outcome


def roll_back(journal: Journal, cancel: Cancel, follow: Follow) -> Task[Outcome]:
    """Take back all that was done of a run that was cut short; ``follow`` gets the inverse steps.

    What cannot be taken back stays and is in ``stuck``.
    """
    run, outcome, speed = journal.run, Outcome(), Speed()
    for number in sorted(journal.begun.removed, reverse=True):
        path, mode = run.emptied[number]
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode)
    begun = sorted(journal.begun.steps, reverse=True)
    fresh: list[Done] = []
    told = time.monotonic()
    for count, number in enumerate(begun, 1):
        cancel.check()
        step = run.steps[number]
        try:
            fresh += _back(step)
        except StepError as error:
            outcome.failed[step.group] = error
            outcome.stuck.append(step.target)
        if time.monotonic() - told > _EVERY or count == len(begun):
            news, fresh = follow(fresh), []
            yield Progress(count, len(begun), "Putting files back", speed.at(count), news)
            told = time.monotonic()
    outcome.made = _made(journal)
    return outcome


def _group(
    journal: Journal, steps: Sequence[tuple[int, Step]], outcome: Outcome, cancel: Cancel
) -> tuple[Done, ...]:
    """Do a group's steps, whichever of them are not done yet, or none of them."""
    done: list[Done] = []
    try:
        for number, step in steps:
            if number in journal.begun.steps:
                state = finish_half(step)
                if state is not None:
                    done.append(Done(step, state))
                    continue
                if place_of(step) is Place.NEITHER and _goes_on(step, steps):
                    continue
            _make_folder(journal, step.target.parent)
            journal.step(number)
            done.append(Done(step, perform(step, cancel)))
    except (StepError, Cancelled):
        for each in reversed(done):
            try:
                perform(inverse(each.step, each.after))
            except StepError:
                outcome.stuck.append(each.step.target)
        raise
    return tuple(done)


def _goes_on(step: Step, steps: Sequence[tuple[int, Step]]) -> bool:
    """Whether the file waits at its new place for a moment only, and has gone on from there."""
    return any(other.source == step.target for _, other in steps)


def _back(step: Step) -> list[Done]:
    """Take one step back if it was done; return what the library has to know."""
    place = place_of(step)
    if place is Place.NEITHER:
        return []
    if place is Place.BOTH and step.kind == "move":
        try:
            step.target.unlink()
        except OSError as error:
            raise from_os(error, step.target) from error
        place = Place.SOURCE
    state = finish_half(step)
    if place is Place.SOURCE:
        now = State.of(step.source)
        return [] if now is None else [Done(inverse(step, now), now)]
    if state is None:
        raise StepError(Trouble.GONE, step.target, "It is not there any more.")
    back = inverse(step, state)
    return [Done(back, perform(back))]


def _make_folder(journal: Journal, folder: Path) -> None:
    if folder.is_dir():
        return
    missing = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        if path in journal.made:
            journal.folder(journal.made[path])
        try:
            path.mkdir(exist_ok=True)
        except OSError as error:
            raise from_os(error, path) from error


def _made(journal: Journal) -> tuple[Path, ...]:
    """Return the folders that the run has made; those that nothing is in go first."""
    paths = [journal.run.made[number] for number in sorted(journal.begun.made)]
    for path in reversed(paths):
        with contextlib.suppress(OSError):  # something is in it
            path.rmdir()
    return tuple(path for path in paths if path.is_dir())


def _remove_emptied(journal: Journal) -> tuple[tuple[Path, int], ...]:
    found = []
    for number, (path, mode) in enumerate(journal.run.emptied):
        with contextlib.suppress(OSError):  # something stayed in it, or came meanwhile
            if number not in journal.begun.removed or path.is_dir():
                if any(path.iterdir()):
                    continue
                journal.removing(number)
                path.rmdir()
            found.append((path, mode))
    return tuple(found)
