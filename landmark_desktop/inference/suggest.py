"""Turn a model's decision into the suggestion that the library keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landmark_desktop.library.records import Suggestion
from training.bundle import Card

if TYPE_CHECKING:
    from training.decision import Decision


def suggestion(card: Card, decision: Decision) -> Suggestion:
    """Return the decision in terms of landmarks: gazetteer ids, or labels that have none."""
    return Suggestion(
        landmark=None if decision.label is None else landmark_key(card, decision.label),
        confidence=decision.confidence,
        alternatives=tuple((landmark_key(card, i), chance) for i, chance in decision.ranked),
        best=None if decision.best is None else landmark_key(card, decision.best),
    )


def landmark_key(card: Card, index: int) -> str:
    """Return the gazetteer id of a label, or its name where it has none."""
    label = card.labels[index]
    return label.gazetteer_id or label.name
