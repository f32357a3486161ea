"""The threshold for a precision: monotone, within what the card states, whatever it states."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.bundle import Card, Label, OperatingPoint, Preprocessing
from training.operating import (
    LEAST_ASKED,
    MOST_ASKED,
    expected,
    handful,
    is_precision,
    reachable,
    stated,
    threshold_for,
)

CARD = Card("c", (Label("a"), Label("none")), Preprocessing(32), 3, 1.0, 0.6, 1)
SHARE = st.floats(0, 1)
ASKED = st.floats(LEAST_ASKED, MOST_ASKED)


def point(threshold: float, precision: float, kept: float = 0.8) -> OperatingPoint:
    return OperatingPoint(threshold, precision, kept, 0.02)


def with_points(*points: OperatingPoint) -> Card:
    return replace(CARD, operating_points=points)


@st.composite
def cards(draw: st.DrawFn, fewest: int = 1) -> Card:
    """Cards as ``calibrate`` writes them: everything rises, or falls, with the threshold."""
    count = draw(st.integers(fewest, 20))

    def shares(*, rising: bool) -> list[float]:
        return sorted(draw(st.lists(SHARE, min_size=count, max_size=count)), reverse=not rising)

    thresholds = sorted(draw(st.sets(SHARE, min_size=count, max_size=count)))
    columns = (thresholds, shares(rising=True), shares(rising=False), shares(rising=False))
    return with_points(*(OperatingPoint(*row) for row in zip(*columns, strict=True)))


@given(cards(), ASKED, ASKED)
def test_who_asks_for_more_gets_no_laxer_threshold(card: Card, one: float, other: float) -> None:
    laxer, stricter = sorted((one, other))
    assert threshold_for(card, laxer) <= threshold_for(card, stricter)


@given(cards(), ASKED)
def test_thresholds_stay_within_what_is_stated(card: Card, asked: float) -> None:
    points = card.operating_points
    assert points[0].threshold <= threshold_for(card, asked) <= points[-1].threshold


@given(cards(), ASKED)
def test_what_is_asked_for_is_what_is_expected_as_far_as_it_goes(card: Card, asked: float) -> None:
    given_ = expected(card, threshold_for(card, asked))
    assert given_ is not None
    first, last = card.operating_points[0].precision, card.operating_points[-1].precision
    if first < asked <= last and last - first > 1e-6:
        assert given_.precision >= asked - 1e-6 or _steep(card)
    elif asked > last:
        assert given_.precision == last
    else:
        assert given_.precision >= asked - 1e-12


def _steep(card: Card) -> bool:
    """Whether two thresholds lie so close together that no float is between them."""
    thresholds = [p.threshold for p in card.operating_points]
    return any(b - a < 1e-9 for a, b in pairwise(thresholds))


@given(cards(), SHARE, SHARE)
def test_stricter_means_surer_and_fewer(card: Card, one: float, other: float) -> None:
    laxer, stricter = (expected(card, threshold) for threshold in sorted((one, other)))
    assert laxer is not None
    assert stricter is not None
    assert laxer.precision <= stricter.precision
    assert laxer.kept >= stricter.kept
    assert (laxer.false_suggestions or 0.0) >= (stricter.false_suggestions or 0.0)


@given(cards())
def test_a_stated_point_is_expected_as_it_is_stated(card: Card) -> None:
    assert stated(card) == card.operating_points
    for one in card.operating_points:
        assert expected(card, one.threshold) == one


@given(cards(), st.integers(2, 8))
def test_a_handful_is_some_of_the_points_with_both_ends(card: Card, most: int) -> None:
    card = replace(card, threshold=card.operating_points[-1].threshold)
    few = handful(card, most)
    assert len(few) == min(most, len(card.operating_points))
    assert set(few) <= set(card.operating_points)
    assert (few[0], few[-1]) == (card.operating_points[0], card.operating_points[-1])
    assert list(few) == sorted(few, key=lambda one: one.threshold)


def test_the_default_is_in_the_handful() -> None:
    points = [point(0.05 * i, 0.5 + 0.025 * i) for i in range(20)]
    card = replace(with_points(*points), threshold=points[7].threshold)
    assert points[7] in handful(card)
    assert len(handful(card)) == 6


@given(ASKED)
def test_a_card_that_states_nothing_falls_back_to_its_threshold(asked: float) -> None:
    assert threshold_for(CARD, asked) == threshold_for(CARD, 0) == CARD.threshold
    assert expected(CARD, 0.9) is None
    assert reachable(CARD) is None
    assert handful(CARD) == ()


def test_the_points_of_the_first_shipped_model() -> None:
    """Four points, as cards of version 1.0 have them."""
    card = with_points(
        OperatingPoint(0.05, 0.9397, 0.993, 0.058), OperatingPoint(0.405, 0.95, 0.978, 0.035),
        OperatingPoint(0.815, 0.9806, 0.885, 0.012), OperatingPoint(0.91, 0.9918, 0.837, 0.012),
    )  # fmt: skip
    assert reachable(card) == (94, 99)
    assert threshold_for(card, 0.8) == 0.05
    assert threshold_for(card, 0.95) == 0.405
    assert 0.405 < threshold_for(card, 0.97) < 0.815
    assert threshold_for(card, 0.999) == 0.91
    between = expected(card, (0.405 + 0.815) / 2)
    assert between is not None
    assert between.precision == pytest.approx((0.95 + 0.9806) / 2)
    assert between.false_suggestions == pytest.approx((0.035 + 0.012) / 2)


def test_a_stricter_point_that_states_less_is_passed_over() -> None:
    """Cards of earlier versions end so where a precision was not reached."""
    card = with_points(point(0.1, 0.8), point(0.4, 0.97), point(0.995, 0.5, kept=0.01))
    assert threshold_for(card, 0.99) == 0.4
    assert reachable(card) == (80, 97)


def test_what_makes_no_sense_is_passed_over() -> None:
    odd = (
        OperatingPoint("high", None, [], {}),  # type: ignore[arg-type]
        OperatingPoint(float("nan"), 0.9, 0.9), OperatingPoint(0.5, 7.0, 0.9),
        OperatingPoint(True, 0.9, 0.9), point(0.7, 0.9), point(0.7, 0.95),
    )  # fmt: skip
    assert stated(with_points(*odd)) == (point(0.7, 0.9),)
    assert threshold_for(with_points(*odd[:4]), 0.95) == CARD.threshold


def test_false_suggestions_that_nobody_measured_stay_unknown() -> None:
    card = with_points(OperatingPoint(0.2, 0.8, 0.9), OperatingPoint(0.6, 0.9, 0.7, 0.1))
    between = expected(card, 0.4)
    assert between is not None
    assert between.false_suggestions is None


@pytest.mark.parametrize(
    ("precisions", "limits"),
    [
        ((0.97,), (97, 97)),
        ((0.801, 0.93), (80, 93)),
        ((0.999,), (99, 99)),
        ((0.57, 0.58), (57, 58)),
        ((0.2, 0.4), (50, 50)),
        ((0.33, 0.76), (50, 76)),
    ],
)
def test_the_whole_percents_that_can_be_asked_for(
    precisions: tuple[float, ...], limits: tuple[int, int]
) -> None:
    points = [point(0.1 * (i + 1), precision) for i, precision in enumerate(precisions)]
    assert reachable(with_points(*points)) == limits


def test_what_can_be_asked_for() -> None:
    assert all(map(is_precision, (0, 0.5, 0.95, 0.999)))
    assert not any(map(is_precision, (-0.1, 0.3, 1.0, 95, float("nan"))))


def test_the_window_reads_it_without_numpy() -> None:
    code = "import sys, training.operating; print({'numpy', 'torch'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
