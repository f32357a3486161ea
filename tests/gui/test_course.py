"""A run's events become few points and the right figures, however it was interrupted."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.gui.training.course import Course, Curve
from training import events


def run(epochs: int, batches: int, start: int = 0) -> list[events.Event]:
    told: list[events.Event] = [events.Started(2, 40, 8, 10, "CPU", first_epoch=start)]
    for epoch in range(start, epochs):
        phase = "head" if epoch < 2 else "full"
        told.append(events.EpochStarted(epoch, phase, 96, batches))
        told += [
            events.BatchDone(epoch, b + 1, batches, 1.0 / (epoch + 1), 0.1, 50.0, 9.0)
            for b in range(batches)
        ]
        loss = 1.0 / (epoch + 1)
        told.append(events.EpochDone(epoch, loss, loss, {"top1": 0.5}, 1.0, best=True))
    return told


@given(st.integers(0, 5000), st.integers(2, 40))
def test_a_curve_stays_small_and_keeps_mean_and_order(count: int, half: int) -> None:
    curve = Curve(2 * half)
    for i in range(count):
        curve.add(i, i % 2)
    x, y = curve.points()
    assert len(x) <= 2 * half
    assert (np.diff(x) > 0).all()
    assert ((y >= 0) & (y <= 1)).all()
    if count >= 4 * half:
        assert abs(float(y.mean()) - 0.5) < 0.01


def test_figures_of_a_run() -> None:
    course = Course().take_all(run(3, 4))
    assert course.done == 0.3
    assert course.best is not None
    assert course.best.epoch == 2
    assert [words for _, words in course.marks] == ["head on features, 96 px",
                                                    "whole network, 96 px"]  # fmt: skip
    assert course.validation.points()[0].tolist() == [1.0, 2.0, 3.0]
    assert course.metrics["top1"].points()[1].tolist() == [0.5] * 3


def test_what_a_resumed_run_repeats_counts_once() -> None:
    course = Course().take_all([*run(5, 4), *run(7, 4, start=3)])
    assert len(course.loss) == 28
    x, _ = course.loss.points()
    assert (np.diff(x) > 0).all()
    assert course.validation.points()[0].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert len(course.marks) == 2


def test_smoothing_does_not_mix_phases() -> None:
    course = Course().take_all(run(4, 10))
    _, y = course.smoothed(3)
    gaps = np.flatnonzero(np.isnan(y))
    assert len(gaps) == 2
    assert math.isclose(y[gaps[0] - 1], 0.5)
    assert math.isclose(y[gaps[0] + 1], 1 / 3)
    assert Course().smoothed(5)[0].tolist() == []
