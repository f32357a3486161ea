"""The default command: open the window, and the paths given in it."""

from __future__ import annotations

import os
import sys

import click

from landmark_desktop import paths as places
from landmark_desktop.errors import UserError
from landmark_desktop.inference.preload import preload

SAFE_MODE = "landmark_desktop.safe_mode"
"""Where click's ``meta`` says whether the window is to open in safe mode."""
_WITHOUT_SCREEN = frozenset({"offscreen", "minimal", "vnc", "linuxfb", "eglfs"})


@click.command("window", short_help="Open the window (the default).")
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@click.pass_context
def window_command(context: click.Context, paths: tuple[str, ...] = ()) -> None:
    """Open the window, and in it PATHS: photos, folders or models, also as file: URLs."""
    _require_display()
    if sys.platform == "win32":
        preload()  # there torch has to come before Qt
    from landmark_desktop.gui.app import run

    named = [places.named(path) for path in paths]
    sys.exit(run(context.obj, named, safe=context.meta.get(SAFE_MODE, False)))


def _require_display() -> None:
    """Raise ``UserError`` where a window cannot open; Qt itself would abort the process."""
    if not sys.platform.startswith("linux"):
        return
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if platform in _WITHOUT_SCREEN:
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise UserError(
            "There is no display to open a window on.",
            "Neither DISPLAY nor WAYLAND_DISPLAY is set.",
            "These commands need none: landmark-desktop suggest PATH..., "
            "landmark-desktop import PATH...; see landmark-desktop --help.",
        )
