"""``landmark-desktop import``: take photos into the library."""

from __future__ import annotations

import os
from pathlib import Path

import click

from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.progress import drive, one_line
from landmark_desktop.library import photos
from landmark_desktop.tasks import Cancel


@click.command("import", short_help="Take photos into the library.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.pass_context
def import_command(context: click.Context, paths: tuple[Path, ...]) -> None:
    """Take the photos in PATHS, folders or files, into the library.

    The photos stay where they are and are not changed. Files that cannot be read are named
    on the error stream with the reason.
    """
    workspace = Workspace.open(context.obj)
    try:
        roots = [os.path.abspath(path) for path in paths]  # noqa: PTH100 - keeps links
        cancel = Cancel()
        done = drive(import_photos(workspace, paths, cancel), cancel)
        for file in photos.unreadable(workspace.library.read()):
            if any(file.path.is_relative_to(root) for root in roots):
                click.echo(f"{one_line(file.path)}: {file.reason}", err=True)
        click.echo(
            f"{done.added} imported, {done.unchanged} already there, "
            f"{done.unreadable} could not be read"
        )
    finally:
        workspace.close()
