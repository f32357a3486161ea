"""Which photos of the library a command is about: those in the folders and files it names."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.progress import one_line
from landmark_desktop.library import photos


def photos_in(workspace: Workspace, paths: Sequence[Path]) -> list[int]:
    """Return the ids of the library's photos at and below ``paths``.

    A path at which the library has none is named on the error stream.
    """
    connection = workspace.library.read()
    found: dict[int, None] = {}
    for path in paths:
        absolute = os.path.abspath(path)  # noqa: PTH100 - keeps links
        ids = [*photos.ids_of(connection, [absolute]).values()]
        if photos.is_text(Path(absolute)):
            ids += [photo_id for _, photo_id in photos.below(connection, absolute)]
        if not ids:
            click.echo(f"{one_line(path)}: The library has no photo there.", err=True)
        found |= dict.fromkeys(ids)
    return list(found)


def fail_without(ids: Sequence[int]) -> None:
    """End the program with status 1 where no photo is left to do anything with."""
    if not ids:
        sys.exit(1)
