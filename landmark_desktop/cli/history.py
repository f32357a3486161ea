"""``landmark-desktop history``, ``undo`` and ``redo``: what was done, taken back, done again."""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from landmark_desktop.actions import history
from landmark_desktop.actions.history import Piece
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.progress import drive
from landmark_desktop.library.changes import Entry
from landmark_desktop.tasks import Cancel


@click.command("history", short_help="List what was done, newest first, or the files of one entry.")
@click.argument("change_id", type=int, required=False, metavar="[ID]")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N",
    help="Print the newest N.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
@click.pass_context
def history_command(
    context: click.Context, change_id: int | None, limit: int, as_json: bool
) -> None:  # fmt: skip
    """List what was done to the library, newest first, in this session and earlier ones.

    The number in front is what `landmark-desktop undo` takes. With ID, list the files of that
    entry that can still be taken back, each of them alone: `landmark-desktop undo ID PATHS`.
    """
    workspace = Workspace.open(context.obj)
    try:
        if change_id is not None:
            cancel = Cancel()
            for piece in drive(history.pieces(workspace, change_id, cancel), cancel):
                if piece.later is not None:
                    continue  # that has to be taken back first
                click.echo(_json(piece) if as_json else _files(piece))
            return
        found = history.entries(workspace, limit)
        for entry in found:
            click.echo(json.dumps(asdict(entry), ensure_ascii=False) if as_json else _line(entry))
        if not found and not as_json:
            click.echo("Nothing was done yet.")
    finally:
        workspace.close()


@click.command("undo", short_help="Take back what was done last, or one entry of the history.")
@click.argument("entry", type=int, required=False, metavar="[ID]")
@click.argument("paths", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.pass_context
def undo_command(context: click.Context, entry: int | None, paths: tuple[Path, ...]) -> None:
    """Take back what was done last, or the entry ID of the history.

    With PATHS, only what it did to files that are there now, of an entry that moved files or wrote
    into them. An entry that something later was built on is refused, and what that is, is said.
    """
    workspace = Workspace.open(context.obj)
    try:
        cancel = Cancel()
        only = [Path(os.path.abspath(path)) for path in paths] or None  # noqa: PTH100 - keeps links
        done = drive(history.undo(workspace, cancel, entry, only), cancel)
        click.echo(done.summary or "There is nothing to undo.")
    finally:
        workspace.close()


@click.command("redo", short_help="Do again what was taken back last.")
@click.pass_context
def redo_command(context: click.Context) -> None:
    """Do again what was taken back last, as long as nothing new was done since."""
    workspace = Workspace.open(context.obj)
    try:
        cancel = Cancel()
        done = drive(history.redo(workspace, cancel), cancel)
        click.echo(done.summary or "There is nothing to redo.")
    finally:
        workspace.close()


def _files(piece: Piece) -> str:
    problem = f"\n       {piece.problem}" if piece.problem else ""
    return "\n".join(map(str, piece.files)) + problem


def _json(piece: Piece) -> str:
    files = [str(path) for path in piece.files]
    return json.dumps({"files": files, "problem": piece.problem}, ensure_ascii=False)


def _line(entry: Entry) -> str:
    when = datetime.datetime.fromisoformat(entry.done_at).astimezone()
    state = ""
    if 0 < entry.undone < entry.parts:
        state = "  (partly undone)"
    elif entry.undone_at is not None:
        state = "  (undone)"
    problem = f"\n       {entry.problem}" if entry.problem else ""
    return f"{entry.id:5}  {when:%Y-%m-%d %H:%M}  {entry.summary}{state}{problem}"
