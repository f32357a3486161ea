"""From how far landmarks are photographed, by their kind."""

from __future__ import annotations

from functools import cache

from landmark_desktop.geo.gazetteer import Landmark, fold

_REACH = {
    # Small, in streets and squares: seen from across the square.
    "fountain": 300, "statue": 3000, "monument": 1000, "memorial": 1000, "square": 500,
    "gate": 500, "arch": 1500, "museum": 500, "concert hall": 1000, "theatre": 500,
    "opera house": 2000, "city hall": 500, "historic building": 500, "house": 300, "library": 500,
    "station": 500, "market": 500, "government building": 1500, "school": 500,
    # Above the roofs around them, or with open ground in front.
    "church": 2000, "cathedral": 2000, "mosque": 3000, "shrine": 2000, "temple": 2000,
    "mausoleum": 2000, "monastery": 2000, "palace": 2000, "castle": 3000, "fortress": 3000,
    "amphitheatre": 1500, "stadium": 2000, "lighthouse": 5000,
    # Seen over a whole city, or over water.
    "tower": 5000, "skyscraper": 8000, "bridge": 5000, "pyramid": 5000, "dam": 3000,
    # Large themselves: their coordinates are one point of many square kilometres.
    "park": 1500, "garden": 1000, "old town": 2000, "village": 2000, "archaeological site": 3000,
    "beach": 3000, "waterfall": 3000, "cave": 1000, "cliff": 5000, "canyon": 20_000,
    "rice terraces": 15_000, "natural site": 15_000, "lake": 20_000, "island": 20_000,
    "bay": 25_000, "glacier": 15_000, "national park": 30_000, "desert": 50_000,
    "volcano": 40_000, "mountain": 40_000,
    # The Great Wall's coordinates are Badaling's; Jinshanling and Simatai are 110 km from it.
    "wall": 120_000,
}  # fmt: skip
"""Metres from a landmark's coordinates within which nearly all photos are taken that show it as
their subject. Not measured: judged from the sizes of the 66 landmarks of the gazetteer and from
their usual viewpoints (the Eiffel Tower from Montmartre is 4.8 km, the Statue of Liberty from
Battery Park 2.8 km, the Golden Gate Bridge from the Presidio and the headlands 1 to 4 km). Too
large a number costs little, as the model still has to see the landmark; too small a one doubts
true photos. So the numbers are generous."""

_OTHER = 2000.0
"""For kinds that are not in the table, and for none."""

_OWN = 5000.0
"""At least this for places that a person taught: their coordinates may be those of the city that
was chosen for them, and half of a city of 400,000 is 5 km (``cities.City.radius``)."""

SURROUNDINGS = 200.0
"""Metres that count as the immediate surroundings of a landmark: the foot of the Eiffel Tower with
its lawns, the square around a fountain or in front of a cathedral."""


def reach(landmark: Landmark) -> float:
    """Return from how many metres away the landmark is photographed."""
    metres = _of_kind(landmark.kind)
    return max(metres, _OWN) if landmark.own else metres


@cache
def _of_kind(kind: str) -> float:
    return float(_REACH.get(fold(kind), _OTHER))
