"""A library of photos to organise, and short names for what tests of that do."""

from __future__ import annotations

import os
from pathlib import Path

from landmark_desktop.actions import organise, organise_run, review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.organise import Request
from landmark_desktop.actions.organise_entries import Applied
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos
from landmark_desktop.organise.journal import Journal, Run
from landmark_desktop.organise.plan import Plan
from landmark_desktop.tasks import Cancel, finish


def fill(workspace: Workspace, album: Path) -> Workspace:
    """Import the album: towers accepted, mausoleums suggested, the others neither."""
    finish(import_photos(workspace, [album], Cancel()))
    finish(suggest_for_library(workspace, Cancel()))
    (album / "day 0" / "photo 00.jpg.xmp").write_text("<x/>")
    review.accept(workspace, numbered(workspace, album, range(5)))
    return workspace


def numbered(workspace: Workspace, album: Path, numbers: range) -> list[int]:
    """Return the ids of the album's photos of these numbers."""
    paths = [str(album / f"day {n % 2}" / f"photo {n:02}.jpg") for n in numbers]
    return [*photos.ids_of(workspace.library.read(), paths).values()]


def known_paths(workspace: Workspace) -> set[str]:
    """Return where the library has its photos."""
    rows = workspace.library.read().execute("SELECT path, folder, name FROM photo")
    found = [tuple(row) for row in rows]
    assert all(os.path.join(folder, name) == path for path, folder, name in found)  # noqa: PTH118
    return {path for path, _, _ in found}


def planned(workspace: Workspace, request: Request) -> Plan:
    """Return the plan of what is asked for."""
    return finish(organise.make_plan(workspace, request, Cancel()))


def carried_out(workspace: Workspace, request: Request) -> Applied:
    """Do what is asked for."""
    return finish(organise_run.apply(workspace, planned(workspace, request), Cancel()))


def ids_below(workspace: Workspace, folder: Path) -> list[int]:
    """Return the ids of the photos below a folder."""
    return [id_ for _, id_ in photos.below(workspace.library.read(), str(folder))]


def cut_short(workspace: Workspace, plan: Plan) -> None:
    """Leave a run as a process leaves it that is killed after its third file."""
    note = {"kind": "apply", "mode": "move", "into": str(plan.asked.into)}
    run = Run("killed", "Moving photos", plan.steps, plan.made, plan.emptied, note)
    folder = workspace.places.journals
    folder.mkdir(exist_ok=True)
    journal = Journal.begin(folder, run)
    plan.made[0].mkdir()
    journal.folder(0)
    plan.made[1].mkdir()
    journal.folder(1)
    for number, step in enumerate(plan.steps[:3]):
        journal.step(number)
        step.source.rename(step.target)
    journal.close()
