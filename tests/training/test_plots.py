"""Scales, ticks, curves and diagrams: the geometry and the rows that the report shows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import events
from training.curves import course, duration, plots, smooth, thin
from training.diagrams import confused_pairs, heat_map, reliability, strength
from training.findings import classes, figures, percent
from training.plots import (
    Axis,
    Mark,
    Scale,
    Series,
    axis,
    log_ticks,
    nice_step,
    nice_ticks,
    number,
    path,
    plot,
)
from training.spec import TrainingSpec
from training.spec_table import spec_table

TWO = ["Eiffel_Tower", "Petra"]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 50, [0, 10, 20, 30, 40, 50]),
        (0.13, 0.31, [0.15, 0.2, 0.25, 0.3]),
        (-3, 4, [-2, 0, 2, 4]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert nice_ticks(low, high, 5) == pytest.approx(ticks)


def test_counts_have_whole_ticks() -> None:
    assert nice_ticks(0, 2, 10, whole=True) == [0, 1, 2]


@given(st.floats(1e-9, 1e9), st.integers(2, 12))
def test_a_nice_step_is_the_smallest_that_serves(span: float, most: int) -> None:
    step = nice_step(span, most)
    assert step * most >= span * (1 - 1e-6)
    assert step / 2.51 * most < span
    assert f"{step:.0e}"[0] in "125"


def test_logarithmic_ticks() -> None:
    assert log_ticks(20, 600, 8) == pytest.approx([20, 50, 100, 200, 500])
    assert log_ticks(1, 1e6, 8) == pytest.approx([10.0**i for i in range(7)])


def test_numbers_have_the_decimals_of_their_step() -> None:
    assert [number(0.5, 0.1), number(12000, 2000), number(0.0, 1), number(-2, 1)] == [
        "0.5", "12,000", "0", "\N{MINUS SIGN}2",
    ]  # fmt: skip
    assert number(2e-6, 1e-6) == "2e-6"


@given(st.lists(st.floats() | st.just(0.0), max_size=8), st.booleans(), st.booleans())
def test_an_axis_holds_whatever_is_finite(
    values: list[float], from_zero: bool, logarithmic: bool
) -> None:
    side = axis("loss", values, from_zero=from_zero, logarithmic=logarithmic)
    assert side.low < side.high
    held = [v for v in values if abs(v) < 1e100 and (v >= 1e-12 or not logarithmic)]
    assert all(side.low <= v * (1 + 1e-9) and v * (1 - 1e-9) <= side.high for v in held if v >= 0)
    plot("Loss", Axis("x"), side, series=[Series("a", [(0.5, v) for v in values], "s1")])


def test_scales() -> None:
    assert Scale(0, 10, 100, 200)(5) == 150
    assert Scale(1, 100, 0, 10, logarithmic=True)(10) == pytest.approx(5)
    assert Scale(0, 1, 0, 100)(1e9) == 102  # a little outside, never at the far end of the page


def test_a_path_is_broken_where_a_figure_is_missing() -> None:
    scale = Scale(0, 10, 0, 10)
    points = [(0, 0), (1, 1), (2, math.nan), (3, 3)]
    assert path(points, scale, scale) == "M0.0 0.0L1.0 1.0M3.0 3.0"


def test_words_of_marks_do_not_run_into_each_other() -> None:
    marks = [Mark(1, "first phase"), Mark(2, "second phase"), Mark(90, "third phase")]
    flags = plot("p", Axis("x", 0, 100), Axis("y"), marks=marks).flags
    assert [flag.text for flag in flags] == ["first phase", "", "third phase"]
    assert [flag.leftwards for flag in flags] == [False, False, True]
    assert flags[1].title == "second phase"


# Curves


def test_smoothing_keeps_a_straight_line_straight() -> None:
    line = [float(i) for i in range(100)]
    kept = [(s, v) for s, v in zip(smooth(line, 10), line, strict=True) if math.isfinite(s)]
    assert len(kept) == 96
    assert all(s == pytest.approx(v) for s, v in kept)


def test_smoothing_passes_over_what_is_missing() -> None:
    assert smooth([1.0, math.nan, 3.0], 1) == pytest.approx([1.0, math.nan, 3.0], nan_ok=True)


def test_thinning_keeps_spikes_and_gaps() -> None:
    points = [(float(i), 1.0) for i in range(10_000)]
    points[5000] = (5000.0, 9.0)
    thinned = thin(points, 100)
    assert len(thinned) <= 100
    assert (5000.0, 9.0) in thinned
    assert all(math.isnan(y) for _, y in thin([(float(i), math.nan) for i in range(999)], 10))


def test_a_run_of_many_batches_stays_small() -> None:
    history: list[events.Event] = []
    for epoch in range(10):
        history += [
            events.BatchDone(epoch, b, 2000, 2 + math.sin(b), 0.004, 50.0, 9.0)
            for b in range(1, 2001)
        ]
        history.append(events.EpochDone(epoch, 2.0, 1.0, {"top1": 0.5}, 12.0))
    drawn = plots(course(history))
    assert [one.title for one in drawn] == [
        "Loss", "Accuracy", "Learning rate", "Time per epoch", "Speed",
    ]  # fmt: skip
    assert max(len(curve.path) for one in drawn for curve in one.curves) < 20_000


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.42, "0.4 s"),
        (42, "42 s"),
        (59.7, "1 min 00 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


# Diagrams and rows


def test_a_heat_map_draws_what_is_not_zero() -> None:
    drawn = heat_map(TWO, [[3, 1], [0, 2]])
    assert drawn is not None
    assert [[c.title for c in row.cells] for row in drawn.rows] == [
        ["Eiffel Tower: 3 of 4 (75 %) right", "Eiffel Tower taken for Petra: 1 of 4 (25 %)"],
        ["Petra: 2 of 2 (100 %) right"],
    ]
    assert [c.text for row in drawn.rows for c in row.cells] == ["3", "1", "2"]
    assert heat_map(TWO, [[0, 0], [0, 0]]) is None
    assert heat_map([], []) is None


def test_rare_mistakes_can_be_seen() -> None:
    assert strength(0.04, right=False) > 0.25
    assert strength(1.0, right=True) == strength(1.0, right=False) == 1.0


def test_the_most_confused_come_first() -> None:
    pairs = confused_pairs(["a", "b", "c"], [[5, 2, 0], [0, 1, 2], [3, 0, 9]])
    assert [(p.truth, p.guess, p.count, p.n) for p in pairs] == [
        ("c", "a", 3, 12), ("b", "c", 2, 3), ("a", "b", 2, 7),
    ]  # fmt: skip


def test_bins_of_few_photos_are_pale_and_unjoined() -> None:
    drawn = reliability([
        {"low": 0.0, "high": 0.5, "n": 3, "confidence": 0.4, "accuracy": 0.3},
        {"low": 0.5, "high": 1.0, "n": 90, "confidence": 0.9, "accuracy": 0.92},
    ])  # fmt: skip
    assert drawn is not None
    assert [bar.style for bar in drawn[0].bars] == ["column pale", "column"]
    _, measured, faint = drawn[0].curves
    assert len(measured.dots) == len(faint.dots) == 1
    assert not faint.path


def test_the_weakest_class_comes_first_and_the_unmeasured_last() -> None:
    rows = classes({"a": {"n": 2, "f1": 0.9}, "b": {"n": 0, "f1": None}, "c": {"n": 1, "f1": 0.1}})
    assert [row.name for row in rows] == ["c", "a", "b"]


def test_figures_say_what_is_known() -> None:
    top1, nll = figures({"top1": 0.5, "top1_ci95": [0.4, 0.6], "nll": 0.31, "unheard_of": 1})
    assert (top1.interval, top1.share, nll.value, nll.share) == ((0.4, 0.6), 0.5, "0.310", None)
    assert percent(None) == percent(math.nan) == "–"


def test_the_spec_s_table_marks_what_is_unusual() -> None:
    spec = TrainingSpec("data", patience=5, weights="/home/me/weights.pt")
    entries = {e.name: e for g in spec_table(spec.as_dict() | {"new": [1, 2]}) for e in g.entries}
    assert (entries["patience"].value, entries["patience"].usual) == ("5", "never")
    assert entries["stages"].value == "14 epochs at 96 px, 6 epochs at 128 px"
    assert entries["weights"].value == "weights.pt"
    assert entries["seed"].usual is None
    assert entries["new"].value == "1, 2"
    assert set(spec.as_dict()) - {"name", "about"} <= set(entries)  # headings of their own
