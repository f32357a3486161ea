"""Does a run step by step, journal first; takes back what cannot be done whole.

A group of steps (one shot with its companions) is done all or not at all. Cancelling stops
between two groups: what is done stays, and can be undone like a whole run.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from landmark_desktop.organise.grounds import Grounds
from landmark_desktop.organise.journal import Journal
from landmark_desktop.organise.order import PARKED, Step
from landmark_desktop.organise.perform import State, inverse, perform
from landmark_desktop.organise.renaming import sync
from landmark_desktop.organise.troubles import StepError, Trouble, from_os
from landmark_desktop.organise.whereabouts import Place, finish_half, place_of
from landmark_desktop.tasks import Cancel, Cancelled, Progress, Speed, Task

_EVERY = 0.2
"""Seconds of work between two looks of the library, and of a person, at what is done."""
_ENOUGH = frozenset({Trouble.FULL, Trouble.NO_DISK})
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
    as it would have failed too. ``stuck``: files that could not be brought back, and the steps
    that they stay behind. ``back``: how many files a run that was taken back has brought back.
    ``made``, ``removed``: folders.
    """

    groups: dict[int, tuple[Done, ...]] = field(default_factory=dict)
    failed: dict[int, StepError] = field(default_factory=dict)
    stopped: bool = False
    stuck: list[Done] = field(default_factory=list)
    back: int = 0
    made: tuple[Path, ...] = ()
    removed: tuple[tuple[Path, int], ...] = ()


Follow = Callable[[Sequence[Done]], object]
"""Tells the library where files are now; what it returns is told to views."""


def carry_out(journal: Journal, cancel: Cancel, follow: Follow) -> Task[Outcome]:
    """Do what of the journal's run is not done yet.

    Begun anew after a crash, it goes on where the files say that it was. Cancelled, it returns
    what was done until then, before the crash too: a group that was begun is never left behind.
    """
    run, outcome, speed, grounds = journal.run, Outcome(), Speed(), Grounds(journal)
    fresh: list[Done] = []
    files, told = 0, time.monotonic()
    for group, members in groupby(enumerate(journal.steps), lambda numbered: numbered[1].group):
        steps = list(members)
        begun = not journal.begun.steps.isdisjoint(number for number, _ in steps)
        if (cancel.is_set or outcome.stopped) and not begun:
            continue
        files += len(steps)
        stuck = len(outcome.stuck)
        try:
            if group in journal.begun.given_up:
                raise StepError(Trouble.FAILED, steps[0][1].source, journal.begun.given_up[group])
            done = _group(journal, grounds, steps, outcome, cancel)
        except Cancelled:
            fresh += outcome.stuck[stuck:]
        except StepError as error:
            fresh += outcome.stuck[stuck:]  # the library is to know where they are all the same
            outcome.failed[group] = _telling(error, outcome.stuck[stuck:])
            outcome.stopped = error.trouble in _ENOUGH
            if group not in journal.begun.given_up:
                journal.give_up(group, outcome.failed[group].why)
        else:
            outcome.groups[group] = done
            fresh += done
        if time.monotonic() - told > _EVERY:
            news, fresh = follow(fresh), []
            yield Progress(files, len(run.steps), run.title, speed.at(files), news)
            told = time.monotonic()
    news = follow(fresh)
    for path, mode in zip(run.made, run.modes, strict=False):
        if journal.made[path] in journal.begun.made:
            with contextlib.suppress(OSError):  # where nothing could go into it
                path.chmod(mode)
    outcome.removed = _remove_emptied(journal)
    outcome.made = _made(journal)
    _write_down(done.step for group in outcome.groups.values() for done in group)
    yield Progress(files, len(run.steps), run.title, None, news)
    return outcome


def roll_back(journal: Journal, cancel: Cancel, follow: Follow) -> Task[Outcome]:
    """Take back all that was done of a run that was cut short; ``follow`` gets the inverse steps.

    What cannot be taken back stays and is in ``stuck``.
    """
    run, outcome, speed, grounds = journal.run, Outcome(), Speed(), Grounds(journal)
    begun = sorted(journal.begun.steps, reverse=True)
    groups: dict[int, list[Step]] = defaultdict(list)
    for step in journal.steps:
        groups[step.group].append(step)
    fresh: list[Done] = []
    told = time.monotonic()
    for count, number in enumerate(begun, 1):
        cancel.check()
        step = journal.steps[number]
        try:
            fresh += _back(step, run.steps[number], groups[step.group], grounds)
        except StepError as error:
            outcome.failed[step.group] = error
        if time.monotonic() - told > _EVERY:
            news, fresh = follow(fresh), []
            yield Progress(count, len(begun), "Putting files back", speed.at(count), news)
            told = time.monotonic()
    files = [journal.steps[number] for number in begun]
    files = [step for step in files if not _waits(step)]
    for step in files:
        try:
            _look_for(step, groups[step.group], outcome)
        except StepError as error:
            outcome.failed.setdefault(step.group, error)
        except OSError as error:
            outcome.failed.setdefault(step.group, from_os(error, step.target))
    for number in journal.begun.removed:
        path, mode = run.emptied[number]
        with contextlib.suppress(OSError):  # where nothing could go back into it
            path.chmod(mode)
    news = follow([*fresh, *outcome.stuck])
    outcome.made = _made(journal)
    _write_down(files)
    yield Progress(len(begun), len(begun), "Putting files back", None, news)
    return outcome


