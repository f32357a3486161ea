"""What comes out of weighing evidence: the landmark, how sure, why, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from landmark_desktop.geo.distance import Position


class Provenance(StrEnum):
    """Who says so. What is a ``GUESS`` is shown and written as one."""

    MEASURED = "measured"
    PERSON = "person"
    GUESS = "guess"


class Source(StrEnum):
    """What speaks for or against a landmark by where the camera was."""

    POSITION = "position"
    NEIGHBOURS = "neighbours"


@dataclass(frozen=True, slots=True)
class ModelSays:
    """The model's own probability of the landmark, 0 to 1."""

    landmark: str
    probability: float


@dataclass(frozen=True, slots=True)
class PersonSays:
    """A person accepted the landmark for this very photo, or ``refused`` it."""

    landmark: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class PositionSays:
    """The photo's own measured position is ``distance`` metres from the landmark.

    ``factor``: how many times as likely that makes the landmark, against a photo of
    something elsewhere; over 1 it agrees.
    """

    landmark: str
    distance: float
    factor: float


@dataclass(frozen=True, slots=True)
class NeighboursShow:
    """``photos`` taken within ``seconds`` were accepted as the same landmark."""

    landmark: str
    photos: int
    seconds: float


@dataclass(frozen=True, slots=True)
class NeighboursNear:
    """``photos`` with a measured position were taken within ``seconds``, the nearest in time of
    them ``distance`` metres from the landmark, and that agrees."""

    landmark: str
    photos: int
    seconds: float
    distance: float


Reason = ModelSays | PersonSays | PositionSays | NeighboursShow | NeighboursNear


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something says that the camera was elsewhere than where ``landmark`` can be seen.

    ``source``: the photo's own position, or photos taken ``seconds`` before or after it.
    ``position``: where it says the camera was, ``distance`` metres from the landmark;
    ``place``: that in words, "Lyon, France", or empty. ``other``: what those photos were
    accepted as, where that and no measured position says so.
    """

    landmark: str
    source: Source
    position: Position
    distance: float
    place: str = ""
    seconds: float = 0.0
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the camera was: within about ``radius`` metres of ``position``.

    ``provenance``: ``MEASURED`` is the photo's own position, as it is in the file; ``PERSON``
    stands at the landmark that a person accepted; ``GUESS`` is anything else. ``landmark``:
    whose coordinates these are, if a landmark's.
    """

    position: Position
    radius: float
    provenance: Provenance
    landmark: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All evidence about one photo together.

    ``landmark``: what to suggest, or ``None``; ``provenance`` of that: ``PERSON`` or
    ``GUESS``. ``confidence``: probability, 0 to 1, of the likeliest landmark, suggested or
    not, as in ``records.Suggestion``. ``ranked``: landmarks with their probability, likeliest
    first; what is missing to 1 is "something else". ``place``: where the camera was, with its
    own provenance; ``None`` where nothing is known.
    """

    landmark: str | None
    confidence: float
    ranked: tuple[tuple[str, float], ...]
    provenance: Provenance = Provenance.GUESS
    reasons: tuple[Reason, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    place: Place | None = None
