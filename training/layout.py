"""Read labelled photo sets as people have them: class folders, train and test, zip, csv.

``read`` is the way in; it answers with one ``DataSet``, whatever the form. What it leaves
out, it says in the notices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.class_names import case_notices, class_names
from training.photo_files import (
    DataError,
    counted,
    is_photo,
    listed,
    no_photos_notice,
    photos,
    photos_directly_in,
    subfolders,
    walk,
)
from training.photo_list import PARTS, Entry, read_list
from training.unpack import unpack

__all__ = ["DataError", "DataSet", "Sample", "labelled", "read", "unlabelled"]

_WANTED = (
    "Put the photos of each landmark into a folder of its own, named after the landmark, and "
    "choose the folder that holds those folders."
)
_DEPTH = 8  # so many folders that hold nothing but one folder are opened in search of a set


@dataclass(frozen=True)
class Sample:
    """One photo and the class it belongs to; ``None`` for a photo that shows no class."""

    path: Path
    label: str | None


@dataclass(frozen=True)
class DataSet:
    """A labelled photo set.

    ``source``: what was read. ``classes``: names in the order of their folders; each has a
    training photo. The samples are in the order of the classes, then of their paths, those
    without a class last. ``notices``: sentences for a person about what was left out or is odd.
    """

    source: Path
    classes: tuple[str, ...]
    training: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    test: tuple[Sample, ...]
    notices: tuple[str, ...]


def read(source: Path, unpack_into: Path) -> DataSet:
    """Return the photo set in ``source``, a folder, a ``.zip`` of one, or a ``.csv`` list.

    A folder holds one folder for each class, or ``train`` and perhaps ``val`` and ``test``
    with such folders, or one folder that does. ``unpack_into`` is where a zip is extracted,
    once. Raises ``DataError`` where that is not what is found.
    """
    try:
        if source.is_dir():
            return _read_folder(source, source, [])
        if not source.exists():
            raise DataError(f"There is no folder or file {source}.")
        kind = source.suffix.lower()
        if kind == ".zip":
            unpacked = unpack(source, unpack_into)
            return _read_folder(source, unpacked.folder, list(unpacked.notices))
        if kind == ".csv":
            entries, notices = read_list(source)
            labels = sorted({e.label for e in entries if e.label is not None})
            names = {label: label for label in labels}
            return _assemble(source, entries, names, notices + case_notices(labels))
    except OSError as error:
        raise DataError(f"{source} cannot be read ({error.strerror or error}).") from error
    raise DataError(
        f"{source.name} is neither a folder of photos, nor a .zip of one, nor a .csv list. "
        + _WANTED
    )


def labelled(root: Path) -> list[Sample]:
    """Return the photos of a folder that holds one folder per class, sorted by path."""
    return [
        Sample(path, folder.name)
        for folder in subfolders(root)
        for path in photos(folder, above=[root])
    ]


def unlabelled(folders: Sequence[Path]) -> list[Sample]:
    """Return every photo below the folders, as photos that show no class."""
    return [Sample(path, None) for folder in folders for path in photos(folder)]


def _read_folder(source: Path, folder: Path, notices: list[str]) -> DataSet:
    notices = notices + _passed_over(folder)
    root, found = _root(folder, source.name)
    notices += found
    if _has_parts(root):
        parts = [f for f in subfolders(root) if f.name.lower() in PARTS]
        strays = [f.name for f in subfolders(root) if f not in parts]
        if strays:
            notices.append(f"Left out beside {parts[-1].name}: {listed(strays)}.")
    else:
        parts = [root]
        inside = [f.name.lower() for f in subfolders(root)]
        kinds = {PARTS[name] for name in inside if name in PARTS}
        if not inside or set(inside) <= set(PARTS) or {"training", "test"} <= kinds:
            raise DataError(_why_no_classes(source.name, root, inside))
    entries: list[Entry] = []
    empty: dict[str, None] = {}
    if loose := sum(len(photos_directly_in(f)) for f in {root, *parts}):
        lie = counted(loose, "photo lies in no class folder and was", "photos lie in no class "
                      "folder and were")  # fmt: skip
        notices.append(f"{lie} left out.")
    for part in parts:
        kind = "training" if part == root else PARTS[part.name.lower()]
        for class_folder in subfolders(part):
            below = photos(class_folder, above=[root, part])
            entries += [Entry(kind, class_folder.name, path) for path in below]
            if not below:
                empty[str(class_folder.relative_to(root).as_posix())] = None
    if empty:
        hold = counted(len(empty), "class folder holds", "class folders hold")
        left_out = "was left out" if len(empty) == 1 else "were left out"
        notices.append(f"{hold} no photos and {left_out}: {listed(empty)}.")
    names, odd = class_names(entry.label for entry in entries if entry.label is not None)
    return _assemble(source, entries, names, notices + odd)


def _assemble(
    source: Path, entries: Sequence[Entry], names: dict[str, str], notices: list[str]
) -> DataSet:
    """Build the set; ``names`` gives the class for each label, in the order of the classes."""
    learnt = {names[e.label] for e in entries if e.part == "training" and e.label is not None}
    classes = [name for name in dict.fromkeys(names.values()) if name in learnt]
    if not classes:
        raise DataError(f"{source.name} holds no photo that is labelled for training. {_WANTED}")
    rank = {name: i for i, name in enumerate(classes)}
    parts: dict[str, list[Sample]] = {kind: [] for kind in PARTS.values()}
    unknown: Counter[str] = Counter()
    for entry in entries:
        name = None if entry.label is None else names[entry.label]
        if name is not None and name not in rank:
            unknown[name] += 1
        else:
            parts[entry.part].append(Sample(entry.path, name))
    if unknown:
        left_out = counted(unknown.total(), "photo was", "photos were")
        notices.append(
            f"There are no training photos of {listed(sorted(unknown))}, so {left_out} left out "
            "of validation and test."
        )
    for samples in parts.values():
        samples.sort(key=lambda s: (len(rank) if s.label is None else rank[s.label], s.path))
    return DataSet(
        source,
        tuple(classes),
        tuple(parts["training"]),
        tuple(parts["validation"]),
        tuple(parts["test"]),
        tuple(notices),
    )


def _passed_over(folder: Path) -> list[str]:
    """Return notices about the files that are no photos, dead links and locked folders."""
    locked: list[str] = []
    endings: Counter[str] = Counter()
    dead: list[str] = []
    for path in walk(folder, on_locked=lambda error: locked.append(Path(error.filename).name)):
        if not is_photo(path):
            endings[path.suffix.lower()] += 1
        elif not path.is_file():
            dead.append(path.name)
    notices = no_photos_notice(endings)
    if dead:
        links = counted(len(dead), "link leads", "links lead")
        notices.append(f"{links} nowhere: {listed(dead)}.")
    if locked:
        notices.append(f"This account may not open {listed(locked)}.")
    return notices


def _root(folder: Path, shown: str) -> tuple[Path, list[str]]:
    """Return the folder that holds the classes or the parts, perhaps further in, and notices."""
    for _ in range(_DEPTH):
        if _has_parts(folder):
            return folder, []
        inner = subfolders(folder)
        sets = [f for f in inner if _has_parts(f)]
        if len(sets) > 1:
            raise DataError(
                f"{shown} holds several photo sets: {listed([f.name for f in sets])}. "
                "Choose one of them."
            )
        if sets:
            others = [f.name for f in inner if f not in sets]
            return sets[0], [f"Left out beside {sets[0].name}: {listed(others)}."] * bool(others)
        lonely = len(inner) == 1 and not photos_directly_in(folder)
        if not lonely or photos_directly_in(inner[0]) or not subfolders(inner[0]):
            return folder, []
        folder = inner[0]
    return folder, []


def _has_parts(folder: Path) -> bool:
    """Return whether the folder holds a training part with class folders.

    A folder called train with photos in it, among others that are no parts, is a class.
    """
    inner = subfolders(folder)
    training = [f for f in inner if PARTS.get(f.name.lower()) == "training" and subfolders(f)]
    others = [f for f in inner if f.name.lower() not in PARTS]
    a_class = len(others) == len(inner) - 1 > 0 and any(photos_directly_in(f) for f in training)
    return bool(training) and not a_class


def _why_no_classes(shown: str, root: Path, inside: list[str]) -> str:
    if "training" in {PARTS.get(name) for name in inside}:
        return f"The training photos of {shown} are not sorted into class folders. {_WANTED}"
    if inside:
        return f"{shown} holds {listed(sorted(inside))}, but no folder train to learn from."
    if photos_directly_in(root):
        return (
            f"{shown} has photos directly in it, but no folders that say what they show. {_WANTED}"
        )
    return f"{shown} holds no photos. {_WANTED}"
