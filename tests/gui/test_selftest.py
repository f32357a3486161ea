"""The self-test's quick steps from source; and what fails is said to fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from landmark_desktop.gui import failures
from landmark_desktop.gui.selftest import browsing, steps
from landmark_desktop.gui.selftest.steps import STEPS, Step
from landmark_desktop.gui.selftest.trial import StepFailed, Trial

QUICK = tuple(
    step for step in STEPS
    if step.name in ("window", "import", "thumbnails", "suggestions", "why", "decision and undo",
                     "tags in files", "tidy folders", "close", "network")
)  # fmt: skip


def test_the_quick_steps_hold(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str], album: Path
) -> None:
    assert steps.run(album, QUICK) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:5] for line in lines] == ["ok   "] * len(QUICK) + ["all h"]
    assert "HEIF" in lines[1]
    assert "29 photos" in lines[1] or "28 photos" in lines[1]  # drawn ones and the album's


def test_steps_stand_behind_what_they_need() -> None:
    names = [step.name for step in STEPS]
    assert len(set(names)) == len(names)
    for place, step in enumerate(STEPS):
        assert set(step.needs) <= set(names[:place])


def test_a_step_that_fails_is_told_and_others_are_tried(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_trial: Trial) -> str:
        raise StepFailed("no such thing")

    def breaks(_trial: Trial) -> str:
        raise KeyError("deep inside")

    tried = (Step("one", fails), Step("two", breaks), Step("three", lambda _: "", ("one",)),
             Step("four", lambda _: "fine"))  # fmt: skip
    assert steps.run(None, tried) == 1
    said = capsys.readouterr().out
    assert "FAIL one" in said
    assert "no such thing" in said
    assert "deep inside" in said
    assert "skip three: needs one" in said
    assert "ok   four" in said
    assert "FAILED" in said


@pytest.mark.expects_log
def test_what_fails_behind_a_step_fails_it(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    def tells(trial: Trial) -> str:
        browsing.opens(trial)
        failures.tell(trial.window, ValueError("behind its back"))
        return ""

    assert steps.run(None, (Step("tells", tells),)) == 1
    assert "behind its back" in capsys.readouterr().out
    failures._told.clear()


def test_an_attempt_to_reach_the_network_fails_the_test(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    def asks(_trial: Trial) -> str:
        import contextlib
        import socket

        with contextlib.suppress(OSError):
            socket.getaddrinfo("example.invalid", 80)
        return ""

    assert steps.run(None, (Step("asks", asks), STEPS[-1])) == 1
    assert "example.invalid" in capsys.readouterr().out
