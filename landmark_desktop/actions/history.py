"""Undo and redo of every action, the newest or any that nothing was built on, across restarts.

Each format of parts has its ``Turner``. Rows of the library are here; what touches files registers
its own and may take long, or fail for one file and not for the next: an entry is turned round part
by part, each for good when it is done, and a part that could not be says why.
"""

from __future__ import annotations

import contextlib
import importlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from landmark_desktop.actions import snapshots
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import LibraryError, UserError
from landmark_desktop.library import changes, deltas, tag_edits
from landmark_desktop.library import history as past
from landmark_desktop.library.changes import ChangeSet, Entry, Part
from landmark_desktop.organise.order import PARKED
from landmark_desktop.tasks import Cancel, Progress, Speed, Task, told


@dataclass(frozen=True)
class Turned:
    """What came of parts that were turned round together. ``problems``: of those that could not
    be, why, by id; nothing has changed of them. Parts that were not tried are in neither."""

    changes: ChangeSet = field(default_factory=ChangeSet)
    turned: frozenset[int] = frozenset()
    problems: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Turner:
    """How parts of one format are turned round.

    ``turn(workspace, parts, cancel)`` takes back parts that are done, or does again those that are
    undone (``part.undone``), up to ``at_once`` of them; it calls ``changes.turned`` in the
    transaction that says so. Done twice after a crash, it does no harm. Cancelled, it returns what
    it has done. Raises ``UserError`` where nothing can be done of any of them.

    ``hold(workspace)`` is entered before the first part of an entry is turned round and left behind
    the last one. Raises ``UserError`` where none can be just now.

    ``files(part)``: the files that a part is about, where they are as it left them.
    """

    turn: Callable[[Workspace, Sequence[Part], Cancel], Task[Turned]]
    hold: Callable[[Workspace], AbstractContextManager[None]] = lambda _workspace: (
        contextlib.nullcontext()
    )
    files: Callable[[Part], Sequence[Path]] | None = None
    at_once: int = 1


def singly(
    turn: Callable[[Workspace, Part], ChangeSet],
) -> Callable[[Workspace, Sequence[Part], Cancel], Task[Turned]]:
    """Return how parts are turned round each by itself.

    ``turn`` returns what views have to refresh; it raises ``UserError`` where a part cannot be
    turned round, and nothing has changed then.
    """

    def turned(workspace: Workspace, parts: Sequence[Part], _cancel: Cancel) -> Task[Turned]:
        done, problems = ChangeSet(), {}
        for part in parts:
            try:
                done |= turn(workspace, part)
            except LibraryError:
                raise  # says nothing of this part
            except UserError as error:
                problems[part.id] = str(error)
        return Turned(done, frozenset(part.id for part in parts) - set(problems), problems)
        yield  # makes this a generator

    return turned


def _rows(workspace: Workspace, part: Part) -> ChangeSet:
    def change(connection: sqlite3.Connection) -> ChangeSet:
        if past.part(connection, part.id).undone != part.undone:
            return ChangeSet()  # another process came first
        changes.turned(connection, part, deltas.turn(connection, part.data).runs)
        photos = set(part.touched.get("photo", ()))
        for tag_id in part.touched.get("tag", ()):
            photos.update(tag_edits.having(connection, tag_id))
        return ChangeSet(frozenset(photos), tags="tag" in part.touched)

    return workspace.library.write(change)


_TURNERS = {
    deltas.FORMAT: Turner(singly(_rows)), snapshots.FORMAT: Turner(singly(snapshots.turn)),
}  # fmt: skip
_LATE = {
    "files": "landmark_desktop.actions.write_steps",
    "moves": "landmark_desktop.actions.organise_turn",
}
"""Formats and the modules that register them, imported when needed: libexiv2 takes a while."""
_OF_FILES = frozenset({"organise", "write"})
"""Actions whose parts are of those formats."""
_AT_ONCE = 500
"""Parts that are read between two looks at whether that is still wanted."""


def register(form: str, turner: Turner) -> None:
    """Say how parts of a format are turned round; once, while the program starts."""
    _TURNERS[form] = turner


def entries(workspace: Workspace, limit: int = 100, before: int | None = None) -> list[Entry]:
    """Return the newest entries, newest first; those older than the entry ``before``."""
    return past.entries(workspace.library.read(), limit, before)


def stands(workspace: Workspace, change_id: int) -> bool:
    """Return whether an action is in the history and not taken back."""
    entry = past.entry(workspace.library.read(), change_id)
    return entry is not None and entry.undone_at is None


@dataclass(frozen=True)
class Piece:
    """Files that are taken back all or not at all: a photo with its companions.

    ``moved``: they are here because they were moved, and would go back. ``problem``: why that
    could not be done when it was tried. ``later``: the entry that has to be taken back first.
    """

    files: tuple[Path, ...]
    moved: bool = False
    problem: str | None = None
    later: Entry | None = None

    @cached_property
    def folder(self) -> Path:
        """The folder that they are in, of files in several that of the first."""
        return self.files[0].parent


