"""Plans carried out: files move, the library follows, the history takes it back.

A run is written down first (``organise.journal``). The journal goes once the library and the
history know of everything; one that is still there belongs to a run that was cut short.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landmark_desktop.actions.organise_entries import Applied, enter, files
from landmark_desktop.actions.organise_words import megabytes
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.actions.write_steps import alone
from landmark_desktop.errors import UserError
from landmark_desktop.library import moving
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.organise import journal as journals
from landmark_desktop.organise.journal import Journal, JournalError, Run
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.run import Done, carry_out, roll_back
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.organise.whereabouts import out_of_reach
from landmark_desktop.tasks import Cancel, Cancelled, Interrupted, Task

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CutShort:
    """A run that was cut short: its journal, what it did, when, and how far it came at least.

    ``unreadable``: why nothing of that is known, and what to do, in sentences; such a journal can
    only be put aside.
    """

    path: Path
    title: str
    begun: int
    steps: int
    when: datetime.datetime
    unreadable: str = ""

    def in_words(self) -> str:
        """Return what it was, in a sentence without an end."""
        when = f"cut short at {self.when:%Y-%m-%d %H:%M}"
        if self.unreadable:
            return f"{self.title}, {when}: {self.unreadable}"
        return f"{self.title}, {when}: {self.begun:,} of {self.steps:,} files begun"


_LOOK_AGAIN = (
    "No photo is lost: each is where it was, or where it was to go; of two that changed places, "
    "one may wait in its folder as a hidden file named .moving-… . Import both folders again to "
    "have the library find them."
)


_DOING = {Mode.MOVE: "Moving photos", Mode.COPY: "Copying photos", Mode.LINK: "Linking photos"}


def apply(workspace: Workspace, plan: Plan, cancel: Cancel) -> Task[Applied]:
    """Do what the plan says. News are ``ChangeSet``s.

    Cancelled, it keeps what was done, as an entry that can be undone. Raises ``UserError``, and
    nothing was done, where there is too little room or an earlier run was cut short.
    """
    for folder, missing in plan.short.items():
        raise UserError(
            f"There is too little room on the disk of {folder}.",
            f"{megabytes(missing)} are missing.", "Make room, or choose another folder.",
        )  # fmt: skip
    if not plan.steps:
        return Applied()
    note = {"kind": "apply", "mode": plan.asked.mode.value, "into": str(plan.asked.into)}
    run = Run(
        new_id(), _DOING[plan.asked.mode], plan.steps, plan.made, plan.emptied, note
    )  # fmt: skip
    with ready(workspace):
        return (yield from within(workspace, run, cancel))


@contextlib.contextmanager
def ready(workspace: Workspace) -> Iterator[None]:
    """Be the only one who moves or writes files of this library.

    Raises ``UserError`` where another one is at it, or an earlier run was cut short.
    """
    with alone(workspace):
        _refuse_if_cut_short(workspace)
        yield


def within(workspace: Workspace, run: Run, cancel: Cancel) -> Task[Applied]:
    """Carry out a run of which nothing is done yet, while ``ready``."""
    return (yield from _go_on(workspace, _begin(workspace, run), cancel))


def cut_short(workspace: Workspace) -> list[CutShort]:
    """Return the runs that a killed process left, oldest first. For worker threads.

    Of another process that is moving files just now there is a journal too; that counts as none.
    """
    if not _left(workspace):
        return []
    try:
        with alone(workspace):
            return _left(workspace)
    except UserError:
        return []


def _left(workspace: Workspace) -> list[CutShort]:
    """Return the runs that have a journal."""
    found = []
    for path in journals.found(workspace.places.journals):
        try:
            # Another process may be at it just now: nothing is opened for writing here.
            when = datetime.datetime.fromtimestamp(path.stat().st_mtime).astimezone()
            run, begun = journals.read(path)
        except FileNotFoundError:
            continue  # it was, and is done by now
        except (JournalError, OSError) as error:
            log.info("%s cannot be read: %s", path, error)
            why = f"Its journal {path.name} cannot be read. {_LOOK_AGAIN}"
            found.append(CutShort(path, "Moving photos", 0, 0, when, why))
            continue
        found.append(CutShort(path, run.title, len(begun.steps), len(run.steps), when))
    return found


def _refuse_if_cut_short(workspace: Workspace) -> None:
    """Raise ``UserError`` while there is a run that was cut short."""
    left = _left(workspace)
    if left:
        raise UserError(
            f"“{left[0].title}” was cut short at {left[0].when:%Y-%m-%d %H:%M}.",
            "Until that is settled, nothing else can be moved.",
            "Finish it or roll it back first: at the top of the window, or with landmark-desktop "
            "recover.",
        )  # fmt: skip


def recover(workspace: Workspace, cancel: Cancel, *, finish: bool) -> Task[Applied]:
    """Finish the runs that were cut short, or take back what they did.

    A journal that cannot be read is put aside, either way. Raises ``UserError``, and changes
    nothing more, where files that were begun are on a disk that is not there.
    """
    done = Applied()
    with alone(workspace):
        for each in _left(workspace):
            if each.unreadable:
                one = _put_aside(each)
            else:
                one = yield from _settle(workspace, _reopen(each), cancel, finish=finish)
            done = Applied(
                done.changes | one.changes, done.files + one.files, done.failed + one.failed,
                done.stopped or one.stopped,
            )  # fmt: skip
    return done


def _settle(
    workspace: Workspace, journal: Journal, cancel: Cancel, *, finish: bool
) -> Task[Applied]:  # fmt: skip
    if finish:
        return (yield from _go_on(workspace, journal, cancel))
    if not journal.begun.over:
        return (yield from _roll_back(workspace, journal, cancel))
    # The history may know of it already: what takes it back is undoing it there.
    done = yield from _go_on(workspace, journal, cancel)
    summary = f"{done.changes.summary}. It was done before it was cut short: undo takes it back"
    return replace(done, changes=replace(done.changes, summary=summary))


def _reopen(left: CutShort) -> Journal:
    try:
        journal = Journal.reopen(left.path)
    except OSError as error:
        raise UserError(
            f"“{left.title}” cannot be settled now.",
            f"Its journal cannot be written ({error.strerror or error}).",
            f"See to it that {left.path} can be written.",
        ) from error
    away = out_of_reach(journal)
    if away is not None:
        journal.close()
        raise UserError(
            f"“{left.title}” cannot be settled now.", f"{away} is not there.",
            "Connect its disk and try again. If it is gone for good, landmark-desktop recover "
            "--put-aside gives up.",
        )  # fmt: skip
    return journal


def give_up(workspace: Workspace) -> list[Applied]:
    """Put the journals of all runs aside that were cut short; their files stay where they are.

    For disks that never come back. Raises ``UserError``.
    """
    with alone(workspace):
        return [_put_aside(each) for each in _left(workspace)]


def _put_aside(left: CutShort) -> Applied:
    try:
        kept = journals.put_aside(left.path)
    except OSError as error:
        raise UserError(
            f"{left.path} cannot be put aside.", f"The system says: {error.strerror or error}.",
            f"See to it that {left.path.parent} can be written.",
        ) from error  # fmt: skip
    return Applied(ChangeSet(summary=f"Put the journal aside, as {kept}"))


def _go_on(workspace: Workspace, journal: Journal, cancel: Cancel) -> Task[Applied]:
    try:
        outcome = yield from carry_out(journal, cancel, lambda done: _follow(workspace, done))
        _stop_if_closing(cancel)
        journal.end()
        applied = enter(workspace, journal.run, outcome)
    except BaseException:
        journal.close()
        raise
    journal.settle()
    return applied


def _stop_if_closing(cancel: Cancel) -> None:
    """Raise ``Interrupted`` where the program is closing: the journal stays for the next start."""
    try:
        cancel.check()
    except Interrupted:
        raise
    except Cancelled:
        return


def _roll_back(workspace: Workspace, journal: Journal, cancel: Cancel) -> Task[Applied]:
    try:
        outcome = yield from roll_back(journal, cancel, lambda done: _follow(workspace, done))
    except BaseException:
        journal.close()
        raise
    journal.settle()
    failed = tuple(map(str, outcome.failed.values()))
    count = outcome.back
    summary = f"Put {files(count)} back where {'it was' if count == 1 else 'they were'}"
    return Applied(ChangeSet(listing=True, summary=summary), count, failed)


def _follow(workspace: Workspace, done: Sequence[Done]) -> ChangeSet:
    """Tell the library where its photos are now."""
    paths = {
        each.step.photo: each.step.target
        for each in done
        if each.step.photo is not None and each.step.kind == "move"
    }
    if not paths:
        return ChangeSet()
    workspace.library.write(lambda connection: moving.moved(connection, paths))
    return ChangeSet(frozenset(paths), listing=True)


def _begin(workspace: Workspace, run: Run) -> Journal:
    folder = workspace.places.journals
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Journal.begin(folder, run)
    except OSError as error:
        raise UserError(
            "Nothing was moved.", f"The journal cannot be written ({error.strerror or error}).",
            f"See to it that {folder} can be written.",
        ) from error  # fmt: skip


def new_id() -> str:
    """Return a name for a run that no other has; they sort by time."""
    now = datetime.datetime.now(datetime.UTC)
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