def _group(
    journal: Journal, grounds: Grounds, steps: Sequence[tuple[int, Step]], outcome: Outcome,
    cancel: Cancel,
) -> tuple[Done, ...]:  # fmt: skip
    """Do a group's steps, whichever of them are not done yet, or none of them."""
    done: list[Done] = []
    group = [step for _, step in steps]
    try:
        for number, step in steps:
            if number in journal.begun.steps:
                state = finish_half(step, group) or _gone_on(step, group)
                if state is not None:
                    done.append(Done(journal.run.steps[number], state))
                    continue
            if step.kind not in ("remove", "unlink"):
                grounds.prepare(journal.run.steps[number])
            journal.step(number)
            done.append(_done(journal, number, step, cancel))
    except (StepError, Cancelled):
        for each in reversed(done):
            try:
                _take_back(each)
            except StepError:
                outcome.stuck.append(each)
        raise
    return tuple(done)


def _done(journal: Journal, number: int, step: Step, cancel: Cancel) -> Done:
    """Do a step; where two mounts of one disk hide that it leads to another, as a copy."""
    planned = journal.run.steps[number]
    try:
        return Done(planned, perform(step, cancel))
    except StepError as error:
        if error.trouble is not Trouble.OTHER_DISK or step.copies:
            raise
    return Done(planned, perform(journal.goes_across(number), cancel))


def _take_back(done: Done) -> Done:
    """Take a step back; return that as done."""
    back = inverse(done.step, done.after)
    try:
        return Done(back, perform(back))
    except StepError as error:
        if error.trouble is not Trouble.OTHER_DISK or back.copies:
            raise
    return Done(back, perform(replace(back, across=True)))


def _gone_on(step: Step, group: Sequence[Step]) -> State | None:
    """Return the state of a file that has only waited at its new place, and has gone on since."""
    onward = next((other for other in group if other.source == step.target), None)
    if onward is None or place_of(step, group) is not Place.NEITHER:
        return None
    now = State.of(onward.target)
    if now is None or place_of(onward, group) not in (Place.TARGET, Place.BOTH):
        return None
    return State(step.size, step.mtime_ns, 0 if onward.copies else now.inode)


def _telling(error: StepError, stuck: Sequence[Done]) -> StepError:
    """Return the error with where the files are that could not be brought back after it."""
    places = [
        f"{done.step.source.name} could not be brought back and is {done.step.target}."
        for done in stuck
        if not done.step.target.name.startswith(PARKED)
    ]
    return StepError(
        error.trouble, error.path, " ".join([error.why, *places]), error.remedy, error.what
    )  # fmt: skip


def _back(step: Step, planned: Step, group: Sequence[Step], grounds: Grounds) -> list[Done]:
    """Take one step back if it was done; return what the library has to know."""
    place = place_of(step, group)
    if place is Place.BOTH and step.kind == "move":
        try:
            step.target.unlink()
        except OSError as error:
            raise from_os(error, step.target) from error
        place = Place.SOURCE
    state = finish_half(step, group)
    if place is Place.NEITHER:
        return []
    if place is Place.SOURCE:
        now = State.of(step.source)
        return [] if now is None else [Done(inverse(step, now), now)]
    if state is None:
        raise StepError(Trouble.GONE, step.target, "It is not there any more.")
    if step.kind not in ("copy", "link"):
        grounds.prepare(inverse(planned, state))
    return [_take_back(Done(planned, state))]


def _look_for(step: Step, group: Sequence[Step], outcome: Outcome) -> None:
    """See that what a step had done is taken back; else say where its file is."""
    failed = step.group in outcome.failed
    if step.kind in ("copy", "link"):
        outcome.back += not failed
        return
    # Where something failed, it may be because another file is there.
    if os.path.lexists(step.source) and not (failed and place_of(step, group) is Place.TARGET):
        outcome.back += 1
        return
    onward = [other.target for other in group if other.source == step.target]
    taken = {other.source for other in group if not _waits(other)}
    for path in {step.target, *onward} - taken:
        state = State.of(path)
        if step.kind == "move" and state is not None:
            outcome.stuck.append(Done(replace(step, new=str(path)), state))
            why = f"It was changed since, and is {path} now."
            break
    else:
        why = "It is neither there nor where it was to go."
    error = StepError(Trouble.CHANGED, step.source, why, what=f"{step.source} was not put back.")
    outcome.failed.setdefault(step.group, error)


def _waits(step: Step) -> bool:
    """Whether the file has only waited at the step's source."""
    return step.source.name.startswith(PARKED)


def _write_down(steps: Iterable[Step]) -> None:
    """Have the folders of these files on the disk: the journal goes, and then a power cut."""
    for folder in {path.parent for step in steps for path in (step.source, step.target)}:
        with contextlib.suppress(OSError):  # it was removed, say
            sync(folder)


def _made(journal: Journal) -> tuple[Path, ...]:
    """Return the folders that the run has made; those that nothing is in go first."""
    paths = [journal.run.made[number] for number in sorted(journal.begun.made)]
    for path in reversed(paths):
        with contextlib.suppress(OSError):  # something is in it
            path.rmdir()
    return tuple(path for path in paths if os.path.isdir(path))  # noqa: PTH112 - never raises


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
