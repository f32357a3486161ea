"""What a plan is asked for, and what it says of each shot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from landmark_desktop.organise.companions import Shot, renamed


class Mode(StrEnum):
    """What happens to the files."""

    MOVE = "move"
    COPY = "copy"
    LINK = "link"


class Why(StrEnum):
    """Why a shot stays where it is."""

    THERE = "in its place already"
    SAME = "the same photo is there already"
    GONE = "the file is gone"
    LINK = "a link, not a file"
    TWICE = "reached by two paths"
    LOCKED = "its folder cannot be changed"
    TARGET = "the folder it belongs in cannot be used"
    LONG = "the path would be too long"
    OTHER_DISK = "a hard link cannot lead to another disk"
    APART = "taken out by you"
    UNKNOWN = "nothing of the template is known of it"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shot, where it lies, and the folders below ``Asked.into`` that it belongs in.

    ``photos``: ids of the library's photos among its files, by name. ``apart``: the person wants it
    to stay. ``known``: whether anything of the template is known of it.
    """

    folder: Path
    shot: Shot
    levels: tuple[str, ...]
    photos: Mapping[str, int] = field(default_factory=dict)
    apart: bool = False
    known: bool = True

    @property
    def shown(self) -> str:
        """The name that the shot is known by: a photo's rather than a RAW file's or a sidecar's."""
        names = self.shot.names
        return next((name for name in names if name in self.photos), names[0])


@dataclass(frozen=True)
class Asked:
    """``kept``: the folders that the person gave us; these, and those around them, stay even where
    they are emptied. ``reserved``: paths that count as taken, whether or not anything is there:
    photos that the library knows and that are not there just now. ``longest``: bytes that a whole
    path may have on this system."""

    into: Path
    mode: Mode = Mode.MOVE
    kept: frozenset[Path] = frozenset()
    reserved: frozenset[Path] = frozenset()
    longest: int = 4095


@dataclass(frozen=True, slots=True)
class Left:
    """A shot that stays, and why; ``detail``: more about it, a sentence or nothing."""

    wanted: Wanted
    why: Why
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A shot that goes somewhere. ``number``: from 2 on its files take it into their names."""

    wanted: Wanted
    target: Path
    number: int = 1

    @property
    def names(self) -> list[tuple[str, str]]:
        """Each file: how it is named, and how it will be."""
        shot = self.wanted.shot
        return [(name, renamed(name, shot.stem, self.number)) for name in shot.names]

    @property
    def moves(self) -> list[tuple[Path, Path]]:
        """Each file: where it lies, and where it will."""
        return [(self.wanted.folder / old, self.target / new) for old, new in self.names]
