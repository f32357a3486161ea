"""Where a place is: from a city's name, from coordinates, or from where photos were taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_desktop.geo import coordinates
from landmark_desktop.geo.cities import Cities, City, Near
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark

REACH = 50.0
"""Kilometres from a city's edge at which a point still counts as near it, and in its country."""
_OFFERED = 5  # cities for a point


@dataclass(frozen=True)
class Where:
    """A place as it can be chosen. ``text``: how it is offered; degrees are WGS 84."""

    text: str
    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def find(gazetteer: Gazetteer, cities: Cities, text: str) -> list[Where]:
    """Return the places that ``text``, a city's name or coordinates, may mean, likeliest first.

    Coordinates are offered with the cities around them, and at last on their own.
    """
    point = coordinates.parse(text)
    if point is not None:
        return around(gazetteer, cities, *point)
    if not text.strip():
        return []
    return [_in_city(gazetteer, city) for city in cities.search(text)]


def around(gazetteer: Gazetteer, cities: Cities, latitude: float, longitude: float) -> list[Where]:
    """Return the cities around a point, then the point without a city."""
    close = [n for n in cities.near(latitude, longitude, _OFFERED) if _reaches(n)]
    found = [_in_city(gazetteer, n.city, (latitude, longitude), n.distance) for n in close]
    code = close[0].city.country_code if close else None
    country = _country(gazetteer, close[0].city) if close else None
    text = f"{coordinates.write(latitude, longitude)}, no city"
    text += f" ({country})" if country else " (no country near)"
    return [*found, Where(text, None, None, country, code, latitude, longitude)]


def of_landmark(landmark: Landmark) -> Where:
    """Return where a landmark of the gazetteer is."""
    text = ", ".join(part for part in (landmark.city, landmark.region, landmark.country) if part)
    if not text and landmark.latitude is not None and landmark.longitude is not None:
        text = coordinates.write(landmark.latitude, landmark.longitude)
    return Where(
        text, landmark.city, landmark.region, landmark.country, landmark.country_code,
        landmark.latitude, landmark.longitude,
    )  # fmt: skip


def middle(points: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the one of the points (degrees) that is nearest to all others together.

    A single photo with a wrong position does not move it, and the date line is no edge.
    """
    given: Sequence[tuple[float, float]] = list(points)
    if not given:
        return None
    phi, theta = np.radians(np.array(given, float)).T
    unit = np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], 1)
    chords = np.linalg.norm(unit[:, None] - unit[None], axis=2).sum(axis=1)
    return given[int(chords.argmin())]


def _reaches(near: Near) -> bool:
    return near.distance - near.city.radius <= REACH


def _in_city(
    gazetteer: Gazetteer, city: City, point: tuple[float, float] | None = None,
    distance: float = 0.0,
) -> Where:  # fmt: skip
    text, country = city.place, _country(gazetteer, city)
    latitude, longitude = point or (city.latitude, city.longitude)
    if distance > city.radius:
        text += f" ({distance:.0f} km away)"
    return Where(
        text, city.name, city.region or None, country, city.country_code, latitude, longitude
    )


def _country(gazetteer: Gazetteer, city: City) -> str:
    """Return the country as the gazetteer calls it, so that it is one tag and one folder."""
    names = (x.country for x in gazetteer if x.country_code == city.country_code and x.country)
    return next(names, city.country)
