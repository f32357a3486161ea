"""What a run leaves behind for people: its judgement, the card's entries, the report."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from training import about, events, report
from training.bundle import Card
from training.diagrams import confused_pairs
from training.judge import Logits, Targets, judge, per_photo
from training.launch import EVENTS, JUDGEMENT, REPORT
from training.spec import TrainingSpec

_PRIVATE = ("worst", "false_suggestions_worst", "confusion", "labels")  # paths, and bulk
_MOST_PAIRS = 10
_TOLD = ("top1", "top3", "macro_f1", "ece", "kept_rate", "suggestion_precision")


def now() -> str:
    """Return the time in UTC, ISO 8601: what a card says of when its photos were read."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def judged(
    card: Card, logits: Logits, targets: Targets, paths: Sequence[Path], how: str
) -> dict[str, Any] | None:
    """Return ``judge``'s figures, ``None`` where no photo shows a landmark.

    ``targets``: label indices, the background's among them. ``how``: what photos these are,
    behind their number.
    """
    shown = targets != (-1 if card.background is None else card.background)
    if not shown.any():
        return None
    figures = judge(
        card, logits[shown], targets[shown], logits[~shown] if (~shown).any() else None,
        paths=[p for p, s in zip(paths, shown, strict=True) if s],
        negative_paths=[p for p, s in zip(paths, shown, strict=True) if not s],
    )  # fmt: skip
    figures["data"] = f"{int(np.sum(shown))} {how}"
    return figures


def shareable(judgement: dict[str, Any]) -> dict[str, Any]:
    """Return a judgement for the card: no paths of a person's photos, and no bulk.

    Of the confusion matrix the most frequent mistakes are left, as ``confused``.
    """
    kept = {key: value for key, value in judgement.items() if key not in _PRIVATE}
    pairs = confused_pairs(judgement["labels"], judgement["confusion"])
    return {**kept, "confused": [asdict(pair) for pair in pairs[:_MOST_PAIRS]]}


def shareable_spec(spec: TrainingSpec) -> dict[str, Any]:
    """Return the spec for the card: of the paths only what says what they hold.

    What people should know of the model stands in the card's provenance.
    """
    entries = {k: v for k, v in spec.as_dict().items() if k != about.ENTRY}
    return {
        **entries,
        "data": _ending(spec.data),
        "negatives": [_ending(folder) for folder in spec.negatives],
        "weights": Path(spec.weights).name if spec.weights else None,
        "base": Path(spec.base).name if spec.base else None,
    }


def write_judgement(
    run: Path, judgement: dict[str, Any], card: Card, logits: Logits, targets: Targets,
    paths: Sequence[Path],
) -> None:  # fmt: skip
    """Write the judgement with what was said of each photo into the run's folder."""
    each = {**judgement, "photos": per_photo(card, logits, targets, paths)}
    # In ASCII, names of files that are no valid text come back as they are.
    (run / JUDGEMENT).write_text(json.dumps(each), encoding="ascii")


def write_report(
    run: Path, spec: TrainingSpec, judgement: dict[str, Any] | None, card: Card
) -> None:
    """Write the report of a run that is at its end."""
    lines = (run / EVENTS).read_text(encoding="utf-8").splitlines()
    html = report.run_report(spec, events.history(lines), judgement, card)
    (run / REPORT).write_text(html, encoding="utf-8")


def metrics(judgement: dict[str, Any] | None, difference: float) -> dict[str, float]:
    """Return what the last event tells. ``difference``: of the export's probabilities."""
    told = {k: judgement[k] for k in _TOLD if judgement[k] is not None} if judgement else {}
    return {"export_difference": difference, **told}


def _ending(folder: str) -> str:
    return "/".join(Path(folder).absolute().parts[-2:])
