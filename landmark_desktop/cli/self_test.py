"""``--self-test``: try everything once and say what holds, also where there is no screen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from landmark_desktop.errors import UserError
from landmark_desktop.inference.preload import preload


def run(photos: str) -> int:
    """Run the self-test and return its exit status. ``photos``: a folder to import, or empty.

    Raises ``UserError`` where ``photos`` is no folder.
    """
    folder = Path(photos).resolve() if photos else None
    if folder is not None and not folder.is_dir():
        raise UserError(
            f"There is no folder {photos}.", "", "Name one with photos, or none at all."
        )
    on_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not on_screen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if sys.platform == "win32":
        preload()  # there torch has to come before Qt
    from landmark_desktop.gui.selftest import steps

    status: int = steps.run(folder)
    return status
