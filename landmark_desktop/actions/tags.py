"""Tags by hand: put on, taken off, renamed, moved, merged, deleted; each is taken back wholly."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

from landmark_desktop.actions.recorded import in_parts, recorded
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import tag_edits, tags
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.deltas import Delta, recording
from landmark_desktop.library.tag_paths import cleaned, write
from landmark_desktop.tasks import Cancel, Task, finish


def add(workspace: Workspace, ids: Sequence[int], path: Sequence[str]) -> ChangeSet:
    """Put a tag on photos, as a person's word. Raises ``UserError`` where the path is no tag."""
    return finish(adding(workspace, ids, path, Cancel()))


def adding(
    workspace: Workspace, ids: Sequence[int], path: Sequence[str], cancel: Cancel
) -> Task[ChangeSet]:
    """Put a tag on photos as ``add`` does, with progress; all of them or none."""
    levels = cleaned(path)
    done = 0

    def change(connection: sqlite3.Connection, some: Sequence[int]) -> tuple[Delta, str]:
        nonlocal done
        tag_id = tags.ensure(connection, levels)
        with recording(connection) as delta:
            done += len(tag_edits.put(connection, some, tag_id))
        return delta, f"Tagged {_photos(done)} {write(levels)}"

    return in_parts(workspace, "tag_add", sorted(set(ids)), change, "Tagging", cancel)


def remove(workspace: Workspace, ids: Sequence[int], path: Sequence[str]) -> ChangeSet:
    """Take a tag, and all below it, off photos, whoever put it there; it stays off.

    Raises ``UserError`` where there is no such tag.
    """
    return finish(removing(workspace, ids, path, Cancel()))


def removing(
    workspace: Workspace, ids: Sequence[int], path: Sequence[str], cancel: Cancel
) -> Task[ChangeSet]:
    """Take a tag off photos as ``remove`` does, with progress; off all of them or none."""
    return _taken_off(workspace, "tag_remove", ids, path, "Took {tag} off {photos}", cancel)


def confirm(
    workspace: Workspace, ids: Sequence[int], path: Sequence[str] | None = None
) -> ChangeSet:
    """Have machines' guesses about these photos be the person's word: of a tag, or of all."""
    return finish(confirming(workspace, ids, path, Cancel()))


def confirming(
    workspace: Workspace, ids: Sequence[int], path: Sequence[str] | None, cancel: Cancel
) -> Task[ChangeSet]:
    """Confirm guesses as ``confirm`` does, with progress; all of them or none."""
    what = "tags" if path is None else write(path)
    done: set[int] = set()

    def change(connection: sqlite3.Connection, some: Sequence[int]) -> tuple[Delta, str]:
        tag_id = None if path is None else _known(connection, path)
        guessed = tag_edits.guessed(connection, some, tag_id)
        with recording(connection) as delta:
            for guess, photos in guessed.items():
                done.update(tag_edits.put(connection, photos, guess))
        return delta, f"Confirmed {what} on {_photos(len(done))}"

    return in_parts(workspace, "tag_confirm", sorted(set(ids)), change, "Confirming", cancel)


def delete(workspace: Workspace, path: Sequence[str]) -> ChangeSet:
    """Take a tag and all below it off every photo that has them."""
    return finish(deleting(workspace, path, Cancel()))


def deleting(workspace: Workspace, path: Sequence[str], cancel: Cancel) -> Task[ChangeSet]:
    """Delete a tag as ``delete`` does, with progress; off all photos or none."""
    connection = workspace.library.read()
    ids = tag_edits.having(connection, _known(connection, path))
    summary = "Deleted the tag {tag} from {photos}"
    return (yield from _taken_off(workspace, "tag_delete", ids, path, summary, cancel))


def rename(workspace: Workspace, path: Sequence[str], name: str) -> ChangeSet:
    """Give the last level of a tag another name, everywhere and from now on.

    Raises ``UserError`` where there is a tag of that name beside it: that is merging.
    """
    (level,) = cleaned([name])
    return move(workspace, path, (*path[:-1], level), action="tag_rename")


