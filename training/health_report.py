"""Say in plain text what ``health.inspect`` found: a table of the classes, then the findings."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from pathlib import Path
from textwrap import wrap

from training.health import Health, Quartiles
from training.health_findings import SEVERITIES, Finding
from training.photo_files import counted

_COLUMNS, _NAME_COLUMNS, _BAR_COLUMNS = 100, 34, 24
_IN = "    "
_MOST_FINDINGS, _MOST_PATHS = 10, 4

HEADINGS = {"error": "To mend before training", "warning": "Worth a look", "note": "Good to know"}
"""What findings of each severity come under."""
TITLES = {
    "empty_class": "Classes without a readable photo",
    "duplicate_across": "The same photo in several classes",
    "leak": "The same photo in training and in what training is judged by",
    "one_class": "Nothing to tell apart",
    "few_photos": "Classes with very few photos",
    "imbalance": "Uneven classes",
    "unreadable": "Photos that cannot be read",
    "near_across": "Nearly the same photo in several classes",
    "near_leak": "Nearly the same photo in training and in what training is judged by",
    "duplicate_within": "The same photo several times in a class",
    "near_within": "Nearly the same photo several times in a class",
    "tiny": "Very small photos",
    "letterboxed": "Photos with dark bars",
    "extreme_aspect": "Very long photos",
    "uneven_sizes": "Sizes that give the class away",
    "untested": "Classes without test photos",
    "layout": "How the folders were read",
}
"""What findings of each kind come under, in their order."""
_ORDER = {kind: rank for rank, kind in enumerate(TITLES)}


def in_words(health: Health) -> str:
    """Return a readable report, about 100 columns wide; long lists are cut short."""
    lines = [
        health.source,
        f"{counted(health.photos, 'photo', 'photos')} in "
        f"{counted(len(health.classes), 'class', 'classes')}; {health.readable:,} can be read.",
    ]
    if health.no_class:
        lines.append(
            f"{counted(health.no_class, 'photo shows', 'photos show')} none of the classes."
        )
    if health.short_side and health.long_side:
        lines.append(f"Short side {_lengths(health.short_side)}.")
        lines.append(f"Long side {_lengths(health.long_side)}.")
    if health.imbalance is not None:
        lines.append(
            f"The largest class has {health.imbalance:.1f} times as many training photos as the "
            "smallest."
        )
    lines += ["", *_table(health)]
    for severity in SEVERITIES:
        found = [f for f in health.findings if f.severity == severity]
        if found:
            lines += ["", HEADINGS[severity], *_findings(found, Path(health.source))]
    if not health.findings:
        lines += ["", "Nothing to complain about."]
    # Names of files that are not valid text are shown with question marks.
    return "\n".join(lines).encode("utf-8", "replace").decode("utf-8") + "\n"


def _lengths(q: Quartiles) -> str:
    return (
        f"{q.median:,} pixels in the middle, {q.lower:,} to {q.upper:,} for half of the photos, "
        f"{q.least:,} to {q.greatest:,} for all"
    )


def _table(health: Health) -> list[str]:
    """Return a line for each class: its photos in each part, and a bar for the training part."""
    width = min(_NAME_COLUMNS, max([5, *(_columns(c.name) for c in health.classes)]))
    heads = [("train", [c.training for c in health.classes])]
    if any(c.validation for c in health.classes):
        heads.append(("val", [c.validation for c in health.classes]))
    if any(c.test for c in health.classes):
        heads.append(("test", [c.test for c in health.classes]))
    most = max((c.training for c in health.classes), default=1) or 1
    lines = [_padded("class", width) + "".join(f"{head:>7}" for head, _ in heads)]
    for row, c in enumerate(health.classes):
        bar = "█" * max(1, round(_BAR_COLUMNS * c.training / most)) if c.training else ""
        counts = "".join(f"{column[row]:>7,}" for _, column in heads)
        lines.append(f"{_padded(c.name, width)}{counts}  {bar}".rstrip())
    return lines


def _findings(found: list[Finding], source: Path) -> list[str]:
    lines: list[str] = []
    found = sorted(found, key=lambda finding: _ORDER.get(finding.kind, len(_ORDER)))
    for kind, of_kind in groupby(found, key=lambda finding: finding.kind):
        findings = list(of_kind)
        lines.append(f"  {TITLES.get(kind, kind)} ({len(findings):,})")
        for finding in findings[:_MOST_FINDINGS]:
            lines += wrap(finding.message, _COLUMNS, initial_indent=_IN, subsequent_indent=_IN)
            lines += [f"      {_shown(path, source)}" for path in finding.paths[:_MOST_PATHS]]
            if (more := len(finding.paths) - _MOST_PATHS) > 0:
                lines.append(f"      and {more:,} more")
        if (more := len(findings) - _MOST_FINDINGS) > 0:
            lines.append(f"    and {more:,} more of this kind")
    return lines


def _shown(path: str, source: Path) -> str:
    """Return a path from the set's folder on; of one elsewhere (a zip's, a list's) the end."""
    place = Path(path)
    inside = place.relative_to(source) if place.is_relative_to(source) else None
    return _one_line(str(inside or Path(*place.parts[-3:])))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _columns(text: str) -> int:
    """Return how many columns a terminal takes for a text (Unicode Standard Annex 11)."""
    return sum(_column(sign) for sign in text)


def _column(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _padded(name: str, width: int) -> str:
    name = _one_line(name)
    if _columns(name) > width:
        while _columns(name) > width - 1:
            name = name[:-1]
        name += "…"
    return name + " " * (width - _columns(name))
