"""Moved photos taken back and moved again, from the history: many shots in one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from landmark_desktop.actions import history, organise_run
from landmark_desktop.actions.history import Turned
from landmark_desktop.actions.organise_entries import FORMAT, of_data, parked
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import moving
from landmark_desktop.library.changes import Part
from landmark_desktop.organise.companions import beside, named_like
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State
from landmark_desktop.organise.run import Done
from landmark_desktop.organise.seen import Seen
from landmark_desktop.organise.undo import reversed_run
from landmark_desktop.tasks import Cancel, Task

_AT_ONCE = 500
"""Shots in one run: with a run for each, thousands take minutes."""


def _turn(workspace: Workspace, parts: Sequence[Part], cancel: Cancel) -> Task[Turned]:
    """Take groups of steps back, or do them again; all of ``parts`` are done, or all undone."""
    undone = parts[0].undone
    made, removed = dict[Path, None](), dict[Path, int]()
    groups: list[list[Done]] = []
    for part in parts:
        group, with_it, without_it = of_data(part.data)
        groups.append(_as_now(workspace, group))
        made |= dict.fromkeys(with_it)
        removed |= dict(without_it)
    for number, done in [*_come_since(workspace, groups)]:
        groups[number].append(done)
    # The last of the groups is the first to be turned round.
    note = {"kind": "turn", "parts": [part.id for part in reversed(parts)], "undone": undone}
    title = "Moving photos again" if undone else "Putting photos back"
    run = reversed_run(organise_run.new_id(), title, groups, made, removed.items(), note)
    applied = yield from organise_run.within(workspace, run, cancel)
    return Turned(applied.changes, applied.turned, applied.problems)


def _as_now(workspace: Workspace, group: Sequence[Done]) -> list[Done]:
    """Return steps as done now: where we have written tags into a file since, it is still ours.

    What others have changed stays different, and so will not be touched.
    """
    photos = [done.step.photo for done in group if done.step.photo is not None]
    known = moving.written(workspace.library.read(), photos)
    found = []
    for done in group:
        now = State.of(done.step.target)
        if now is not None and (now.size, now.mtime_ns) in known:
            found.append(replace(done, step=replace(done.step, mtime_ns=now.mtime_ns), after=now))
        else:
            found.append(done)
    return found


def _come_since(
    workspace: Workspace, groups: Sequence[Sequence[Done]]
) -> Iterator[tuple[int, Done]]:
    """Yield the companions that photos got where they are now, as if they had moved with them.

    With the number of the group that each belongs to.
    """
    connection, seen = workspace.library.read(), Seen()
    known = {done.step.target for group in groups for done in group}
    by_folder: dict[Path, dict[str, tuple[int, Done]]] = defaultdict(dict)
    for number, group in enumerate(groups):
        for done in group:
            step = done.step
            if step.kind == "move" and step.photo is not None and not parked(done):
                by_folder[step.target.parent][step.target.name] = (number, done)
    for folder, photos in by_folder.items():
        there = seen.folder(folder)
        others = moving.names_in(connection, folder) - set(photos)
        entries = there.entries if there is not None else {}
        for photo, names in beside(entries, photos, others).items():
            number, done = photos[photo]
            for name in names:
                path = folder / name
                state = State.of(path)
                if path not in known and state is not None:
                    before = done.step.source
                    old = before.with_name(named_like(name, photo, before.name))
                    step = Step(
                        "move", str(old), str(path), state.size, state.mtime_ns, state.inode,
                        done.step.across, group=done.step.group,
                    )  # fmt: skip
                    yield number, Done(step, state)


def _files(part: Part) -> list[Path]:
    done, _, _ = of_data(part.data)
    return [each.step.target for each in done]


history.register(FORMAT, history.Turner(_turn, organise_run.ready, _files, _AT_ONCE))
