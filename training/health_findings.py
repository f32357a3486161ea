"""What is worth telling about a photo set: pure rules over photos that were opened.

The kinds of findings, by severity; they are stable names:

error    ``empty_class`` ``duplicate_across`` ``leak``: training would be misled, or its figures
warning  ``one_class`` ``few_photos`` ``imbalance`` ``unreadable`` ``near_across`` ``near_leak``
         ``duplicate_within``
note     ``near_within`` ``tiny`` ``letterboxed`` ``extreme_aspect`` ``uneven_sizes`` ``untested``
         ``layout`` (a notice of the ``DataSet``)
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from training.photo_files import counted, listed

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

# What counts as few, uneven or odd. Choices of ours; the photos stay as they are.
FEW_PHOTOS = 4  # a quarter kept back for validation is then one photo
IMBALANCE = 10.0  # photos of the largest class for each one of the smallest
TINY_SIDE = 64  # pixels
EXTREME_ASPECT = 3.0  # long side by short side; squashed to a square little is recognisable
LETTERBOX = 0.03  # share of a side that is bars
UNEVEN_SIZES = 3.0  # median short sides of two classes, one by the other

PARTS = ("training", "validation", "test")
"""The parts of a ``DataSet``, in their order."""
NO_CLASS = "no class"
"""What photos without a label are called."""


@dataclass(frozen=True)
class Opened:
    """One photo after a look inside.

    ``part``: training, validation or test. ``problem``: why it cannot be read, or ``None``;
    the rest is then unknown. Pixels as stored; ``digest``: SHA-256 of the file; ``bars``: the
    share of a side that dark bars take.
    """

    path: Path
    label: str | None
    part: str
    problem: str | None
    width: int = 0
    height: int = 0
    digest: str = ""
    bars: float = 0.0


@dataclass(frozen=True)
class Finding:
    """One thing worth telling: its kind (see the module), a sentence, and the photos meant.

    ``labels`` are those of ``paths``, one for each; ``None`` for photos that show no class.
    A finding about a class as a whole has its name in ``labels`` and no paths.
    """

    kind: str
    severity: Severity
    message: str
    paths: tuple[str, ...] = ()
    labels: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class ClassCount:
    """Photos of one class in each part, readable training photos, and their size.

    ``short_side``: median in pixels over the readable photos, ``None`` where there are none.
    """

    name: str
    training: int
    validation: int
    test: int
    readable: int
    short_side: int | None


def count_classes(names: Sequence[str], opened: Iterable[Opened]) -> tuple[ClassCount, ...]:
    """Count the photos of each class, in the order of the names."""
    photos: dict[str | None, list[Opened]] = defaultdict(list)
    for photo in opened:
        photos[photo.label].append(photo)
    return tuple(_count(name, photos[name]) for name in names)


def _count(name: str, photos: Sequence[Opened]) -> ClassCount:
    parts = [photo.part for photo in photos]
    readable = [photo for photo in photos if photo.problem is None]
    sides = [min(photo.width, photo.height) for photo in readable]
    return ClassCount(
        name,
        parts.count("training"),
        parts.count("validation"),
        parts.count("test"),
        sum(photo.part == "training" for photo in readable),
        round(statistics.median(sides)) if sides else None,
    )


def about_classes(classes: Sequence[ClassCount]) -> list[Finding]:
    """Return what the numbers and sizes of the classes' photos tell."""
    found: list[Finding] = []
    for c in classes:
        if c.readable == 0:
            text = f"None of the training photos of {c.name} can be read."
            found.append(Finding("empty_class", "error", text, labels=(c.name,)))
        elif c.readable < FEW_PHOTOS:
            photos = counted(c.readable, "photo", "photos")
            text = (
                f"{c.name} has only {photos} to train on. It takes {FEW_PHOTOS} to keep one back "
                "for validation, and many more to learn well."
            )
            found.append(Finding("few_photos", "warning", text, labels=(c.name,)))
    if len(classes) == 1:
        text = f"There is only one class, {classes[0].name}; a model tells at least two apart."
        found.append(Finding("one_class", "warning", text, labels=(classes[0].name,)))
    if any(c.test for c in classes) and (lacking := [c.name for c in classes if not c.test]):
        text = f"There are no test photos of {listed(lacking)}."
        found.append(Finding("untested", "note", text, labels=tuple(lacking)))
    return found + _uneven(classes)


