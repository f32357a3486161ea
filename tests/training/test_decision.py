"""From logits to a suggestion: likelier than everything else, and sure enough, or none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.bundle import Card, Label, Preprocessing
from training.decision import decide, probabilities

CARD = Card(
    "c", tuple(Label(name) for name in ("a", "b", "c", "none")), Preprocessing(32), 3, 1.0, 0.5, 3
)
LOGITS = arrays(np.float32, (5, 4), elements=st.floats(-50, 50, width=32))


@given(LOGITS, st.floats(0.05, 10))
def test_probabilities_are_probabilities(logits: np.ndarray, temperature: float) -> None:  # type: ignore[type-arg]
    chance = probabilities(logits, temperature)
    assert np.all(chance >= 0)
    assert np.allclose(chance.sum(axis=1), 1)
    assert np.array_equal(chance.argmax(axis=1), probabilities(logits, 1.0).argmax(axis=1)) or (
        np.any(np.diff(np.sort(logits, axis=1)) == 0) or temperature > 1
    )


@given(LOGITS, st.floats(0, 1))
def test_a_suggestion_is_the_likeliest_landmark_and_sure_enough(
    logits: np.ndarray,  # type: ignore[type-arg]
    threshold: float,
) -> None:
    chance = probabilities(logits, CARD.temperature)
    for row, decision in zip(chance, decide(CARD, logits, threshold=threshold), strict=True):
        best = row[:3].max()
        assert decision.confidence == pytest.approx(best)
        assert [label for label, _ in decision.ranked if label == 3] == []
        assert sorted((p for _, p in decision.ranked), reverse=True) == [
            p for _, p in decision.ranked
        ]
        assert decision.best == (decision.ranked[0][0] if best > row[3] else None)
        if decision.label is None:
            assert best < threshold or best <= row[3]
        else:
            assert decision.label == decision.ranked[0][0]
            assert best >= threshold
            assert best > row[3]


def test_a_network_that_breaks_down_recognises_nothing() -> None:
    broken = np.array([[np.nan, 0, 0, 0], [np.inf, 0, 0, 0], [9, 0, 0, 0]], np.float32)
    decisions = decide(CARD, broken)
    assert [decision.label for decision in decisions] == [None, None, 0]


def test_a_model_without_a_background() -> None:
    card = replace(CARD, background=None)
    (decision,) = decide(card, np.array([[0, 0, 0, 9]], np.float32))
    assert decision.label == 3
    assert len(decision.ranked) == 4
