"""Photos taken around the same time by the same camera whose place is known."""

from __future__ import annotations

import datetime
import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from landmark_desktop.library.records import Neighbour

MOST = 5
"""Neighbours on either side of a photo, nearest in time first, of each sort: accepted as some
landmark, and no more than measured. Farther ones of a dense day say little that these do not."""

_EPOCH = datetime.datetime(1970, 1, 1)
_LAST = datetime.datetime.max - _EPOCH

# A photo's own clock in seconds; its zone is unknown and does not matter.
_CLOCK = "CAST(strftime('%s', {photo}taken_at) AS INTEGER)"

_ASKED = f"""
    SELECT id, {_CLOCK.format(photo="")}, camera FROM photo
    WHERE id IN (SELECT value FROM json_each(:ids)) AND taken_at IS NOT NULL
      AND camera IS NOT NULL
"""

# One walk of the index on time for each span; "CROSS JOIN" keeps SQLite from turning it round.
_KNOWN = f"""
    SELECT {_CLOCK.format(photo="p.")}, p.id, p.camera, d.landmark, p.latitude, p.longitude
    FROM json_each(:spans) AS span CROSS JOIN photo AS p
    LEFT JOIN decision AS d
      ON d.photo_id = p.id AND d.verdict = 'accepted' AND d.rule IS NULL
    WHERE p.sort_at BETWEEN json_extract(span.value, '$[0]') AND json_extract(span.value, '$[1]')
      AND p.taken_at IS NOT NULL AND p.camera IS NOT NULL
      AND (d.landmark IS NOT NULL OR (p.latitude IS NOT NULL AND p.longitude IS NOT NULL))
    ORDER BY p.sort_at, p.id
"""


@dataclass
class _Known:
    """Photos of a known place in the order of time: their clocks, and the rest of their rows."""

    clocks: list[int] = field(default_factory=list)
    rows: list[tuple[int, str | None, float | None, float | None]] = field(default_factory=list)

    def around(self, clock: int, reach: float, itself: int) -> Iterator[Neighbour]:
        """Yield up to ``MOST`` on either side, less than ``reach`` seconds away."""
        clocks, rows = self.clocks, self.rows
        low, high = bisect_right(clocks, clock - reach), bisect_left(clocks, clock + reach)
        here = bisect_left(clocks, clock)
        while here < high and clocks[here] == clock and rows[here][0] < itself:
            here += 1  # photos of the same second, of which the photo is one
        after = here + (here < high and rows[here][0] == itself)
        for start, stop in ((max(low, here - MOST), here), (after, min(high, after + MOST))):
            for number in range(start, stop):
                id_, landmark, latitude, longitude = rows[number]
                yield Neighbour(id_, clocks[number] - clock, landmark, latitude, longitude)


def of(
    connection: sqlite3.Connection, ids: Iterable[int], minutes: float
) -> dict[int, tuple[Neighbour, ...]]:
    """Return each photo's neighbours by its id; photos that have none are left out.

    Those are up to ``MOST`` photos of either sort before and after it, less than ``minutes``
    away, by a camera of the same name, which a person accepted as a landmark or which have a
    measured position. What a rule accepted is the model's opinion, and no neighbour by that. A
    photo without a time of its own or a camera has no neighbours and is none: when its file was
    written says nothing of when it was taken. Two cameras of one make are taken for the same, as
    the library knows no serial numbers.
    """
    rows = connection.execute(_ASKED, {"ids": json.dumps(list(ids))})
    asked = [(clock, camera, id_) for id_, clock, camera in rows if clock is not None]
    if not asked or minutes <= 0:
        return {}
    spans = json.dumps(list(_spans(sorted(clock for clock, _, _ in asked), 60 * minutes)))
    accepted: dict[str, _Known] = defaultdict(_Known)
    measured: dict[str, _Known] = defaultdict(_Known)
    for clock, id_, camera, landmark, latitude, longitude in connection.execute(
        _KNOWN, {"spans": spans}
    ):
        if clock is not None:
            sort = (measured if landmark is None else accepted)[camera]
            sort.clocks.append(clock)
            sort.rows.append((id_, landmark, latitude, longitude))
    found = {}
    for clock, camera, id_ in asked:
        near = [
            neighbour
            for sort in (accepted, measured)
            if camera in sort
            for neighbour in sort[camera].around(clock, 60 * minutes, id_)
        ]
        if near:
            found[id_] = tuple(near)
    return found


def _spans(moments: list[int], reach: float) -> Iterator[tuple[str, str]]:
    """Yield first and last time, as the library writes them, of the spans that matter.

    The windows of ``reach`` seconds around ``moments``, which are sorted; those that overlap
    as one.
    """
    start = end = moments[0]
    for moment in moments:
        if moment - end > 2 * reach:
            yield _written(start - reach), _written(end + reach)
            start = moment
        end = moment
    yield _written(start - reach), _written(end + reach)


def _written(seconds: float) -> str:
    moment = _EPOCH + min(datetime.timedelta(seconds=seconds), _LAST)
    return moment.isoformat(timespec="seconds")
