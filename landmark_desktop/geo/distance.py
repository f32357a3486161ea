"""Where two points are and how far apart, on a round Earth."""

from __future__ import annotations

import math
from typing import NamedTuple

EARTH = 6_371_008.8
"""Mean radius in metres (IUGG, as Moritz 2000, "Geodetic Reference System 1980", gives it)."""


class Position(NamedTuple):
    """A point in degrees, WGS 84."""

    latitude: float
    longitude: float


def position(latitude: float | None, longitude: float | None) -> Position | None:
    """Return the point, or ``None`` where none was measured.

    0, 0 counts as none: receivers write it before they have a fix. So do numbers that are no
    degrees.
    """
    if latitude is None or longitude is None or (latitude == 0.0 and longitude == 0.0):
        return None
    if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0):  # not-a-number fails both
        return None
    return Position(latitude, longitude)


def metres(one: Position, other: Position) -> float:
    """Return the great-circle distance in metres.

    By the haversine formula (Sinnott 1984, "Virtues of the Haversine", Sky and Telescope 68),
    which is exact for small distances too. The Earth's flattening makes it err by up to half a
    per cent.
    """
    phi, other_phi = math.radians(one.latitude), math.radians(other.latitude)
    theta = math.radians(other.longitude - one.longitude)
    half = (
        math.sin((other_phi - phi) / 2) ** 2
        + math.cos(phi) * math.cos(other_phi) * math.sin(theta / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, half)))
