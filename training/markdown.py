"""A judgement as Markdown: the table that documentation shows, straight from the measurement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.findings import percent

_ROWS = (
    ("top1", "top-1"),
    ("top3", "top-3"),
    ("top5", "top-5"),
    ("kept_rate", "get a suggestion"),
    ("suggestion_precision", "suggestions that are right"),
    ("false_suggestion_rate", "photos without a landmark that get one"),
)


def table(judgement: Mapping[str, Any]) -> str:
    """Return the headline figures, and what each asked precision gave, as two tables.

    ``judgement``: what ``judge.judge`` returns; shares that could not be measured are left out.
    """
    photos = f"{judgement['n']:,} photos"
    if judgement.get("negatives_n"):
        photos += f", {judgement['negatives_n']:,} without a landmark"
    lines = [f"| {photos} | | 95 % interval |", "| --- | --- | --- |"]
    for key, title in _ROWS:
        if judgement.get(key) is not None:
            low, high = (percent(end) for end in judgement[f"{key}_ci95"])
            lines.append(f"| {title} | {percent(judgement[key])} | {low} to {high} |")
    if judgement.get("ece") is not None:
        lines.append(f"| expected calibration error | {judgement['ece']:.3f} | |")
    if judgement.get("promises"):
        lines += ["", "| precision asked for | measured | get a suggestion | without a landmark |",
                  "| --- | --- | --- | --- |"]  # fmt: skip
    for row in judgement.get("promises", ()):
        cells = (percent(row[key]) for key in ("precision", "kept", "false_suggestions"))
        lines.append(f"| {percent(row['stated'])} | {' | '.join(cells)} |")
    return "\n".join(line.replace("\N{NO-BREAK SPACE}", " ") for line in lines)
