"""Which photos a person looks at before they are written, and how that is said."""

from __future__ import annotations

from enum import Enum, auto


class Scope(Enum):
    """A list of the dialog."""

    ALL = auto()
    CHOSEN = auto()
    FAILED = auto()
    KEPT = auto()


TITLES = {
    Scope.ALL: "All that waits",
    Scope.CHOSEN: "The chosen photos",
    Scope.FAILED: "Could not be written",
    Scope.KEPT: "Other programs' values kept",
}


def headline(number: int) -> str:
    """Return how many photos wait, as a sentence."""
    if not number:
        return "All tags are in their files."
    if number == 1:
        return "1 photo has tags that are not in its file yet."
    return f"{number:,} photos have tags that are not in their files yet."
