"""The licences of everything inside the built program, gathered from where it was installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

_TEXT = re.compile(r"(^|/)(licen[cs]es?|copying|notice|copyright)[^/]*$|/licenses/", re.IGNORECASE)
_LGPL = Path(__file__).parent / "texts" / "LGPL-3.0.txt"
_QT = """Qt and PySide6 are licensed under the GNU Lesser General Public License, version 3, the
text of which is LGPL-3.0.txt here; it supplements the GNU General Public License in
../landmark-desktop. Their libraries lie in the program's folder PySide6 as files of their own
and can be replaced by others. Their source code: https://code.qt.io
"""


def gather(sources: Iterable[Path], folder: Path, own: Path) -> list[str]:
    """Write the licences into ``folder``, and return the names of what had none to copy.

    ``sources``: the installed files that went into the program. Each installed distribution
    that one of them belongs to gets a folder with its texts, and so do Python, Qt and, where
    ``dpkg`` knows them, libraries of the system. ``own``: this program's licence.
    """
    shutil.rmtree(folder, ignore_errors=True)
    owners = {path: found for found in metadata.distributions() for path in _files(found)}
    wanted = {path.resolve() for path in sources}
    used = {owners[path].name: owners[path] for path in wanted if path in owners}
    bare = [name for name, found in sorted(used.items()) if not _copy(found, folder)]
    _copy_text(own, folder / "landmark-desktop" / "LICENSE")
    for source in _of_python():
        _copy_text(source, folder / "Python" / source.name)
    if any(name.lower().startswith("pyside6") for name in used):
        _copy_text(_LGPL, folder / "Qt" / _LGPL.name)
        (folder / "Qt" / "README.txt").write_text(_QT, encoding="utf-8")
    for package, text in _of_system([path for path in wanted if path not in owners]):
        _copy_text(text, folder / "system" / f"{package}.txt")
    return bare


def texts(names: Iterable[str]) -> list[str]:
    """Return those of a distribution's files that hold licences, by their names."""
    return [name for name in names if _TEXT.search(name) and not name.endswith((".py", ".pyc"))]


def declared(found: metadata.PackageMetadata) -> str:
    """Return what a distribution's metadata say of its licence, where it has no text."""
    entries = [f"{key}: {value}" for key in ("Name", "Version", "License-Expression", "License",
                                             "Author", "Home-page")
               for value in found.get_all(key) or []]  # fmt: skip
    entries += [v for v in found.get_all("Classifier") or [] if v.startswith("License ::")]
    return "\n".join(entries) + "\n"


def _files(found: metadata.Distribution) -> Iterable[Path]:
    for file in found.files or ():
        if file.suffix != ".pyc":
            yield Path(str(found.locate_file(file))).resolve()


def _copy(found: metadata.Distribution, folder: Path) -> bool:
    """Copy a distribution's licences; return whether it has texts and not just a word."""
    target = folder / found.name
    names = texts(str(file) for file in found.files or ())
    for name in names:
        inside = re.sub(r"^.*?\.dist-info/(licenses/)?", "", name)
        _copy_text(Path(str(found.locate_file(name))), target / inside)
    target.mkdir(parents=True, exist_ok=True)
    (target / "METADATA.txt").write_text(declared(found.metadata), encoding="utf-8")
    return bool(names)


def _of_python() -> list[Path]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidates = (
        Path(sys.base_prefix) / "lib" / version / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path("/usr/share/doc") / version / "copyright",
    )
    return [path for path in candidates if path.is_file()][:1]


def _of_system(libraries: list[Path]) -> list[tuple[str, Path]]:
    """Return the Debian packages that these files came with, and the texts of their licences."""
    if not libraries or shutil.which("dpkg") is None:
        return []
    said = subprocess.run(
        ["dpkg", "-S", *map(str, libraries)], capture_output=True, text=True, check=False
    ).stdout
    packages = sorted({line.split(":")[0] for line in said.splitlines() if ": /" in line})
    texts = [(package, Path("/usr/share/doc") / package / "copyright") for package in packages]
    return [(package, text) for package, text in texts if text.is_file()]


def _copy_text(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
