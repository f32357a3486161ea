"""Temperature and thresholds are fitted to what they promise."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from training import calibrate
from training.bundle import Card, Label, Preprocessing
from training.calibrate import Answers
from training.decision import decide
from training.judge import expected_calibration_error, judge, wilson
from training.operating import expected, stated, threshold_for

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
    point = Answers.of(card, decide(card, logits), targets).at(card.threshold)
    assert point.precision >= calibrate.LEAST_PRECISION - 0.02
    assert point.false_suggestions is not None
    assert point.false_suggestions <= calibrate.MOST_FALSE_SUGGESTIONS + 0.01
    assert 0 < point.kept < 1


def test_operating_points_rise_a_percent_at_a_time() -> None:
    card = calibrate.fit(CARD, *honest(8000, 2.0))
    points = card.operating_points
    assert stated(card) == points  # thresholds and precisions rise
    assert points[0].threshold == 0.0
    for earlier, later in pairwise(points):
        assert later.kept <= earlier.kept
    least = points[0].precision
    wanted = [p for p in calibrate.PRECISIONS if least < p <= points[-1].precision]
    assert len(wanted) > 20
    for precision in wanted:
        reached = next(point for point in points if point.precision >= precision)
        assert reached.precision < precision + 0.005
    assert card.threshold in [point.threshold for point in points]
    assert len(points) <= len(calibrate.PRECISIONS) + 3


def test_a_person_gets_the_precision_that_was_asked_for_on_other_photos() -> None:
    card = calibrate.fit(CARD, *honest(4000, 2.0))
    logits, targets = honest(8000, 2.0, seed=1)
    answers = Answers.of(card, decide(card, logits), targets)
    for percent in range(80, 99):
        threshold = threshold_for(card, percent / 100)
        given = answers.at(threshold)
        assert given.precision == pytest.approx(percent / 100, abs=0.02)
        promised = expected(card, threshold)
        assert promised is not None
        assert given.kept == pytest.approx(promised.kept, abs=0.02)


def certain(right: list[int]) -> Answers:
    """Return suggestions for photos of landmarks, each surer than the one before."""
    confidence = np.linspace(0.2, 0.95, len(right))
    return Answers(confidence, np.array(right, bool), np.ones(len(right), bool))


def test_a_lucky_stretch_does_not_set_the_threshold() -> None:
    """First 90 % are reached by luck, then lost again, then had for good."""
    right = [0] * 4 + [1] * 30 + [0] * 6 + [1] * 60
    answers = certain(right)
    lucky = float(answers.confidence[4])
    assert answers.at(lucky).precision > 0.93
    card = replace(CARD, operating_points=calibrate.stated(answers, 0.5))
    assert threshold_for(card, 0.93) > lucky + 0.2


def test_one_mistake_among_the_surest_does_not_hide_the_others() -> None:
    points = calibrate.stated(certain([0] * 20 + [1] * 199 + [0]), 0.5)
    assert max(point.precision for point in points) > 0.95


def test_nothing_is_stated_where_nothing_is_suggested() -> None:
    nothing = np.tile(np.array([0, 0, 0, 0, 0, 9], np.float32), (5, 1))
    card = calibrate.fit(CARD, nothing, np.array([0, 1, 2, 3, 5]))
    assert card.operating_points == ()


def test_few_photos_state_what_they_can() -> None:
    logits = np.eye(6, dtype=np.float32)[[0, 1, 2]] * 9
    (*_, last) = calibrate.fit(CARD, logits, np.array([0, 1, 2])).operating_points
    assert last.precision == 1.0


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
