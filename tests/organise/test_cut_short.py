"""A run that was cut short, gone on with or taken back, whatever has happened meanwhile."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest
from organise.trees import Library, begun, make, planned, read, resume

from landmark_desktop.errors import UserError
from landmark_desktop.organise import run
from landmark_desktop.organise.journal import (
    ASIDE,
    Journal,
    JournalError,
    Run,
    found,
    put_aside,
)
from landmark_desktop.organise.journal import read as read_journal
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State, perform
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.run import carry_out
from landmark_desktop.organise.troubles import Trouble
from landmark_desktop.organise.undo import reversed_run
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.organise.whereabouts import out_of_reach
from landmark_desktop.tasks import Cancel, finish

_FILES = {f"in/deep/{i}.jpg": b"photo %d" % i for i in range(3)} | {"in/deep/2.jpg.xmp": b"side"}
_LEVELS = {name: ("A",) for name in _FILES if name.endswith(".jpg")}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    make(tmp_path / "photos", _FILES)
    return tmp_path / "photos"


def _begun(
    top: Path, levels: dict[str, tuple[str, ...]], steps: int, mode: Mode = Mode.MOVE
) -> tuple[Plan, Path]:
    """Return a plan whose first ``steps`` are done, and the folder with its journal."""
    plan = planned(top, levels, mode=mode)
    journals = top.parent / "journals"
    begun(plan, journals, steps).close()
    return plan, journals


def test_two_that_swapped_before_the_crash_can_be_undone(tmp_path: Path) -> None:
    make(tmp_path, {"sorted/A/1.jpg": b"one", "sorted/B/1.jpg": b"another"})
    before = read(tmp_path)
    swap = {"sorted/A/1.jpg": ("B",), "sorted/B/1.jpg": ("A",)}
    plan = planned(tmp_path, swap)
    assert len(plan.steps) == 3
    journals = tmp_path / "journals"
    journals.mkdir()
    journal = Journal.begin(journals, Run("run", "", plan.steps))
    finish(carry_out(journal, Cancel(), Library().follow))
    journal.close()  # killed before it was settled
    outcome = resume(journals, Library(), back=False)
    back = reversed_run("back", "", [*outcome.groups.values()])
    journal = Journal.begin(journals, back)
    assert not finish(carry_out(journal, Cancel(), Library().follow)).failed
    journal.settle()
    journals.rmdir()
    assert read(tmp_path) == before


@pytest.mark.parametrize("mode", Mode)
def test_stopping_what_is_finished_leaves_nothing_behind(top: Path, mode: Mode) -> None:
    """What was done before the crash is part of the run, and what was half done is not left so."""
    before = read(top)
    plan, journals = _begun(top, _LEVELS, steps=3, mode=mode)
    assert len(plan.steps) == 4  # a sidecar is still to come
    cancel = Cancel()
    cancel.set()
    journal = Journal.reopen(found(journals)[0])
    library = Library()
    outcome = finish(carry_out(journal, cancel, library.follow))
    journal.settle()
    assert not outcome.failed
    if mode is not Mode.COPY:  # copying stops, and takes the photo's own copy back
        assert len(outcome.groups) == 3
        assert (top / "sorted/A/2.jpg.xmp").is_file()
    assert len(library.paths) == (3 if mode is Mode.MOVE else 0)
    back = reversed_run("back", "", [*outcome.groups.values()], outcome.made, outcome.removed)
    journal = Journal.begin(journals, back)
    assert not finish(carry_out(journal, Cancel(), Library().follow)).failed
    journal.settle()
    assert read(top) == before


def test_folders_that_were_removed_come_back_as_they_were(top: Path) -> None:
    (top / "in/deep").chmod(0o777)  # more than a umask leaves
    (top / "in").chmod(0o700)
    _, journals = _begun(top, _LEVELS, steps=0)
    journal = Journal.reopen(found(journals)[0])
    finish(carry_out(journal, Cancel(), Library().follow))
    journal.close()
    assert not (top / "in").exists()
    assert not resume(journals, Library(), back=True).failed
    modes = [stat.S_IMODE((top / name).stat().st_mode) for name in ("in", "in/deep")]
    assert modes == [0o700, 0o777]


def test_a_folder_that_somebody_deleted_is_made_again(top: Path) -> None:
    before = read(top)
    plan, journals = _begun(top, _LEVELS, steps=4)
    shutil.rmtree(top / "in")  # it looked empty
    outcome = resume(journals, Library(), back=True)
    assert not outcome.failed
    assert outcome.back == len(plan.steps)
    assert read(top) == before


def test_a_folder_that_cannot_be_made_again_is_told(top: Path) -> None:
    _, journals = _begun(top, _LEVELS, steps=0)
    journal = Journal.reopen(found(journals)[0])
    finish(carry_out(journal, Cancel(), Library().follow))
    journal.close()
    (top / "in").write_bytes(b"a file has its name now")
    library = Library()
    outcome = resume(journals, library, back=True)
    assert len(outcome.failed) == 3
    assert outcome.back == 0
    # The library knows where the photos are all the same.
    assert {path.name for path in library.paths.values()} == {"0.jpg", "1.jpg", "2.jpg"}
    assert all(path.is_file() for path in library.paths.values())


def test_what_was_changed_since_is_told_and_followed(top: Path) -> None:
    plan, journals = _begun(top, _LEVELS, steps=4)
    changed = plan.steps[1].target
    changed.write_bytes(b"retouched, and longer")
    library = Library()
    outcome = resume(journals, library, back=True)
    (error,) = outcome.failed.values()
    assert error.trouble is Trouble.CHANGED
    assert str(error) == (
        f"{plan.steps[1].source} was not put back. It was changed since, and is {changed} now."
    )
    assert changed.read_bytes() == b"retouched, and longer"
    assert changed in library.paths.values()
    assert outcome.back == 3


def test_another_file_that_has_come_is_not_the_photo(top: Path) -> None:
    plan, journals = _begun(top, _LEVELS, steps=4)
    plan.steps[1].source.write_bytes(b"somebody else's")
    library = Library()
    outcome = resume(journals, library, back=True)
    (error,) = outcome.failed.values()
    assert error.trouble is Trouble.TAKEN
    assert plan.steps[1].target.read_bytes() == b"photo 1"
    assert plan.steps[1].target in library.paths.values()
    assert outcome.back == 3


def test_what_is_gone_altogether_is_told(top: Path) -> None:
    plan, journals = _begun(top, _LEVELS, steps=4)
    plan.steps[1].target.unlink()
    outcome = resume(journals, Library(), back=True)
    (error,) = outcome.failed.values()
    assert "neither there nor where it was to go" in str(error)
    assert outcome.back == 3


def test_a_companion_that_cannot_be_brought_back_is_told_and_followed(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(top, _LEVELS)
    photo, sidecar = plan.steps[2].source, plan.steps[3].target
    assert (photo.name, sidecar.name) == ("2.jpg", "2.jpg.xmp")
    journals = top.parent / "journals"
    journals.mkdir()
    journal = Journal.begin(journals, Run("run", "", plan.steps, plan.made, plan.emptied))
    journal.folder(0)
    plan.made[0].mkdir()
    sidecar.parent.mkdir()
    sidecar.write_bytes(b"somebody else's")
    library = Library()

    def take_its_place(step: Step, cancel: Cancel | None = None) -> State:
        done = perform(step, cancel)
        if step.source == photo:
            photo.write_bytes(b"another one has come")
        return done

    monkeypatch.setattr(run, "perform", take_its_place)
    outcome = finish(carry_out(journal, Cancel(), library.follow))
    journal.settle()
    (error,) = outcome.failed.values()
    there = plan.steps[2].target
    assert f"2.jpg could not be brought back and is {there}." in str(error)
    assert there.read_bytes() == b"photo 2"
    assert there in library.paths.values()
    assert photo.read_bytes() == b"another one has come"


def test_a_folder_whose_name_a_file_has_taken_is_told_of_the_photo(top: Path) -> None:
    plan, journals = _begun(top, _LEVELS, steps=0)
    (top / "sorted/A").rmdir()
    (top / "sorted/A").write_bytes(b"a file")
    outcome = resume(journals, Library(), back=False)
    assert {error.path for error in outcome.failed.values()} == {
        plan.steps[0].source, plan.steps[1].source, plan.steps[2].source,
    }  # fmt: skip
    assert all("is no folder" in error.why for error in outcome.failed.values())


def test_a_disk_that_is_not_there_is_noticed(top: Path) -> None:
    _, journals = _begun(top, _LEVELS, steps=2)
    journal = Journal.reopen(found(journals)[0])
    journal.close()
    assert out_of_reach(journal) is None
    top.rename(top.with_name("elsewhere"))
    assert out_of_reach(journal) == top / "in/deep"
    top.with_name("elsewhere").rename(top)
    (top / "sorted/A/0.jpg").unlink()  # deleted: that is no missing disk
    assert out_of_reach(journal) is None


def test_a_folder_that_the_run_removed_is_no_missing_disk(top: Path) -> None:
    plan, journals = _begun(top, _LEVELS, steps=0)
    journal = Journal.reopen(found(journals)[0])
    finish(carry_out(journal, Cancel(), Library().follow))
    journal.close()
    assert not (top / "in").exists()
    plan.steps[0].target.unlink()
    assert out_of_reach(journal) is None


def test_a_journal_that_finds_no_room_stops_the_run(top: Path) -> None:
    resource = pytest.importorskip("resource")  # not on Windows
    before = read(top)
    _, journals = _begun(top, _LEVELS, steps=0)
    journal = Journal.reopen(found(journals)[0])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = journal.path.stat().st_size + 20  # a line and a half
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (full, limits[1]))
        with pytest.raises(UserError, match=r"“Moving” was stopped\. .* Make room"):
            finish(carry_out(journal, Cancel(), Library().follow))
        journal.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (top / "sorted/A/0.jpg").is_file()
    assert (top / "in/deep/1.jpg").is_file()
    assert not resume(journals, Library(), back=True).failed
    assert read(top) == before


def test_a_journal_that_says_what_cannot_be_is_refused(top: Path) -> None:
    _, journals = _begun(top, _LEVELS, steps=0)
    (path,) = found(journals)
    whole = path.read_bytes()
    for line in ({"step": 99}, {"removed": 7}, {"made": -1}, {"across": 4}, {"step": "0"}):
        path.write_bytes(whole + json.dumps(line).encode() + b"\n")
        with pytest.raises(JournalError, match="no journal"):
            read_journal(path)


def test_a_journal_put_aside_is_kept_and_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "x.journal").write_bytes(b"{}\n")
    kept = put_aside(tmp_path / "x.journal")
    assert kept == tmp_path / f"x.journal{ASIDE}"
    assert kept.read_bytes() == b"{}\n"
    assert found(tmp_path) == []


def test_a_journal_that_was_never_begun_is_none(tmp_path: Path) -> None:
    half = tmp_path / ".writing-0123456789abcdef.journal"  # killed before anything was done
    half.write_bytes(b'{"format":1,')
    assert found(tmp_path) == []
    journal = Journal.begin(tmp_path, Run("run", "", ()))
    assert not half.exists()
    journal.settle()
