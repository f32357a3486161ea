"""Which threshold gives the precision that a person asks for, and what to expect of it.

Read from the operating points that a card states (``training.calibrate``), straight lines
between them. Torch-free face of the trainer, and free of numpy: the window reads this while it
opens. Cards are checked for having points, not for these being numbers, and points of earlier
versions need not rise: what makes no sense is passed over.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import replace

from training.bundle import Card, OperatingPoint

LEAST_ASKED, MOST_ASKED = 0.5, 0.999
"""What precisions can be asked for: below one half a suggestion is no help, and no validation
set is large enough to tell 99.9 % from more."""

_MOST_PERCENT = 99  # of the slider: 100 % is a promise that nobody can keep


def is_precision(value: float) -> bool:
    """Return whether a person can ask for it: 0 is "the model's own default"."""
    return value == 0 or LEAST_ASKED <= value <= MOST_ASKED


def stated(card: Card) -> tuple[OperatingPoint, ...]:
    """Return the card's points of rising threshold and precision that never falls.

    A stricter point that states less than a laxer one was measured on too few photos (cards
    of earlier versions end with such a one where a precision was not reached).
    """
    found: list[OperatingPoint] = []
    sound = [point for point in card.operating_points if _is_sound(point)]
    for point in sorted(sound, key=lambda point: point.threshold):
        last = found[-1] if found else None
        if last is None or (point.threshold > last.threshold and point.precision >= last.precision):
            found.append(point)
    return tuple(found)


def threshold_for(card: Card, precision: float) -> float:
    """Return the least threshold from which on suggestions have the asked precision.

    0 asks for the card's own threshold, and a card that states nothing has no other. Below
    what the laxest point gives the answer is that point, above the strictest one it is that.
    """
    points = stated(card)
    if precision == 0 or not points:
        return card.threshold
    place = bisect_left([point.precision for point in points], precision)
    if place == 0:
        return points[0].threshold
    if place == len(points):
        return points[-1].threshold
    before, after = points[place - 1], points[place]
    share = (precision - before.precision) / (after.precision - before.precision)
    return _between(before.threshold, after.threshold, share)


def expected(card: Card, threshold: float) -> OperatingPoint | None:
    """Return what suggestions from ``threshold`` on are like; ``None`` where nobody knows.

    Outside of what the card states, its nearest point holds.
    """
    points = stated(card)
    if not points:
        return None
    place = bisect_right([point.threshold for point in points], threshold)
    if place == 0 or place == len(points):
        nearest = points[min(place, len(points) - 1)]
        return replace(nearest, threshold=threshold)
    before, after = points[place - 1], points[place]
    share = (threshold - before.threshold) / (after.threshold - before.threshold)
    false = None
    if before.false_suggestions is not None and after.false_suggestions is not None:
        false = _between(before.false_suggestions, after.false_suggestions, share)
    return OperatingPoint(
        threshold,
        _between(before.precision, after.precision, share),
        _between(before.kept, after.kept, share),
        false,
    )


def reachable(card: Card) -> tuple[int, int] | None:
    """Return the least and the most whole percent that can be asked of the model.

    The least is what all its suggestions together give, rounded, or ``LEAST_ASKED``. ``None``:
    it states nothing.
    """
    points = stated(card)
    if not points:
        return None
    least = min(round(100 * max(points[0].precision, LEAST_ASKED)), _MOST_PERCENT)
    # A share that is a whole percent may lie a rounding error below it.
    most = min(math.floor(100 * points[-1].precision + 1e-9), _MOST_PERCENT)
    return least, max(least, most)


def handful(card: Card, most: int = 6) -> tuple[OperatingPoint, ...]:
    """Return at most so many of the stated points to show in a table, the default's among them.

    They are spread evenly over the list, the first and the last included.
    """
    points = stated(card)
    if len(points) <= most:
        return points
    places = {round(i * (len(points) - 1) / (most - 1)) for i in range(most)}
    own = next((i for i, point in enumerate(points) if point.threshold == card.threshold), None)
    if own is not None and own not in places:
        inner = places - {0, len(points) - 1}
        places.remove(min(inner, key=lambda place: abs(place - own)))
        places.add(own)
    return tuple(points[place] for place in sorted(places))


def _is_sound(point: OperatingPoint) -> bool:
    shares = [point.threshold, point.precision, point.kept]
    if point.false_suggestions is not None:
        shares.append(point.false_suggestions)
    return all(
        isinstance(share, int | float) and not isinstance(share, bool) and 0.0 <= share <= 1.0
        for share in shares
    )


def _between(low: float, high: float, share: float) -> float:
    """Return the value at ``share`` (0 to 1) of the way; never outside of the two."""
    value = low + share * (high - low)
    return min(max(value, min(low, high)), max(low, high))
