"""Mend a photo set before training: leave files out, merge classes. Pure, but for one list.

Nothing of the person's is changed: a list (csv) says what is meant, and the trainer reads that
instead of the folder.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landmark_desktop import atomic
from landmark_desktop.errors import UserError
from training.health_findings import PARTS, Finding
from training.layout import DataSet, Sample
from training.photo_files import listed

SAME_NAME = "same_name"
"""The kind of finding about classes whose names say the same."""

_SPLITS = dict(zip(PARTS, ("train", "val", "test"), strict=True))
_ALL_OF = frozenset(
    ["unreadable", "tiny", "extreme_aspect", "duplicate_across", "near_across"]
)  # fmt: skip
_REPEATED = frozenset(["duplicate_within", "near_within"])
_LEAKS = frozenset(["leak", "near_leak"])
_ACROSS = frozenset(["duplicate_across", "near_across"])
_MERGES = 3  # offered for findings of one kind
_NUMBER = re.compile(r"^\d+[\W_]+")


@dataclass(frozen=True)
class Fix:
    """One thing that can be done about findings.

    ``undo``: what takes it back. ``paths``: the files it leaves out. ``classes``: those it
    makes one; which name stays is then for the person to choose.
    """

    text: str
    paths: frozenset[str] = frozenset()
    classes: tuple[str, ...] = ()
    undo: str = "Put back"


@dataclass(frozen=True)
class Edits:
    """How training is to see a photo set. ``merged``: class -> the class that it is part of."""

    left_out: frozenset[str] = frozenset()
    merged: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.left_out or self.merged)


def alike(classes: Sequence[str]) -> list[Finding]:
    """Return a finding for each set of names that differ in their spelling alone.

    That is in capitals, punctuation, or a number in front.
    """
    same: dict[str, list[str]] = defaultdict(list)
    for name in classes:
        same[re.sub(r"[\W_]+", "", _NUMBER.sub("", name)).casefold() or name].append(name)
    return [
        Finding(
            SAME_NAME, "warning", f"{listed(names)} may well be the same landmark.",
            labels=tuple(names),
        )
        for names in same.values()
        if len(names) > 1
    ]  # fmt: skip


def fixes_for(
    kind: str, findings: Iterable[Finding], part_of: Mapping[str, str]
) -> tuple[Fix, ...]:
    """Return what can be done about findings of this kind, the likeliest first.

    ``part_of``: training, validation or test by path. Of a photo that is there several times
    one stays. Of a leak the copies that judge stay, for what was judged by them before, or if
    the person likes that better those that are learned from.
    """
    several = list(findings)
    if kind in _LEAKS:
        return _about_leaks(several, part_of)
    if kind == SAME_NAME:
        return tuple(_merge(f.labels, ()) for f in several)
    paths: set[str] = set()
    for finding in several:
        if kind in _ALL_OF:
            paths |= set(finding.paths)
        elif kind in _REPEATED:
            paths |= set(finding.paths[1:])
    if not paths:
        return ()
    if kind in _REPEATED:
        more = "file" if len(paths) == 1 else "files"
        return (Fix(f"Keep one of each, leave {len(paths):,} {more} out", frozenset(paths)),)
    out = Fix(f"Leave {_these(paths)} out", frozenset(paths))
    return (out, *_merges(several, part_of)) if kind in _ACROSS else (out,)


def _about_leaks(findings: Sequence[Finding], part_of: Mapping[str, str]) -> tuple[Fix, ...]:
    learned, judging = set[str](), set[str]()
    for finding in findings:
        parts = {path: PARTS.index(part_of[path]) for path in finding.paths}
        first, last = min(parts.values(), default=0), max(parts.values(), default=0)
        learned |= {path for path, part in parts.items() if part < last}
        judging |= {path for path, part in parts.items() if part > first}
    return tuple(
        Fix(f"Take {_these(paths)} out of {where}", frozenset(paths), undo=f"Put back into {where}")
        for paths in (learned, judging)
        if (where := _parts(paths, part_of))
    )  # fmt: skip


def _parts(paths: Collection[str], part_of: Mapping[str, str]) -> str:
    found = {part_of[path] for path in paths}
    return " and ".join(part for part in PARTS if part in found)


def _merges(findings: Sequence[Finding], part_of: Mapping[str, str]) -> list[Fix]:
    """Return a merge for each set of classes that share photos, where they share most first."""
    shared: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        names = tuple(sorted({name for name in finding.labels if name is not None}))
        if len(names) > 1:
            shared[names].append(finding)
    most = sorted(shared.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_merge(names, _copies(group, part_of)) for names, group in most[:_MERGES]]


def _merge(labels: Iterable[str | None], copies: Collection[str]) -> Fix:
    classes = tuple(name for name in labels if name is not None)
    readable = [name.replace("_", " ") for name in classes]
    names = f"{', '.join(readable[:-1])} and {readable[-1]}"
    return Fix(f"Merge {names}", frozenset(copies), classes, undo=f"Split {names} again")


def _copies(findings: Iterable[Finding], part_of: Mapping[str, str]) -> set[str]:
    """Return the photos that repeat another of the same part; unlabelled ones stay apart."""
    copies: set[str] = set()
    for finding in findings:
        seen: set[str] = set()
        for path, name in zip(finding.paths, finding.labels, strict=True):
            if name is None:
                continue
            if part_of[path] in seen:
                copies.add(path)
            seen.add(part_of[path])
    return copies


def _these(paths: Collection[str]) -> str:
    return "this file" if len(paths) == 1 else f"these {len(paths):,} files"


def merged_names(merges: Iterable[tuple[Collection[str], str]]) -> dict[str, str]:
    """Return class -> the class it is part of, for merges in the order they were chosen.

    Each is the classes that become one, and the name that stays. Merges that share a class
    are one, with the name that was chosen last.
    """
    into: dict[str, str] = {}
    for classes, stays in merges:
        joined = {into.get(name, name) for name in (*classes, stays)}
        joined |= {name for name, target in into.items() if target in joined} | set(classes)
        into |= dict.fromkeys(joined | {stays}, stays)
    return {name: target for name, target in into.items() if name != target}


def part_of(data: DataSet) -> dict[str, str]:
    """Return which part each photo of the set is in, by its path."""
    return {str(s.path): part for part in PARTS for s in _part(data, part)}


def counts(data: DataSet, edits: Edits) -> dict[str, dict[str, int]]:
    """Return how many photos of each class are in each part, as training is to see them."""
    names = dict.fromkeys(edits.merged.get(name, name) for name in data.classes)
    totals: dict[str, Counter[str]] = {name: Counter() for name in names}
    for part in PARTS:
        for sample in _part(data, part):
            if sample.label is not None and str(sample.path) not in edits.left_out:
                totals[edits.merged.get(sample.label, sample.label)][part] += 1
    return {name: dict(parts) for name, parts in totals.items()}


def unlabelled(data: DataSet) -> frozenset[str]:
    """Return the photos of the set that show none of its classes."""
    return frozenset(
        str(s.path) for part in PARTS for s in _part(data, part) if s.label is None
    )  # fmt: skip


def merged_samples(
    samples: Mapping[str, Sequence[Path]], merged: Mapping[str, str]
) -> dict[str, tuple[Path, ...]]:
    """Return the sample photos of each class, those of merged classes taking turns."""
    together: dict[str, list[Sequence[Path]]] = defaultdict(list)
    for name, paths in samples.items():
        together[merged.get(name, name)].append(paths)
    return {
        name: tuple(
            paths[i] for i in range(max(map(len, rows))) for paths in rows if i < len(paths)
        )
        for name, rows in together.items()
    }


def write_list(data: DataSet, edits: Edits, file: Path) -> None:
    """Write the photos as training is to see them, for ``layout.read`` (path, label, split).

    A file whose name is no valid text cannot stand in a list and is left out too. Raises
    ``UserError`` where nothing would be left to train on, ``OSError`` where ``file`` cannot be
    written.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("path", "label", "split"))
    trained = 0
    for part in PARTS:
        for sample in _part(data, part):
            path, label = str(sample.path.absolute()), sample.label or ""
            if str(sample.path) in edits.left_out or not _is_text(path):
                continue
            rows.writerow((path, edits.merged.get(label, label), _SPLITS[part]))
            trained += part == "training" and bool(label)
    if not trained:
        raise UserError(
            "No photo is left to train on.",
            "Everything was left out.",
            "Put some of the photos back.",
        )
    atomic.write_bytes(file, text.getvalue().encode())


def _part(data: DataSet, part: str) -> tuple[Sample, ...]:
    samples: tuple[Sample, ...] = getattr(data, part)
    return samples


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
