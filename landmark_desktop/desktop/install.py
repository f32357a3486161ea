"""Put menu entry, metadata and icons where a Linux desktop looks for them, and take them out."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from landmark_desktop import atomic, paths
from landmark_desktop.desktop import APP_ID
from landmark_desktop.desktop.entry import COMPONENT, desktop_entry, metainfo

SIDES = (16, 24, 32, 48, 64, 128, 256, 512)
"""Sides in pixels at which the icon is installed, beside the SVG file."""
_REFRESH_SECONDS = 10


def data_home() -> Path:
    """Return the folder for this user's data: ``$XDG_DATA_HOME`` or ``~/.local/share``."""
    given = os.environ.get("XDG_DATA_HOME", "")
    # The specification says that a relative path is to be ignored.
    return Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "share"


def started_as() -> list[str]:
    """Return the command that starts this very program: frozen, a console script, or a module."""
    if image := os.environ.get("APPIMAGE"):
        return [image]
    if getattr(sys, "frozen", False):
        return [sys.executable]
    script = Path(os.path.abspath(sys.argv[0]))  # noqa: PTH100 - keeps links
    if script.stem == APP_ID and os.access(script, os.X_OK):
        return [str(script)]
    return [sys.executable, "-m", "landmark_desktop"]


def files(share: Path) -> list[Path]:
    """Return the files of an installation in ``share``, a folder like ``/usr/share``."""
    icons = share / "icons" / "hicolor"
    return [
        share / "applications" / f"{APP_ID}.desktop",
        share / "metainfo" / f"{COMPONENT}.metainfo.xml",
        icons / "scalable" / "apps" / f"{APP_ID}.svg",
        *(icons / f"{side}x{side}" / "apps" / f"{APP_ID}.png" for side in SIDES),
    ]


def install(share: Path, command: Sequence[str], pictures: Mapping[int, bytes]) -> list[Path]:
    """Write entry, metadata and icons below ``share``; return the files.

    ``pictures``: the icon as PNG for each of ``SIDES``. Raises ``OSError``, and ``ValueError``
    where ``command`` cannot be written.
    """
    vector = (paths.resources() / "icons" / "app.svg").read_bytes()
    entry = desktop_entry(command).encode()
    released = datetime.date.today().isoformat()
    contents = [
        entry, metainfo(released).encode(), vector, *(pictures[side] for side in SIDES),
    ]  # fmt: skip
    written = files(share)
    for path, content in zip(written, contents, strict=True):
        atomic.write_bytes(path, content, durable=False)
        path.chmod(0o644)
    return written


def uninstall(share: Path) -> list[Path]:
    """Delete what ``install`` wrote; return the files that were there. Raises ``OSError``."""
    gone = []
    for path in files(share):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
            gone.append(path)
    return gone


def refresh(share: Path) -> None:
    """Have the desktop read its entries anew, where the tools for that are; most need none."""
    for command in (
        ["update-desktop-database", "-q", str(share / "applications")],
        ["gtk-update-icon-cache", "-q", "-t", "-f", str(share / "icons" / "hicolor")],
    ):
        if shutil.which(command[0]):
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                subprocess.run(command, check=False, capture_output=True, timeout=_REFRESH_SECONDS)
