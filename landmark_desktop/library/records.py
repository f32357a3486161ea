"""What the library hands out: frozen rows, free of SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class Facts:
    """What a file says of itself. ``taken_at``: the camera's local time, ISO 8601.

    ``width`` and ``height``: pixels as stored, before ``orientation`` (Exif 2.32, tag 0x0112,
    1 to 8) turns them. ``latitude``, ``longitude``: degrees, WGS 84.
    """

    format: str
    width: int
    height: int
    orientation: int = 1
    taken_at: str | None = None
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Found:
    """A readable photo as an import found it."""

    path: Path
    content_hash: str
    size: int
    mtime_ns: int
    facts: Facts


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be imported, and why, in a person's words."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """A model's opinion of one photo. ``landmark`` is ``None`` for "none recognised".

    ``landmark`` is a gazetteer id where the model's label has one, else the label itself.
    ``confidence``: calibrated probability, 0 to 1, of the likeliest landmark, suggested or
    not. ``alternatives``: landmarks by probability, likeliest first, the suggested included.
    ``best``: what would be suggested if any confidence were enough: the likeliest landmark
    where it is likelier than none, else ``None``.
    """

    landmark: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    best: str | None = None

    def at(self, threshold: float) -> Suggestion:
        """Return the same opinion where a suggestion takes a confidence of ``threshold``."""
        return replace(self, landmark=self.best if self.confidence >= threshold else None)


SOURCES = ("person", "accepted", "file", "model", "neighbours")
"""Who may say a tag, the one whose word counts most first (see the schema)."""


@dataclass(frozen=True)
class Said:
    """Who said a tag of a photo. ``source``: one of ``SOURCES``; ``added_at``: UTC, ISO 8601.

    ``landmark``: the one that the tag came with. ``model_id``, ``confidence`` (0 to 1): which
    model had suggested it, and how sure it was.
    """

    source: str
    added_at: str
    landmark: str | None = None
    model_id: int | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Tag:
    """A tag on a photo: its path from the root of the tree, and all who said so."""

    path: tuple[str, ...]
    said: tuple[Said, ...]

    @property
    def name(self) -> str:
        """The last level."""
        return self.path[-1]

    @property
    def source(self) -> str:
        """Who said it, the one whose word counts most."""
        return min((said.source for said in self.said), key=SOURCES.index)

    @property
    def landmark(self) -> str | None:
        """The landmark that it came with, if any."""
        return next((said.landmark for said in self.said if said.landmark is not None), None)

    @property
    def guess(self) -> bool:
        """Whether neither a person nor the file has confirmed what machines say."""
        return all(said.source in ("model", "neighbours") for said in self.said)


@dataclass(frozen=True)
class Photo:
    """A photo as views show it, with a model's suggestion and the person's word.

    ``suggested_by``: the model whose suggestion it is; ``stale``: that is an earlier one, as
    the present one has not looked at the photo yet.
    ``accepted``: the landmark that the person accepted. ``rejected``: those they refused.
    ``no_landmark``: they said that it shows none. ``rule``: the least confidence of the rule that
    accepted it in their stead, ``None`` where they decided on this very photo.
    ``problem``: why its pixels cannot be read, where they cannot.
    """

    id: int
    path: Path
    content_hash: str
    size: int
    facts: Facts
    sort_at: str
    problem: str | None
    suggestion: Suggestion | None
    accepted: str | None
    rejected: frozenset[str]
    tags: tuple[Tag, ...]
    suggested_by: int | None = None
    stale: bool = False
    no_landmark: bool = False
    rule: float | None = None

    @property
    def waiting(self) -> bool:
        """Whether a suggestion is there that the person has not answered yet."""
        suggestion = self.suggestion
        return (
            suggestion is not None
            and suggestion.landmark is not None
            and self.accepted is None
            and not self.no_landmark
            and suggestion.landmark not in self.rejected
        )

    @property
    def landmark(self) -> str | None:
        """The landmark to show: the accepted one, else an unanswered suggestion."""
        if self.accepted is not None:
            return self.accepted
        return self.suggestion.landmark if self.waiting and self.suggestion else None


class Whereabouts(NamedTuple):
    """When and where a photo was taken, as far as it says. ``accepted``: as in ``Photo``."""

    id: int
    taken_at: str | None
    latitude: float | None
    longitude: float | None
    accepted: str | None


class Neighbour(NamedTuple):
    """A photo taken around the same time as another one, and what is known of its place.

    ``seconds``: how long after the other one it was taken, negative before it. ``landmark``:
    what a person accepted for it. ``latitude``, ``longitude``: its own measured position in
    degrees, WGS 84. ``same_camera``: whether the same camera took both.
    """

    id: int
    seconds: float
    landmark: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    same_camera: bool = True
