"""A position as Exif's rationals and as XMP's text, and back.

Exif 2.32, GPS attribute information; XMP Specification Part 2, GPSCoordinate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from landmark_desktop.metadata.described import Position

_COORDINATE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])")
_SECOND = 10_000  # a ten-thousandth of a second of arc is 3 mm


def as_xmp(position: Position) -> dict[str, str]:
    """Return "DDD,MM.mmmmmmk" for both axes, and the method."""
    return _filled(
        {
            "exif:GPSLatitude": _minutes(position.latitude, "NS"),
            "exif:GPSLongitude": _minutes(position.longitude, "EW"),
            "exif:GPSProcessingMethod": position.method,
        }
    )


def as_exif(position: Position) -> dict[str, str]:
    """Return references, degrees, minutes and seconds as libexiv2 writes them as text."""
    return _filled(
        {
            "Exif.GPSInfo.GPSLatitudeRef": "S" if position.latitude < 0 else "N",
            "Exif.GPSInfo.GPSLatitude": _rationals(position.latitude),
            "Exif.GPSInfo.GPSLongitudeRef": "W" if position.longitude < 0 else "E",
            "Exif.GPSInfo.GPSLongitude": _rationals(position.longitude),
            "Exif.GPSInfo.GPSProcessingMethod": position.method,
        }
    )


def from_xmp(fields: Mapping[str, str]) -> Position | None:
    """Return the position in XMP's fields, if it is a sound one."""
    return _sound(
        _from_minutes(fields.get("exif:GPSLatitude", "")),
        _from_minutes(fields.get("exif:GPSLongitude", "")),
        fields.get("exif:GPSProcessingMethod", ""),
    )


def from_exif(fields: Mapping[str, str]) -> Position | None:
    """Return the position in Exif's fields, if it is a sound one."""
    latitude = _from_rationals(fields.get("Exif.GPSInfo.GPSLatitude", ""))
    longitude = _from_rationals(fields.get("Exif.GPSInfo.GPSLongitude", ""))
    if fields.get("Exif.GPSInfo.GPSLatitudeRef", "").upper().startswith("S"):
        latitude = -latitude
    if fields.get("Exif.GPSInfo.GPSLongitudeRef", "").upper().startswith("W"):
        longitude = -longitude
    return _sound(latitude, longitude, fields.get("Exif.GPSInfo.GPSProcessingMethod", ""))


def _filled(fields: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if text}


def _minutes(degrees: float, ends: str) -> str:
    whole, rest = divmod(round(abs(degrees) * 60 * 1_000_000), 60_000_000)
    return f"{whole},{rest / 1_000_000:.6f}{ends[degrees < 0]}"


def _rationals(degrees: float) -> str:
    minutes, seconds = divmod(round(abs(degrees) * 3600 * _SECOND), 60 * _SECOND)
    return f"{minutes // 60}/1 {minutes % 60}/1 {seconds}/{_SECOND}"


def _from_minutes(text: str) -> float:
    if matched := _COORDINATE.fullmatch(text.strip()):
        degrees, minutes, seconds, end = matched.groups()
        value = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
        return -value if end in "SW" else value
    try:  # icloudpd and others write plain degrees
        return float(text)
    except ValueError:
        return math.nan


def _from_rationals(text: str) -> float:
    value, parts = 0.0, text.split()
    for part, unit in zip(parts, (1, 60, 3600), strict=False):
        numerator, _, denominator = part.partition("/")
        try:
            value += int(numerator) / int(denominator or 1) / unit
        except (ValueError, ZeroDivisionError):
            return math.nan
    return value if parts else math.nan


def _sound(latitude: float, longitude: float, method: str) -> Position | None:
    # Comparisons with not-a-number are false.
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return Position(latitude, longitude, method)
    return None
