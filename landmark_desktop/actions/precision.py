"""How sure a suggestion has to be: the person asks for a precision, the card has the threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import suggestions
from landmark_desktop.library.changes import ChangeSet
from training.bundle import Card, OperatingPoint
from training.operating import expected, is_precision, reachable, threshold_for

_SAME = 0.005  # shares that round to the same whole percent, or nearly


@dataclass(frozen=True)
class Promise:
    """What a model gives where a precision is asked of it.

    ``asked``: share of suggestions to be right, 0 for the model's own default. ``threshold``:
    least confidence of a suggestion. ``expected``: what that gave on validation photos, ``None``
    where the card does not say. ``least``, ``most``: whole percents that can be asked for, and
    ``percent`` the one among them that comes nearest to what is given, ``own`` to the default.
    """

    asked: float
    threshold: float
    expected: OperatingPoint | None = None
    least: int = 0
    most: int = 0
    percent: int = 0
    own: int = 0

    @property
    def is_own(self) -> bool:
        """Whether it is the model's default because nothing else was asked for."""
        return self.asked == 0


def promise(card: Card, asked: float) -> Promise:
    """Return what the model gives where ``asked`` (0: its own default) is asked of it."""
    threshold = threshold_for(card, asked)
    limits, given = reachable(card), expected(card, threshold)
    default = expected(card, card.threshold)
    if limits is None or given is None or default is None:
        return Promise(asked, threshold)

    def nearest(share: float) -> int:
        return min(max(round(100 * share), limits[0]), limits[1])

    # What was asked for is what the slider stays at, where the model can give it.
    percent = nearest(asked or given.precision)
    return Promise(asked, threshold, given, *limits, percent, nearest(default.precision))


def ask_for(workspace: Workspace, precision: float) -> ChangeSet:
    """Have suggestions be right with this ``precision`` from now on; 0: the model's own default.

    It is remembered, holds for other models too, and what the model in use has suggested is
    decided anew without another look. What the person accepted or rejected stays, and so does
    what earlier models said. Writes: not on the main thread. Raises ``LibraryError``, and
    ``ValueError`` for what nobody can ask for.
    """
    if not is_precision(precision):
        raise ValueError(f"{precision} is no precision to ask for")
    with workspace.deciding:
        # Saved first: where the library cannot be written now, the next start makes up for it.
        workspace.remember(precision=precision)
        model, threshold = workspace.model, workspace.threshold
        changed = workspace.library.write(
            lambda connection: suggestions.decide(connection, model.id, threshold)
        )
    return ChangeSet(frozenset(changed))


def in_words(point: OperatingPoint) -> str:
    """Return what suggestions are like, as ``About 95 of 100 suggestions are right. ...``."""
    right, kept = _of_100(point.precision), _of_100(point.kept)
    right = right if right[0].isalpha() else f"about {right}"
    get = "gets" if kept.startswith("1 ") else "get"
    text = f"{_begin(right)} suggestions are right. "
    text += f"{_begin(kept)} photos of known landmarks {get} one"
    if point.false_suggestions is None:
        return f"{text}."
    false = _of_100(point.false_suggestions)
    return f"{text}; {false} everyday photos {'does' if false.startswith('1 ') else 'do'}."


def right_from(card: Card, confidence: float) -> str:
    """Return how many suggestions from a confidence (0 to 1) on are right, in words; or nothing."""
    point = expected(card, confidence)
    if point is None:
        return ""
    right = _of_100(point.precision)
    return f"{right if right[0].isalpha() else f'about {right}'} are right"


def remark(found: Promise) -> str:
    """Return what a person has to know who asked for more, or for less, than there is."""
    if found.is_own:
        return ""
    if found.expected is None:
        return "This model does not say how often it is right; its own default holds."
    asked, got = f"You asked for {100 * found.asked:g}%", found.expected.precision
    if found.asked > got + _SAME:
        return f"{asked}; this model can be no surer than {got:.1%}."
    if found.asked < got - _SAME:
        return f"{asked}; of all that this model can suggest, {got:.1%} is right."
    return ""


def basis(card: Card) -> str:
    """Return on what it was measured, as ``Measured on 1,163 validation photos.``; or nothing."""
    validation = card.metrics.get("validation")
    photos = validation.get("n") if isinstance(validation, Mapping) else None
    if not isinstance(photos, int) or photos < 1:
        return ""
    return f"Measured on {photos:,} validation photo{'' if photos == 1 else 's'}."


def _of_100(share: float) -> str:
    """Return a share as so many of 100; never all or none, which nobody measured."""
    number = round(100 * share)
    if number == 0:
        return "fewer than 1 of 100"
    return "more than 99 of 100" if number == 100 else f"{number} of 100"


def _begin(text: str) -> str:
    return text[0].upper() + text[1:]
