"""All that is known of where photos were taken, weighed together, and put into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from landmark_desktop.actions import weighing, whereabouts
from landmark_desktop.actions.evidence_words import badge, in_words, moved
from landmark_desktop.actions.whereabouts import Where
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo import coordinates
from landmark_desktop.geo.cities import Cities
from landmark_desktop.geo.distance import Position
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.geo.reach import reach
from landmark_desktop.geo.verdict import Place, Provenance, Verdict
from landmark_desktop.library import photos

__all__ = ["Told", "badge", "in_words", "moved", "told", "verdicts", "where"]

_CITY = 15_000.0
"""Metres within which a place has to be known for its city to be named: about the radius of Paris
with its suburbs. Of a wider one only the country is told."""


def verdicts(workspace: Workspace, ids: Sequence[int]) -> dict[int, Verdict]:
    """Weigh the evidence about each of these photos; unknown ids are left out.

    For worker threads: ten thousand photos take some seconds, and the first conflict one more,
    for the cities. Nothing is written.
    """
    return weighing.verdicts(workspace, ids, _Naming(workspace.gazetteer))


@dataclass(frozen=True)
class Told:
    """The evidence about one photo's suggestion, in words.

    ``badge``: what speaks against it, short; ``moved``: what place and time did to it; both
    may be empty. ``sentences``: all of it.
    """

    badge: str
    moved: str
    sentences: tuple[str, ...]


def told(workspace: Workspace, ids: Sequence[int]) -> dict[int, Told]:
    """Put the evidence about these photos' suggestions into words. For worker threads."""
    model, gazetteer = workspace.model, workspace.gazetteer
    rows = photos.fetch(workspace.library.read(), ids, model.id, model.earlier)
    said = {row.id: row.suggestion for row in rows}
    found = {}
    for id_, verdict in verdicts(workspace, ids).items():
        suggestion = said.get(id_)
        if suggestion is None or suggestion.landmark is None:
            continue
        key = suggestion.landmark
        found[id_] = Told(
            badge(verdict, key, gazetteer),
            moved(verdict, key, suggestion.confidence),
            in_words(verdict, gazetteer, _guessed(gazetteer, verdict.place)),
        )
    return found


class _Naming:
    """Calls positions by their city. Reads the cities when first asked, and remembers."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._names: dict[tuple[float, float], str] = {}

    def __call__(self, point: Position) -> str:
        spot = round(point.latitude, 2), round(point.longitude, 2)  # 1 km: the same city
        if spot not in self._names:
            first = whereabouts.around(self._gazetteer, Cities.load(), *point)[0]
            parts = [part for part in (first.city, first.country) if part]
            self._names[spot] = ", ".join(parts) or coordinates.write(*point)
        return self._names[spot]


def _guessed(gazetteer: Gazetteer, place: Place | None) -> str:
    """Return a guessed place as "Paris, France"; nothing for one that is known, or for the sea."""
    if place is None or place.provenance is not Provenance.GUESS:
        return ""
    found = where(gazetteer, Cities.load, place)
    return ", ".join(part for part in (found.city, found.country) if part)


def where(gazetteer: Gazetteer, cities: Callable[[], Cities], place: Place) -> Where:
    """Return city, region and country of a verdict's place, as far as it tells them.

    Of a place at a landmark what the gazetteer has, of a guess too wide for a city the
    country. Whether it is a guess says ``place.provenance``. Never on the main thread, as
    ``Cities.load`` is not; ``cities`` is asked only where the gazetteer does not do.
    """
    entry = gazetteer[place.landmark] if place.landmark is not None else None
    if entry is not None and entry.country and place.radius <= max(_CITY, reach(entry)):
        return whereabouts.of_landmark(entry)
    near, *others = whereabouts.around(gazetteer, cities(), *place.position)
    return near if place.radius <= _CITY or not others else others[-1]
