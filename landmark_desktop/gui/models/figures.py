"""What a model's card says, in the person's words. Pure: no widgets.

Cards of earlier versions, and of other people, may lack any figure or hold something else in
its place: what is not there or makes no sense is "not known".
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.gui.library.facts import size
from landmark_desktop.inference.suggest import landmark_key
from training import about
from training.bundle import Card

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Bin:
    """Photos of about the same confidence: said and come true are shares, 0 to 1."""

    low: float
    high: float
    said: float
    true: float
    photos: int


@dataclass(frozen=True)
class Confused:
    """``count`` of ``photos`` photos of the label ``truth`` were taken for ``guess``."""

    truth: str
    guess: str
    count: int
    photos: int


@dataclass(frozen=True)
class Quality:
    """How good a model is on its validation photos, shares 0 to 1; ``None``: not known.

    ``interval``: 95% interval of ``top1``. ``found``: of each label the share of its photos
    that were recognised. ``on``: which photos these were.
    """

    photos: int | None
    top1: float | None
    interval: tuple[float, float] | None
    calibration_error: float | None
    precision: float | None
    kept: float | None
    false_suggestions: float | None
    reliability: tuple[Bin, ...]
    found: dict[str, float]
    confused: tuple[Confused, ...]
    on: str


def quality(card: Card | None) -> Quality:
    """Return what the card says of the model's quality."""
    said = _mapping(_mapping(card.metrics if card else {}).get("validation"))
    low, high = (*_list(said.get("top1_ci95")), None, None)[:2]
    low, high = _share(low), _share(high)
    photos = _number(said.get("n"))
    found = {
        str(name): recall
        for name, row in _mapping(said.get("per_class")).items()
        if (recall := _share(_mapping(row).get("recall"))) is not None
    }
    on = said.get("data", said.get("on"))
    return Quality(
        photos=None if photos is None else int(photos),
        top1=_share(said.get("top1")),
        interval=None if low is None or high is None else (low, high),
        calibration_error=_share(said.get("ece")),
        precision=_share(said.get("suggestion_precision")),
        kept=_share(said.get("kept_rate")),
        false_suggestions=_share(said.get("false_suggestion_rate")),
        reliability=tuple(b for row in _list(said.get("reliability")) if (b := _bin(row))),
        found=found,
        confused=tuple(c for row in _list(said.get("confused")) if (c := _confused(row))),
        on=on if isinstance(on, str) else "",
    )


def landmarks(card: Card | None) -> dict[str, str]:
    """Return landmark id -> label of everything that the model can suggest."""
    if card is None:
        return {}
    shown = (i for i in range(len(card.labels)) if i != card.background)
    return {landmark_key(card, i): card.labels[i].name for i in shown}


def percent(share: float | None) -> str:
    """Return ``94.0%``, or that it is not known."""
    return NOT_KNOWN if share is None else f"{share:.1%}"


def interval(known: Quality) -> str:
    """Return the uncertainty of the accuracy, and on how many photos it was measured."""
    parts = []
    if known.interval is not None:
        parts.append(f"{known.interval[0]:.1%} to {known.interval[1]:.1%}")
    if known.photos is not None:
        parts.append(f"{known.photos:,} photo{'' if known.photos == 1 else 's'}")
    return ", ".join(parts)


def speed(model: Shelved) -> str:
    """Return photos a second on this computer."""
    rate = model.photos_per_second
    return "not measured" if rate is None else f"{rate:,.{0 if rate >= 10 else 1}f} photos/s"


def device(model: Shelved) -> str:
    """Return what the speed was measured on."""
    return {"cpu": "on the processor", "cuda": "on the GPU"}.get(model.measured_on, "")


def made_on(model: Shelved) -> str:
    """Return the day on which the model was made, as ``21 November 2026``."""
    written = _mapping(model.card.provenance if model.card else {}).get("made_on")
    try:
        day = datetime.date.fromisoformat(str(written))
    except ValueError:
        return NOT_KNOWN
    return f"{day.day} {day:%B %Y}"


def backbone(card: Card | None) -> str:
    """Return the network the model grew from, with its licence as far as it is written."""
    if card is None:
        return NOT_KNOWN
    known = card.provenance.get("backbone") or card.training.get("backbone")
    return known if isinstance(known, str) else NOT_KNOWN


def origin(model: Shelved) -> list[tuple[str, str]]:
    """Return the lines on where the model comes from: what it is, and its value."""
    card, known = model.card, quality(model.card)
    lines = [("Made on", made_on(model)), ("Grown from", backbone(card))]
    if card is not None:
        trained = card.training.get("data")
        lines += [
            ("Trained on", trained if isinstance(trained, str) and trained else NOT_KNOWN),
            ("Measured on", known.on or NOT_KNOWN),
        ]
        lines += [
            (key.replace("_", " ").capitalize(), str(value))
            for key, value in card.provenance.items()
            if key not in ("made_on", "photos_read_at", "backbone", about.ENTRY)
            and value not in (None, "", [], {})
        ]
        side = card.preprocessing.size
        lines.append(("Looks at", f"{side} × {side} pixels of a photo"))
    lines.append(("File", model.path.name))
    if not model.built_in:
        added = model.added
        lines.append(("Added", f"{added.day} {added:%B %Y, %H:%M}"))
    return lines


