"""What is to go where: pure, from shots with their folders and what was seen on the disks.

Nothing is ever overwritten. A name that is taken makes the whole shot take a number, unless what
is there is the same to the byte: then it stays. Names that the plan itself empties count as free,
so that two folders can swap their photos.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landmark_desktop.organise.names import key
from landmark_desktop.organise.order import Place, Step, ordered
from landmark_desktop.organise.placing import placed
from landmark_desktop.organise.seen import Folder, Seen
from landmark_desktop.organise.targets import Targets
from landmark_desktop.organise.wanted import Asked, Left, Mode, Placed, Wanted

RESERVE = 64 * 1024 * 1024
"""Bytes that stay free on a disk that is copied to: full disks break other programs."""


@dataclass(frozen=True)
class Plan:
    """What will be done, in order; nothing of it is on disk yet.

    ``made``: folders that will be made, outer ones first. ``emptied``: those that nothing will be
    left in and that go, inner ones first, with their permissions. ``short``: bytes that are
    missing, by a folder on the disk. ``spelled``: folders that are there in another spelling than
    the template's.
    """

    asked: Asked
    placed: tuple[Placed, ...] = ()
    left: tuple[Left, ...] = ()
    steps: tuple[Step, ...] = ()
    made: tuple[Path, ...] = ()
    emptied: tuple[tuple[Path, int], ...] = ()
    short: Mapping[Path, int] = field(default_factory=dict)
    spelled: Mapping[Path, str] = field(default_factory=dict)

    @property
    def copied(self) -> int:
        """Bytes that have to be copied."""
        return sum(step.size for step in self.steps if step.copies)


def plan(wanted: Sequence[Wanted], seen: Seen, asked: Asked) -> Plan:
    """Return what has to be done so that every shot lies where it belongs.

    The same arguments give the same plan, whatever is on the disks by then.
    """
    wanted = sorted(wanted, key=lambda each: (str(each.folder), each.shot.names))
    targets = Targets(asked.into, seen)
    goes, left = placed(wanted, seen, targets, asked)
    steps: list[Step] = []
    places: list[tuple[Place, Place]] = []
    for number, each in enumerate(goes):
        steps += _steps(each, number, seen, targets, asked)
        places += _places(each, targets)
    if asked.mode is Mode.MOVE:
        steps = ordered(steps, places)
    return Plan(
        asked, tuple(goes), tuple(left), tuple(steps),
        targets.made(each.target for each in goes),
        _emptied(goes, seen, targets, asked) if asked.mode is Mode.MOVE else (),
        _short(steps, seen, targets),
        dict(targets.spelled),
    )  # fmt: skip


def _steps(
    each: Placed, group: int, seen: Seen, targets: Targets, asked: Asked
) -> list[Step]:  # fmt: skip
    folder = seen.folder(each.wanted.folder)
    assert folder is not None
    across = asked.mode is Mode.MOVE and targets.ground(each.target).device != folder.device
    kind, photos = asked.mode.value, each.wanted.photos
    source, target = _inside(each.wanted.folder), _inside(each.target)
    found = []
    for old, new in each.names:
        entry = folder.entries[old]
        found.append(
            Step(
                kind, source + old, target + new, entry.size, entry.mtime_ns, entry.inode, across,
                photo=photos.get(old), group=group,
            )
        )  # fmt: skip
    return found


def _places(each: Placed, targets: Targets) -> list[tuple[Place, Place]]:
    left, goal = targets.identity(each.wanted.folder), targets.identity(each.target)
    return [((left, key(old)), (goal, key(new))) for old, new in each.names]


def _inside(folder: Path) -> str:
    """Return what the path of a file in the folder begins with."""
    text = str(folder)
    return text if text.endswith(os.sep) else text + os.sep


def _emptied(
    goes: Sequence[Placed], seen: Seen, targets: Targets, asked: Asked
) -> tuple[tuple[Path, int], ...]:
    """Return the folders that nothing is left in, inner ones first.

    Only those inside a folder that the person gave us, and none that photos come into.
    """
    gone: dict[Path, set[str]] = {}
    stay = {targets.identity(path) for path in (*asked.kept, asked.into, *asked.into.parents)}
    for each in goes:
        gone.setdefault(each.wanted.folder, set()).update(each.wanted.shot.names)
    for target in {each.target for each in goes}:
        stay |= {targets.identity(path) for path in (target, *target.parents)}
    found: list[tuple[Path, int]] = []
    by_depth: dict[int, set[Path]] = {}
    for path in gone:
        by_depth.setdefault(len(path.parts), set()).add(path)
    for depth in range(max(by_depth, default=0), 0, -1):
        for path in sorted(by_depth.get(depth, ())):
            folder, parent = seen.folder(path), seen.folder(path.parent)
            ours = any(kept in path.parents for kept in asked.kept)
            if (
                ours and folder is not None and parent is not None and parent.writable
                and folder.device == parent.device and _is_folder(path, parent)
                and targets.identity(path) not in stay
                and not folder.why and not set(folder.entries) - gone[path]
            ):  # fmt: skip
                found.append((path, folder.mode))
                gone.setdefault(path.parent, set()).add(path.name)
                by_depth.setdefault(depth - 1, set()).add(path.parent)
    return tuple(found)


def _is_folder(path: Path, parent: Folder) -> bool:
    """Whether a folder is one itself, and no link to one."""
    entry = parent.entries.get(path.name)
    return entry is not None and entry.kind == "folder"


def _short(steps: Sequence[Step], seen: Seen, targets: Targets) -> dict[Path, int]:
    needed: dict[int, int] = {}
    grounds: dict[int, Folder] = {}
    for step in steps:
        if step.copies:
            ground = targets.ground(step.target.parent)
            grounds.setdefault(ground.device, ground)
            needed[ground.device] = needed.get(ground.device, 0) + step.size
    return {
        grounds[device].path: missing
        for device, size in needed.items()
        if (missing := size + RESERVE - seen.room(grounds[device])) > 0
    }
