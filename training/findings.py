"""What a judgement found, as rows and pictures: headline figures, classes, mistakes."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from training.diagrams import readable
from training.photo import PhotoError, decode
from training.plots import real

_THUMBNAIL = 160  # pixels, the longer side
_MOST_PHOTOS = 24  # in one gallery: a photo takes about 8 kB

_FIGURES = (
    ("top1", "Top-1", "The first guess is right."),
    ("top3", "Top-3", "The right landmark is among the first three guesses."),
    ("top5", "Top-5", "The right landmark is among the first five guesses."),
    ("macro_f1", "Macro F1", "Precision and recall in one, every landmark counting alike."),
    ("kept_rate", "Kept", "Landmark photos that get a suggestion at the default threshold."),
    ("kept", "Kept", "Landmark photos that are not taken for background."),
    ("suggestion_precision", "Suggestion precision", "Suggestions that are right."),
    ("false_suggestion_rate", "False suggestions",
     "Photos without a landmark that get a suggestion all the same."),
    ("background_recall", "Background", "Photos without a landmark that are taken for such."),
    ("ece", "ECE", "Expected calibration error: how far apart “this sure” and “right this often” "
     "are, on average. 0 is perfect."),
    ("nll", "NLL", "Negative log-likelihood in nats: how much the truth surprises the model. "
     "Smaller is better."),
)  # fmt: skip
_NO_SHARES = frozenset(["nll", "ece"])
"""Figures whose place between 0 and 100 % says nothing."""


@dataclass(frozen=True)
class Figure:
    """One headline figure. ``share`` and ``interval`` run from 0 to 1 where they are known."""

    term: str
    words: str
    value: str
    share: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class ClassRow:
    """One class of the judgement; figures that do not exist are ``None``."""

    name: str
    n: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Mistake:
    """A photo that was judged wrongly. ``picture``: a ``data:`` URI, or empty and ``missing``
    says why. ``truth`` is empty for a photo without a landmark."""

    file: str
    truth: str
    guess: str
    confidence: str
    picture: str
    missing: str


def percent(value: Any, decimals: int = 1) -> str:
    """Return a share of 1 in per cent, or a dash where there is none."""
    share = real(value)
    return f"{100 * share:.{decimals}f}\N{NO-BREAK SPACE}%" if math.isfinite(share) else "–"


def figures(measured: Mapping[str, Any]) -> list[Figure]:
    """Return the headline figures among ``measured``, with their 95 % intervals."""
    found = []
    for key, term, words in _FIGURES:
        if key not in measured:
            continue
        value = real(measured[key])
        ends = [real(end) for end in measured.get(f"{key}_ci95") or ()]
        bounded = math.isfinite(value) and key not in _NO_SHARES
        known = bounded and len(ends) == 2 and all(map(math.isfinite, ends))
        text = f"{value:.3f}" if key == "nll" and math.isfinite(value) else percent(value)
        share = min(max(value, 0.0), 1.0) if bounded else None
        found.append(Figure(term, words, text, share, (ends[0], ends[1]) if known else None))
    return found


def classes(per_class: Mapping[str, Mapping[str, Any]]) -> list[ClassRow]:
    """Return the classes, the weakest F1 first; those without one at the end."""
    rows = [
        ClassRow(
            readable(name),
            int(measured.get("n") or 0),
            _known(measured.get("precision")),
            _known(measured.get("recall")),
            _known(measured.get("f1")),
        )
        for name, measured in per_class.items()
    ]
    return sorted(rows, key=lambda r: (r.f1 is None, r.f1 or 0.0, r.name))


def mistakes(worst: Sequence[Mapping[str, Any]]) -> list[Mistake]:
    """Return the first of the photos that were judged wrongly. Reads them."""
    found = []
    for entry in worst[:_MOST_PHOTOS]:
        path = str(entry["path"])
        picture, missing = _thumbnail(path)
        truth, guess = readable(entry.get("truth") or ""), readable(entry["guess"])
        sure = percent(entry["confidence"], 0)
        found.append(Mistake(ending(path), truth, guess, sure, picture, missing))
    return found


def ending(path: str) -> str:
    """Return a path's last two parts: enough to find it, and silent about whose disk it is."""
    return "/".join(PurePath(path).parts[-2:])


def _known(value: Any) -> float | None:
    return real(value) if math.isfinite(real(value)) else None


def _thumbnail(path: str) -> tuple[str, str]:
    """Return the photo as a small ``data:`` URI, or nothing and why."""
    if not path:
        return "", "It is not known where this photo is."
    try:
        image = decode(path, long_side=_THUMBNAIL)
    except PhotoError as error:
        return "", str(error)
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=75, optimize=True)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}", ""
