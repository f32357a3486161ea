"""Read a photo's facts: size and format from its header, the rest from Exif by libexiv2.

Any thread may call: ``libexiv2`` lets one in at a time.
"""

from __future__ import annotations

import datetime
import logging
from pathlib import Path

from landmark_desktop.library.records import Facts
from landmark_desktop.metadata import libexiv2
from landmark_desktop.metadata.described import METHOD_GUESS
from landmark_desktop.metadata.gps import from_exif
from training.photo import open_header

log = logging.getLogger(__name__)


_TIMES = ("Exif.Photo.DateTimeOriginal", "Exif.Photo.DateTimeDigitized", "Exif.Image.DateTime")
_READ = {*_TIMES, "Exif.Image.Orientation", "Exif.Image.Make", "Exif.Image.Model"}
"""No other is spelt out: some hold hundreds of megabytes (``libexiv2.blocks``)."""


def read_facts(path: Path) -> Facts:
    """Return what the photo says of itself. Raises ``PhotoError`` where it is no photo.

    Damaged metadata do not make a photo unreadable: what can be read is returned.
    """
    with open_header(path) as image:
        name, (width, height) = image.format or "", image.size
        tiff = libexiv2.tiff_of(image.info.get("exif")) if name in ("HEIF", "AVIF") else b""
    exif = _exif(path, path) or (_exif(tiff, path) if tiff else {})  # as ``embedded`` does
    if METHOD_GUESS in exif.get("Exif.GPSInfo.GPSProcessingMethod", ""):
        # Our own estimate must not come back as measured.
        exif = {key: text for key, text in exif.items() if not key.startswith("Exif.GPSInfo.")}
    position = from_exif(exif)
    return Facts(
        format="JPEG" if name == "MPO" else name,
        width=width,
        height=height,
        # Both are read upright; their orientation must not be applied again.
        orientation=1 if name in ("HEIF", "TIFF") else _orientation(exif),
        taken_at=_taken_at(exif),
        camera=_camera(exif),
        latitude=None if position is None else position.latitude,
        longitude=None if position is None else position.longitude,
    )


def _exif(source: Path | bytes, path: Path) -> dict[str, str]:
    try:
        with libexiv2.opened(source) as image:
            return {
                key: str(datum.value())
                for datum in image.exifData()
                if (key := datum.key()) in _READ or key.startswith("Exif.GPSInfo.")
            }
    except libexiv2.ERRORS as error:
        log.info("no metadata from %s: %s", path, error)
        return {}


def _orientation(exif: dict[str, str]) -> int:
    text = exif.get("Exif.Image.Orientation", "1")
    return int(text) if text in {"1", "2", "3", "4", "5", "6", "7", "8"} else 1


def _taken_at(exif: dict[str, str]) -> str | None:
    for key in _TIMES:
        try:
            moment = datetime.datetime.strptime(exif.get(key, "")[:19], "%Y:%m:%d %H:%M:%S")
        except ValueError:
            continue  # cameras without a set clock write blanks or zeros
        if moment.year >= 1826:  # the oldest photograph there is
            return moment.isoformat()
    return None


def _camera(exif: dict[str, str]) -> str | None:
    make = exif.get("Exif.Image.Make", "").strip("\0 ")
    model = exif.get("Exif.Image.Model", "").strip("\0 ")
    if make and model.lower().startswith(make.split()[0].lower()):
        make = ""
    return " ".join(part for part in (make, model) if part) or None
