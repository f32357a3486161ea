"""Moved photos taken back and moved again, from the history, each shot as a run of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from landmark_desktop.actions import history, organise_run
from landmark_desktop.actions.organise_entries import FORMAT, of_data, parked
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import moving
from landmark_desktop.library.changes import ChangeSet, Part
from landmark_desktop.organise.companions import shots
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State
from landmark_desktop.organise.run import Done
from landmark_desktop.organise.seen import listed
from landmark_desktop.organise.undo import reversed_run
from landmark_desktop.tasks import Cancel, finish


def _turn(workspace: Workspace, part: Part) -> ChangeSet:
    """Take a group of steps back, or do it again."""
    note = {"kind": "turn", "part": part.id, "undone": part.undone}
    done, made, removed = of_data(part.data)
    group = [*(_as_now(workspace, each) for each in done), *_come_since(done)]
    title = "Moving photos again" if part.undone else "Putting photos back"
    run = reversed_run(organise_run.new_id(), title, [group], made, removed, note)
    applied = finish(organise_run.within(workspace, run, Cancel()))
    if applied.failed:
        raise UserError(applied.failed[0])
    return applied.changes


def _as_now(workspace: Workspace, done: Done) -> Done:
    """Return a step as done now: where we have written tags into the file since, it is still ours.

    What others have changed stays different, and so will not be touched.
    """
    if done.step.photo is None:
        return done
    now = State.of(done.step.target)
    known = moving.of_size(workspace.library.read(), done.step.photo)
    if now is None or (now.size, now.mtime_ns) not in known:
        return done
    return replace(done, step=replace(done.step, mtime_ns=now.mtime_ns), after=now)


def _come_since(group: Sequence[Done]) -> list[Done]:
    """Return the companions that a photo got where it is now, as if they had moved with it."""
    photos = {
        done.step.target: done.step.source
        for done in group
        if done.step.kind == "move" and done.step.photo is not None and not parked(done)
    }
    known = {done.step.target for done in group}
    found = []
    for now, before in photos.items():
        folder = listed(now.parent)
        for shot in shots(folder.entries if folder is not None else (), [now.name]):
            for name in shot.names:
                path = now.with_name(name)
                old = before.with_name(f"{before.stem}{name[len(now.stem) :]}")
                state = State.of(path)
                if path in known or state is None or not name.startswith(now.stem):
                    continue
                known.add(path)
                step = Step(
                    "move", old, path, state.size, state.mtime_ns, state.inode,
                    group[0].step.across, group=group[0].step.group,
                )  # fmt: skip
                found.append(Done(step, state))
    return found


def _files(part: Part) -> list[Path]:
    done, _, _ = of_data(part.data)
    return [each.step.target for each in done]


history.register(FORMAT, history.Turner(_turn, organise_run.ready, _files))
