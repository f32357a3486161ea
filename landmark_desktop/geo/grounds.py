"""The grounds of a verdict: reasons and conflicts in a form that can be put into words, and where
the camera was."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from landmark_desktop.geo.distance import Position, metres, position
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.geo.reach import reach
from landmark_desktop.geo.verdict import (
    Conflict,
    ModelSays,
    NeighboursNear,
    NeighboursShow,
    PersonSays,
    Place,
    PositionSays,
    Provenance,
    Reason,
    Source,
    Verdict,
)
from landmark_desktop.geo.witnesses import DRIVING, ERROR, Witness, by_position
from landmark_desktop.library.records import Neighbour, Suggestion


@dataclass(frozen=True)
class About:
    """What there is about where one photo was taken. ``neighbours``: nearest in time first."""

    position: Position | None
    neighbours: Sequence[Neighbour]
    witnesses: Sequence[Witness]
    gazetteer: Gazetteer


def reasons(
    about: About, verdict: Verdict, model: Suggestion | None, rejected: Container[str]
) -> Iterator[Reason]:
    """Yield what speaks for the likeliest landmark, and what the model said first."""
    if verdict.provenance is Provenance.PERSON and verdict.landmark is not None:
        yield PersonSays(verdict.landmark)
    subject = verdict.ranked[0][0] if verdict.ranked else None
    said = dict(reversed(model.alternatives)) if model is not None else {}
    first = model.alternatives[0][0] if model is not None and model.alternatives else None
    for landmark in dict.fromkeys((first, subject)):
        if landmark is not None and landmark in rejected:
            yield PersonSays(landmark, refused=True)
        elif landmark is not None and landmark in said:
            yield ModelSays(landmark, said[landmark])
    if subject is not None:
        yield from _of_place(about, subject)


def _of_place(about: About, landmark: str) -> Iterator[Reason]:
    entry = about.gazetteer[landmark]
    there = position(entry.latitude, entry.longitude)
    if about.position is not None and there is not None:
        said = by_position(entry, about.position)
        if said > 0:
            yield PositionSays(landmark, metres(about.position, there), math.exp(said))
    showing = [abs(n.seconds) for n in about.neighbours if n.landmark == landmark]
    if showing:
        yield NeighboursShow(landmark, len(showing), max(showing))
    near: list[tuple[float, float]] = []
    for n in about.neighbours:
        measured = position(n.latitude, n.longitude)
        if measured is not None and there is not None and n.landmark != landmark:
            distance = metres(measured, there)
            if distance <= reach(entry) + ERROR:
                near.append((abs(n.seconds), distance))
    if near:
        yield NeighboursNear(landmark, len(near), near[-1][0], near[0][1])


def conflicts(
    about: About, landmark: str, place_name: Callable[[Position], str]
) -> Iterator[Conflict]:
    """Yield what says that the camera was out of sight of the landmark.

    Where the photo has a position of its own that agrees, its neighbours' are not asked.
    """
    entry = about.gazetteer[landmark]
    there = position(entry.latitude, entry.longitude)
    if there is None:
        return
    own = by_position(entry, about.position) if about.position is not None else 0.0
    if about.position is not None and own < 0:
        yield Conflict(
            landmark, Source.POSITION, about.position, metres(about.position, there),
            place_name(about.position),
        )  # fmt: skip
    said = [(witness.says(entry), number) for number, witness in enumerate(about.witnesses)]
    worst = min(said, default=(0.0, 0))
    if worst[0] < 0 and own <= 0:
        witness = about.witnesses[worst[1]]
        n = witness.nearest
        where = position(n.latitude, n.longitude) or witness.position
        assert where is not None  # a witness without a position says nothing of others
        yield Conflict(
            landmark, Source.NEIGHBOURS, where, metres(where, there), place_name(where),
            n.seconds, witness.landmark,
        )  # fmt: skip


def place(about: About, verdict: Verdict) -> Place | None:
    """Return where the camera was: measured, else by a person's word, else the best guess.

    Guesses are neighbours' places, as wide as a drive since then, and the landmark that is
    suggested, as wide as it is seen; the narrowest is taken.
    """
    if about.position is not None:
        return Place(about.position, ERROR, Provenance.MEASURED)
    there = None
    if verdict.landmark is not None:
        entry = about.gazetteer[verdict.landmark]
        found = position(entry.latitude, entry.longitude)
        if found is not None:
            there = Place(found, reach(entry), verdict.provenance, verdict.landmark)
    if there is not None and there.provenance is Provenance.PERSON:
        return there
    guesses = [] if there is None else [there]
    for n in about.neighbours:
        travelled = ERROR + DRIVING * abs(n.seconds)
        measured = position(n.latitude, n.longitude)
        if measured is not None:
            guesses.append(Place(measured, travelled, Provenance.GUESS))
        elif n.landmark is not None:
            shown = about.gazetteer[n.landmark]
            spot = position(shown.latitude, shown.longitude)
            if spot is not None:
                radius = reach(shown) + travelled
                guesses.append(Place(spot, radius, Provenance.GUESS, n.landmark))
    return min(guesses, key=lambda guess: guess.radius, default=None)
