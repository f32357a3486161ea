"""Temperature and thresholds are fitted to what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from training import calibrate
from training.bundle import Card, Label, Preprocessing
from training.decision import decide
from training.judge import expected_calibration_error, judge, wilson

LABELS = tuple(Label(name) for name in ("a", "b", "c", "d", "e", "none"))
CARD = Card("c", LABELS, Preprocessing(32), 3, 1.0, 0.5, 5)


def honest(n: int, sharpness: float, seed: int = 0) -> tuple[calibrate.Logits, calibrate.Targets]:
    """Return logits whose softmax is the true chance, then made too sure by ``sharpness``."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (n, 6))
    chance = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    targets = np.array([rng.choice(6, p=row) for row in chance])
    return (logits * sharpness).astype(np.float32), targets


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_overconfidence(sharpness: float) -> None:
    logits, targets = honest(6000, sharpness)
    assert calibrate.temperature(logits, targets) == pytest.approx(sharpness, rel=0.1)


def test_the_default_threshold_keeps_its_promises_on_other_photos() -> None:
    card = calibrate.fit(CARD, *honest(8000, 2.0))
    logits, targets = honest(8000, 2.0, seed=1)
    decisions = decide(card, logits, threshold=0.0)
    point = calibrate.operating_point(card, decisions, targets, card.threshold)
    assert point.precision >= calibrate.LEAST_PRECISION - 0.02
    assert point.false_suggestions is not None
    assert point.false_suggestions <= calibrate.MOST_FALSE_SUGGESTIONS + 0.01
    assert 0 < point.kept < 1


def test_operating_points_state_rising_precision() -> None:
    points = calibrate.fit(CARD, *honest(8000, 2.0)).operating_points
    thresholds = [point.threshold for point in points]
    assert thresholds == sorted(thresholds)
    for point, wanted in zip(points, calibrate.PRECISIONS, strict=False):
        assert point.precision >= wanted


def test_judging_a_perfect_and_a_hopeless_model() -> None:
    targets = np.arange(5).repeat(4)
    perfect = np.eye(6, dtype=np.float32)[targets] * 20
    assert judge(CARD, perfect, targets)["top1"] == 1.0
    hopeless = judge(CARD, -perfect, targets)
    assert hopeless["top1"] == hopeless["top3"] == 0.0
    assert hopeless["top5"] == 1.0


def test_calibration_error_is_the_gap() -> None:
    confidence = np.full(1000, 0.9)
    right = np.arange(1000) < 700
    assert expected_calibration_error(confidence, right) == pytest.approx(0.2)


def test_wilson_intervals_match_the_published_ones() -> None:
    # Newcombe 1998, table I: 81 of 263 and 15 of 148, and the edge 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
