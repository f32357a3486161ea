"""Which sidecar belongs to which photo: ``IMG.jpg.xmp`` and ``IMG.xmp``, and whose is which.

``IMG.jpg.xmp`` (digiKam, darktable, Immich; "full") names its photo beyond doubt. ``IMG.xmp``
(Adobe, Capture One, Photo Mechanic; "stem") belongs to the RAW
file where one has that stem: those programs embed in everything else. Else it belongs to the
photo of that stem if there is only one; with several nobody can say, and it is left alone.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from landmark_desktop.formats import RAW
from landmark_desktop.metadata.troubles import from_os
from training.photo import EXTENSIONS


class Naming(StrEnum):
    """How a new sidecar is named."""

    FULL = "IMG.jpg.xmp"
    STEM = "IMG.xmp"


def sidecars(photo: Path, names: Iterable[str] | None = None) -> tuple[Path, ...]:
    """Return the photo's sidecars that exist, the one that was changed last first.

    ``names``: what its folder holds, where the caller knows. Raises ``MetadataError``.
    Where both namings exist, two programs keep one each: both are read, and both written.
    """
    names = _listed(photo) if names is None else list(names)
    wanted = [_full(photo.name)] + ([_stem(photo.name)] if _stem_is_mine(photo, names) else [])
    alone = sum(name.lower() == photo.name.lower() for name in names) <= 1
    found = [
        photo.with_name(name)
        for each in wanted
        if (name := _named(each, names, any_case=alone)) is not None
    ]
    return tuple(sorted(found, key=_changed, reverse=True))


def new_sidecar(
    photo: Path, default: Naming, names: Iterable[str] | None = None, *, follow: bool = True
) -> Path:
    """Return the name for a photo that has no sidecar yet.

    ``follow``: as most sidecars in its folder are named, where it has any; else ``default``.
    A stem that another photo shares gets the full name whatever is asked for.
    """
    names = _listed(photo) if names is None else list(names)
    naming = (habit(names) if follow else None) or default
    if naming is Naming.STEM and _stem_is_mine(photo, names):
        return photo.with_name(_stem(photo.name))
    return photo.with_name(_full(photo.name))


def habit(names: Sequence[str]) -> Naming | None:
    """Return how the sidecars of a folder are named, if it has any; RAW files' do not count."""
    raw = {Path(name).stem.lower() for name in names if Path(name).suffix.lower() in RAW}
    stems = {Path(name).stem.lower() for name in names if Path(name).suffix.lower() in EXTENSIONS}
    inner = [Path(name).stem for name in names if name.lower().endswith(".xmp")]
    found = Counter(
        Naming.FULL if Path(name).suffix.lower() in EXTENSIONS else Naming.STEM
        for name in inner
        if Path(name).suffix.lower() in EXTENSIONS or name.lower() in stems - raw
    )
    return max(found, key=lambda each: (found[each], each is Naming.FULL)) if found else None


def _full(name: str) -> str:
    return f"{name}.xmp"


def _stem(name: str) -> str:
    return f"{Path(name).stem}.xmp"


def _named(wanted: str, names: Sequence[str], *, any_case: bool) -> str | None:
    """Return which of ``names`` is ``wanted``, or where ``any_case`` differs from it in case only.

    Where case counts, IMG.JPG and img.jpg can lie side by side, each with its own.
    """
    if wanted in names:
        return wanted
    alike = [name for name in names if name.lower() == wanted.lower()] if any_case else []
    return min(alike, default=None)


def _stem_is_mine(photo: Path, names: Iterable[str]) -> bool:
    """Whether no other photo file has this stem."""
    pictures = EXTENSIONS | RAW
    stem = photo.stem.lower()
    same = {
        name
        for name in names
        if Path(name).stem.lower() == stem and Path(name).suffix.lower() in pictures
    }
    return len(same) <= 1 and {name.lower() for name in same} <= {photo.name.lower()}


def _listed(photo: Path) -> list[str]:
    try:
        return os.listdir(photo.parent)  # noqa: PTH208 - names are what is needed
    except OSError as error:
        raise from_os(error, photo) from error


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # gone since: the next step will say so
