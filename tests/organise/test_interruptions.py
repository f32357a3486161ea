"""Ctrl+C at the worst moment, and names that turn out to be one: the only copy is never deleted."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from organise.trees import Library, apply, make, planned, read

from landmark_desktop.organise.journal import Journal
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State, perform
from landmark_desktop.organise.run import carry_out
from landmark_desktop.organise.troubles import Trouble
from landmark_desktop.organise.undo import reversed_run
from landmark_desktop.organise.wanted import Mode
from landmark_desktop.organise.whereabouts import finish_half
from landmark_desktop.tasks import Cancel, finish


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    make(tmp_path, {"in/1.jpg": b"the only copy", "in/empty.xmp": b"", "sorted/9.jpg": b"nine"})
    return tmp_path / "in" / "1.jpg"


def _step(kind: str, source: Path, target: Path, *, across: bool = False) -> Step:
    state = State.of(source)
    assert state is not None
    return Step(kind, str(source), str(target), state.size, state.mtime_ns, state.inode, across)


def _interrupted_after(monkeypatch: pytest.MonkeyPatch, name: str, path: Path) -> None:
    """Have Ctrl+C strike when the system has done ``name`` with ``path``, before Python goes on."""
    plain: Callable[..., Any] = getattr(os, name)

    def strike(first: Any, *rest: Any, **named: Any) -> None:
        plain(first, *rest, **named)
        if Path(first) == path:
            raise KeyboardInterrupt  # as Python does of a signal

    monkeypatch.setattr(os, name, strike)


@pytest.mark.parametrize("across", [False, True])
def test_ctrl_c_when_the_first_name_is_gone_leaves_the_second(
    photo: Path, monkeypatch: pytest.MonkeyPatch, *, across: bool
) -> None:
    target = photo.with_name("moved.jpg")
    step = _step("move", photo, target, across=across)
    _interrupted_after(monkeypatch, "unlink", photo)
    with pytest.raises(KeyboardInterrupt):
        perform(step)
    assert target.read_bytes() == b"the only copy"
    assert sorted(path.name for path in photo.parent.iterdir()) == ["empty.xmp", "moved.jpg"]


def test_ctrl_c_without_hard_links_leaves_an_empty_file(
    photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = photo.with_name("empty.xmp")
    step = _step("move", source, source.with_name("moved.xmp"))

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    _interrupted_after(monkeypatch, "replace", source)
    with pytest.raises(KeyboardInterrupt):
        perform(step)
    assert step.target.is_file()


@pytest.mark.parametrize("mode", [Mode.COPY, Mode.LINK])
def test_undo_keeps_a_photo_whose_copy_is_the_photo_itself_by_now(
    photo: Path, tmp_path: Path, mode: Mode
) -> None:
    top = tmp_path
    outcome = apply(planned(top, {"in/1.jpg": ("A",)}, mode=mode), tmp_path / "journals")
    shutil.rmtree(top / "sorted" / "A")
    (top / "sorted" / "A").symlink_to(photo.parent)  # the album became a link to the photos
    back = reversed_run("back", "Back", [*outcome.groups.values()])
    journal = Journal.begin(tmp_path / "journals", back)
    undone = finish(carry_out(journal, Cancel(), Library().follow))
    journal.settle()
    (error,) = undone.failed.values()
    assert error.trouble is Trouble.NO_ORIGINAL
    assert photo.read_bytes() == b"the only copy"


@pytest.mark.parametrize("across", [False, True])
def test_a_move_that_was_cut_short_is_not_done_where_both_names_are_one(
    photo: Path, *, across: bool
) -> None:
    folder = photo.parent.with_name("alias")
    folder.symlink_to(photo.parent)
    assert finish_half(_step("move", photo, folder / photo.name, across=across)) is None
    assert photo.read_bytes() == b"the only copy"


def test_two_alike_without_inode_numbers_are_not_one(photo: Path) -> None:
    """A disk that numbers no files: what lies there, alike, may be somebody else's."""
    other = photo.with_name("other.jpg")
    shutil.copy2(photo, other)
    step = _step("move", photo, other)
    unnumbered = Step("move", step.old, step.new, step.size, step.mtime_ns, 0)
    assert finish_half(unnumbered) is None
    assert photo.is_file()
    assert other.is_file()


def test_a_file_that_cannot_be_deleted_leaves_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, {"in/1.jpg": b"one"})
    before, plain = read(tmp_path), os.unlink
    source = tmp_path / "in/1.jpg"

    def refuse(path: Any, *args: Any, **named: Any) -> None:
        if Path(path) == source:
            raise PermissionError(errno.EPERM, "immutable")
        plain(path, *args, **named)

    monkeypatch.setattr(os, "unlink", refuse)
    for across in (False, True):
        with pytest.raises(Exception, match="may not write") as raised:
            perform(_step("move", source, tmp_path / "1.jpg", across=across))
        assert raised.value.trouble is Trouble.LOCKED  # type: ignore[attr-defined]
        assert read(tmp_path) == before
