"""Disks that cannot do everything: sticks, cards, network shares, two mounts of one disk."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Any

import pytest
from organise.trees import Library, apply, begun, make, planned, read, resume

from landmark_desktop.organise import run
from landmark_desktop.organise.journal import Journal, Run, found
from landmark_desktop.organise.order import PARKED, Step, ordered
from landmark_desktop.organise.perform import State, perform
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.run import Outcome, carry_out
from landmark_desktop.organise.troubles import StepError, Trouble
from landmark_desktop.organise.undo import reversed_run
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.tasks import Cancel, finish

_FILES = {f"in/{i}.jpg": b"photo %d" % i for i in range(4)} | {"in/3.jpg.xmp": b"sidecar"}
_LEVELS = {name: ("A",) for name in _FILES if name.endswith(".jpg")}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    make(tmp_path / "photos", _FILES)
    return tmp_path / "photos"


def _begun(top: Path, mode: Mode = Mode.MOVE, steps: int = 0) -> tuple[Plan, Journal]:
    """Return a plan whose first ``steps`` are done, and the open journal that says so."""
    plan = planned(top, _LEVELS, mode=mode)
    return plan, begun(plan, top.parent / "journals", steps)


def _undo(top: Path, outcome: Outcome) -> Outcome:
    back = reversed_run("back", "", [*outcome.groups.values()], outcome.made, outcome.removed)
    journal = Journal.begin(top.parent / "journals", back)
    undone = finish(carry_out(journal, Cancel(), Library().follow))
    journal.settle()
    return undone


@pytest.mark.parametrize("back", [False, True])
def test_files_are_known_again_where_their_numbers_change(top: Path, *, back: bool) -> None:
    """FAT and many shares number their files anew with every mount."""
    before = read(top)
    _, journal = _begun(top, steps=3)
    journal.close()
    lines = journal.path.read_text().splitlines()
    header = json.loads(lines[0])
    for step in header["steps"]:
        step["inode"] += 1_000_000
    journal.path.write_text("\n".join([json.dumps(header), *lines[1:]]) + "\n")
    outcome = resume(journal.path.parent, Library(), back=back)
    assert not outcome.failed
    if not back:
        assert len(outcome.groups) == 4
        assert not _undo(top, outcome).failed
    assert read(top) == before


@pytest.mark.parametrize("mode", [Mode.MOVE, Mode.COPY])
@pytest.mark.parametrize("back", [False, True])
def test_a_name_that_was_taken_ahead_is_taken_again(top: Path, mode: Mode, *, back: bool) -> None:
    before = read(top)
    plan, journal = _begun(top, mode, steps=1)
    journal.step(1)
    plan.steps[1].target.touch()  # without hard links, an empty file holds the name
    journal.close()
    outcome = resume(journal.path.parent, Library(), back=back)
    assert not outcome.failed
    if not back:
        assert not _undo(top, outcome).failed
    assert read(top) == before


def test_taking_back_may_be_cut_short_at_such_a_name_too(top: Path) -> None:
    before = read(top)
    plan, journal = _begun(top, steps=3)
    journal.close()
    plan.steps[2].source.touch()
    assert not resume(journal.path.parent, Library(), back=True).failed
    assert read(top) == before


def test_an_empty_file_of_the_run_holds_no_name(top: Path) -> None:
    """Killed while it was taken back: the empty file is back, the other one never went."""
    make(top, {"sorted/A/9.jpg": b"", "sorted/B/9.jpg": b"nine"})
    before = read(top)
    plan = planned(top, {"sorted/A/9.jpg": ("C",), "sorted/B/9.jpg": ("A",)})
    assert [step.source.parent.name for step in plan.steps] == ["A", "B"]
    journals = top.parent / "journals"
    journals.mkdir()
    journal = Journal.begin(journals, Run("run", "", plan.steps, plan.made, plan.emptied))
    journal.folder(0)
    journal.step(0)
    journal.step(1)
    journal.close()
    assert not resume(journals, Library(), back=True).failed
    assert read(top) == before


def _across_mounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no name lead from one folder into another, as between two mounts of one disk."""
    for name in ("link", "replace", "rename"):
        plain = getattr(os, name)

        def refuse(one: Any, other: Any, *args: Any, plain: Any = plain, **named: Any) -> None:
            if Path(one).parent != Path(other).parent:
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            plain(one, other, *args, **named)

        monkeypatch.setattr(os, name, refuse)


