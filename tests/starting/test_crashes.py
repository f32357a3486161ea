"""Sessions that do not end well: noticed, told, and after two of them the start is a safe one."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from samples import draw
from start_steps import end, finish, start

from landmark_desktop import crashes
from landmark_desktop.crashes import Past, Session

ABORT = "import os; os.abort()"
REPORT = """
    if window.library._workspace is not None and not window.recovery.settling:
        import json, sys
        notice = window.notice
        print(json.dumps({
            "safe": window.workspace.safe, "device": window.workspace.device,
            "torch": "torch" in sys.modules, "said": notice.said.text() * notice.isVisible(),
            "details": notice.details.isVisible(), "normal": notice.normal.isVisible(),
            "jobs": window.runner.busy,
        }), flush=True)
        window.close()
"""


def look(library: Path, runtime: Path, *options: str) -> dict[str, object]:
    """Start the program, return how its window came up, and let it end well."""
    process = start(["--library", library, *options], runtime, REPORT)
    found: dict[str, object] = json.loads(finish(process).splitlines()[-1])
    return found


def crash(library: Path, runtime: Path) -> None:
    process = start(["--library", library], runtime, ABORT)
    _, err = process.communicate(timeout=60)
    assert process.returncode != 0, err
    if sys.platform != "win32":
        assert process.returncode == -signal.SIGABRT


def test_the_third_start_is_a_safe_one(tmp_path: Path, runtime: Path) -> None:
    library = tmp_path / "librarÿ of mine"
    crash(library, runtime)
    told = start(["--library", library], runtime, REPORT.replace("window.close()", ABORT))
    out, _ = told.communicate(timeout=60)
    once = json.loads(out.splitlines()[-1])
    assert (once["safe"], once["normal"], once["details"]) == (False, False, True)
    assert "did not end well" in once["said"]
    safe = look(library, runtime)
    assert (safe["safe"], safe["device"], safe["torch"]) == (True, "cpu", False)
    assert "crashed 2 times" in str(safe["said"])
    assert (safe["normal"], safe["jobs"]) == (True, False)
    reports = crashes.reports(library / "crashes")
    assert len(reports) == 2
    text = reports[0].read_text(encoding="utf-8")
    assert "Aborted" in text
    assert "begin" in text or "look" in text  # where it was, by name
    after = look(library, runtime)
    assert (after["safe"], after["said"]) == (False, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_killed_session_is_noticed_and_an_ended_one_is_not(tmp_path: Path, runtime: Path) -> None:
    process = start(["--library", tmp_path], runtime, "print('open', flush=True)")
    assert process.stdout is not None
    process.stdout.readline()
    end(process)
    assert look(tmp_path, runtime)["said"] == ""
    process = start(["--library", tmp_path], runtime, "print('open', flush=True)")
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert "did not end well" in str(look(tmp_path, runtime)["said"])
    assert "killed" in crashes.reports(tmp_path / "crashes")[0].read_text(encoding="utf-8")


def test_safe_mode_can_be_asked_for_and_left(tmp_path: Path, runtime: Path) -> None:
    photo = draw(tmp_path / "photos" / "a.jpg", "none")
    leave = """
    if window.workspace.safe and len(window.library.model.ids) == 1:
        import sys
        assert "torch" not in sys.modules
        print(window.notice.said.text(), flush=True)
        window.notice.normal.click()
    elif not window.workspace.safe and not window.runner.busy:
        photo = window.library.model.photo_at(0)
        if photo is not None and photo.suggestion is not None:
            print("suggested", window.notice.isVisible(), window.workspace.device, flush=True)
            window.close()
"""
    process = start(["--library", tmp_path / "l", "--safe-mode", photo], runtime, leave)
    said, left = finish(process).splitlines()
    assert said.startswith("Safe mode. ")
    assert left == "suggested False auto"


def test_sessions_are_counted_until_one_ends_well(tmp_path: Path) -> None:
    mark = tmp_path / "session.json"
    for before in range(7):
        session = Session.begin(tmp_path)
        assert session.past.crashes == before
        kept, faults = mark.read_bytes(), (tmp_path / "faults.log").read_bytes()
        session.end()
        mark.write_bytes(kept)  # as if it had not ended
        (tmp_path / "faults.log").write_bytes(faults)
    assert len(crashes.reports(tmp_path)) == 5
    session = Session.begin(tmp_path)
    session.end()
    session = Session.begin(tmp_path)
    assert session.past == Past()
    session.end()
    mark.write_text("{ damaged")
    session = Session.begin(tmp_path)
    assert session.past.crashes == 1
    session.end()


@pytest.mark.expects_log
def test_a_folder_that_cannot_be_written_costs_the_notice_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    session = Session.begin(tmp_path / "file" / "crashes")
    assert session.past == Past()
    session.end()
    session.end()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.expects_log
def test_a_read_only_folder_costs_the_notice_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    session = Session.begin(tmp_path / "crashes")
    session.end()
    tmp_path.chmod(0o700)
