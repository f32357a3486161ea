"""Paths of tags as people type and read them: cleaned, parsed, written.

A path is a tuple of levels, outermost first, so that a level may hold any character: "|" joins
levels only where people see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from landmark_desktop.errors import UserError
from landmark_desktop.library.words import clean

Path = tuple[str, ...]

LONGEST = 1000
"""Characters of one level; ``lr:hierarchicalSubject`` and others name no limit."""


def cleaned(path: Iterable[str]) -> Path:
    """Return the path as it is stored.

    Raises ``UserError`` where a level is empty or there is none.
    """
    levels = tuple(clean(level) for level in path)
    if not levels or not all(levels):
        raise UserError("A tag needs a name.", "", "Write it like Places|France|Paris.")
    if any(len(level) > LONGEST for level in levels):
        raise UserError("This tag's name is too long.", f"{LONGEST} characters are allowed.")
    return levels


def parse(text: str) -> Path:
    r"""Return the path that a person typed: levels between "|", with "\|" for a bar itself.

    Raises ``UserError`` as ``cleaned`` does.
    """
    levels, escaped = [""], False
    for character in text:
        if escaped or character not in "\\|":
            levels[-1] += character if not escaped or character in "\\|" else "\\" + character
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            levels.append("")
    levels[-1] += "\\" if escaped else ""
    return cleaned(levels)


def write(path: Sequence[str]) -> str:
    """Return a path as people read it, and as ``parse`` understands it."""
    return "|".join(level.replace("\\", "\\\\").replace("|", "\\|") for level in path)
