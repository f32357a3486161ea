"""What is said of a photo, whatever fields of whatever file say it. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace

from landmark_desktop.metadata.hierarchy import Tag, fold, unique

METHOD_PERSON = "MANUAL"
"""A person said where it was: a keyword that Exif 2.32 (GPSProcessingMethod) names."""

METHOD_GUESS = "Landmark Desktop estimate from the picture"
"""No keyword of Exif's fits a guess, and its text may be any: this says so to whoever reads it."""


@dataclass(frozen=True)
class Place:
    """A place, as the Location structure of the IPTC Photo Metadata Standard has it.

    ``identifiers``: URIs, like a Wikidata entity's. ``guessed``: a machine's suggestion, not
    a person's word; the standard has no field for that, so it is marked in our own namespace.
    """

    name: str = ""
    sublocation: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    country_code: str = ""
    world_region: str = ""
    identifiers: tuple[str, ...] = ()
    guessed: bool = False

    def says_something(self) -> bool:
        """Whether any field is filled in."""
        return replace(self, guessed=False) != Place()


@dataclass(frozen=True)
class Position:
    """Degrees, WGS 84, and how they were found (``METHOD_PERSON``, ``METHOD_GUESS``, ...)."""

    latitude: float
    longitude: float
    method: str = ""


@dataclass(frozen=True)
class Described:
    """Tags, the place shown, the place where the camera stood, its position.

    ``position`` is what a person asked to have written, never more. ``guessed_tags``: those of
    ``tags`` that no person has confirmed.
    """

    tags: tuple[Tag, ...] = ()
    shown: Place | None = None
    created: Place | None = None
    position: Position | None = None
    guessed_tags: frozenset[Tag] = frozenset()


def without_doubles(tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """Return each tag once, flat ones left out that are a level of a hierarchical one.

    Programs write "Places|France|Paris" together with the plain keywords "Paris" and "France";
    all three say one thing.
    """
    once = unique(tags)
    levels = {fold(level) for tag in once if len(tag) > 1 for level in tag}
    return tuple(tag for tag in once if len(tag) > 1 or fold(tag[0]) not in levels)


def above(sidecar: Described, photo: Described) -> Described:
    """Return what a photo and its sidecar say together: the sidecar wins, kind by kind.

    A program that writes a sidecar has read the photo first and leaves it alone, so where the
    sidecar has tags they are all of them, and a tag that the person took away there must not
    come back from the photo. Of what the sidecar does not speak of, the photo is believed.
    """
    tags = sidecar if sidecar.tags else photo
    return Described(
        tags.tags,
        sidecar.shown or photo.shown,
        sidecar.created or photo.created,
        sidecar.position or photo.position,
        tags.guessed_tags,
    )
