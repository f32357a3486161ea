"""Hiding parts of a photo finds what a model looks at, and says so where it is nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landmark_desktop.inference import why
from landmark_desktop.inference.pipeline import BATCH, Model
from landmark_desktop.inference.why import Heat, log_odds, occlusion
from landmark_desktop.tasks import Cancel, Cancelled, Succeeded, run
from training.decision import probabilities

Logits = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]


def noise(size: int) -> Pixels:
    return np.random.default_rng(1).integers(0, 256, (3, size, size), np.uint8)


def ask(model: Model, pixels: Pixels, temperature: float = 1.0) -> Heat:
    outcome = run(occlusion(model, pixels, 0, temperature, Cancel()), lambda _progress: None)
    assert isinstance(outcome, Succeeded), outcome
    return outcome.result


def answers(first: npt.NDArray[np.float64]) -> Logits:
    """Return the logits of a model of three labels of which only the first one varies."""
    return np.stack([first, np.zeros_like(first), np.zeros_like(first)], axis=1).astype(np.float32)


def sees_detail_in(top: int, left: int, height: int, width: int, sign: int = 1) -> Model:
    def model(photos: Pixels) -> Logits:
        part = photos[:, :, top : top + height, left : left + width].astype(np.float64)
        return answers(sign * part.std(axis=(1, 2, 3)) / 10)

    return model


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from([32, 48, 96]))
def test_the_place_that_a_model_looks_at_is_found(data: st.DataObject, size: int) -> None:
    height, width = (data.draw(st.integers(size // 8, size // 2)) for _ in range(2))
    top = data.draw(st.integers(0, size - height))
    left = data.draw(st.integers(0, size - width))
    heat = ask(sees_detail_in(top, left, height, width), noise(size))
    assert heat.stands_out
    assert heat.values.shape == (size, size)
    assert heat.values.dtype == np.float32
    assert heat.values.min() >= 0
    assert heat.values.max() <= 1
    assert heat.hidden < heat.chance
    # The hottest pixel is there, give or take what the small patches are apart.
    step = size / why.SCALES[0][1]
    y, x = np.unravel_index(heat.values.argmax(), heat.values.shape)
    assert top - step <= y < top + height + step
    assert left - step <= x < left + width + step
    # No patch that hides something of it counts at a pixel farther away than its own side.
    far = np.ones((size, size), bool)
    reach = int(np.ceil(size * max(share for share, _ in why.SCALES))) + 1
    far[max(top - reach, 0) : top + height + reach, max(left - reach, 0) : left + width + reach] = 0
    assert not heat.values[far].any()


def test_what_speaks_against_it_stays_cold() -> None:
    heat = ask(sees_detail_in(10, 10, 12, 12, sign=-1), noise(48))
    assert not heat.stands_out
    assert heat.hidden == heat.chance


@pytest.mark.parametrize("logit", [0.0, 30.0, -30.0, 1e6, -1e6])
def test_a_model_that_looks_nowhere_in_particular(logit: float) -> None:
    heat = ask(lambda photos: answers(np.full(len(photos), logit)), noise(32))
    assert not heat.values.any()
    assert not heat.stands_out
    assert heat.hidden == heat.chance
    assert np.isfinite(heat.chance)


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_answers_that_are_no_numbers_count_for_nothing(broken: float) -> None:
    whole = noise(32)

    def model(photos: Pixels) -> Logits:
        as_it_is = (photos == whole).all(axis=(1, 2, 3))
        return answers(np.where(as_it_is, 2.0, broken))

    heat = ask(model, whole)
    assert not heat.values.any()
    assert np.isfinite(heat.hidden)


def test_small_losses_are_shown_faint_and_smaller_ones_not_at_all() -> None:
    def hottest(gain: float) -> float:
        seen = sees_detail_in(12, 12, 24, 24)
        return float(ask(lambda photos: gain * seen(photos), noise(48)).values.max())

    assert hottest(1.0) == 1.0
    assert 0.5 <= hottest(0.4) < 1.0
    assert hottest(0.05) == 0.0


def test_a_higher_temperature_makes_less_of_it() -> None:
    sure = ask(sees_detail_in(8, 8, 20, 20), noise(48))
    unsure = ask(sees_detail_in(8, 8, 20, 20), noise(48), temperature=100.0)
    assert sure.stands_out
    assert not unsure.stands_out


@given(
    arrays(np.float32, (4, 5), elements=st.floats(-12, 12, width=32)),
    st.integers(0, 4),
    st.floats(0.3, 4.0),
)
def test_log_odds_are_those_of_the_calibrated_probability(
    logits: Logits, label: int, temperature: float
) -> None:
    chance = probabilities(logits, temperature)
    others = np.delete(chance, label, axis=1).sum(axis=1)
    expected = np.log(chance[:, label]) - np.log(others)
    np.testing.assert_allclose(log_odds(logits, label, temperature), expected, atol=1e-6)


def test_it_costs_as_many_passes_as_it_says_and_changes_nothing() -> None:
    sizes: list[int] = []

    def model(photos: Pixels) -> Logits:
        sizes.append(len(photos))
        return answers(np.zeros(len(photos)))

    pixels = noise(96)
    before = pixels.copy()
    ask(model, pixels)
    assert sum(sizes) == why.PASSES <= 200
    assert max(sizes) == BATCH
    assert (pixels == before).all()


def test_it_stops_between_batches() -> None:
    cancel, asked = Cancel(), []

    def model(photos: Pixels) -> Logits:
        asked.append(len(photos))
        return answers(np.zeros(len(photos)))

    task = occlusion(model, noise(32), 0, 1.0, cancel)
    next(task)
    next(task)
    cancel.set()
    with pytest.raises(Cancelled):
        next(task)
    assert asked == [BATCH] * 2 or asked == [BATCH]