@dataclass(frozen=True)
class Row:
    """One line of a comparison. ``better``: 1 the second is, -1 it is worse, 0 neither."""

    what: str
    first: str
    second: str
    difference: str
    better: int = 0


def comparison(first: Shelved, second: Shelved) -> list[Row]:
    """Return the lines that set two models side by side; differences are second minus first."""
    one, other = quality(first.card), quality(second.card)
    rows = [
        shares("Accuracy", one.top1, other.top1, clear=_apart(one, other)),
        Row("95% interval", _range(one), _range(other), ""),
        shares("Calibration error", one.calibration_error, other.calibration_error, less=True),
        shares("Suggestions that are right", one.precision, other.precision),
        shares("Landmark photos that get one", one.kept, other.kept),
        shares(
            "Other photos that get one", one.false_suggestions, other.false_suggestions, less=True
        ),
    ]
    rates = first.photos_per_second, second.photos_per_second
    faster, better = "", 0
    if rates[0] and rates[1]:
        ratio = rates[1] / rates[0]
        faster = f"{ratio:.1f} times as fast"
        better = (ratio > 1.1) - (ratio < 0.9)
    rows.append(Row("Speed here", speed(first), speed(second), faster, better))
    grown = second.size_bytes - first.size_bytes
    rows.append(
        Row(
            "Size", size(first.size_bytes), size(second.size_bytes),
            "" if not grown else ("+" if grown > 0 else "−") + size(abs(grown)),
        )
    )  # fmt: skip
    counts = len(landmarks(first.card)), len(landmarks(second.card))
    more = counts[1] - counts[0]
    rows += [
        Row(
            "Landmarks",
            f"{counts[0]:,}",
            f"{counts[1]:,}",
            f"{more:+,}".replace("-", "−") if more else "",
        ),
        Row("Made on", made_on(first), made_on(second), ""),
        Row("Grown from", backbone(first.card), backbone(second.card), ""),
    ]
    return rows


def caution(first: Shelved, second: Shelved) -> str:
    """Return what to keep in mind when comparing the accuracies of two models."""
    one, other = quality(first.card), quality(second.card)
    if one.top1 is None or other.top1 is None:
        return ""
    if (one.on, one.photos) != (other.on, other.photos):
        return (
            "Each was measured on photos of its own: accuracies compare only roughly. "
            "Look at both models' suggestions for your photos."
        )
    if not _apart(one, other):
        return "The intervals of the accuracies overlap: the difference may be chance."
    return ""


def _apart(one: Quality, other: Quality) -> bool:
    if one.interval is None or other.interval is None:
        return False
    return one.interval[1] < other.interval[0] or other.interval[1] < one.interval[0]


def _range(known: Quality) -> str:
    if known.interval is None:
        return NOT_KNOWN
    return f"{known.interval[0]:.1%} to {known.interval[1]:.1%}"


def shares(
    what: str, first: float | None, second: float | None, *, less: bool = False, clear: bool = True
) -> Row:
    """Return the line for two shares, 0 to 1.

    ``less``: less is better. ``clear``: whether the difference is more than chance.
    """
    difference, better = "", 0
    if first is not None and second is not None:
        points = 100 * (second - first)
        if abs(points) >= 0.05:
            difference = f"{points:+.1f} points".replace("-", "−")
            better = (1 if (points > 0) != less else -1) if clear else 0
    return Row(what, percent(first), percent(second), difference, better)


def _bin(row: object) -> Bin | None:
    known = _mapping(row)
    shares = [_share(known.get(key)) for key in ("low", "high", "confidence", "accuracy")]
    photos = _number(known.get("n"))
    if photos is None or photos <= 0 or any(share is None for share in shares):
        return None
    low, high, said, true = (share or 0.0 for share in shares)
    return Bin(low, high, said, true, int(photos)) if low < high else None


def _confused(row: object) -> Confused | None:
    known = _mapping(row)
    truth, guess = known.get("truth"), known.get("guess")
    count, photos = _number(known.get("count")), _number(known.get("n"))
    if not (isinstance(truth, str) and isinstance(guess, str) and count and photos):
        return None
    return Confused(truth, guess, int(count), int(photos)) if 0 < count <= photos else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _number(value: object) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None  # type: ignore[arg-type]


def _share(value: object) -> float | None:
    known = _number(value)
    return known if known is not None and 0.0 <= known <= 1.0 else None