def in_pieces(entry: Entry) -> bool:
    """Return whether a part of an entry can be taken back, by its files."""
    return entry.action in _OF_FILES and entry.parts - entry.undone > 0 and entry.parts > 1


def of_files(entry: Entry) -> bool:
    """Return whether taking an entry back touches files."""
    return entry.action in _OF_FILES


def pieces(workspace: Workspace, change_id: int, cancel: Cancel) -> Task[tuple[Piece, ...]]:
    """Return what of an entry is not taken back yet, by its files where it left them, by name.

    ``undo`` takes their paths as ``only``. For worker threads. Raises ``UserError`` where there is
    no such entry, or it did nothing to files.
    """
    connection = workspace.library.read()
    _entry(connection, change_id)
    part_ids = past.part_ids(connection, change_id, undone=False)
    problems, found = past.problems(connection, change_id), []
    later = past.built_on(connection, change_id)
    others = {id_: past.entry(connection, id_) for id_ in {*later.values()}}
    for number, part_id in enumerate(part_ids):
        if number % _AT_ONCE == 0:
            cancel.check()
            yield Progress(number, len(part_ids), "Looking at what was done")
        part = past.part(connection, part_id)
        turner = _turner(part)
        if turner.files is None:
            raise _whole()
        # Where files went round in a circle, one of them has waited under a name of its own.
        files = {path for path in turner.files(part) if not path.name.startswith(PARKED)}
        moved = bool(part.touched.get("place"))
        other = others[later[part_id]] if part_id in later else None
        found.append(Piece(tuple(sorted(files)), moved, problems.get(part_id), other))
    return tuple(sorted(found, key=lambda piece: piece.files))


def undo(
    workspace: Workspace, cancel: Cancel, change_id: int | None = None,
    only: Sequence[Path] | None = None,
) -> Task[ChangeSet]:  # fmt: skip
    """Take back the newest action that is not taken back yet, or the one named.

    ``only``: just what it did to files that are now at or below these paths; for entries whose
    parts are files. An empty set if there is none. Raises ``UserError`` where an action done
    since then touched the same photos, tags or files, where it is taken back already, or where
    nothing of it can be.
    """
    connection = workspace.library.read()
    entry = past.latest(connection) if change_id is None else _entry(connection, change_id)
    if entry is None:
        return ChangeSet()
    if entry.undone == entry.parts and entry.undone_at is not None:
        raise UserError(f"“{entry.summary}” has been taken back already.")
    _refuse_if_built_on(connection, entry, only)
    return (yield from _turn(workspace, entry, cancel, back=True, only=only))


def redo(workspace: Workspace, cancel: Cancel) -> Task[ChangeSet]:
    """Do again what was taken back last; an empty set where a new action came since.

    Raises ``UserError`` where nothing of it can be done again; the next call passes it over.
    """
    entry = past.next_redo(workspace.library.read())
    if entry is None:
        return ChangeSet()
    return (yield from _turn(workspace, entry, cancel, back=False))


def undo_to(workspace: Workspace, cancel: Cancel, change_id: int) -> Task[ChangeSet]:
    """Take back the named action and every one that came after it, the newest first.

    What is taken back before one that cannot be stays so. Raises ``UserError`` as ``undo`` does.
    """
    done, number = ChangeSet(), 0
    while True:
        entry = past.latest(workspace.library.read())
        if entry is None or entry.id < change_id:
            break
        cancel.check()
        done |= yield from undo(workspace, cancel, entry.id)
        number += 1
    if not number:
        raise UserError("That has been taken back already.")
    actions = "1 action" if number == 1 else f"{number:,} actions"
    return replace(done, change_id=None, summary=f"Undone: {actions}")


def trim(workspace: Workspace) -> int:
    """Forget what is beyond the limit that the settings put on the history; return how much."""
    keep = workspace.settings.history_limit
    return workspace.library.write(lambda c: changes.trim(c, keep)) if keep > 0 else 0


def _entry(connection: sqlite3.Connection, change_id: int) -> Entry:
    entry = past.entry(connection, change_id)
    if entry is None:
        raise UserError(f"There is no entry {change_id} in the history.", "", "See the history.")
    return entry


def _refuse_if_built_on(
    connection: sqlite3.Connection, entry: Entry, only: Sequence[Path] | None
) -> None:
    later = past.later(connection, entry.id)
    if later is not None and only is not None:
        # Looking at the files of thousands of parts takes seconds: only where it matters.
        left = past.part_ids(connection, entry.id, undone=False)
        if left:
            left = _below(connection, left, _turner(past.part(connection, left[0])), only)
        later = past.later(connection, entry.id, left)
    if later is not None:
        raise UserError(
            f"“{entry.summary}” cannot be taken back now.",
            f"“{later.summary}” was done later to some of the same photos or tags.",
            f"Take that back first (entry {later.id}).",
        )


