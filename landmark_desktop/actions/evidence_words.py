"""What a person is told of the evidence about a photo. Pure."""

from __future__ import annotations

import math

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.geo.verdict import (
    Conflict,
    ModelSays,
    NeighboursNear,
    NeighboursShow,
    PersonSays,
    PositionSays,
    Provenance,
    Reason,
    Source,
    Verdict,
)


def in_words(verdict: Verdict, gazetteer: Gazetteer, guessed: str = "") -> tuple[str, ...]:
    """Return sentences: what speaks for the likeliest landmark, what against, what is a guess.

    ``guessed``: the verdict's place in words, "Paris, France", where that is a guess.
    """
    sentences = [_reason(reason, gazetteer) for reason in verdict.reasons]
    sentences += [_conflict(conflict, gazetteer) for conflict in verdict.conflicts]
    if verdict.place is not None and verdict.place.provenance is Provenance.GUESS:
        sentences.append(f"Where it was taken is a guess{guessed and ': '}{guessed}.")
    return tuple(sentences)


def badge(verdict: Verdict, landmark: str, gazetteer: Gazetteer) -> str:
    """Return in few words what speaks against the landmark, "The camera says Lyon"; or nothing."""
    for conflict in verdict.conflicts:
        if conflict.landmark != landmark:
            continue
        place = conflict.place.split(",")[0] or "another place"
        if conflict.source is Source.POSITION:
            return f"The camera says {place}"
        if conflict.other is not None:
            return f"Photos around show {gazetteer[conflict.other].name}"
        return f"Photos around say {place}"
    return ""


def moved(verdict: Verdict, landmark: str, before: float) -> str:
    """Return how place and time changed the model's ``before`` (0 to 1); or nothing."""
    now = dict(verdict.ranked).get(landmark, 0.0)
    if abs(now - before) < 0.01:
        return ""
    way = "raise" if now > before else "lower"
    return f"Place and time {way} it from {_percent(before)} to {_percent(now)}."


def _reason(reason: Reason, gazetteer: Gazetteer) -> str:
    name = gazetteer[reason.landmark].name
    match reason:
        case ModelSays(probability=probability):
            return f"The model says {name}, {_percent(probability)}."
        case PersonSays(refused=refused):
            return f"You said that it {'does not show' if refused else 'shows'} {name}."
        case PositionSays(distance=distance):
            return f"The camera was {far(distance)} from {name}."
        case NeighboursShow(photos=1, seconds=seconds):
            return f"A photo taken within {_span(seconds)} shows {name}."
        case NeighboursShow(photos=photos, seconds=seconds):
            return f"{photos} photos within {_span(seconds)} show {name}."
        case NeighboursNear(photos=1, seconds=seconds, distance=distance):
            return f"A photo within {_span(seconds)} was taken {far(distance)} from {name}."
        case NeighboursNear(photos=photos, seconds=seconds, distance=distance):
            return (
                f"{photos} photos within {_span(seconds)} were taken near {name}, the one nearest "
                f"in time {far(distance)} from it."
            )


def _conflict(conflict: Conflict, gazetteer: Gazetteer) -> str:
    name = gazetteer[conflict.landmark].name
    away = f"{far(conflict.distance)} from {name}"
    place = conflict.place or "another place"
    if conflict.source is Source.POSITION:
        return f"The camera says {place}, {away}."
    when = f"A photo taken {_apart(conflict.seconds)}"
    if conflict.other is not None:
        return f"{when} shows {gazetteer[conflict.other].name}, {away}."
    return f"{when} says {place}, {away}."


def far(distance: float) -> str:
    """Return a distance in metres as a person would say it: "240 m", "1.2 km", "390 km"."""
    if distance < 995:
        return f"{10 * round(distance / 10)} m"
    return f"{distance / 1000:.1f} km" if distance < 9950 else f"{distance / 1000:,.0f} km"


def _percent(probability: float) -> str:
    """Return a probability in whole per cent; nothing that is uncertain is called 0 or 100."""
    if 0.995 <= probability < 1.0:
        return "over 99%"
    return "under 1%" if 0.0 < probability < 0.005 else f"{probability:.0%}"


def _span(seconds: float) -> str:
    """Return a span of time that ``seconds`` do not exceed."""
    return _time(math.ceil(seconds / 60), math.ceil(seconds / 3600))


def _apart(seconds: float) -> str:
    apart = _time(round(abs(seconds) / 60), round(abs(seconds) / 3600))
    return f"{apart} {'before' if seconds < 0 else 'later'}"


def _time(minutes: int, hours: int) -> str:
    if minutes > 120:
        return f"{hours} hours"
    return f"{minutes} minutes" if minutes > 1 else "a minute"
