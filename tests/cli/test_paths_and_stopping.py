"""Paths as people type them, and Ctrl+C in the middle of a command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from samples import draw
from shelved import fill

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.main import command
from landmark_desktop.cli.progress import drive
from landmark_desktop.tasks import Cancel, Progress, Task


def run(library: Path, *arguments: str | Path, status: int = 0) -> Result:
    result = CliRunner().invoke(command, ["--library", str(library), *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    assert result.exit_code == status, result.output
    return result


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library of three photos, imported from a folder and by a link to another."""
    draw(tmp_path / "Fotos ünï" / "Ägypten" / "a.jpg", mark=1)
    draw(tmp_path / "Fotos ünï" / "b.jpg", mark=2)
    draw(tmp_path / "disk" / "deep" / "c.jpg", mark=3)
    (tmp_path / "linked").symlink_to(tmp_path / "disk", target_is_directory=True)
    run(tmp_path / "library", "import", tmp_path / "Fotos ünï", tmp_path / "linked")
    return tmp_path / "library"


@pytest.mark.parametrize(
    ("named", "photos"),
    [
        ("Fotos ünï", 2), ("./Fotos ünï/", 2), ("disk/../Fotos ünï/Ägypten", 1),
        ("Fotos ünï/b.jpg", 1), ("linked", 1),
        # Through a link that the library knows nothing of, and round one that it came by.
        ("other", 2), ("other/Ägypten/a.jpg", 1), ("disk", 1), ("disk/deep/c.jpg", 1),
        ("disk/deep/d.jpg", 0), ("nowhere", 0), ("dis", 0),
    ],
)  # fmt: skip
def test_photos_are_found_however_they_are_named(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch, named: str, photos: int
) -> None:
    (tmp_path / "other").symlink_to(tmp_path / "Fotos ünï", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    result = run(library, "tag", "add", "Mine", named, status=0 if photos else 1)
    if photos:
        assert result.stdout == f"Tagged {photos} photo{'s' * (photos > 1)} Mine\n"
        assert result.stderr == ""
    else:
        assert result.stderr == f"{named}: The library has no photo there.\n"


def test_a_dry_run_shows_values_as_they_would_be_written(library: Path) -> None:
    run(library, "tag", "add", "Odd//name|a/b", "/")
    shown = run(library, "write", "--dry-run").stdout
    assert "lr:hierarchicalSubject: - -> Odd//name|a/b" in shown
    assert shown.endswith("3 files would be written; nothing was changed\n")


def test_what_cannot_be_written_is_named_with_its_whole_path(tmp_path: Path, library: Path) -> None:
    locked = tmp_path / "Fotos ünï" / "Ägypten" / "a.jpg"
    locked.chmod(0o444)
    run(library, "tag", "add", "Mine", "/")
    dry = run(library, "write", "--embed", "--dry-run").stdout
    assert dry.endswith("2 files would be written, 1 cannot be; nothing was changed\n")
    told = run(library, "write", "--embed", status=1)
    assert told.stderr.startswith(f"{locked}: Nothing was written into a.jpg. ")
    assert told.stdout == "Wrote 2 files; 1 not written and kept for later (1 read-only).\n"
    data = json.loads(run(library, "write", "--embed", "--json", status=1).stdout)
    assert [problem["path"] for problem in data["not_written"]] == [str(locked)]
    locked.chmod(0o644)
    assert run(library, "write", "--embed").stdout == "Wrote 1 file.\n"


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Have SIGINT do what it usually does: a shell has what it runs in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def counting(done: list[int], cancel: Cancel) -> Task[str]:
    for number in range(5):
        cancel.check()
        if number == 2:
            os.kill(os.getpid(), signal.SIGINT)
        done.append(number)
        yield Progress(number, 5, "Counting")
    return "all"


def test_a_task_is_stopped_where_that_does_no_harm(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[int] = []
    cancel = Cancel()
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(click.exceptions.Exit) as stopped:
        drive(counting(done, cancel), cancel)
    assert stopped.value.exit_code == 130
    assert done == [0, 1, 2], "what was in hand is finished, and nothing begun"
    assert "Stopped." in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_who_watches_sees_at_once_that_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        cancel = Cancel()
        with pytest.raises(click.exceptions.Exit):
            drive(counting([], cancel), cancel)
        terminal.flush()
        shown = b""
        while b"Stopped." not in shown:  # a terminal hands out what has arrived so far
            shown += os.read(master, 4096)
    os.close(master)
    text = shown.decode()
    assert "Counting · 1 of 5" in text
    assert "Stopping. Ctrl+C again stops at once." in text
    assert text.index("Stopping.") < text.index("Stopped.")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for another process")
def test_a_stopped_accept_changes_nothing(tmp_path: Path) -> None:
    library = tmp_path / "library"
    workspace = Workspace.open(library)
    fill(workspace, ["Eiffel_Tower"] * 3000)
    workspace.close()
    # Ctrl+C as soon as the first photos are accepted.
    code = (
        "import os, signal, sys\n"
        "from landmark_desktop.actions import recorded\n"
        "from landmark_desktop.cli.main import command\n"
        "real = recorded.recorded\n"
        "def stop(*given, **more):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(*given, **more)\n"
        "recorded.recorded = stop\n"
        "command(['--library', sys.argv[1], 'accept', '--above', '0'])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(library)],
        capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (130, "")
    assert result.stderr == "Stopped. Nothing was changed.\n"
    assert run(library, "history").stdout == "Nothing was done yet.\n"
    assert run(library, "tag", "list").stdout == "No photo has a tag yet.\n"
    assert run(library, "tag", "list", "--json").stdout == ""
