"""Which shots can go where they belong, and under which names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.organise.companions import endings_of, owner, renamed
from landmark_desktop.organise.names import key
from landmark_desktop.organise.order import Place
from landmark_desktop.organise.seen import Folder, Seen
from landmark_desktop.organise.targets import Targets
from landmark_desktop.organise.wanted import Asked, Left, Mode, Placed, Wanted, Why

_NUMBER = 8  # bytes that a number may add to a name
_WAITING = 40  # bytes of the name that a file, or an unfinished copy of it, has for a moment


def placed(
    wanted: Sequence[Wanted], seen: Seen, targets: Targets, asked: Asked
) -> tuple[list[Placed], list[Left]]:
    """Return the shots that go and those that stay, each in the order given."""
    stays: dict[int, Left] = {}
    goes: dict[int, Path] = {}
    reached: set[tuple[str, str]] = set()
    for number, each in enumerate(wanted):
        found = _target(each, seen, targets, asked, reached)
        if isinstance(found, Left):
            stays[number] = found
        else:
            goes[number] = found
    # Who turns out to stay keeps its names taken, so that others may have to stay too.
    while True:
        round_ = _Round(wanted, goes, seen, targets, asked)
        if not round_.stays:
            break
        stays |= round_.stays
        goes = {number: target for number, target in goes.items() if number not in stays}
    return list(round_.goes.values()), [stays[number] for number in sorted(stays)]


def _target(
    each: Wanted, seen: Seen, targets: Targets, asked: Asked, reached: set[tuple[str, str]]
) -> Path | Left:
    if each.apart:
        return Left(each, Why.APART)
    if not each.known:
        return Left(each, Why.UNKNOWN)
    folder = seen.folder(each.folder)
    entries = {} if folder is None else folder.entries
    gone = [name for name in each.shot.names if name not in entries]
    if folder is None or gone:
        return Left(each, Why.GONE, f"{each.folder / gone[0]} is not there any more.")
    if any(entries[name].kind != "file" for name in each.shot.names):
        return Left(each, Why.LINK)
    same = (folder.identity, each.shot.names[0])
    if same in reached:
        return Left(each, Why.TWICE)
    reached.add(same)
    target = targets.of(each.levels)
    if target is None:
        return Left(each, Why.TARGET, targets.why(each.levels))
    if targets.identity(target) == folder.identity:
        return Left(each, Why.THERE)
    if asked.mode is Mode.MOVE and not folder.writable:
        return Left(each, Why.LOCKED, f"This account may not change {each.folder}.")
    longest = max(_WAITING, max(map(_bytes, each.shot.names)) + _NUMBER)
    if _bytes(str(target)) + 1 + longest > asked.longest:
        return Left(each, Why.LONG, f"It would have more than {asked.longest:,} bytes.")
    if asked.mode is Mode.LINK and targets.ground(target).device != folder.device:
        return Left(each, Why.OTHER_DISK)
    return target


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True)
class _Goal:
    """A folder that shots go to. ``where``: its identity. ``reserved``: names that are photos'.

    ``owned``: names of the files that are there, by the key of the stem that they count to.
    """

    where: str
    there: Folder | None
    reserved: frozenset[str]
    owned: Mapping[str, Sequence[str]]


class _Round:
    """One try: all names are given out, under the assumption that all of ``goes`` really go."""

    def __init__(
        self, wanted: Sequence[Wanted], goes: Mapping[int, Path], seen: Seen, targets: Targets,
        asked: Asked,
    ) -> None:  # fmt: skip
        self.goes: dict[int, Placed] = {}
        self.stays: dict[int, Left] = {}
        self._seen, self._targets = seen, targets
        self._endings = endings_of(name for each in wanted for name in each.photos)
        self._reserved: dict[Path, set[str]] = {}
        for path in asked.reserved:
            self._reserved.setdefault(path.parent, set()).add(path.name)
        self._leaving: set[tuple[str, str]] = set()
        if asked.mode is Mode.MOVE:
            for number in goes:
                left = targets.identity(wanted[number].folder)
                self._leaving.update((left, name) for name in wanted[number].shot.names)
        self._folders = {
            (targets.identity(path.parent), key(path.name)) for path in targets.made(goes.values())
        }
        self._claimed: dict[Place, tuple[Path, str]] = {}
        self._owned: set[Place] = set()
        self._goals: dict[Path, _Goal] = {}
        for number, target in goes.items():
            self._place(number, wanted[number], target)

    def _goal(self, target: Path) -> _Goal:
        if target not in self._goals:
            there = self._seen.folder(target)
            owned: dict[str, list[str]] = {}
            for entry in there.entries.values() if there is not None else ():
                if entry.kind != "folder":
                    owned.setdefault(self._stem(entry.name), []).append(entry.name)
            self._goals[target] = _Goal(
                self._targets.identity(target), there,
                frozenset(self._reserved.get(target, ())), owned,
            )  # fmt: skip
        return self._goals[target]

    def _stem(self, name: str) -> str:
        return key(owner(name, self._endings))

    def _place(self, number: int, each: Wanted, target: Path) -> None:
        goal = self._goal(target)
        tried, names = 1, each.shot.names
        while any(self._taken(name, goal) for name in names):
            twins = self._twins(each, names, goal)
            if twins:
                self.stays[number] = Left(each, Why.SAME, f"{twins[each.shown]} is the same.")
                return
            tried += 1
            names = tuple(renamed(name, each.shot.stem, tried) for name in each.shot.names)
        self.goes[number] = Placed(each, target, tried)
        for old, new in zip(each.shot.names, names, strict=True):
            self._claimed[goal.where, key(new)] = (each.folder, old)
        self._owned.update((goal.where, self._stem(name)) for name in names)

    def _taken(self, name: str, goal: _Goal) -> bool:
        """Whether a name is another file's, or its stem: a sidecar would be of two photos then."""
        place, stem = (goal.where, key(name)), self._stem(name)
        if place in self._claimed or place in self._folders or (goal.where, stem) in self._owned:
            return True
        if name in goal.reserved and (goal.where, name) not in self._leaving:
            return True
        alike = goal.there.like(name) if goal.there is not None else []
        return len(alike) > 1 or any(
            (goal.where, taken) not in self._leaving
            for taken in (*(entry.name for entry in alike), *goal.owned.get(stem, ()))
        )

    def _twins(self, each: Wanted, names: Sequence[str], goal: _Goal) -> dict[str, Path]:
        """Return of each file the one that is the same under its new name; of all or of none."""
        found = {}
        for old, new in zip(each.shot.names, names, strict=True):
            twin = self._twin(each.folder / old, new, goal)
            if twin is None:
                return {}
            found[old] = twin
        return found

    def _twin(self, source: Path, name: str, goal: _Goal) -> Path | None:
        """Return the file of this name and content that is, or will be, where it is to go."""
        claimed = self._claimed.get((goal.where, key(name)))
        other = None if claimed is None else claimed[0] / claimed[1]
        if other is None and goal.there is not None:
            alike = [
                entry.name
                for entry in goal.there.like(name)
                if entry.kind == "file" and (goal.where, entry.name) not in self._leaving
            ]
            if name in alike or len(alike) == 1:
                other = goal.there.path / (name if name in alike else alike[0])
        if other is None:
            return None
        if self._size(source) != self._size(other):
            return None
        own = self._seen.digest(source)
        return other if own and own == self._seen.digest(other) else None

    def _size(self, path: Path) -> int | None:
        folder = self._seen.folder(path.parent)
        entry = None if folder is None else folder.entries.get(path.name)
        return None if entry is None else entry.size
