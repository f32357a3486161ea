"""``landmark-desktop write``: write tags and places into sidecars, or into the photos."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from landmark_desktop.actions import write
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.chosen import fail_without, photos_in
from landmark_desktop.cli.progress import drive, one_line
from landmark_desktop.library import photos
from landmark_desktop.tasks import Cancel


@click.command("write", short_help="Write tags into sidecars or photos.")
@click.argument("paths", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--embed", is_flag=True, default=None,
    help="Write into the photos themselves; by default as the settings say: beside them.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be written; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a file.")
@click.pass_context
def write_command(
    context: click.Context, paths: tuple[Path, ...], embed: bool | None, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Write what the library says of the photos in PATHS, or of all, for other programs to read.

    Other programs' metadata stay. Files that cannot be written are named, and written the next
    time. `landmark-desktop undo` puts the files back as they were.
    """
    workspace = Workspace.open(context.obj)
    try:
        chosen = photos_in(workspace, paths) if paths else None
        if chosen is not None:
            fail_without(chosen)
        cancel = Cancel()
        if dry_run:
            found = drive(write.waiting(workspace, chosen, cancel, embed=embed), cancel, whole=True)
            _preview(workspace, found, embed, as_json=as_json)
            return
        done = drive(write.write(workspace, chosen, cancel, embed=embed), cancel)
        where = photos.paths_of(workspace.library.read(), (p.photo_id for p in done.problems))
        for problem in done.problems:
            click.echo(f"{one_line(where[problem.photo_id])}: {problem.reason}", err=True)
        for path, conflicts in done.conflicts.items():
            for each in conflicts:
                click.echo(f"{one_line(path)}: {each.field}: {each.reason}", err=True)
        if as_json:
            click.echo(json.dumps({
                "written": done.written, "unchanged": done.unchanged,
                "not_written": [
                    {"path": str(where[problem.photo_id]), **vars(problem)}
                    for problem in done.problems
                ],
                "conflicts": [str(path) for path in done.conflicts],
                "entry": done.changes.change_id,
            }, ensure_ascii=False))  # fmt: skip
        else:
            nothing = not (done.written or done.unchanged or done.problems)
            click.echo("There is nothing to write." if nothing else done.summary)
        if done.problems:
            sys.exit(1)
    finally:
        workspace.close()


def _preview(
    workspace: Workspace, ids: list[int], embed: bool | None, *, as_json: bool
) -> None:  # fmt: skip
    count = failing = 0
    for start in range(0, len(ids), write.AT_ONCE):
        for file in write.preview(workspace, ids[start : start + write.AT_ONCE], embed=embed):
            count += bool(file.changes)
            failing += bool(file.problem)
            if as_json:
                click.echo(json.dumps(_as_data(file), ensure_ascii=False))
                continue
            click.echo(one_line(file.target))
            for change in file.changes:
                click.echo(f"  {change.field}: {_items(change.old)} -> {_items(change.new)}")
            for conflict in file.conflicts:
                click.echo(f"  {conflict.field}: kept, {conflict.reason}")
            if file.problem:
                click.echo(f"  {file.problem}")
    if not as_json:
        files = "file" if count == 1 else "files"
        cannot = f", {failing:,} cannot be" if failing else ""
        click.echo(f"{count:,} {files} would be written{cannot}; nothing was changed")


def _as_data(file: write.FilePreview) -> dict[str, Any]:
    return {
        "target": str(file.target),
        "changes": [vars(change) for change in file.changes],
        "conflicts": [vars(conflict) for conflict in file.conflicts],
        "problem": file.problem,
    }


def _items(items: tuple[Any, ...]) -> str:
    texts = [
        item if isinstance(item, str) else ", ".join(text for _, text in item) for item in items
    ]
    return "; ".join(one_line(text) for text in texts) or "-"
