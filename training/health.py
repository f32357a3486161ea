"""Look through a photo set before training on it: what is broken, doubled, leaked or uneven.

``inspect`` opens every photo once and answers with a ``Health``: plain data that a window or
``health_report`` can show. Each ``Finding`` has a stable ``kind`` by which a fix can be offered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image

from training import near_duplicates
from training.bars import trim_bars
from training.health_findings import (
    PARTS,
    SEVERITIES,
    ClassCount,
    Finding,
    Opened,
    about_classes,
    about_photos,
    about_repeats,
    count_classes,
)
from training.layout import DataSet, Sample
from training.photo import PhotoError, decode, open_header

_SIDE = 32  # pixels a side of what near-duplicates are compared by; 3 kB a photo stay in memory
_AT_ONCE = 32  # photos for each thread between two reports of progress


@dataclass(frozen=True)
class Examined:
    """Progress: photos opened so far, and of how many."""

    done: int
    total: int


@dataclass(frozen=True)
class Quartiles:
    """Least, quartiles and greatest of a length in pixels."""

    least: int
    lower: int
    median: int
    upper: int
    greatest: int


@dataclass(frozen=True)
class Health:
    """What was found in a photo set.

    ``photos``: how many there are, ``readable``: how many of them open, ``no_class``: how many
    show none of the classes. ``classes``: in the order of the set. ``imbalance``: readable
    training photos of the largest class for each one of the smallest that has any, ``None``
    where none has. ``short_side``, ``long_side``: of the readable photos, as they are stored.
    ``findings``: errors first, then warnings, then notes.
    """

    source: str
    photos: int
    readable: int
    no_class: int
    classes: tuple[ClassCount, ...]
    imbalance: float | None
    short_side: Quartiles | None
    long_side: Quartiles | None
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as what JSON knows: dictionaries, lists, texts and numbers."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain


def inspect(data: DataSet, threads: int) -> Generator[Examined, None, Health]:
    """Open every photo of the set on so many threads; yield progress, return the findings.

    Closing the generator stops the work after the photos that are being opened.
    """
    samples = [(part, sample) for part in PARTS for sample in getattr(data, part)]
    opened: list[Opened] = []
    readable: list[Opened] = []
    pixels = np.zeros((len(samples), 3, _SIDE, _SIDE), np.uint8)
    yield Examined(0, len(samples))
    with ThreadPoolExecutor(threads) as pool:
        step = _AT_ONCE * threads
        for start in range(0, len(samples), step):
            for photo, small in pool.map(_open, samples[start : start + step]):
                if small is not None:
                    pixels[len(readable)] = small
                    readable.append(photo)
                opened.append(photo)
            yield Examined(len(opened), len(samples))
    groups = near_duplicates.groups(pixels[: len(readable)])
    return _sum_up(data, opened, readable, groups)


def _open(item: tuple[str, Sample]) -> tuple[Opened, near_duplicates.Pixels | None]:
    part, sample = item
    try:
        with open_header(sample.path) as image:
            width, height = image.size
        with sample.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        photo = decode(sample.path, short_side=4 * _SIDE)
    except PhotoError as error:
        return Opened(sample.path, sample.label, part, str(error)), None
    except OSError as error:
        why = f"The file cannot be read ({error.strerror or error})."
        return Opened(sample.path, sample.label, part, why), None
    trimmed = trim_bars(photo)
    cut = 1 - min(trimmed.width / photo.width, trimmed.height / photo.height)
    small = trimmed.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    found = Opened(sample.path, sample.label, part, None, width, height, digest, cut)
    return found, np.asarray(small, np.uint8).transpose(2, 0, 1)


def _sum_up(
    data: DataSet,
    opened: list[Opened],
    readable: list[Opened],
    groups: near_duplicates.Indices,
) -> Health:
    classes = count_classes(data.classes, opened)
    counts = [c.readable for c in classes if c.readable]
    findings = [
        *about_classes(classes),
        *about_photos(opened),
        *about_repeats(readable, groups.tolist()),
        *(Finding("layout", "note", notice) for notice in data.notices),
    ]
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return Health(
        str(data.source),
        len(opened),
        len(readable),
        sum(photo.label is None for photo in opened),
        classes,
        max(counts) / min(counts) if counts else None,
        _quartiles([min(p.width, p.height) for p in readable]),
        _quartiles([max(p.width, p.height) for p in readable]),
        tuple(findings),
    )


def _quartiles(lengths: list[int]) -> Quartiles | None:
    if not lengths:
        return None
    return Quartiles(*(round(q) for q in np.percentile(lengths, [0, 25, 50, 75, 100]).tolist()))
