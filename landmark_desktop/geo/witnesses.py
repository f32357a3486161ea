"""What speaks for a landmark by where the camera was: likelihood ratios and their witnesses.

A likelihood ratio says how many times as likely something is found if the photo shows the
landmark, against a photo of anything elsewhere in a person's library. Here they are natural
logarithms, so that witnesses add up; over 0 agrees, below 0 contradicts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from landmark_desktop.geo.distance import EARTH, Position, metres, position
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark
from landmark_desktop.geo.reach import reach
from landmark_desktop.library.records import Neighbour

NEAR = 20.0
"""Ratio for a camera in sight of the landmark. Nearly every photo that shows a landmark is taken
in sight of it; of other photos we take it to be one in twenty, as albums lead to landmarks."""

FAR = 0.01
"""Ratio however far away the camera says it was: one position in a hundred is wrong altogether (a
stale fix, a place dragged on a map). So no position alone refutes a model that is sure."""

SAME = 3.0
"""Ratio for a neighbour at that very moment that shows the same landmark, beyond its having been
taken there: people take several photos of what they came to see."""

ERROR = 100.0
"""Metres that a measured position may be off: receivers reach some 5 m under open sky, several
tens between houses; shared locations have a median error of 70 m and a mean of 551 m (Shaw et al.
2013, quoted by Hauff 2013, "A Study on the Accuracy of Flickr's Geotag Data"): a heavy tail."""

WALKING = 5.0 / 3.6
"""Metres a second on foot: a neighbour's place is nearly as good as one's own within that."""

DRIVING = 60.0 / 3.6
"""Metres a second by road or rail, stops included: what is farther has to be doubted."""

CELL = 1000.0
"""Side in metres of the cells in which neighbours' positions count once: a walk's hundred
positions are one witness, not a hundred."""

_SLOTS = (5, 15, 30, 60, 120, 240, 480, 960, 1440)
"""Minutes up to which neighbours of one place count as one witness, with the walk and the drive
of the whole span allowed."""


def ratio(distance: float, in_sight: float, scale: float) -> float:
    """Return the likelihood ratio of a camera ``distance`` metres from a landmark.

    ``NEAR`` up to ``in_sight`` metres; behind that the fall of a bivariate Cauchy density,
    whose tail is heavy, with ``scale`` in metres, to ``FAR``. It is 1 about 2.5 scales behind.
    """
    beyond = max(0.0, distance - in_sight) / scale
    return float(FAR + (NEAR - FAR) * (1 + beyond * beyond) ** -1.5)


def by_position(landmark: Landmark, measured: Position) -> float:
    """Return the log ratio of the photo's own position; 0 where the landmark has none."""
    there = position(landmark.latitude, landmark.longitude)
    if there is None:
        return 0.0
    seen = reach(landmark) + ERROR
    return math.log(ratio(metres(there, measured), seen, seen))


@dataclass(frozen=True, slots=True)
class Witness:
    """Neighbours of one place and one span of time, which count once.

    ``position``: of their cell, or of the landmark that they were accepted as, ``landmark``;
    ``None`` where that has none. ``slack``: metres that the camera may have been off that.
    ``span``: seconds between the photos for which travel is allowed. ``weight``: 1 for the same
    moment, falling evenly to 0 at the end of the window, so that nothing jumps there.
    ``nearest``: the one of them that is nearest in time.
    """

    position: Position | None
    landmark: str | None
    slack: float
    span: float
    weight: float
    nearest: Neighbour

    def says(self, landmark: Landmark) -> float:
        """Return the log ratio for a landmark; 0 where nothing can be said."""
        if landmark.id == self.landmark:
            return self.weight * math.log(NEAR)
        there = position(landmark.latitude, landmark.longitude)
        if there is None or self.position is None:
            return 0.0
        seen = reach(landmark) + self.slack
        in_sight, scale = seen + WALKING * self.span, seen + DRIVING * self.span
        return self.weight * math.log(ratio(metres(there, self.position), in_sight, scale))


def counting(neighbours: Iterable[Neighbour], minutes: float) -> list[Neighbour]:
    """Return the neighbours that count, nearest in time first, in an order of their own.

    Those within ``minutes``, by the same camera, of which a landmark or a position is known.
    """
    return sorted(
        (
            n
            for n in neighbours
            if n.same_camera
            and abs(n.seconds) < 60 * minutes
            and (n.landmark is not None or position(n.latitude, n.longitude) is not None)
        ),
        key=lambda n: (
            abs(n.seconds), n.seconds, n.id, n.landmark or "", n.latitude or 0, n.longitude or 0,
        ),
    )  # fmt: skip


def witnesses(
    neighbours: Iterable[Neighbour], gazetteer: Gazetteer, minutes: float
) -> tuple[tuple[Witness, ...], dict[str, float]]:
    """Bring neighbours that count together as witnesses.

    Returns the witnesses, and for each landmark that was accepted the weight of the photo of
    it that is nearest in time. ``neighbours``: as ``counting`` returns them.
    """
    found: dict[tuple[object, int], Witness] = {}
    same: dict[str, float] = {}
    for n in neighbours:
        weight = 1.0 - abs(n.seconds) / (60 * minutes)
        if n.landmark is not None:
            same.setdefault(n.landmark, weight)
        slot = next((slot for slot in _SLOTS if abs(n.seconds) <= 60 * slot), math.ceil(minutes))
        measured = position(n.latitude, n.longitude)
        if measured is not None:
            centre = cell(measured)
            off = ERROR + CELL * math.sqrt(0.5)  # from its centre to its corner
            found.setdefault(
                (centre, slot), Witness(centre, None, off, 60.0 * slot, weight, n)
            )  # fmt: skip
        elif n.landmark is not None:
            shown = gazetteer[n.landmark]
            there = position(shown.latitude, shown.longitude)
            found.setdefault(
                (n.landmark, slot),
                Witness(there, n.landmark, reach(shown), 60.0 * slot, weight, n),
            )
    return tuple(found.values()), same


def cell(point: Position) -> Position:
    """Return the centre of the cell, about ``CELL`` metres a side, in which a point lies."""
    step = math.degrees(CELL / EARTH)
    latitude = max(-90.0, min(90.0, step * round(point.latitude / step)))
    wide = step / max(math.cos(math.radians(latitude)), step)
    return Position(latitude, wide * round(point.longitude / wide))
