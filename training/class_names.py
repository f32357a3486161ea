"""From the names of class folders to the names of classes: pure rules, no files."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from training.photo_files import listed

_NUMBER = re.compile(r"^\d+\.\s*")


def class_names(folders: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Return the class name for each folder name, in the order of the classes, and notices.

    Classes are in the order of their folders' names (code points, as in torchvision's
    ``ImageFolder``). A number before the name, as in Udacity's ``00.Haleakala``, is cut off
    where every folder has one and the names stay different. Names that differ in their
    bytes alone (Unicode normalisation forms, Unicode Standard Annex 15) are one class.
    """
    same: dict[str, list[str]] = defaultdict(list)
    for folder in sorted(set(folders)):
        same[unicodedata.normalize("NFC", folder)].append(folder)
    order = sorted(same)
    bare = [_NUMBER.sub("", name) for name in order]
    numbered = all(_NUMBER.match(name) for name in order)
    if not (numbered and all(bare) and len(set(bare)) == len(bare)):
        bare = order
    names = {folder: name for full, name in zip(order, bare, strict=True) for folder in same[full]}
    notices = [
        f"{len(spellings)} folders look alike, their names being {name} in different bytes; "
        "they are taken as one class."
        for name, spellings in same.items()
        if len(spellings) > 1
    ]
    return names, notices + case_notices(bare)


def case_notices(names: Iterable[str]) -> list[str]:
    """Return a notice for each set of names that differ in upper and lower case alone."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        alike[name.casefold()].append(name)
    return [
        f"{listed(variants)} differ in capital letters alone; they are kept as "
        f"{len(variants)} classes."
        for variants in alike.values()
        if len(variants) > 1
    ]
