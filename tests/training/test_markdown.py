"""The documentation's table of figures says what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from training import calibrate
from training.bundle import Card, Label, Preprocessing
from training.judge import judge
from training.markdown import table


def test_figures_and_promises_are_those_of_the_judgement() -> None:
    card = Card("t", (Label("a"), Label("b"), Label("none")), Preprocessing(96), 4, 1.0, 0.5, 2)
    rng = np.random.default_rng(3)
    targets = rng.integers(0, 2, 400)
    logits = rng.normal(0, 1, (400, 3)).astype(np.float32)
    logits[np.arange(400), targets] += 2
    others = rng.normal(0, 1, (50, 3)).astype(np.float32) + np.array([0, 0, 3], np.float32)
    card = calibrate.fit(card, logits, targets)
    judgement = judge(card, logits, targets, others)
    text = table(judgement)
    assert "| 400 photos, 50 without a landmark | | 95 % interval |" in text
    assert f"| top-1 | {100 * judgement['top1']:.1f} % |" in text
    assert f"| expected calibration error | {judgement['ece']:.3f} | |" in text
    # On the very photos that a promise was fitted on, it holds.
    for promise, point in zip(judgement["promises"], card.operating_points, strict=True):
        assert promise["stated"] == point.precision <= promise["precision"] + 1e-4
        assert promise["kept"] == pytest.approx(point.kept, abs=1e-4)
        assert f"| {100 * promise['stated']:.1f} % | {100 * promise['precision']:.1f} % |" in text
    assert "\N{NO-BREAK SPACE}" not in text


def test_what_was_not_measured_is_left_out() -> None:
    card = Card("t", (Label("a"), Label("b")), Preprocessing(96), 4, 1.0, 0.5)
    judgement = judge(card, np.zeros((3, 2), np.float32), np.zeros(3, np.int64))
    text = table(judgement)
    assert "without a landmark" not in text
    assert "precision asked for" not in text