def _turn(
    workspace: Workspace, entry: Entry, cancel: Cancel, *, back: bool,
    only: Sequence[Path] | None = None,
) -> Task[ChangeSet]:  # fmt: skip
    connection, what = workspace.library.read(), "Undoing" if back else "Doing again"
    parts = past.part_ids(connection, entry.id, undone=not back)
    if not parts:
        return ChangeSet()  # another process came first
    turner = _turner(past.part(connection, parts[0]))  # all parts of an entry are of one format
    if only is not None:
        parts = _below(connection, parts, turner, only)
    done, problems, gone, speed = ChangeSet(), list[str](), 0, Speed()

    def tell(start: int, count: int, inner: Progress) -> Progress:
        at = start + inner.done * count // (inner.total or count)
        return Progress(at, len(parts), what, speed.at(at), inner.news)

    with turner.hold(workspace):
        for start in range(0, len(parts), turner.at_once):
            cancel.check()
            some = [past.part(connection, id_) for id_ in parts[start : start + turner.at_once]]
            some = [part for part in some if part.undone is not back]
            if not some:
                continue  # another process came first
            turned = yield from told(
                turner.turn(workspace, some, cancel), partial(tell, start, len(some))
            )
            done |= turned.changes
            if turned.problems:
                problems += turned.problems.values()
                workspace.library.write(partial(changes.failed, problems=turned.problems))
            gone += sum(_missing(connection, part) for part in some if part.id in turned.turned)
            end = min(start + turner.at_once, len(parts))
            yield Progress(end, len(parts), what, news=turned.changes)
            if len(turned.turned) + len(turned.problems) < len(some):
                cancel.check()
    if problems:
        _settle(workspace, entry, problems, back=back, whole=only is None,
                none=len(problems) == len(parts))  # fmt: skip
    summary = f"{'Undone' if back else 'Redone'}: {entry.summary}"
    if only is not None:
        summary += f" (in part: {len(parts):,} of {entry.parts:,})"
    if gone:
        summary += f" ({gone:,} no longer in the library)"
    if problems:
        summary += f"; {len(problems):,} of {len(parts):,} parts could not be: {problems[0]}"
    return ChangeSet(done.photos, done.listing, None, summary, done.tags)


def _below(
    connection: sqlite3.Connection, parts: Sequence[int], turner: Turner, paths: Sequence[Path]
) -> list[int]:
    """Return the parts of which a file is at or below one of the paths. Raises ``UserError``."""
    if turner.files is None:
        raise _whole()
    wanted = set(paths)
    found = []
    for part_id in parts:
        files = turner.files(past.part(connection, part_id))
        if any(path in wanted or not wanted.isdisjoint(path.parents) for path in files):
            found.append(part_id)
    if not found:
        raise UserError("It did nothing to files there that is not taken back yet.")
    return found


def _whole() -> UserError:
    return UserError("That can only be taken back as a whole.", "It did nothing to files.")


def _settle(
    workspace: Workspace, entry: Entry, problems: Sequence[str], *, back: bool, whole: bool,
    none: bool,
) -> None:  # fmt: skip
    """Have an entry not be in the way of others though parts of it could not be turned round.

    One of which a part was to be taken back, not the ``whole``, stays as it is. Raises
    ``UserError`` where that is true of all: ``none`` was.
    """
    if not back:
        workspace.library.write(lambda c: changes.settle_redo(c, entry.id, done=not none))
    elif whole and not none:
        workspace.library.write(lambda c: changes.give_up(c, entry.id))
    if none:
        raise UserError(
            f"“{entry.summary}” cannot be {'undone' if back else 'redone'}.", problems[0],
            "See the history for the rest." if problems[1:] else "",
        )  # fmt: skip


def _turner(part: Part) -> Turner:
    if part.format not in _TURNERS and part.format in _LATE:
        importlib.import_module(_LATE[part.format])
    turner = _TURNERS.get(part.format)
    if turner is None:
        raise UserError(
            "This version of the program does not know how that was done.",
            f"It is in the history as {part.format!r}.", "Use the version that did it.",
        )  # fmt: skip
    return turner


def _missing(connection: sqlite3.Connection, part: Part) -> int:
    """Return how many photos of a part the library no longer has."""
    row = connection.execute(
        "SELECT count(*) FROM photo WHERE id IN (SELECT value FROM json_each(?))",
        (str(part.touched.get("photo", [])),),
    ).fetchone()
    return len(part.touched.get("photo", ())) - int(row[0])
