"""Honest confidence: the temperature and the thresholds, both fitted on validation photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from training.bundle import Card, OperatingPoint
from training.decision import Decision, decide, probabilities

Logits = npt.NDArray[np.float32]
Targets = npt.NDArray[np.int64]

PRECISIONS = (0.8, 0.9, 0.95, 0.98, 0.99)
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
    ``MOST_FALSE_SUGGESTIONS`` of the photos without a landmark get one.
    """
    card = replace(card, temperature=temperature(logits, targets))
    decisions = decide(card, logits, threshold=0.0)
    points = [operating_point(card, decisions, targets, t) for t in np.linspace(0.05, 0.995, 190)]
    kept_promises = [
        point
        for point in points
        if point.precision >= LEAST_PRECISION
        and (point.false_suggestions or 0.0) <= MOST_FALSE_SUGGESTIONS
    ]
    stated = [
        next((point for point in points if point.precision >= precision), points[-1])
        for precision in PRECISIONS
    ]
    return replace(
        card,
        threshold=(kept_promises or points[-1:])[0].threshold,
        operating_points=tuple(dict.fromkeys(stated)),
    )


def temperature(logits: Logits, targets: Targets) -> float:
    """Return the temperature of least negative log-likelihood (Guo et al. 2017).

    Searched on a fine logarithmic grid: the likelihood has a single minimum in it.
    """
    candidates = np.exp(np.linspace(np.log(0.2), np.log(5.0), 400))
    rows = np.arange(len(targets))
    losses = [-np.log(probabilities(logits, t)[rows, targets] + 1e-12).mean() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def operating_point(
    card: Card, decisions: Sequence[Decision], targets: Targets, threshold: float
) -> OperatingPoint:
    """Return what ``threshold`` gives; ``decisions`` were made with threshold 0."""
    shown = targets != (-1 if card.background is None else card.background)
    suggested = np.array([d.label is not None and d.confidence >= threshold for d in decisions])
    right = np.array([d.label == t for d, t in zip(decisions, targets, strict=True)]) & suggested
    return OperatingPoint(
        threshold=round(float(threshold), 4),
        precision=float(right.sum() / suggested.sum()) if suggested.any() else 1.0,
        kept=float(suggested[shown].mean()),
        false_suggestions=float(suggested[~shown].mean()) if (~shown).any() else None,
    )
