"""What goes wrong in the middle of a run is told, and nothing is lost."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from organise.trees import Library, apply, make, planned, read

from landmark_desktop import disk_errors
from landmark_desktop.organise import perform, run
from landmark_desktop.organise.journal import Journal, JournalError, Run, found
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State
from landmark_desktop.organise.run import Outcome, carry_out
from landmark_desktop.organise.troubles import StepError, Trouble
from landmark_desktop.organise.undo import reversed_run
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.tasks import Cancel, Cancelled, finish

_FILES = {f"in/{i}.jpg": b"photo %d" % i for i in range(6)} | {"in/3.jpg.xmp": b"sidecar"}
_LEVELS = {name: ("A",) for name in _FILES if name.endswith(".jpg")}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    make(tmp_path / "photos", _FILES)
    return tmp_path / "photos"


def _apply(top: Path, meanwhile: Callable[[], object], mode: Mode = Mode.MOVE) -> Outcome:
    plan = planned(top, _LEVELS, mode=mode)
    meanwhile()
    return apply(plan, top.parent / "journals")


def _names(outcome: Outcome) -> dict[str, Trouble]:
    return {error.path.name: error.trouble for error in outcome.failed.values()}


def test_a_file_that_was_changed_meanwhile_stays(top: Path) -> None:
    outcome = _apply(top, lambda: (top / "in/2.jpg").write_bytes(b"changed"))
    assert _names(outcome) == {"2.jpg": Trouble.CHANGED}
    assert (top / "in/2.jpg").read_bytes() == b"changed"
    assert len(outcome.groups) == 5


def test_a_file_that_is_gone_is_told(top: Path) -> None:
    outcome = _apply(top, lambda: (top / "in/2.jpg").unlink())
    assert _names(outcome) == {"2.jpg": Trouble.GONE}


@pytest.mark.parametrize("mode", Mode)
def test_a_name_that_was_taken_meanwhile_is_not_overwritten(top: Path, mode: Mode) -> None:
    def take() -> None:
        (top / "sorted/A").mkdir(parents=True)
        (top / "sorted/A/2.jpg").write_bytes(b"somebody else's")

    outcome = _apply(top, take, mode)
    assert _names(outcome) == {"2.jpg": Trouble.TAKEN}
    assert (top / "sorted/A/2.jpg").read_bytes() == b"somebody else's"
    assert (top / "in/2.jpg").read_bytes() == b"photo 2"


def test_companions_are_brought_back_with_their_photo(top: Path) -> None:
    def take() -> None:
        (top / "sorted/A").mkdir(parents=True)
        (top / "sorted/A/3.jpg.xmp").write_bytes(b"somebody else's")

    outcome = _apply(top, take)
    assert _names(outcome) == {"3.jpg.xmp": Trouble.TAKEN}
    assert (top / "in/3.jpg").read_bytes() == b"photo 3"
    assert (top / "in/3.jpg.xmp").read_bytes() == b"sidecar"
    assert not (top / "sorted/A/3.jpg").exists()
    assert not outcome.stuck


@contextlib.contextmanager
def _at_most(size: int) -> Iterator[None]:
    """Have no file grow larger than that."""
    resource = pytest.importorskip("resource")  # not on Windows
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_is_full_stops_the_run(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A limit says that it is one; a disk would say that it is full, at the same place.
    full = disk_errors._BY_ERRNO[errno.ENOSPC]
    monkeypatch.setitem(disk_errors._BY_ERRNO, errno.EFBIG, full)
    (top / "in/2.jpg").write_bytes(bytes(200_000))
    before = read(top)
    plan = planned(top, _LEVELS, mode=Mode.COPY)
    with _at_most(100_000):
        outcome = apply(plan, top.parent / "journals")
    assert _names(outcome) == {"2.jpg": Trouble.FULL}
    assert outcome.stopped
    assert len(outcome.groups) == 2
    after = read(top)
    assert before.items() <= after.items()
    new = {name for name in after.keys() - before.keys() if not name.endswith("/")}
    assert new == {"sorted/A/0.jpg", "sorted/A/1.jpg"}


def test_a_file_that_is_too_large_for_its_disk_stays_alone(top: Path) -> None:
    (top / "in/2.jpg").write_bytes(bytes(200_000))
    plan = planned(top, _LEVELS, mode=Mode.COPY)
    with _at_most(100_000):
        outcome = apply(plan, top.parent / "journals")
    assert _names(outcome) == {"2.jpg": Trouble.TOO_LARGE}
    assert not outcome.stopped
    assert len(outcome.groups) == 5
    assert not (top / "sorted/A/2.jpg").exists()


def test_a_permission_that_is_lost_is_told() -> None:
    with tempfile.TemporaryDirectory() as folder, somebody(Path(folder)):
        top = Path(folder, "photos")
        make(top, _FILES)
        before = read(top)
        plan = planned(top, _LEVELS)
        (top / "in").chmod(0o500)
        try:
            outcome = apply(plan, Path(folder, "journals"))
        finally:
            (top / "in").chmod(0o700)
        assert set(_names(outcome).values()) == {Trouble.LOCKED}
        assert read(top) == before


@contextlib.contextmanager
def somebody(folder: Path) -> Iterator[None]:
    """Be an ordinary account who owns ``folder``: root may write everywhere."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    os.chown(folder, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_without_hard_links_files_move_all_the_same(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(perform.os, "link", refuse)

    def take() -> None:
        (top / "sorted/A").mkdir(parents=True)
        (top / "sorted/A/2.jpg").write_bytes(b"somebody else's")

    outcome = _apply(top, take)
    assert _names(outcome) == {"2.jpg": Trouble.TAKEN}
    assert (top / "sorted/A/2.jpg").read_bytes() == b"somebody else's"
    assert (top / "sorted/A/1.jpg").read_bytes() == b"photo 1"

    linked = _apply(top, lambda: None, Mode.LINK)
    assert set(_names(linked).values()) == {Trouble.NO_LINKS}


