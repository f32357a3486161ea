"""A Debian package of the built program: the folder below /opt, and its place in the menu.

    python -m landmark_desktop.packaging.deb dist/LandmarkDesktop dist

``dpkg-deb`` has to be there; the package needs no tools of Debian's otherwise.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from landmark_desktop import __version__
from landmark_desktop.desktop import APP_ID
from landmark_desktop.desktop.install import SIDES, install
from landmark_desktop.gui.app_icon import pictures

HOME = Path("/opt") / APP_ID
PROGRAM = "LandmarkDesktop"
"""The executable in the built folder, as ``build.spec`` names it."""
DEPENDS = (
    "libc6", "libegl1", "libgl1", "libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4",
    "libxcb-image0", "libxcb-keysyms1", "libxcb-render-util0", "libxcb-xinerama0", "libxcb-shape0",
    "libdbus-1-3", "libfontconfig1",
)  # fmt: skip
"""Packages with the libraries that Qt takes from the system; README lists the same."""
_COMPRESSION = ("-Zxz", "-z1")  # every Debian since 2011 reads xz; more effort takes minutes


def build(program: Path, folder: Path) -> Path:
    """Make a package of the built folder ``program`` in ``folder`` and return its file.

    Raises ``FileNotFoundError`` where the program or ``dpkg-deb`` is missing, and
    ``subprocess.CalledProcessError`` where that fails.
    """
    if not os.access(program / PROGRAM, os.X_OK):
        raise FileNotFoundError(f"{program} holds no built program: there is no {PROGRAM} in it")
    if shutil.which("dpkg-deb") is None:
        raise FileNotFoundError("dpkg-deb is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    ask = ["dpkg", "--print-architecture"]
    machine = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
    package = folder / f"{APP_ID}_{__version__}_{machine}.deb"
    # Beside the target: where it is the disk of the built folder too, files need no copying.
    with tempfile.TemporaryDirectory(prefix="deb-", dir=folder) as scratch:
        root = Path(scratch) / "root"
        lay_out(program, root, machine)
        command = ["dpkg-deb", "--root-owner-group", *_COMPRESSION, "--build", str(root)]
        subprocess.run([*command, str(package)], check=True, capture_output=True)
    return package


def lay_out(program: Path, root: Path, machine: str) -> None:
    """Lay out below ``root`` what the package holds; ``machine``: its architecture."""
    home = root / HOME.relative_to("/")
    shutil.copytree(program, home, symlinks=True, copy_function=_link)
    command = root / "usr" / "bin" / APP_ID
    command.parent.mkdir(parents=True)
    command.symlink_to(HOME / PROGRAM)
    share = root / "usr" / "share"
    install(share, [str(HOME / PROGRAM)], pictures(SIDES))
    copyright_ = share / "doc" / APP_ID / "copyright"
    copyright_.parent.mkdir(parents=True)
    copyright_.write_text(
        f"Landmark Desktop, Copyright {datetime.date.today().year} its developers.\n"
        "GNU General Public License, version 3 or later: /usr/share/common-licenses/GPL-3\n"
        f"What it is built from has licences of its own; their texts lie below {HOME}.\n",
        encoding="utf-8",
    )
    control = root / "DEBIAN" / "control"
    control.parent.mkdir()
    kilobytes = sum(p.lstat().st_size for p in root.rglob("*") if not p.is_dir()) // 1024 + 1
    control.write_text(_control(machine, kilobytes), encoding="utf-8")
    for path in (root, *root.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)  # whatever mask it was built under


def _control(machine: str, kilobytes: int) -> str:
    return f"""\
Package: {APP_ID}
Version: {__version__}
Architecture: {machine}
Maintainer: The Landmark Desktop developers <landmark-desktop@localhost>
Installed-Size: {kilobytes}
Depends: {", ".join(DEPENDS)}
Section: graphics
Priority: optional
Description: recognises the landmarks in your own photos, offline
 Drop folders of photos on it, and a model suggests the landmark in each of
 them, with an honest confidence. Nothing is uploaded, and your photos are
 never changed by browsing and suggesting.
"""


def _link(source: str, target: str) -> str:
    """Stand in for a copy with a second name of the file, where the disk allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def main() -> None:
    """Build a package from the command line."""
    parser = argparse.ArgumentParser(description="Make a Debian package of the built program.")
    parser.add_argument("program", type=Path, help="the built folder")
    parser.add_argument("folder", type=Path, help="where the package goes")
    chosen = parser.parse_args()
    try:
        print(build(chosen.program, chosen.folder))
    except FileNotFoundError as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr.decode(errors="replace"))


if __name__ == "__main__":
    main()
