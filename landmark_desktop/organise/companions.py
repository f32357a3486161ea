"""Which files of a folder belong together: a photo, its sidecars, RAW, movie and edits.

They share a stem: ``IMG_1.jpg``, ``IMG_1.cr2``, ``IMG_1.mov`` (Live Photo), ``IMG_1.jpg.xmp``.
Edits are named after what they were made from: ``IMG_1-edited.jpg`` (Google), ``IMG_1-Edit.tif``
(Lightroom), ``IMG_1~2.jpg`` (Samsung), ``IMG_1_v1.jpg`` (digiKam), ``IMG_E1.jpg`` (Apple).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from landmark_desktop.formats import BESIDE, PICTURES, RAW
from landmark_desktop.organise.names import key

_EDIT = re.compile(
    r"(?P<base>.+?)(?:[-_ ]?\((?:edited|edit)\)|[-_ ](?:edited|edit)(?:[-_ ]?\d+)?|~\d+|_v\d+)",
    re.IGNORECASE,
)
_ENDINGS = PICTURES | RAW | BESIDE
_APPLE = re.compile(r"(?P<head>IMG_)[EO](?P<number>\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shot:
    """Names of files in one folder that stay together. ``stem``: what they are named after."""

    stem: str
    names: tuple[str, ...]


def shots(names: Iterable[str], photos: Iterable[str]) -> list[Shot]:
    """Group the files of a folder around its ``photos`` (a part of ``names``), in order of name.

    Files that belong to no photo are in no shot.
    """
    pictures = set(photos)
    present = set(names) | pictures
    endings = endings_of(pictures)
    by_key: dict[str, list[str]] = defaultdict(list)
    for name in present:
        if not name.startswith("."):
            by_key[key(owner(name, endings))].append(name)
    found: dict[str, list[str]] = defaultdict(list)
    for stem, members in by_key.items():
        base = _base_of(stem, by_key)
        found[base] += members
    groups = []
    for stem, members in found.items():
        if pictures.isdisjoint(members):
            continue
        members.sort(key=lambda name: (name not in pictures, len(name), name))  # photos first
        shown = next((n for n in members if key(owner(n, endings)) == stem), members[0])
        groups.append(Shot(owner(shown, endings), tuple(sorted(members))))
    return sorted(groups, key=lambda shot: shot.names)


def beside(
    names: Iterable[str], photos: Collection[str], others: Iterable[str] = ()
) -> dict[str, list[str]]:
    """Return what lies beside each of these ``photos`` and belongs to it, without themselves.

    ``others``: the photos of the folder that are not asked for; they, and what is named after
    them, belong to none, not even as an edit.
    """
    others = frozenset(others)
    endings = endings_of((*others, *photos))
    stems = {key(owner(photo, endings)): photo for photo in (*others, *photos)}
    found: dict[str, list[str]] = defaultdict(list)
    for shot in shots(names, stems.values()):
        first = stems[key(shot.stem)]
        for name in shot.names:
            whose = stems.get(key(owner(name, endings)), first)
            if whose in photos and name not in photos and name not in others:
                found[whose].append(name)
    return found


def named_like(name: str, now: str, before: str) -> str:
    """Return the name that a companion of a photo named ``now`` has where that is ``before``."""
    endings = endings_of((now, before))
    stem, old, own = (owner(each, endings) for each in (now, before, name))
    if key(name[: len(stem)]) == key(stem):
        return f"{old}{name[len(stem) :]}"
    number = stem.removeprefix(old)
    return f"{own.removesuffix(number)}{name[len(own) :]}"


def endings_of(photos: Iterable[str]) -> frozenset[str]:
    """Return the endings of files that belong to a photo; a photo itself may have any other."""
    return _ENDINGS.union(_split(name)[1].lower() for name in photos)


def owner(name: str, endings: frozenset[str]) -> str:
    """Return the stem that a file counts to; of what is no picture or companion, its whole name."""
    stem, ending = _split(name)
    if ending.lower() not in endings:
        return name
    # IMG.jpg.xmp and IMG.jpg.json lie beside IMG.jpg; IMG.jpg.supplemental-metadata.json too.
    if ending.lower() == ".json":
        stem = re.sub(r"\.supplemental-metadata$", "", stem, flags=re.IGNORECASE)
    inner, second = _split(stem)
    return inner if second.lower() in endings and inner else stem


def _base_of(stem: str, present: dict[str, list[str]]) -> str:
    """Return the stem of the photo that this one is an edit of, if that lies here; else itself."""
    edit = _EDIT.fullmatch(stem)
    if edit is not None and edit["base"] in present:
        return _base_of(edit["base"], present)
    apple = _APPLE.fullmatch(stem)
    if apple is not None and (base := f"{apple['head']}{apple['number']}") in present:
        return base
    # A second version of its edits: IMG_01.cr2.xmp of IMG.cr2 (darktable), with no IMG_01.cr2.
    version = re.fullmatch(r"(?P<base>.+)_\d\d", stem)
    if version is not None and version["base"] in present:
        sidecars = all(name.lower().endswith(".xmp") for name in present[stem])
        if sidecars:
            return version["base"]
    return stem


def renamed(name: str, stem: str, number: int) -> str:
    """Return a file's name in the shot's ``number``-th try: ``IMG_1 (2).jpg`` for 2.

    The number stands behind the shot's stem, so that its files still belong together.
    """
    if number == 1:
        return name
    head = stem if key(name[: len(stem)]) == key(stem) else _split(name)[0]
    return f"{name[: len(head)]} ({number}){name[len(head) :]}"


def _split(name: str) -> tuple[str, str]:
    """Return stem and ending, the dot with it; a name that begins with its only dot has none."""
    at = name.rfind(".")
    return (name[:at], name[at:]) if at > 0 else (name, "")