def test_a_copy_that_is_not_the_same_is_thrown_away(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(perform, "content_hash", lambda _path: "other")
    before = read(top)
    outcome = _apply(top, lambda: None, Mode.COPY)
    assert set(_names(outcome).values()) == {Trouble.DAMAGED}
    assert read(top) == before


def test_the_last_copy_is_never_taken_away(top: Path) -> None:
    plan = planned(top, _LEVELS, mode=Mode.COPY)
    outcome = apply(plan, top.parent / "journals")
    (top / "in/2.jpg").unlink()
    (top / "in/4.jpg").write_bytes(b"retouch")
    back = reversed_run("back", "Back", [*outcome.groups.values()], outcome.made, ())
    journal = Journal.begin(top.parent / "journals", back)
    undone = finish(carry_out(journal, Cancel(), Library().follow))
    journal.settle()
    assert _names(undone) == {"2.jpg": Trouble.NO_ORIGINAL, "4.jpg": Trouble.NO_ORIGINAL}
    assert (top / "sorted/A/2.jpg").read_bytes() == b"photo 2"
    assert not (top / "sorted/A/1.jpg").exists()


def test_undo_refuses_what_was_changed_since(top: Path) -> None:
    outcome = apply(planned(top, _LEVELS), top.parent / "journals")
    (top / "sorted/A/2.jpg").write_bytes(b"retouched")
    back = reversed_run("back", "Back", [*outcome.groups.values()], outcome.made, outcome.removed)
    journal = Journal.begin(top.parent / "journals", back)
    undone = finish(carry_out(journal, Cancel(), Library().follow))
    journal.settle()
    assert _names(undone) == {"2.jpg": Trouble.CHANGED}
    assert (top / "sorted/A/2.jpg").read_bytes() == b"retouched"
    assert (top / "in/1.jpg").read_bytes() == b"photo 1"


def test_cancelling_keeps_what_was_done_and_leaves_nothing_half_done(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, cancel = read(top), Cancel()

    def cancelling(step: Step, token: Cancel | None = None) -> State:
        done = perform.perform(step, token)
        if step.source.name == "3.jpg":  # its sidecar is still to come
            cancel.set()
        return done

    monkeypatch.setattr(run, "perform", cancelling)
    plan = planned(top, _LEVELS)
    journals = top.parent / "journals"
    journals.mkdir()
    journal = Journal.begin(journals, Run("run", "", plan.steps, plan.made, plan.emptied))
    outcome = finish(carry_out(journal, cancel, Library().follow))
    journal.settle()
    assert not outcome.failed
    assert not outcome.stopped
    assert {path.name for path in (top / "in").iterdir()} == {"4.jpg", "5.jpg"}
    back = reversed_run("back", "", [*outcome.groups.values()], outcome.made, outcome.removed)
    journal = Journal.begin(journals, back)
    finish(carry_out(journal, Cancel(), Library().follow))
    journal.settle()
    assert read(top) == before


def test_a_copy_stops_in_the_middle_of_a_file(top: Path) -> None:
    cancel = Cancel()
    cancel.set()
    target = top / "copy.jpg"
    state = State.of(top / "in/1.jpg")
    assert state is not None
    step = Step("copy", str(top / "in/1.jpg"), str(target), state.size, state.mtime_ns)
    with pytest.raises(Cancelled):
        perform.perform(step, cancel)
    assert read(top).keys() == set(_FILES) | {"in/"}


def test_the_journal_says_what_was_begun(top: Path, tmp_path: Path) -> None:
    plan = planned(top, _LEVELS)
    run = Run("run", "Moving", plan.steps, plan.made, plan.emptied, {"ids": [1, 2]})
    journal = Journal.begin(tmp_path, run)
    journal.folder(0)
    journal.step(0)
    journal.step(0)
    journal.give_up(0, "why")
    journal.end()
    journal.close()
    (path,) = found(tmp_path)
    again = Journal.reopen(path)
    assert again.run == run
    assert again.begun == journal.begun
    again.settle()
    assert not found(tmp_path)


def test_names_that_are_no_text_come_back_from_the_journal(tmp_path: Path) -> None:
    source = Path(os.fsdecode(b"/a/\xff.xmp"))
    run = Run("run", "", (Step("move", str(source), str(tmp_path / source.name), 1, 2),))
    Journal.begin(tmp_path, run).close()
    again = Journal.reopen(found(tmp_path)[0])
    again.close()
    assert again.run == run


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b'{"format": 9}\n', b"\xff\n"])
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.journal").write_bytes(content)
    with pytest.raises(JournalError, match="no journal"):
        Journal.reopen(tmp_path / "x.journal")


def test_a_step_of_no_known_kind_is_a_bug(top: Path) -> None:
    state = State.of(top / "in/1.jpg")
    assert state is not None
    with pytest.raises(ValueError, match="no step"):
        perform.perform(
            Step("burn", str(top / "in/1.jpg"), str(top / "x"), state.size, state.mtime_ns)
        )
    with pytest.raises(StepError, match="not there any more"):
        perform.perform(Step("move", str(top / "in/9.jpg"), str(top / "x"), 1, 2))
