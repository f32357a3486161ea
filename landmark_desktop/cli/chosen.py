"""Which photos of the library a command is about: those in the folders and files it names."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.progress import one_line
from landmark_desktop.library import photos


def photos_in(workspace: Workspace, paths: Sequence[Path]) -> list[int]:
    """Return the ids of the library's photos at and below ``paths``.

    Paths may lead through links, as may those that the library has. A path at which it has none
    is named on the error stream.
    """
    connection = workspace.library.read()
    found: dict[int, None] = {}
    for path in paths:
        ids = _at(connection, path) or _behind_links(connection, path)
        if not ids:
            click.echo(f"{one_line(path)}: The library has no photo there.", err=True)
        found |= dict.fromkeys(ids)
    return list(found)


def _at(connection: sqlite3.Connection, path: Path) -> list[int]:
    absolute = os.path.abspath(path)  # noqa: PTH100 - keeps links
    ids = [*photos.ids_of(connection, [absolute]).values()]
    if photos.is_text(Path(absolute)):
        ids += [photo_id for _, photo_id in photos.below(connection, absolute)]
    return ids


def _behind_links(connection: sqlite3.Connection, path: Path) -> list[int]:
    """Return the photos whose folder, all links followed, is where ``path`` leads."""
    real = Path(os.path.realpath(path))
    ids: list[int] = []
    for folder in photos.folders(connection):
        behind = Path(os.path.realpath(folder))
        if behind.is_relative_to(real):
            ids += [photo_id for _, photo_id in photos.below(connection, folder)]
        elif behind == real.parent:
            ids += photos.ids_of(connection, [os.path.join(folder, real.name)]).values()  # noqa: PTH118
    return ids


def fail_without(ids: Sequence[int]) -> None:
    """End the program with status 1 where no photo is left to do anything with."""
    if not ids:
        sys.exit(1)
