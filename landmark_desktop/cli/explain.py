"""``landmark-desktop explain``: a photo with what spoke for its landmark laid over it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from landmark_desktop import atomic
from landmark_desktop import paths as places
from landmark_desktop.actions.explain import caption, explain_file, landmark_named
from landmark_desktop.actions.workspace import Recogniser
from landmark_desktop.cli.progress import drive
from landmark_desktop.errors import UserError
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.tasks import Cancel

if TYPE_CHECKING:
    from landmark_desktop.inference.why import Heat

_LONG_SIDE = 1600  # pixels of the picture that is written


@click.command("explain", short_help="Show what in a photo spoke for a landmark.")
@click.argument("photo", type=click.Path(path_type=Path))
@click.option("--landmark", metavar="NAME", help="Ask for this one instead of the likeliest.")
@click.option(
    "--model",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A model bundle to use instead of the one that ships.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the picture here, as PNG.",
)
def explain_command(photo: Path, landmark: str | None, model: Path | None, out: Path) -> None:
    """Write PHOTO with a heat map over it of what spoke for a landmark, and say which."""
    if out.exists() and photo.exists() and out.samefile(photo):
        raise UserError("Photos are never changed.", "", "Write the picture to another file.")
    recogniser = Recogniser.of(model)
    gazetteer = Gazetteer.load(places.resources())
    key = None if landmark is None else landmark_named(recogniser.card, gazetteer, landmark)
    cancel = Cancel()
    found = drive(explain_file(recogniser, photo, key, cancel), cancel, whole=True)
    try:
        atomic.write_bytes(out, _overlaid(photo, found.heat))
    except OSError as error:
        raise UserError(f"{out} cannot be written.", error.strerror or str(error)) from error
    click.echo(
        f"{caption(found, gazetteer)}: {found.heat.chance:.0%}, "
        f"{found.heat.hidden:.0%} with the place that counts most hidden"
    )


def _overlaid(path: Path, heat: Heat) -> bytes:
    from PIL import Image

    from landmark_desktop.inference.heat_colours import coloured
    from training.photo import decode

    photo = decode(path, long_side=_LONG_SIDE).convert("RGBA")
    photo.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS)
    # The model's door squashes photos to a square; here the map takes their shape again.
    over = Image.fromarray(coloured(heat.values)).resize(photo.size, Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    Image.alpha_composite(photo, over).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()
