"""From a judgement to its diagrams: reliability, thresholds, and who is taken for whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from training.plots import Axis, Column, Mark, Plot, Series, axis, plot, real

MOST_CLASSES = 80
"""Rows of a heat map whose names can still be read. Of more, those with most mistakes."""

_LEAST_GUTTER = 136.0
"""Room in the corner for the words that say which side is which, in pixels."""

_LEGEND = (0.05, 0.25, 0.5, 1.0)

FEW = 10
"""A share of fewer photos than this is shown pale: it says little."""


def readable(name: object, most: int = 60) -> str:
    """Return a class folder's name as words, cut at ``most`` characters."""
    words = str(name).replace("_", " ")
    return words if len(words) <= most else words[: most - 1] + "…"


def reliability(bins: Sequence[dict[str, Any]]) -> tuple[Plot, Plot] | None:
    """Return accuracy against stated confidence, and how many photos each bin holds."""
    bins = [b for b in bins if math.isfinite(real(b["confidence"]) + real(b["accuracy"]))]
    if not bins:
        return None
    titles = [
        f"{100 * b['low']:.0f} to {100 * b['high']:.0f} % sure: {b['n']} photos, "
        f"on average {100 * b['confidence']:.1f} % sure, {100 * b['accuracy']:.1f} % right"
        for b in bins
    ]
    columns = [
        Column(b["low"], b["high"], b["accuracy"], t, "column" if b["n"] >= FEW else "column pale")
        for b, t in zip(bins, titles, strict=True)
    ]
    points = [(b["confidence"], b["accuracy"]) for b in bins]
    firm = [b["n"] >= FEW for b in bins]
    line = [(x, y if sure else math.nan) for (x, y), sure in zip(points, firm, strict=True)]
    faint = [(p, t) for p, t, sure in zip(points, titles, firm, strict=True) if not sure]
    x = Axis("confidence (%)", percent=True)
    diagram = plot(
        "Reliability", x, Axis("photos that were right (%)", percent=True), columns=columns,
        series=[
            Series("perfectly calibrated", [(0, 0), (1, 1)], "guide"),
            Series("measured", line, "s1", titles),
            Series("", [p for p, _ in faint], "s1 faint", [t for _, t in faint], line=False),
        ],
        note=f"On the dashed line, stated confidence is the truth; below it the model is too "
        f"sure of itself. Pale: fewer than {FEW} photos.",
        size=(544, 344),
    )  # fmt: skip
    counts = [Column(b["low"], b["high"], b["n"], t) for b, t in zip(bins, titles, strict=True)]
    y = axis("photos", (c.height for c in counts), from_zero=True, whole=True)
    return diagram, plot("How often it is how sure", x, y, columns=counts, size=(544, 176))


def thresholds(points: Sequence[dict[str, Any]], default: float | None) -> Plot | None:
    """Return what each threshold gives; the ``default`` one is marked."""
    series = []
    for key, name, style in (
        ("precision", "precision: suggestions that are right", "s1"),
        ("kept", "kept: landmark photos that get a suggestion", "s3"),
        ("false_suggestions", "false suggestions: other photos that get one", "s2"),
    ):
        values = [(real(p["threshold"]), real(p.get(key))) for p in points]
        if any(math.isfinite(v) for _, v in values):
            series.append(Series(name, values, style))
    if not series:
        return None
    marks = [] if default is None else [Mark(default, f"default {100 * default:.3g} %", "best")]
    return plot(
        "Thresholds", Axis("threshold on the confidence (%)", percent=True),
        Axis("share (%)", percent=True), series=series, marks=marks, size=(544, 344),
    )  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """``strength``: how deep its colour is, 0 to 1. ``right``: truth and guess are one."""

    x: float
    strength: float
    right: bool
    text: str
    title: str


@dataclass(frozen=True)
class Row:
    """One true class; ``y`` is its upper edge in pixels. ``name`` may be cut, ``title`` not."""

    y: float
    name: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class HeatMap:
    """A confusion matrix in pixels, ``pitch`` from one cell to the next. ``of``: classes in all."""

    pitch: float
    font: float
    left: float
    top: float
    width: float
    height: float
    rows: tuple[Row, ...]
    of: int
    legend: tuple[dict[str, float], ...]
    """Strengths under ``right`` and ``wrong`` of the shares that the legend explains."""


@dataclass(frozen=True)
class Pair:
    """Photos of ``truth`` that were taken for ``guess``: ``count`` out of ``n``."""

    truth: str
    guess: str
    count: int
    n: int


def heat_map(labels: Sequence[str], confusion: Sequence[Sequence[int]]) -> HeatMap | None:
    """Lay out a matrix whose colours are shares of each row. ``None`` where it is empty."""
    if not any(map(any, confusion)):
        return None
    shown = _worth_showing(confusion)
    pitch = float(min(max(12, 720 // len(shown)), 48))
    font = min(max(pitch * 0.82, 9.0), 12.0)
    names = {i: readable(labels[i], 30) for i in shown}
    gutter = max(0.54 * font * max(map(len, names.values())) + 12, _LEAST_GUTTER)
    rows = []
    for place, truth in enumerate(shown):
        n = sum(confusion[truth])
        cells = tuple(
            _cell(across * pitch, truth, guess, confusion[truth][guess], n, labels, pitch)
            for across, guess in enumerate(shown)
            if confusion[truth][guess]
        )
        rows.append(
            Row(place * pitch, names[truth], f"{readable(labels[truth])}: {n} photos", cells)
        )
    side = pitch * len(shown)
    return HeatMap(
        pitch, font, gutter, gutter, gutter + side + 8, gutter + side + 8, tuple(rows), len(labels),
        tuple({"right": strength(s, True), "wrong": strength(s, False)} for s in _LEGEND),
    )  # fmt: skip


def strength(share: float, right: bool) -> float:
    """Return how deep the colour of a share is. Of mistakes its root, so that rare ones show."""
    return round(0.12 + 0.88 * (share if right else math.sqrt(share)), 3)


def confused_pairs(labels: Sequence[str], confusion: Sequence[Sequence[int]]) -> list[Pair]:
    """Return the mistakes, the most frequent and of these the greatest share of a class first."""
    pairs = [
        Pair(labels[truth], labels[guess], count, sum(row))
        for truth, row in enumerate(confusion)
        for guess, count in enumerate(row)
        if count and truth != guess
    ]
    return sorted(pairs, key=lambda p: (-p.count, -p.count / p.n, p.truth, p.guess))


def _worth_showing(confusion: Sequence[Sequence[int]]) -> list[int]:
    """Return the classes to draw: all, or those with the most mistakes as truth or guess."""
    classes = range(len(confusion))
    if len(classes) <= MOST_CLASSES:
        return list(classes)
    mistakes = [sum(row) - row[i] for i, row in enumerate(confusion)]
    for truth in classes:
        for guess in classes:
            if truth != guess:
                mistakes[guess] += confusion[truth][guess]
    return sorted(sorted(classes, key=lambda i: -mistakes[i])[:MOST_CLASSES])


def _cell(
    x: float, truth: int, guess: int, count: int, n: int, labels: Sequence[str], pitch: float
) -> Cell:
    share = count / n
    said = f"{count} of {n} ({100 * share:.0f} %)"
    if truth == guess:
        title = f"{readable(labels[truth])}: {said} right"
    else:
        title = f"{readable(labels[truth])} taken for {readable(labels[guess])}: {said}"
    # On small cells a number hides the colour; a mistake worth reading is then in the list.
    text = str(count) if pitch >= 18 else ""
    return Cell(x, strength(share, truth == guess), truth == guess, text, title)