def move(
    workspace: Workspace, path: Sequence[str], to: Sequence[str], action: str = "tag_move"
) -> ChangeSet:
    """Have a tag, and all below it, be the tag ``to``; levels above are made as needed.

    Raises ``UserError`` where there is a tag already, or ``to`` is below the tag itself.
    """
    old, new = cleaned(path), cleaned(to)
    verb = "Renamed" if action == "tag_rename" else "Moved"

    def change(connection: sqlite3.Connection) -> ChangeSet:
        tag_id = _known(connection, old)
        parent = tags.ensure(connection, new[:-1]) if len(new) > 1 else None
        _not_below(connection, tag_id, parent, old)
        *above, name = tags.paths(connection, [tag_id])[tag_id]
        if (tags.find(connection, above), name) == (parent, new[-1]):
            return ChangeSet()
        other = tag_edits.occupant(connection, tag_id, parent, new[-1])
        if other is not None and tag_edits.having(connection, other):
            raise UserError(f"There is a tag {write(new)} already.", "", "Merge the two instead.")
        summary = f"{verb} the tag {write(old)} to {write(new)}"
        relocate = partial(tag_edits.relocate, connection, tag_id, parent, new[-1])
        return _retagged(connection, action, summary, [tag_id], relocate)

    return workspace.library.write(change)


def merge(workspace: Workspace, path: Sequence[str], into: Sequence[str]) -> ChangeSet:
    """Make two tags, and what is below them, one; the first one's name still finds it.

    Raises ``UserError`` where there is no such tag, or one is below the other.
    """

    def change(connection: sqlite3.Connection) -> ChangeSet:
        tag_id, kept = _known(connection, path), _known(connection, into)
        _not_below(connection, tag_id, kept, path)
        summary = f"Merged the tag {write(path)} into {write(into)}"
        merging = partial(tag_edits.merge, connection, tag_id, kept)
        return _retagged(connection, "tag_merge", summary, [tag_id, kept], merging)

    return workspace.library.write(change)


def add_alias(workspace: Workspace, path: Sequence[str], name: str) -> ChangeSet:
    """Have a tag be found by another name too."""
    (alias,) = cleaned([name])

    def change(connection: sqlite3.Connection) -> ChangeSet:
        tag_id = _known(connection, path)
        summary = f"{write(path)} is also called {alias}"
        adding = partial(tags.add_alias, connection, tag_id, alias)
        return _retagged(connection, "tag_alias", summary, [tag_id], adding)

    return workspace.library.write(change)


def _taken_off(
    workspace: Workspace, action: str, ids: Sequence[int], path: Sequence[str], summary: str,
    cancel: Cancel,
) -> Task[ChangeSet]:  # fmt: skip
    done, tag_id, named = 0, 0, action != "tag_delete"

    def change(connection: sqlite3.Connection, some: Sequence[int]) -> tuple[Delta, str]:
        nonlocal done, tag_id, named
        # Once: a tag that the parts before this one took off the others has no photo any more.
        tag_id = tag_id or _known(connection, path)
        with recording(connection) as delta:
            done += len(tag_edits.take(connection, some, tag_id))
        if delta.runs and not named:
            # In one part: undoing it has views show anew all photos that have the tag.
            delta.touched["tag"], named = [tag_id], True
        return delta, summary.format(tag=write(path), photos=_photos(done))

    return in_parts(workspace, action, sorted(set(ids)), change, "Untagging", cancel)


def _retagged(
    connection: sqlite3.Connection, action: str, summary: str, touched: Sequence[int],
    edit: Callable[[], None],
) -> ChangeSet:  # fmt: skip
    """Do an edit of the tree; views show anew every photo that has one of the tags ``touched``."""
    shown = {photo for tag_id in touched for photo in tag_edits.having(connection, tag_id)}
    with recording(connection) as delta:
        edit()
    done = recorded(connection, action, summary, delta)
    return ChangeSet(done.photos | shown, False, done.change_id, done.summary, tags=True)


def _known(connection: sqlite3.Connection, path: Sequence[str]) -> int:
    tag_id = tags.find(connection, cleaned(path))
    if tag_id is None or not tag_edits.having(connection, tag_id):
        raise UserError(f"No photo has the tag {write(path)}.", "", "See the list of tags.")
    return tag_id


def _not_below(
    connection: sqlite3.Connection, tag_id: int, other: int | None, path: Sequence[str]
) -> None:
    if other is not None and other in tags.branch(connection, [tag_id]):
        raise UserError(f"{write(path)} cannot become a part of itself.", "", "Choose another tag.")


def _photos(number: int) -> str:
    return f"{number:,} photo{'' if number == 1 else 's'}"
