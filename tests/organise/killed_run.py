"""A program: moves 1,000 files, and puts them back, while it is killed again and again (SIGKILL).

Usage: ``python killed_run.py KILLS FOLDER [OTHER-DISK]``. Each time what goes on either finishes
the run or takes it back, at random; one that came to its end is followed by its undoing, killed
likewise, and that by the run again. Prints the kills that struck; ends with 1 where a byte is not
where it should be, once.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from organise.trees import Library, make, planned, read, resume

from landmark_desktop.organise.journal import Journal, Run, found
from landmark_desktop.organise.perform import State
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.run import Done, carry_out
from landmark_desktop.organise.undo import reversed_run
from landmark_desktop.tasks import Cancel, finish

_FILES = 1000


def main(kills: int, home: Path, other: Path | None) -> int:
    """Return the kills that struck."""
    rng = random.Random(kills)
    top, journals = home / "photos", home / "journals"
    shutil.rmtree(home, ignore_errors=True)
    journals.mkdir(parents=True)
    files = {f"in/{i % 37}/{i:04}.jpg": b"%d" % i * (1 + i % 500) for i in range(_FILES)}
    make(top, files)
    if other is not None:
        shutil.rmtree(other, ignore_errors=True)
        other.mkdir(parents=True)
    before = read(top)
    into = str(other / "sorted") if other else "sorted"
    levels = {name: (f"{i % 11}", f"{i % 7}") for i, name in enumerate(files)}
    plan = planned(top, levels, into)
    struck = 0
    while struck < kills:
        if not found(journals):
            Journal.begin(journals, _next(plan)).close()
        back = rng.random() < 0.4
        struck += _killed(lambda b=back: resume(journals, Library(), back=b), rng)  # type: ignore[misc]
        _whole(top, other, files)
    if found(journals):
        resume(journals, Library(), back=True)
    if not _moved(plan):
        assert read(top) == before, "not taken back"
        _carry_out(_next(plan), journals)
    assert _moved(plan)
    _carry_out(_next(plan), journals)
    assert read(top) == before, "not undone"
    return struck


def _moved(plan: Plan) -> bool:
    """Whether all files are where they go, and not all where they were, with no run under way."""
    there = {step.target.exists() for step in plan.steps}
    assert len(there) == 1, "a run that is over has done a part"
    return there.pop()


def _next(plan: Plan) -> Run:
    """Return the run of the plan, or the one that takes it back where it is done."""
    if not _moved(plan):
        return Run("run", "Moving", plan.steps, plan.made, plan.emptied)
    done = []
    for step in plan.steps:
        state = State.of(step.target)
        assert state is not None
        done.append((Done(step, state),))
    return reversed_run("back", "Back", done, plan.made, plan.emptied)


def _carry_out(run: Run, journals: Path) -> None:
    journal = Journal.begin(journals, run)
    outcome = finish(carry_out(journal, Cancel(), Library().follow))
    journal.settle()
    assert not outcome.failed
    assert len(outcome.groups) == _FILES


def _killed(work: Callable[[], object], rng: random.Random) -> bool:
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is to hear of it
            print(repr(error), file=sys.stderr)
            os._exit(1)
    time.sleep(rng.random() * 0.5)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL), f"the child ended with {code}"
    return code != 0


def _whole(top: Path, other: Path | None, files: dict[str, bytes]) -> None:
    """Every content is there, whole, under a name that is a photo's; no other bytes are."""
    trees = [read(top)] + ([read(other)] if other is not None else [])
    contents = [
        content
        for tree in trees
        for name, (content, _) in tree.items()
        if not name.endswith(("/", ".part"))
    ]
    assert set(contents) == set(files.values()), "something is lost, or torn"
    # The one file that is on its way may be at both of its places.
    assert len(contents) <= len(files) + 1


if __name__ == "__main__":
    where = [Path(argument) for argument in sys.argv[2:]]
    print(main(int(sys.argv[1]), where[0], where[1] if len(where) > 1 else None))
