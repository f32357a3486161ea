"""From logits to a suggestion: the one rule that trainer and desktop share.

Torch-free face of the trainer; numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.bundle import Card

Floats = npt.NDArray[np.float32] | npt.NDArray[np.float64]


@dataclass(frozen=True)
class Decision:
    """A model's opinion of one photo.

    ``label``: index of the suggested label, or ``None`` for "none recognised".
    ``confidence``: calibrated probability of the likeliest landmark, suggested or not.
    ``ranked``: landmark labels by probability, likeliest first, the suggested included.
    ``best``: what would be suggested at a threshold of 0: the likeliest landmark where it is
    likelier than the background, else ``None``.
    """

    label: int | None
    confidence: float
    ranked: tuple[tuple[int, float], ...]
    best: int | None = None


def probabilities(logits: Floats, temperature: float) -> npt.NDArray[np.float64]:
    """Return softmax(logits / temperature) for logits of shape N x C, in float64."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    exponentials = np.exp(scaled)
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def decide(
    card: Card, logits: Floats, *, threshold: float | None = None, top: int = 5
) -> list[Decision]:
    """Return one decision a row of ``logits`` (N x C).

    A landmark is suggested where it is likelier than every other output, the background
    too, and its probability reaches ``threshold`` (by default the card's own). A row
    that is not finite recognises nothing.
    """
    limit = card.threshold if threshold is None else threshold
    finite = np.asarray(np.isfinite(logits).all(axis=1))
    chance = probabilities(np.where(finite[:, None], logits, 0.0), card.temperature)
    decisions = []
    for row, good in zip(chance, finite, strict=True):
        if not good:
            decisions.append(Decision(None, 0.0, ()))
            continue
        background = -1.0
        if card.background is not None:
            background = float(row[card.background])
            row = row.copy()
            row[card.background] = -1.0
        order = np.argsort(-row, kind="stable")[:top]
        ranked = tuple((int(i), float(row[i])) for i in order if row[i] >= 0.0)
        likeliest, confidence = ranked[0]
        best = likeliest if confidence > background else None
        decisions.append(Decision(best if confidence >= limit else None, confidence, ranked, best))
    return decisions
