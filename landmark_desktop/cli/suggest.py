"""``landmark-desktop suggest``: what the model sees in photos, as a table or as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from landmark_desktop import paths as places
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.precision import promise, remark
from landmark_desktop.actions.suggest import (
    Opinion,
    stored_opinions,
    suggest_for_files,
    suggest_for_library,
)
from landmark_desktop.actions.workspace import Recogniser, Workspace
from landmark_desktop.cli.progress import drive, one_line
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.tasks import Cancel
from training.operating import LEAST_ASKED, MOST_ASKED


@click.command("suggest", short_help="Print the landmarks suggested for photos.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--model",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A model bundle to use instead of the one that ships (with --store: the one in use).",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@click.option("--store", is_flag=True, help="Import the photos and keep the suggestions.")
@click.option(
    "--precision",
    type=click.FloatRange(LEAST_ASKED, MOST_ASKED),
    metavar="SHARE",
    help="Suggest so that this share of the suggestions is right, for example 0.95, instead of "
    "the model's default. With --store for what is printed: the library keeps its own.",
)
@click.pass_context
def suggest_command(
    context: click.Context,
    paths: tuple[Path, ...],
    model: Path | None,
    form: str,
    store: bool,
    precision: float | None,
) -> None:
    """Print what the model recognises in the photos in PATHS, folders or files.

    With --format json one object a line and a photo: path, landmark (the model's label, or
    null when none is recognised), name, confidence (of the likeliest landmark), tags, folder,
    alternatives (the likeliest landmarks, the suggested one included); or path and error.
    """
    show = _print_json if form == "json" else _print_row
    opinions = (
        _kept(context.obj, model, paths, precision) if store else _fresh(model, paths, precision)
    )
    for opinion in opinions:
        show(opinion)
        sys.stdout.flush()  # a program reading along is to see each photo as it is done
    missing = [path for path in paths if not path.exists()]
    if missing:
        sys.exit(1)


def _fresh(
    model: Path | None, paths: tuple[Path, ...], precision: float | None
) -> Iterator[Opinion]:
    gazetteer = Gazetteer.load(places.resources())
    recogniser = Recogniser.of(model)
    _say_what_holds(recogniser, precision)
    return suggest_for_files(recogniser, gazetteer, paths, Cancel(), precision or 0.0)


def _kept(
    library: Path | None, model: Path | None, paths: tuple[Path, ...], precision: float | None
) -> Iterator[Opinion]:
    workspace = Workspace.open(library, model)
    try:
        _say_what_holds(workspace.recogniser, precision)
        cancel = Cancel()
        drive(import_photos(workspace, paths, cancel), cancel)
        drive(suggest_for_library(workspace, cancel, below=paths), cancel)
        yield from stored_opinions(workspace, paths, precision)
    finally:
        workspace.close()


def _say_what_holds(recogniser: Recogniser, precision: float | None) -> None:
    """Say on stderr where the model cannot do what is asked, and what it does instead."""
    if precision is not None and (said := remark(promise(recogniser.card, precision))):
        click.echo(said, err=True)


def _print_json(opinion: Opinion) -> None:
    if opinion.error is not None:
        record: dict[str, Any] = {"path": str(opinion.path), "error": opinion.error}
    else:
        landmark = opinion.landmark
        record = {
            "path": str(opinion.path),
            "landmark": opinion.label,
            "name": landmark.name if landmark else None,
            "confidence": round(opinion.confidence, 4),
            "tags": list(landmark.tags) if landmark else [],
            "folder": landmark.folder if landmark else None,
            "alternatives": [
                {"landmark": label, "confidence": round(chance, 4)}
                for label, chance in opinion.alternatives
            ],
        }
    # Names that are no valid text come out as escapes; the line stays valid UTF-8 and JSON.
    broken = any("\ud800" <= character <= "\udfff" for character in record["path"])
    click.echo(json.dumps(record, ensure_ascii=broken))


def _print_row(opinion: Opinion) -> None:
    path = one_line(opinion.path)
    if len(path) > 48:
        path = "…" + path[-47:]
    if opinion.error is not None:
        click.echo(f"{path:48}  {opinion.error}")
    elif opinion.landmark is None:
        click.echo(f"{path:48}  none recognised")
    else:
        name, folder = opinion.landmark.name, opinion.landmark.folder
        click.echo(f"{path:48}  {name:34} {opinion.confidence:4.0%}  {folder}")
