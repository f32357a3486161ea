"""Judge a bundle on photos: accuracy with intervals, calibration, rejection of negatives."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from training import data
from training.bundle import Card, read_card
from training.calibrate import Logits, Targets
from training.data import Sample
from training.decision import decide, probabilities
from training.photo import PhotoError


def evaluate(model: Path, labelled: Path, negatives: Sequence[Path] = ()) -> dict[str, Any]:
    """Return the figures for a bundle on class folders, and on photos without a landmark.

    Photos go through the bundle's own door, untrimmed, as in the application. Classes that
    the model does not know are refused with ``ValueError``.
    """
    card = read_card(model)
    names = {label.name: i for i, label in enumerate(card.labels)}
    samples = data.labelled(labelled)
    unknown = {s.label for s in samples} - set(names)
    if unknown or not samples:
        raise ValueError(f"{labelled} has no photos, or classes the model lacks: {unknown}")
    logits, kept, unreadable = run(model, card, samples)
    targets = np.array([names[samples[i].label or ""] for i in kept])
    result = judge(card, logits, targets)
    result["unreadable"] = unreadable
    others = data.unlabelled(list(negatives))
    if others:
        logits, kept, unreadable = run(model, card, others)
        suggested = np.array([d.label is not None for d in decide(card, logits)])
        result |= {
            "negatives_n": len(kept),
            "false_suggestion_rate": float(suggested.mean()),
            "false_suggestion_rate_ci95": wilson(int(suggested.sum()), len(kept)),
            "negatives_unreadable": unreadable,
        }
    return result


def run(model: Path, card: Card, samples: Sequence[Sample]) -> tuple[Logits, list[int], list[str]]:
    """Return logits, the indices of the samples they belong to, and a line a broken photo."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        network = torch.jit.load(str(model), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    pixels, kept, unreadable = [], [], []
    for i, sample in enumerate(samples):
        try:
            pixels.append(card.preprocessing.apply(card.preprocessing.open(sample.path)))
            kept.append(i)
        except PhotoError as error:
            unreadable.append(f"{sample.path}: {error}")
    with torch.inference_mode():
        parts = [
            network(torch.from_numpy(np.stack(pixels[i : i + 64])))[0].numpy()
            for i in range(0, len(pixels), 64)
        ]
    return np.concatenate(parts), kept, unreadable


def judge(card: Card, logits: Logits, targets: Targets) -> dict[str, Any]:
    """Return accuracy among the landmarks, calibration, and what the threshold keeps."""
    decisions = decide(card, logits, threshold=0.0)
    ranks = np.array(
        [
            next((r for r, (i, _) in enumerate(d.ranked) if i == t), len(card.labels))
            for d, t in zip(decisions, targets, strict=True)
        ]
    )
    n = len(targets)
    result: dict[str, Any] = {"n": n}
    for top in (1, 3, 5):
        hits = int((ranks < top).sum())
        result[f"top{top}"], result[f"top{top}_ci95"] = hits / n, wilson(hits, n)
    confidence = np.array([d.confidence for d in decisions])
    result["ece"] = expected_calibration_error(confidence, ranks == 0)
    suggested = np.array([d.label is not None for d in decide(card, logits)])
    right = suggested & (ranks == 0)
    result["kept_rate"] = float(suggested.mean())
    result["suggestion_precision"] = float(right.sum() / max(suggested.sum(), 1))
    chance = probabilities(logits, card.temperature)
    result["nll"] = float(-np.log(chance[np.arange(n), targets] + 1e-12).mean())
    guess = np.array([d.ranked[0][0] for d in decisions])
    result["per_class"] = {
        card.labels[c].name: {
            "n": int((targets == c).sum()),
            "recall": float((guess[targets == c] == c).mean()),
        }
        for c in sorted(set(targets.tolist()))
    }
    return result


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share (E. B. Wilson, 1927)."""
    if n == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def expected_calibration_error(
    confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], bins: int = 15
) -> float:
    """Return the ECE over equal-width bins (Naeini et al. 2015; Guo et al. 2017)."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (which == b).mean() * abs(right[which == b].mean() - confidence[which == b].mean())
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))
