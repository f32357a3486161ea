"""A plan as two trees of folders, before and after, with what becomes of each shot; pure.

20,000 photos are some thousand folders: only these are rows of a tree, photos are read by number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.wanted import Left, Placed, Why


class Mark(StrEnum):
    """What the plan does to a folder itself."""

    NONE = ""
    NEW = "new"
    EMPTIED = "emptied"


@dataclass(frozen=True, slots=True)
class Item:
    """A shot. ``ids``: its photos in the library. ``levels``: its folders below the plan's ``into``
    as they are or will be spelled. ``number``: from 2 on its files take it into their names.
    ``why``: why it stays, ``None`` where it goes; ``detail``: more about that.
    """

    ids: tuple[int, ...]
    folder: Path
    levels: tuple[str, ...]
    number: int = 1
    why: Why | None = None
    detail: str = ""


@dataclass(eq=False)
class Branch:
    """A folder of a tree. ``items``: numbers of those right in it; ``place``: its row.

    ``goes``, ``out``, ``stays``: photos in it and below that the plan takes along, that the person
    took out, and that stay for another reason.
    """

    path: Path
    name: str
    number: int
    parent: Branch | None = None
    place: int = 0
    mark: Mark = Mark.NONE
    children: list[Branch] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    goes: int = 0
    out: int = 0
    stays: int = 0

    def below(self) -> Iterator[Branch]:
        """Yield this folder and all below it, outer ones first."""
        waiting = [self]
        while waiting:
            branch = waiting.pop()
            yield branch
            waiting += reversed(branch.children)

    def above(self) -> Iterator[Branch]:
        """Yield the folders that this one lies in, inner ones first."""
        branch = self.parent
        while branch is not None:
            yield branch
            branch = branch.parent


@dataclass(frozen=True)
class Tree:
    """Folders. ``tops``: the outermost ones; ``branches``: all of them, by ``Branch.number``."""

    tops: tuple[Branch, ...] = ()
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True)
class Preview:
    """``item_of``: the number of a photo's item, by the photo's id."""

    plan: Plan
    items: tuple[Item, ...]
    before: Tree
    after: Tree
    item_of: Mapping[int, int]

    def photos(self, branch: Branch) -> list[int]:
        """Return the ids of the photos in a folder and below it."""
        return [
            id_
            for each in branch.below()
            for number in each.items
            for id_ in self.items[number].ids
        ]  # fmt: skip

    def left(self, why: Why) -> list[int]:
        """Return the ids of the photos that stay for this reason."""
        return [id_ for item in self.items if item.why is why for id_ in item.ids]


def preview(plan: Plan) -> Preview:
    """Return what a plan comes to. For worker threads: a tenth of a second for 20,000 photos."""
    into = plan.asked.into
    # In the order of the files, so that what is taken out keeps its place.
    shots: list[Placed | Left] = [*plan.placed, *plan.left]
    shots.sort(key=lambda each: (str(each.wanted.folder), each.wanted.shot.names))
    levels = {path: path.relative_to(into).parts for path in {each.target for each in plan.placed}}
    items = tuple(
        _goes(each, levels[each.target]) if isinstance(each, Placed) else _stays(each)
        for each in shots
    )
    goals = {item.levels: into.joinpath(*item.levels) for item in items}
    emptied = {path for path, _ in plan.emptied}
    made = set(plan.made)
    before = tree(
        ((item.folder, len(item.ids), item.why) for item in items),
        lambda path: Mark.EMPTIED if path in emptied else Mark.NONE,
    )
    after = tree(
        ((_afterwards(item, into, goals), len(item.ids), item.why) for item in items),
        lambda path: Mark.NEW if path in made else Mark.NONE, into,
    )  # fmt: skip
    item_of = {id_: number for number, item in enumerate(items) for id_ in item.ids}
    return Preview(plan, items, before, after, item_of)


def _afterwards(
    item: Item, into: Path, goals: Mapping[tuple[str, ...], Path]
) -> Path | None:  # fmt: skip
    """Return the folder below ``into`` that the item lies in afterwards, or would."""
    if item.why is Why.THERE and into in (item.folder, *item.folder.parents):
        return item.folder  # as it is spelled on the disk
    return goals[item.levels] if item.why in (None, Why.THERE, Why.APART) else None


def _goes(each: Placed, levels: tuple[str, ...]) -> Item:
    wanted = each.wanted
    return Item(tuple(wanted.photos.values()), wanted.folder, levels, each.number)


def _stays(left: Left) -> Item:
    wanted = left.wanted
    ids = tuple(wanted.photos.values())
    return Item(ids, wanted.folder, wanted.levels, 1, left.why, left.detail)


def tree(
    items: Iterable[tuple[Path | None, int, Why | None]],
    mark: Callable[[Path], Mark] = lambda _path: Mark.NONE, top: Path | None = None,
) -> Tree:  # fmt: skip
    """Return the folders that items are in; of each: its folder, ``None`` where it is in none, how
    many it counts for, and why it stays. ``top``: the outermost one, where there is only one.
    """
    found: dict[Path, Branch] = {}

    def branch(path: Path) -> Branch:
        known = found.get(path)
        if known is None:
            known = found[path] = Branch(path, path.name or str(path), 0, mark=mark(path))
            if path not in (top, path.parent):
                known.parent = branch(path.parent)
                known.parent.children.append(known)
        return known

    for number, (path, count, why) in enumerate(items):
        if path is not None:
            each = branch(path)
            each.items.append(number)
            each.goes += count if why is None else 0
            each.out += count if why is Why.APART else 0
            each.stays += count if why not in (None, Why.APART) else 0
    for each in sorted(found.values(), key=lambda branch: -len(branch.path.parts)):
        if each.parent is not None:
            each.parent.goes += each.goes
            each.parent.out += each.out
            each.parent.stays += each.stays
    tops = sorted((b for b in found.values() if b.parent is None), key=_by_name)
    if top is None:
        tops = [_first_that_says(each) for each in tops]
    for each in tops:
        if [other.name for other in tops].count(each.path.name) > 1:
            each.name = str(each.path)
    return _numbered(tops)


def _first_that_says(branch: Branch) -> Branch:
    """Return the folder without those around it that hold nothing else."""
    while len(branch.children) == 1 and not branch.items:
        branch = branch.children[0]
    branch.parent = None
    return branch


def _numbered(tops: list[Branch]) -> Tree:
    for place, each in enumerate(tops):
        each.place = place
    branches: list[Branch] = []
    for top in tops:
        for branch in top.below():
            branch.number = len(branches)
            branches.append(branch)
            branch.children.sort(key=_by_name)
            for place, child in enumerate(branch.children):
                child.place = place
    return Tree(tuple(tops), tuple(branches))


def _by_name(branch: Branch) -> tuple[str, str]:
    return branch.name.casefold(), branch.name
