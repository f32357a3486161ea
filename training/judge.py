"""Figures for a model's logits on labelled photos. Numpy only, no torch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.bundle import Card
from training.decision import Decision, decide, probabilities

Logits = npt.NDArray[np.float32]
Targets = npt.NDArray[np.int64]

_WORST = 24
THRESHOLDS = tuple(round(t, 3) for t in (*np.linspace(0.0, 0.95, 39), 0.96, 0.97, 0.98, 0.99))


def judge(
    card: Card,
    logits: Logits,
    targets: Targets,
    negatives: Logits | None = None,
    *,
    paths: Sequence[Path] = (),
    negative_paths: Sequence[Path] = (),
) -> dict[str, Any]:
    """Return all figures as plain JSON values.

    ``logits``, ``targets``: photos of landmarks, N x C and N label indices. ``negatives``:
    logits of photos that show none. ``paths``: where the photos are, for naming the worst
    mistakes. Shares that are none (no photo to count) are ``None``.

    ``top1``, ``top3``, ``top5``: the right landmark is among the first so many, with
    ``_ci95`` the 95 % Wilson interval. ``kept_rate``, ``suggestion_precision`` and
    ``false_suggestion_rate`` are at the card's default threshold. ``confusion``: rows are
    truth, columns the likeliest landmark, both in the order of ``labels``. ``promises``: what
    each of the card's operating points states, and what it gives on these photos.
    """
    shown = [i for i in range(len(card.labels)) if i != card.background]
    names = [card.labels[i].name for i in shown]
    decisions = decide(card, logits, threshold=0.0)
    n = len(targets)
    ranks = np.array([_rank(d, t) for d, t in zip(decisions, targets.tolist(), strict=True)], int)
    guess = np.array([d.ranked[0][0] if d.ranked else -1 for d in decisions], int)
    confidence = np.array([d.confidence for d in decisions])
    suggested = np.array([d.label is not None for d in decide(card, logits)], bool)
    right = ranks == 0
    result: dict[str, Any] = {"n": n}
    for top in (1, 3, 5):
        hits = int((ranks < top).sum())
        result |= {f"top{top}": hits / max(n, 1), f"top{top}_ci95": wilson(hits, n)}
    per_class = _per_class(guess, targets, shown, names)
    f1 = [row["f1"] for row in per_class.values() if row["n"]]
    chance = probabilities(logits, card.temperature) if n else np.zeros((0, len(card.labels)))
    result |= {
        "macro_f1": float(np.mean(f1)) if f1 else None,
        "ece": expected_calibration_error(confidence, right) if n else None,
        "nll": float(-np.log(chance[np.arange(n), targets] + 1e-12).mean()) if n else None,
        "kept_rate": float(suggested.mean()) if n else None,
        "kept_rate_ci95": wilson(int(suggested.sum()), n),
        "suggestion_precision": float(right[suggested].mean()) if suggested.any() else None,
        "suggestion_precision_ci95": wilson(int(right[suggested].sum()), int(suggested.sum())),
        "threshold": card.threshold,
        "labels": names,
        "per_class": per_class,
        "confusion": _confusion(guess, targets, shown),
        "reliability": reliability(confidence, right),
        "worst": [
            {
                "path": str(paths[i]) if paths else "",
                "truth": card.labels[targets[i]].name,
                "guess": card.labels[guess[i]].name,
                "confidence": float(confidence[i]),
            }
            for i in np.argsort(-confidence, kind="stable").tolist()
            if not right[i] and guess[i] >= 0
        ][:_WORST],
    }
    others: list[Decision] = []
    if negatives is not None and len(negatives):
        others = decide(card, negatives, threshold=0.0)
        false = np.array([d.label is not None for d in decide(card, negatives)], bool)
        result |= {
            "negatives_n": len(false),
            "false_suggestion_rate": float(false.mean()),
            "false_suggestion_rate_ci95": wilson(int(false.sum()), len(false)),
            "false_suggestions_worst": [
                {
                    "path": str(negative_paths[i]) if negative_paths else "",
                    "guess": card.labels[others[i].ranked[0][0]].name,
                    "confidence": others[i].confidence,
                }
                for i in sorted(np.flatnonzero(false).tolist(), key=lambda i: -others[i].confidence)
            ][:_WORST],
        }
    result["thresholds"] = [
        _at_threshold(threshold, decisions, right, others) for threshold in THRESHOLDS
    ]
    result["promises"] = [
        {"stated": point.precision, **_at_threshold(point.threshold, decisions, right, others)}
        for point in card.operating_points
    ]
    return result


def per_photo(
    card: Card, logits: Logits, targets: Targets, paths: Sequence[Path]
) -> list[dict[str, Any]]:
    """Return what was said of each photo, as plain JSON values, in the photos' order.

    ``truth`` is ``None`` for a photo of the background, ``guess`` the likeliest landmark,
    ``confidence`` its calibrated probability, ``suggested`` whether it would be shown.
    """
    rows = []
    for decision, target, path in zip(decide(card, logits), targets.tolist(), paths, strict=True):
        rows.append(
            {
                "path": str(path),
                "truth": None if target == card.background else card.labels[target].name,
                "guess": card.labels[decision.ranked[0][0]].name if decision.ranked else None,
                "confidence": float(decision.confidence),
                "suggested": decision.label is not None,
            }
        )
    return rows


def _rank(decision: Decision, target: int) -> int:
    """Return the place of the right landmark, 0 for the first; a large number for none."""
    return next((r for r, (i, _) in enumerate(decision.ranked) if i == target), 1_000_000)


def _confusion(guess: npt.NDArray[Any], targets: Targets, shown: Sequence[int]) -> list[list[int]]:
    place = {label: row for row, label in enumerate(shown)}
    counts = np.zeros((len(shown), len(shown)), int)
    for truth, said in zip(targets.tolist(), guess.tolist(), strict=True):
        if said >= 0:
            counts[place[truth], place[said]] += 1
    rows: list[list[int]] = counts.tolist()
    return rows


def _per_class(
    guess: npt.NDArray[Any], targets: Targets, shown: Sequence[int], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for label, name in zip(shown, names, strict=True):
        hits = int(((guess == label) & (targets == label)).sum())
        there, said = int((targets == label).sum()), int((guess == label).sum())
        rows[name] = {
            "n": there,
            "precision": hits / said if said else None,
            "recall": hits / there if there else None,
            "f1": 2 * hits / (there + said) if there + said else None,
        }
    return rows


def _at_threshold(
    threshold: float,
    decisions: Sequence[Decision],
    right: npt.NDArray[np.bool_],
    others: Sequence[Decision],
) -> dict[str, float | None]:
    suggested = np.array(
        [d.label is not None and d.confidence >= threshold for d in decisions], bool
    )
    false = [d.label is not None and d.confidence >= threshold for d in others]
    return {
        "threshold": float(threshold),
        "precision": float(right[suggested].mean()) if suggested.any() else None,
        "kept": float(suggested.mean()) if len(suggested) else None,
        "false_suggestions": float(np.mean(false)) if false else None,
    }


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share (E. B. Wilson, 1927)."""
    if n == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def reliability(
    confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], bins: int = 15
) -> list[dict[str, Any]]:
    """Return equal-width bins of confidence with what happened in them; empty ones left out."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "low": b / bins,
            "high": (b + 1) / bins,
            "n": int((which == b).sum()),
            "confidence": float(confidence[which == b].mean()),
            "accuracy": float(right[which == b].mean()),
        }
        for b in range(bins)
        if (which == b).any()
    ]


def expected_calibration_error(
    confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], bins: int = 15
) -> float:
    """Return the ECE over equal-width bins (Naeini et al. 2015; Guo et al. 2017)."""
    rows = reliability(confidence, right, bins)
    gaps = sum(row["n"] * abs(row["accuracy"] - row["confidence"]) for row in rows)
    return float(gaps / max(len(confidence), 1))
