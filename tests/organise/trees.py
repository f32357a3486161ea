"""Folders of small files for tests of moving: made from a plain listing, and read back as one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from landmark_desktop.organise.companions import shots
from landmark_desktop.organise.journal import Journal, Run, found
from landmark_desktop.organise.perform import perform
from landmark_desktop.organise.plan import Plan, plan
from landmark_desktop.organise.run import Done, Outcome, carry_out, roll_back
from landmark_desktop.organise.seen import Seen
from landmark_desktop.organise.wanted import Asked, Mode, Wanted
from landmark_desktop.tasks import Cancel, finish

Tree = dict[str, tuple[bytes, int]]
"""Content and time (ns) of each file, by its path below the top; folders end with a slash."""


def make(top: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, each with a time of its own."""
    for number, (name, content) in enumerate(files.items()):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(10**18 + number, 10**18 + number * 1_000_007))


def read(top: Path) -> Tree:
    """Return everything below ``top``."""
    tree: Tree = {}
    for folder, folders, files in os.walk(top):
        for name in files:
            path = Path(folder, name)
            tree[str(path.relative_to(top))] = (path.read_bytes(), path.stat().st_mtime_ns)
        for name in folders:
            tree[f"{Path(folder, name).relative_to(top)}/"] = (b"", 0)
    return tree


def wanted(top: Path, levels: Mapping[str, Sequence[str]]) -> list[Wanted]:
    """Return the shots of the photos that ``levels`` names by path, and where each belongs."""
    ids = {name: number for number, name in enumerate(sorted(levels), 1)}
    by_folder: dict[Path, list[str]] = {}
    for name in levels:
        by_folder.setdefault((top / name).parent, []).append(name)
    return [*_shots(top, by_folder, levels, ids)]


def _shots(
    top: Path, by_folder: Mapping[Path, list[str]], levels: Mapping[str, Sequence[str]],
    ids: Mapping[str, int],
) -> Iterator[Wanted]:  # fmt: skip
    for folder, photos in by_folder.items():
        names = {Path(photo).name: photo for photo in photos}
        for shot in shots([path.name for path in folder.iterdir()], names):
            mine = [names[name] for name in shot.names if name in names]
            yield Wanted(folder, shot, tuple(levels[mine[0]]), {Path(n).name: ids[n] for n in mine})


def planned(
    top: Path, levels: Mapping[str, Sequence[str]], into: str = "sorted", mode: Mode = Mode.MOVE
) -> Plan:
    """Return the plan for the photos below ``top``."""
    return plan(wanted(top, levels), Seen(), Asked(top / into, mode, frozenset({top})))


class Library:
    """Knows where photos are, as the real one does: by what it is told."""

    def __init__(self) -> None:
        self.paths: dict[int, Path] = {}

    def follow(self, done: Sequence[Done]) -> None:
        """Note where files are now."""
        for each in done:
            if each.step.photo is not None and each.step.kind == "move":
                self.paths[each.step.photo] = each.step.target


def begun(plan: Plan, journals: Path, steps: int) -> Journal:
    """Do the first ``steps`` of a plan as a process does that is killed then; return its journal,
    open."""
    journals.mkdir()
    journal = Journal.begin(journals, Run("run", "Moving", plan.steps, plan.made, plan.emptied))
    for number, path in enumerate(plan.made):
        journal.folder(number)
        path.mkdir()
    for number, step in enumerate(plan.steps[:steps]):
        journal.step(number)
        perform(step)
    return journal


def apply(plan: Plan, journals: Path, library: Library | None = None) -> Outcome:
    """Carry a plan out."""
    run = Run("run", "Moving photos", plan.steps, plan.made, plan.emptied)
    journals.mkdir(exist_ok=True)
    journal = Journal.begin(journals, run)
    outcome = finish(carry_out(journal, Cancel(), (library or Library()).follow))
    journal.settle()
    assert found(journals) == []
    return outcome


def resume(journals: Path, library: Library, *, back: bool) -> Outcome:
    """Finish the run that was cut short, or take it back."""
    (path,) = found(journals)
    journal = Journal.reopen(path)
    work = roll_back if back else carry_out
    outcome = finish(work(journal, Cancel(), library.follow))
    journal.settle()
    return outcome
