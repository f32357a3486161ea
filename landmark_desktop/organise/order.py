"""Steps, and the order in which none of them finds its place taken."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

PARKED = ".moving-"
"""How names begin that files have for a moment only. No scan takes hidden files for photos."""


@dataclass(frozen=True, slots=True)
class Step:
    """One file going from one place to another.

    ``old``, ``new``: the paths ``source`` and ``target`` as texts: a plan has tens of thousands of
    steps, and paths are slow to make and to keep.
    ``kind``: ``move``, ``copy``, ``link``; or what takes the last two back, ``remove`` and
    ``unlink``, of ``source``, which is what ``target`` is. ``size``, ``mtime_ns``, ``inode``:
    the file at ``source`` when that was looked at. ``across``: a move to another file system.
    ``bears``: the time to give the file at its new place, 0 for the one that it has: a disk that
    it comes back from may have rounded it. ``photo``: its id, of a photo of the library.
    ``group``: steps that are done all or not at all have the same number, and come one after the
    other.
    """

    kind: str
    old: str
    new: str
    size: int
    mtime_ns: int
    inode: int = 0
    across: bool = False
    bears: int = 0
    photo: int | None = None
    group: int = 0

    @property
    def source(self) -> Path:
        """Where the file lies."""
        return Path(self.old)

    @property
    def target(self) -> Path:
        """Where it goes."""
        return Path(self.new)

    @property
    def copies(self) -> bool:
        """Whether the content has to be read and written."""
        return self.kind == "copy" or self.across


Place = tuple[str, str]
"""A name in a folder: what identifies the folder, and the name's key."""


def ordered(steps: Sequence[Step], places: Sequence[tuple[Place, Place]]) -> list[Step]:
    """Return moves in an order that works; ``group`` says on entry which shot a step is of.

    Who goes to a place that another one leaves comes after it, and is of its group. Where they
    go round in a circle, one of them waits under another name. ``places``: of each step, that
    which it leaves and that which it goes to.
    """
    leaving = {left: number for number, (left, _) in enumerate(places)}
    after = {
        number: leaving[goal]
        for number, (_, goal) in enumerate(places)
        if leaving.get(goal, number) != number
    }
    found: list[Step] = []
    for number, members in enumerate(_groups(steps, after)):
        for step in _in_turn(steps, members, after):
            found.append(step if step.group == number else replace(step, group=number))
    return found


def _groups(steps: Sequence[Step], after: dict[int, int]) -> list[list[int]]:
    """Return the steps by shot, shots that wait for each other together."""
    heads: dict[int, int] = {}

    def head(shot: int) -> int:
        while heads.get(shot, shot) != shot:
            shot = heads[shot]
        return shot

    for number, first in after.items():
        one, other = head(steps[number].group), head(steps[first].group)
        heads[max(one, other)] = min(one, other)
    members: dict[int, list[int]] = defaultdict(list)
    for number, step in enumerate(steps):
        members[head(step.group)].append(number)
    return list(members.values())


def _in_turn(
    steps: Sequence[Step], members: Sequence[int], after: dict[int, int]
) -> Iterator[Step]:
    done: set[int] = set()
    for start in members:
        chain: list[int] = []
        number: int | None = start
        while number is not None and number not in done and number not in chain:
            chain.append(number)
            number = after.get(number)
        done.update(chain)
        if number is None or number not in chain:
            yield from (steps[each] for each in reversed(chain))
            continue
        # A circle, and all of the chain is on it: no place is left, or gone to, by two.
        waits = steps[chain[0]]
        # It waits where it is: only on its way to another disk it may get another time.
        name = f"{PARKED}{_token(waits)}{waits.source.suffix}"
        aside = str(waits.source.with_name(name))
        yield replace(waits, new=aside, across=False)
        yield from (steps[each] for each in reversed(chain[1:]))
        yield replace(waits, old=aside)


def _token(step: Step) -> str:
    text = f"{step.source}\0{step.target}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=8).hexdigest()
