"""Extended attributes go along to another disk, by what each system has for that."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from landmark_desktop.organise import attributes
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State, perform
from landmark_desktop.organise.troubles import StepError


def _copy(tmp_path: Path) -> Step:
    (tmp_path / "1.jpg").write_bytes(b"one")
    state = State.of(tmp_path / "1.jpg")
    assert state is not None
    return Step("copy", str(tmp_path / "1.jpg"), str(tmp_path / "2.jpg"), 3, state.mtime_ns)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="needs os.setxattr")
def test_linux(tmp_path: Path) -> None:
    step = _copy(tmp_path)
    try:
        os.setxattr(step.source, "user.note", b"mine")
    except OSError:
        pytest.skip("this disk keeps no extended attributes")
    perform(step)
    assert os.getxattr(step.target, "user.note") == b"mine"


@pytest.mark.parametrize("number", [0, errno.ENOTSUP, errno.EIO])
def test_macos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The system's function is asked once; a disk that keeps none is as good."""
    asked = []

    def copyfile(source: bytes, copy: bytes, flags: int) -> int:
        asked.append((Path(os.fsdecode(source)).name, flags))
        assert Path(os.fsdecode(copy)).read_bytes() == b"one"
        return number

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(attributes, "_copyfile", copyfile)
    step = _copy(tmp_path)
    if number == errno.EIO:
        with pytest.raises(StepError):
            perform(step)
        assert not step.target.exists()
    else:
        perform(step)
        assert step.target.read_bytes() == b"one"
    assert asked == [("1.jpg", 5)]
