"""Photos grouped into events: what was taken at one time, and in one place where that is known.

Adaptive gaps as in PhotoTOC (Platt, Czerwinski and Field 2003, "PhotoTOC: Automatic Clustering
for Browsing Personal Photographs"): an event ends where a gap is much longer than those around it,
whatever the pace of the photographer.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from landmark_desktop.geo.distance import Position, metres

LONGER = 17.0
"""How many times the geometric mean of the gaps around it ends an event. From PhotoTOC."""

AROUND = 10
"""Gaps on either side that the mean is taken of. From PhotoTOC."""

SHORTEST = 3600.0
"""Seconds that a gap needs at least to end an event. PhotoTOC has no such bound, and a pause of
half a minute after a burst of pictures would end one; an hour is what simpler rules use alone."""

LONGEST = 36 * 3600.0
"""Seconds after which an event has ended in any case: from one morning to the next evening. Few
photos with a day between each are no week-long event."""

JUMP = 50_000.0
"""Metres between two photos that make them two events: another city, not another quarter."""

FASTEST = 250.0
"""Metres a second of an airliner. A faster jump is a wrong position, and says nothing."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """One photo: its id, when it was taken by the camera's clock, and where if known."""

    id: int
    taken: datetime.datetime
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Photos that belong together, in the order of time; never empty."""

    moments: tuple[Moment, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The photos' ids."""
        return tuple(moment.id for moment in self.moments)

    @property
    def start(self) -> datetime.datetime:
        """When the first was taken."""
        return self.moments[0].taken

    @property
    def end(self) -> datetime.datetime:
        """When the last was taken."""
        return self.moments[-1].taken


def events(moments: Iterable[Moment]) -> list[Event]:
    """Return the events, oldest first; every photo is in exactly one. Any order will do.

    All times must have a zone, or none.
    """
    ordered = sorted(moments, key=lambda moment: moment.id)
    if not ordered:
        return []
    # By plain numbers: for 100,000 photos, sorting lets no other thread run meanwhile.
    first = ordered[0].taken
    ordered.sort(key=lambda moment: (moment.taken - first).total_seconds())
    pairs = itertools.pairwise(ordered)
    gaps = [(after.taken - before.taken).total_seconds() for before, after in pairs]
    ends = sorted(_by_time(gaps) | _by_place(ordered, gaps))
    return [
        Event(tuple(ordered[start + 1 : end + 1]))
        for start, end in itertools.pairwise([-1, *ends, len(ordered) - 1])
    ]


def _by_time(gaps: Sequence[float]) -> set[int]:
    """Return the numbers of the photos that are the last of an event, by the gaps after them."""
    logs = [math.log(max(gap, 1.0)) for gap in gaps]
    sums = [0.0, *itertools.accumulate(logs)]
    ends = set()
    for number, gap in enumerate(gaps):
        first, last = max(0, number - AROUND), min(len(gaps), number + AROUND + 1)
        mean = (sums[last] - sums[first]) / (last - first)
        long = gap >= SHORTEST and logs[number] >= math.log(LONGER) + mean
        if long or gap > LONGEST:
            ends.add(number)
    return ends


def _by_place(ordered: Sequence[Moment], gaps: Sequence[float]) -> set[int]:
    """Return the last photos before each jump: at the longest gap between two known places."""
    ends = set()
    before: tuple[int, Position] | None = None
    for number, moment in enumerate(ordered):
        if moment.position is None:
            continue
        if before is not None:
            seconds = (moment.taken - ordered[before[0]].taken).total_seconds()
            distance = metres(before[1], moment.position)
            if distance > FASTEST * seconds and distance > JUMP:
                continue
            if distance > JUMP:
                ends.add(max(range(before[0], number), key=gaps.__getitem__))
        before = number, moment.position
    return ends


def names(found: Sequence[Event], places: Sequence[str]) -> list[str]:
    """Return a name for each event, as "12 to 14 June 2019, Paris".

    ``places``: one for each event, empty where it is not known. Events that would be called
    the same get their hours too, "12 June 2019, 14:05 to 16:30, Paris".
    """
    plain = [
        ", ".join(filter(None, (dates(event), place)))
        for event, place in zip(found, places, strict=True)
    ]
    times = Counter(plain)
    return [
        name if times[name] == 1 else ", ".join(filter(None, (dates(e), hours(e), place)))
        for name, e, place in zip(plain, found, places, strict=True)
    ]


def dates(event: Event) -> str:
    """Return the days of an event without repeating month or year: "30 June to 2 July 2019"."""
    first, last = event.start, event.end
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first.date() == last.date():
        return end
    if first.year != last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} {first.year} to {end}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]} to {end}"
    return f"{first.day} to {end}"


def hours(event: Event) -> str:
    """Return the time of the first and last photo, "14:05 to 16:30", once if it is the same."""
    first, last = f"{event.start:%H:%M}", f"{event.end:%H:%M}"
    return first if first == last else f"{first} to {last}"
