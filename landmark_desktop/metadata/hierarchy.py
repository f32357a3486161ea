"""Tags as levels, and how levels are written as text: cleaned, joined, split, compared.

A tag is a tuple of levels, outermost first: ``("Places", "France", "Paris")``. Programs write
it as one text with a separator that no level may hold: "|" in ``lr:hierarchicalSubject``
(Lightroom), "/" in ``digiKam:TagsList`` (digiKam handbook, Metadata Settings) and in
``MicrosoftPhoto:LastKeywordXMP``. A level that does hold it is written with a look-alike, which
reading takes for the separator's own character again. Both are compared as the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from landmark_desktop.library.words import clean

Tag = tuple[str, ...]

STAND_INS = {"|": "\u2223", "/": "\u2215"}
"""DIVIDES and DIVISION SLASH: they look alike and hardly occur in names."""


def tag(levels: Iterable[str]) -> Tag:
    """Return the levels cleaned, without empty ones; ``()`` where nothing is left."""
    return tuple(level for level in map(clean, levels) if level)


def join(levels: Tag, separator: str) -> str:
    """Return the tag as one text; a level's own separators give way to the look-alike."""
    return separator.join(level.replace(separator, STAND_INS[separator]) for level in levels)


def split(text: str, separator: str) -> Tag:
    """Return the tag of a text, as ``join`` wrote it or another program did."""
    stand_in = STAND_INS[separator]
    return tag(level.replace(stand_in, separator) for level in text.split(separator))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return what two spellings of one level have in common. Case and accents count."""
    for character, stand_in in STAND_INS.items():
        text = text.replace(stand_in, character)
    return clean(text)


def fold_tag(levels: Tag) -> Tag:
    """Return what two spellings of one tag have in common."""
    return tuple(map(fold, levels))


def flat_keywords(tags: Iterable[Tag]) -> tuple[str, ...]:
    """Return the plain keywords of hierarchical tags, for programs that know no hierarchy.

    The first of several levels names a category ("Places", "Kinds") and is no keyword; the
    others are all written, so that a search for "Paris" finds its towers. (Lightroom does this
    with "containing keywords"; digiKam writes the last level only.)
    """
    once: dict[str, str] = {}
    for levels in tags:
        for level in levels[1:] or levels:
            once.setdefault(fold(level), level)
    return tuple(once.values())


def unique(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return each tag once, in its first spelling."""
    once: dict[Tag, Tag] = {}
    for levels in tags:
        once.setdefault(fold_tag(levels), levels)
    return tuple(once.values())
