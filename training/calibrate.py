"""Honest confidence: the temperature and the thresholds, both fitted on validation photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from training.bundle import Card, OperatingPoint
from training.decision import Decision, decide, probabilities

Logits = npt.NDArray[np.float32]
Targets = npt.NDArray[np.int64]

PRECISIONS = tuple(percent / 100 for percent in range(50, 100))
"""The precisions for which a card states thresholds, as far as the model reaches them."""
FEWEST_SUGGESTIONS = (20, 100)
"""What a precision is measured on: a tenth of all suggestions, within these; see ``stated``."""
MOST_FALSE_SUGGESTIONS = 0.02
LEAST_PRECISION = 0.98
"""Stricter than it looks necessary: people's photos show many places that the model does not
know, and validation photos show none. Measured on the shipped model's 23 unknown places of the
data's ``provence/train``: 95 % here lets 51 % of them through, 98 % lets 15 % (docs/model.md)."""


def fit(card: Card, logits: Logits, targets: Targets) -> Card:
    """Return the card with temperature, operating points and default threshold fitted.

    ``targets``: label indices, the background's among them for photos without a landmark.
    The default threshold is the lowest one that keeps both promises on these photos: at
    least ``LEAST_PRECISION`` of the suggestions are right, and at most
    ``MOST_FALSE_SUGGESTIONS`` of the photos without a landmark get one. What other thresholds
    give is stated beside it, for the person to choose from; see ``stated``.
    """
    card = replace(card, temperature=temperature(logits, targets))
    answers = Answers.of(card, decide(card, logits), targets)
    points = [answers.at(threshold) for threshold in np.linspace(0.05, 0.995, 190)]
    kept_promises = [
        point
        for point in points
        if point.precision >= LEAST_PRECISION
        and (point.false_suggestions or 0.0) <= MOST_FALSE_SUGGESTIONS
    ]
    card = replace(card, threshold=(kept_promises or points[-1:])[0].threshold)
    return replace(card, operating_points=stated(answers, card.threshold))


@dataclass(frozen=True)
class Answers:
    """What a model would suggest for N photos if any confidence were enough.

    ``confidence``: of the suggestion, -1 where there is none. ``right``: whether it is.
    ``shown``: whether the photo shows a landmark at all.
    """

    confidence: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.bool_]

    @staticmethod
    def of(card: Card, decisions: Sequence[Decision], targets: Targets) -> Answers:
        """Set decisions, whatever threshold they were made with, beside the truth."""
        pairs = zip(decisions, targets, strict=True)
        return Answers(
            np.array([-1.0 if d.best is None else d.confidence for d in decisions], np.float64),
            np.array([d.best == t for d, t in pairs], np.bool_),
            np.asarray(targets != (-1 if card.background is None else card.background)),
        )

    def at(self, threshold: float) -> OperatingPoint:
        """Return what suggestions from ``threshold`` on, 0 to 1, are like."""
        suggested = self.confidence >= threshold
        right = self.right & suggested
        others = suggested[~self.shown]
        return OperatingPoint(
            threshold=round(float(threshold), 4),
            precision=float(right.sum() / suggested.sum()) if suggested.any() else 1.0,
            kept=float(suggested[self.shown].mean()),
            false_suggestions=float(others.mean()) if others.size else None,
        )


def stated(answers: Answers, own: float) -> tuple[OperatingPoint, ...]:
    """Return the points that a card states, by rising threshold and precision.

    They are the laxest threshold, the least one for each of ``PRECISIONS`` that is reached,
    the strictest that can be measured, and the card's ``own``.

    The share of right suggestions above a threshold rises and falls by chance, the more the
    fewer are left. The least threshold at which it reaches the asked precision is often one
    where it does so by luck, and other photos get less. So a threshold counts for what it *and
    every stricter one* gave at least (the running minimum, from the strictest down): that rises
    with the threshold by construction. Stricter ones that leave too few suggestions to measure
    have no say, or one mistake among the surest would hide what the others are worth.

    Measured on the validation photos that the first shipped model remembers, 200 random halves
    (420 suggestions each) against the other halves: asked for 98 % the other half gives 97.9 %,
    within 2 points in 95 of 100 cases. In simulations of 1,000 photos: 0.13 points off on
    average at most, from 90 to 99 %, and from 95 % on within 2 points in 96 of 100 cases or
    more. Isotonic regression, which was tried too, promises 0.2 to 0.6 points too much.
    """
    order = np.argsort(answers.confidence, kind="stable")
    order = order[answers.confidence[order] >= 0]
    if not order.size:
        return ()
    confidence, right = answers.confidence[order], answers.right[order]
    # Between the confidences of two photos nothing changes. Rounded down, so that each is in.
    thresholds = np.unique(np.append(np.floor(confidence * 1e4) / 1e4, 0.0))
    first = np.searchsorted(confidence, thresholds)
    left = len(confidence) - first
    hits = np.cumsum(right[::-1])[::-1][first]
    fewest = float(np.clip(len(confidence) / 10, *FEWEST_SUGGESTIONS))
    measured = left >= min(fewest, len(confidence))
    thresholds = thresholds[measured]
    precision = np.minimum.accumulate((hits / left)[measured][::-1])[::-1]
    places = np.searchsorted(precision, (0.0, *PRECISIONS, precision[-1]))
    chosen = {float(thresholds[place]) for place in places if place < len(thresholds)}

    def at(threshold: float) -> OperatingPoint:
        place = min(int(np.searchsorted(thresholds, threshold)), len(precision) - 1)
        found = answers.at(threshold)
        false = found.false_suggestions
        return OperatingPoint(
            found.threshold, round(float(precision[place]), 4), round(found.kept, 4),
            None if false is None else round(false, 4),
        )  # fmt: skip

    return tuple(at(threshold) for threshold in sorted(chosen | {own}))


def temperature(logits: Logits, targets: Targets) -> float:
    """Return the temperature of least negative log-likelihood (Guo et al. 2017).

    Searched on a fine logarithmic grid: the likelihood has a single minimum in it.
    """
    candidates = np.exp(np.linspace(np.log(0.2), np.log(5.0), 400))
    rows = np.arange(len(targets))
    losses = [-np.log(probabilities(logits, t)[rows, targets] + 1e-12).mean() for t in candidates]
    return float(candidates[int(np.argmin(losses))])
