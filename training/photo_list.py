"""Read a list of labelled photos: a CSV file with the columns path, label and perhaps split."""

from __future__ import annotations

import csv
import io
import os
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from training.photo_files import DataError, counted, is_photo, listed, no_photos_notice

PARTS = {
    "train": "training", "training": "training",
    "val": "validation", "valid": "validation", "validation": "validation",
    "test": "test", "testing": "test",
}  # fmt: skip
"""What people call the parts of a photo set (lower case), and what it is called here."""

_COLUMNS = ("path", "label")


@dataclass(frozen=True)
class Entry:
    """One photo of a set: its part (a value of ``PARTS``), its label or ``None``, its path."""

    part: str
    label: str | None
    path: Path


def read_list(source: Path) -> tuple[list[Entry], list[str]]:
    """Return the photos that a list names, in its order, and notices.

    UTF-8, with or without a byte order mark; commas, or semicolons or tabs where the first
    line has them. Paths are absolute or relative to the list. A label may be any text, the
    white space around it aside (in Unicode's form NFC); an empty one says that the photo
    shows none of the classes. Without a split everything is training.

    Raises ``DataError`` where the file is no such list.
    """
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{source.name} is not written in UTF-8. Save it again as CSV in UTF-8."
        ) from error
    try:
        # Only inside quotes may a line end stand in a label; newline="" leaves that to csv.
        first, _, _ = text.partition("\n")
        delimiter = next((sign for sign in ",;\t" if sign in first), ",")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise DataError(f"{source.name} cannot be read as a list of photos ({error}).") from error
    header = [name.strip().lower() for name in rows[0]] if rows else []
    if missing := [column for column in _COLUMNS if column not in header]:
        raise DataError(
            f"The first line of {source.name} has to name the columns path and label, and "
            f"perhaps split; it lacks {' and '.join(missing)}."
        )
    return _entries(source, header, rows[1:])


def _entries(source: Path, header: list[str], rows: list[list[str]]) -> tuple[
    list[Entry], list[str]
]:  # fmt: skip
    entries: dict[Entry, None] = {}
    absent: list[str] = []
    others: Counter[str] = Counter()
    repeated = 0
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(header, row, strict=False))
        if not cells.get("path", "").strip():
            continue
        split = cells.get("split", "").strip().lower() or "train"
        if split not in PARTS:
            raise DataError(
                f"Row {number} of {source.name} has the split {split}; it has to be train, val "
                "or test."
            )
        path = _find(source.parent, cells["path"])
        if not is_photo(path):
            others[path.suffix.lower()] += 1
        elif not os.path.isfile(path):  # noqa: PTH113 (any text at all may stand in the list)
            absent.append(cells["path"])
        else:
            label = unicodedata.normalize("NFC", cells.get("label", "").strip())
            entry = Entry(PARTS[split], label or None, path)
            repeated += entry in entries
            entries[entry] = None
    notices = no_photos_notice(others)
    if absent:
        photos = counted(len(absent), "photo of the list does", "photos of the list do")
        notices.append(f"{photos} not exist: {listed(absent)}.")
    if repeated:
        notices.append(f"{counted(repeated, 'row repeats', 'rows repeat')} an earlier one.")
    return list(entries), notices


def _find(folder: Path, text: str) -> Path:
    """Return the absolute path for one of the list, which Windows may have written."""
    path = Path(os.path.abspath(folder / text))  # noqa: PTH100 (links stay as they are)
    if "\\" in text and not os.path.isfile(path):  # noqa: PTH113
        other = Path(os.path.abspath(folder / text.replace("\\", "/")))  # noqa: PTH100
        return other if os.path.isfile(other) else path  # noqa: PTH113
    return path