def test_two_mounts_of_one_disk_are_copied_between(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read(top)
    _across_mounts(monkeypatch)
    outcome = apply(planned(top, _LEVELS), top.parent / "journals")
    assert not outcome.failed
    assert (top / "sorted/A/2.jpg").read_bytes() == b"photo 2"
    assert not (top / "in/2.jpg").exists()
    assert not _undo(top, outcome).failed
    assert read(top) == before


@pytest.mark.parametrize("back", [False, True])
def test_copying_between_two_mounts_is_known_after_a_crash(
    top: Path, monkeypatch: pytest.MonkeyPatch, *, back: bool
) -> None:
    before = read(top)
    _across_mounts(monkeypatch)
    plan, journal = _begun(top)
    journal.step(0)
    perform(journal.goes_across(0))
    journal.step(1)
    copied = journal.goes_across(1)
    shutil.copy2(copied.source, copied.target)  # killed before the original went
    journal.close()
    outcome = resume(journal.path.parent, Library(), back=back)
    assert not outcome.failed
    if back:
        assert read(top) == before
    else:
        assert {step.target for step in plan.steps} == {*(top / "sorted/A").iterdir()}
        assert not any(step.source.exists() for step in plan.steps)


def test_a_hard_link_between_two_mounts_is_refused(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _across_mounts(monkeypatch)
    outcome = apply(planned(top, _LEVELS, mode=Mode.LINK), top.parent / "journals")
    assert {error.why for error in outcome.failed.values()} == {
        "A hard link cannot lead to another disk."
    }


def test_a_share_without_permissions_takes_copies(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(errno.EPERM, "no permissions here")

    monkeypatch.setattr(os, "chmod", refuse)
    outcome = apply(planned(top, _LEVELS, mode=Mode.COPY), top.parent / "journals")
    assert not outcome.failed
    for name in ("1.jpg", "3.jpg.xmp"):
        one, other = (top / "in" / name).stat(), (top / "sorted/A" / name).stat()
        assert one.st_mtime_ns == other.st_mtime_ns


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_that_cannot_be_written_down(
    top: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    """The new place has to be on the disk before the original goes; its going need not be."""
    source, target = top / "in/1.jpg", top / "1.jpg"
    failing = (target if there else source).parent.stat().st_ino
    plain, before = os.fsync, read(top)

    def fail(number: int) -> None:
        if os.fstat(number).st_ino == failing:
            raise OSError(errno.EIO, "broken")
        plain(number)

    monkeypatch.setattr(os, "fsync", fail)
    state = State.of(source)
    assert state is not None
    step = Step(
        "move", str(source), str(target), state.size, state.mtime_ns, state.inode, across=True
    )
    if there:
        with pytest.raises(StepError) as raised:
            perform(step)
        assert raised.value.trouble is Trouble.FAILED
        assert read(top) == before
    else:
        perform(step)
        assert not source.exists()
        assert target.read_bytes() == b"photo 1"


def test_everything_is_written_down_before_the_journal_goes(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, written = os.fsync, set[int]()

    def note(number: int) -> None:
        status = os.fstat(number)
        if stat.S_ISDIR(status.st_mode):
            written.add(status.st_ino)
        plain(number)

    plan, journal = _begun(top)
    monkeypatch.setattr(os, "fsync", note)
    (top / "in/stays.txt").touch()
    finish(carry_out(journal, Cancel(), Library().follow))
    assert {(top / "in").stat().st_ino, (top / "sorted/A").stat().st_ino} <= written
    journal.settle()
    assert len(plan.steps) == 5


def test_a_file_that_changes_while_its_copy_is_written_down_stays(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = top / "in/1.jpg", top / "1.jpg"
    plain, folder = os.fsync, top.stat().st_ino

    def edit(number: int) -> None:
        if os.fstat(number).st_ino == folder:
            source.write_bytes(b"retouched")
        plain(number)

    state = State.of(source)
    assert state is not None
    step = Step(
        "move", str(source), str(target), state.size, state.mtime_ns, state.inode, across=True
    )
    monkeypatch.setattr(os, "fsync", edit)
    with pytest.raises(StepError, match="changed while it was copied"):
        perform(step)
    assert source.read_bytes() == b"retouched"
    assert not target.exists()


def test_who_waits_in_a_circle_waits_on_its_own_disk() -> None:
    """On another one its time may be rounded, and it would count as changed."""
    one, other = Path("/one/1.jpg"), Path("/two/1.jpg")
    steps = [Step("move", str(one), str(other), 1, 1, across=True, group=0),
             Step("move", str(other), str(one), 1, 2, across=True, group=1)]  # fmt: skip
    places = [(("1", "1.jpg"), ("2", "1.jpg")), (("2", "1.jpg"), ("1", "1.jpg"))]
    first, second, third = ordered(steps, places)
    assert first.target.parent == first.source.parent
    assert first.target.name.startswith(PARKED)
    assert not first.across
    assert second.across
    assert (third.source, third.across) == (first.target, True)
    assert not found(Path("/one"))


def test_nothing_is_put_where_a_disk_was_mounted(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == top.stat().st_dev:
        pytest.skip("this machine has no second file system to write to (/dev/shm)")
    mount = top / "sorted"
    with tempfile.TemporaryDirectory(dir=memory) as disk:
        mount.symlink_to(disk)
        levels = {"in/0.jpg": ("A",), "in/1.jpg": ("A",), "in/2.jpg": ("B",), "in/3.jpg": ("B",)}
        plan = planned(top, levels)

        def taken_off(step: Step, cancel: Cancel | None = None) -> State:
            state = perform(step, cancel)
            if step.source.name == "1.jpg":
                mount.unlink()
                mount.mkdir()  # where it was mounted, there is an empty folder
            return state

        monkeypatch.setattr(run, "perform", taken_off)
        outcome = apply(plan, top.parent / "journals")
        assert {error.trouble for error in outcome.failed.values()} == {Trouble.NO_DISK}
        assert outcome.stopped
        assert not any(mount.iterdir())
        assert (top / "in/2.jpg").read_bytes() == b"photo 2"
        assert Path(disk, "A/0.jpg").read_bytes() == b"photo 0"


@pytest.mark.parametrize("there", [False, True])
def test_nothing_goes_back_to_where_a_disk_was_mounted(tmp_path: Path, *, there: bool) -> None:
    """Its folder was emptied and removed: where it is to be made anew, the disk has to be back."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has no second file system to write to (/dev/shm)")
    top, mount = tmp_path / "photos", tmp_path / "photos" / "card"
    with tempfile.TemporaryDirectory(dir=memory) as disk:
        top.mkdir()
        mount.symlink_to(disk)
        make(top, {"card/DCIM/1.jpg": b"one", "card/DCIM/2.jpg": b"two", "card/read.me": b"card"})
        plan = planned(top, {"card/DCIM/1.jpg": ("A",), "card/DCIM/2.jpg": ("A",)})
        assert [path for path, _ in plan.emptied] == [mount / "DCIM"]
        journals = tmp_path / "journals"
        journals.mkdir()
        journal = Journal.begin(journals, Run("run", "", plan.steps, plan.made, plan.emptied))
        outcome = finish(carry_out(journal, Cancel(), Library().follow))
        journal.close()
        mount.unlink()
        if there:
            mount.symlink_to(disk)
        else:
            mount.mkdir()
        undone = resume(journals, Library(), back=True)
        if there:
            assert not undone.failed
            assert len(list(Path(disk, "DCIM").iterdir())) == 2
            return
        assert {error.trouble for error in undone.failed.values()} == {Trouble.NO_DISK}
        assert {error.trouble for error in _undo(top, outcome).failed.values()} == {Trouble.NO_DISK}
        assert not any(mount.iterdir())
        assert len(list((top / "sorted/A").iterdir())) == 2


def test_the_folder_of_an_original_that_is_gone_is_not_made(top: Path) -> None:
    outcome = apply(planned(top, _LEVELS, mode=Mode.COPY), top.parent / "journals")
    shutil.rmtree(top / "in")
    assert {e.trouble for e in _undo(top, outcome).failed.values()} == {Trouble.NO_ORIGINAL}
    assert not (top / "in").exists()