def _uneven(classes: Sequence[ClassCount]) -> list[Finding]:
    found: list[Finding] = []
    filled = [c for c in classes if c.readable]
    least = min(filled, key=lambda c: c.readable, default=None)
    most = max(filled, key=lambda c: c.readable, default=None)
    if least and most and most.readable >= IMBALANCE * least.readable:
        text = (
            f"{most.name} has {most.readable / least.readable:.0f} times as many training photos "
            f"as {least.name} ({most.readable:,} and {least.readable:,})."
        )
        found.append(Finding("imbalance", "warning", text, labels=(most.name, least.name)))
    sized = sorted((c.short_side, c.name) for c in classes if c.short_side is not None)
    if sized and sized[-1][0] >= UNEVEN_SIZES * sized[0][0]:
        (small, smallest), (large, largest) = sized[0], sized[-1]
        text = (
            f"Some classes have much larger photos than others: the short side is {large:,} pixels "
            f"in {largest} and {small:,} in {smallest}. A network can learn that instead of "
            "the landmark."
        )
        found.append(Finding("uneven_sizes", "note", text, labels=(largest, smallest)))
    return found


def about_photos(opened: Iterable[Opened]) -> list[Finding]:
    """Return a finding for each photo that cannot be read, and one for each oddity of others."""
    found: list[Finding] = []
    tiny: list[Opened] = []
    boxed: list[Opened] = []
    long: list[Opened] = []
    for photo in opened:
        if photo.problem is not None:
            text = f"{photo.path.name} cannot be used. {photo.problem}"
            found.append(_finding("unreadable", "warning", text, [photo]))
            continue
        short_side, long_side = sorted((photo.width, photo.height))
        if short_side < TINY_SIDE:
            tiny.append(photo)
        if photo.bars >= LETTERBOX:
            boxed.append(photo)
        if long_side > EXTREME_ASPECT * short_side:
            long.append(photo)
    oddities = (
        ("tiny", tiny, f"less than {TINY_SIDE} pixels on the short side; little is seen in them"),
        ("letterboxed", boxed, "dark bars or a black sky along an edge; training cuts bars off"),
        ("extreme_aspect", long, "one side more than three times as long as the other"),
    )
    for kind, photos, what in oddities:
        if photos:
            text = f"{counted(len(photos), 'photo has', 'photos have')} {what}."
            found.append(_finding(kind, "note", text, photos))
    return found


def about_repeats(readable: Sequence[Opened], groups: Sequence[int]) -> list[Finding]:
    """Return findings about photos that are there twice: the same file, or nearly the same.

    ``groups``: a number for each photo, shared by near-duplicates (``near_duplicates``).
    """
    same: dict[str, list[Opened]] = defaultdict(list)
    near: dict[int, list[Opened]] = defaultdict(list)
    for photo, group in zip(readable, groups, strict=True):
        same[photo.digest].append(photo)
        near[group].append(photo)
    found: list[Finding] = []
    for photos in same.values():
        if len(photos) > 1:
            found += _repeats("The same photo", "", photos)
    for photos in near.values():
        if len({photo.digest for photo in photos}) > 1:
            found += _repeats("Nearly the same photo", "near_", photos)
    return found


def _repeats(what: str, prefix: str, photos: Sequence[Opened]) -> list[Finding]:
    """Return up to two findings about photos that repeat each other: across classes, a leak.

    Of near-duplicates that differ in class some two differ in class and in content, because
    any two that share a class or a content with each other would share it with all.
    """
    classes = sorted({photo.label or NO_CLASS for photo in photos})
    parts = [part for part in PARTS if part in {photo.part for photo in photos}]
    exact = not prefix
    found: list[Finding] = []
    if len(classes) > 1:
        text = f"{what} is in {len(classes)} classes: {listed(classes)}."
        kind = "duplicate_across" if exact else "near_across"
        found.append(_finding(kind, "error" if exact else "warning", text, photos))
    if len(parts) > 1:
        text = f"{what} is in {' and '.join(parts)} ({listed(classes)})."
        found.append(_finding(f"{prefix}leak", "error" if exact else "warning", text, photos))
    if not found:
        text = f"{what} is in {classes[0]} {len(photos)} times."
        kind = "duplicate_within" if exact else "near_within"
        found.append(_finding(kind, "warning" if exact else "note", text, photos))
    return found


def _finding(kind: str, severity: Severity, text: str, photos: Sequence[Opened]) -> Finding:
    ordered = sorted(photos, key=lambda photo: (PARTS.index(photo.part), photo.path))
    paths = tuple(str(photo.path) for photo in ordered)
    return Finding(kind, severity, text, paths, tuple(photo.label for photo in ordered))
