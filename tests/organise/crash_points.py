"""A program: moves a small tree, dies before every change of the disk or the journal, recovers.

Usage: ``python crash_points.py [--no-links] FOLDER [OTHER-DISK]``; without hard links, as on sticks
and cards, it only moves. Each crash is a process of its own that ends
without cleaning up (``os._exit``), before the n-th system call that changes a name; recovery may
crash too. Prints how many crashes there were; ends with 1 and says where something was lost.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from organise.trees import Library, make, planned, read, resume

from landmark_desktop.organise.journal import Journal, Run, found
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.run import carry_out
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.tasks import Cancel, finish

_DIED = 9
_CHANGES = frozenset({"os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"})

FILES = {
    "in/1.jpg": b"one", "in/1.jpg.xmp": b"sidecar", "in/1.mov": b"movie", "in/2.jpg": b"two",
    "in/deep/3.jpg": b"three", "in/keep.txt": b"text",
    "sorted/A/9.jpg": b"nine of A", "sorted/A/9.jpg.xmp": b"its sidecar",
    "sorted/B/9.jpg": b"nine of B", "sorted/A/8.jpg": b"eight", "sorted/C/8.jpg": b"other",
}  # fmt: skip
LEVELS = {
    "in/1.jpg": ("New", "Y"), "in/2.jpg": ("A",), "in/deep/3.jpg": ("New",),
    # Two photos change places, and a third goes where another one leaves.
    "sorted/A/9.jpg": ("B",), "sorted/B/9.jpg": ("A",), "sorted/A/8.jpg": ("C",),
    "sorted/C/8.jpg": ("D",),
}  # fmt: skip


class Scene:
    """The tree, the run and where everything is; made anew for each crash."""

    def __init__(self, home: Path, other: Path | None, mode: Mode) -> None:
        shutil.rmtree(home, ignore_errors=True)
        self.top, self.journals = home / "photos", home / "journals"
        self.journals.mkdir(parents=True)
        make(self.top, FILES)
        if other is not None:
            shutil.rmtree(other, ignore_errors=True)
            (self.top / "sorted").rename(home / "old")
            shutil.copytree(home / "old", other / "sorted")
            shutil.rmtree(home / "old")
            (self.top / "sorted").symlink_to(other / "sorted")
        self.before = self.tree()
        self.plan: Plan = planned(self.top, LEVELS, mode=mode)
        assert len(self.plan.placed) == len(LEVELS), self.plan.left
        run = Run("run", "Moving", self.plan.steps, self.plan.made, self.plan.emptied)
        Journal.begin(self.journals, run).close()

    def tree(self) -> dict[str, tuple[bytes, int]]:
        linked = self.top / "sorted"
        behind = {f"sorted/{k}": v for k, v in read(linked).items()} if linked.is_symlink() else {}
        # Copies on other disks may round times; what counts is when, to the microsecond.
        return {k: (c, t // 1000) for k, (c, t) in (read(self.top) | behind).items()}

    def work(self) -> None:
        (path,) = found(self.journals)
        journal = Journal.reopen(path)
        finish(carry_out(journal, Cancel(), Library().follow))
        os._exit(0)

    def recover(self, *, back: bool) -> None:
        resume(self.journals, Library(), back=back)


def dies_at(number: int, work: Callable[[], object]) -> bool:
    """Do ``work`` in a process that dies before its ``number``-th change; whether it came to it."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        assert code in (0, _DIED), f"the child ended with {code}"
        return code == _DIED
    changes = count(1)

    def look(event: str, _args: object) -> None:
        if event in _CHANGES and next(changes) == number:
            os._exit(_DIED)

    def write(journal: Journal, line: dict[str, Any]) -> None:
        if next(changes) == number:
            # Half of the line, as a power cut may leave it.
            text = json.dumps(line).encode()
            journal._file.write(text[: len(text) // 2])
            journal._file.flush()
            os._exit(_DIED)
        plain_write(journal, line)

    plain_write, Journal._write = Journal._write, write  # type: ignore[method-assign]
    sys.addaudithook(look)
    try:
        work()
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is to hear of it
        print(f"at {number}: {error!r}", file=sys.stderr)
        os._exit(1)


def crashes(home: Path, other: Path | None, mode: Mode) -> int:
    """Crash everywhere, recover both ways; return how many crashes there were."""
    finished = Scene(home, other, mode)
    finished.recover(back=False)
    after = finished.tree()
    assert after != finished.before
    total = 0
    for number in count(1):
        for back in (False, True):
            scene = Scene(home, other, mode)
            if not dies_at(number, scene.work):
                return total
            total += 1
            # What recovers may die too, at a place that has nothing to do with the first.
            total += dies_at(1 + number * 7 % 11, lambda s=scene, b=back: s.recover(back=b))  # type: ignore[misc]
            if found(scene.journals):
                scene.recover(back=back)
            wanted = scene.before if back else after
            if scene.tree() != wanted:
                print(f"{mode} died at {number}, back={back}:")
                print(*sorted(set(scene.tree().items()) ^ set(wanted.items())), sep="\n")
                sys.exit(1)
    return total


def no_links(*_args: object, **_named: object) -> None:
    """Refuse to make a hard link, as FAT does."""
    raise OSError(errno.EPERM, "no hard links here")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    modes = [Mode.MOVE, Mode.COPY] if len(arguments) > 1 else [Mode.MOVE, Mode.COPY, Mode.LINK]
    if arguments[0] == "--no-links":
        arguments, modes, os.link = arguments[1:], [Mode.MOVE], no_links
    here, elsewhere = Path(arguments[0]), Path(arguments[1]) if len(arguments) > 1 else None
    print(sum(crashes(here, elsewhere, mode) for mode in modes))
