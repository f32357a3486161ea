"""A run that dies anywhere leaves every byte where it was or where it goes, to be gone on with.

``LANDMARK_KILLS=200 pytest tests/organise/test_moves_killed.py`` kills as often as that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
_KILLS = os.environ.get("LANDMARK_KILLS", "12")


@pytest.fixture(params=["one disk", "two disks"])
def folders(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Path]]:
    """Where the files are, and where they go if that is another file system."""
    if request.param == "one disk":
        yield [tmp_path / "home"]
        return
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has no second file system to write to (/dev/shm)")
    with tempfile.TemporaryDirectory(dir=memory) as other:
        yield [tmp_path / "home", Path(other) / "there"]


def test_it_can_die_at_any_point(folders: list[Path]) -> None:
    done = _run("crash_points.py", *map(str, folders))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) > 100


def test_it_can_die_at_any_point_where_there_are_no_hard_links(tmp_path: Path) -> None:
    done = _run("crash_points.py", "--no-links", str(tmp_path / "home"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) > 50


@pytest.mark.timeout(3600)
def test_a_thousand_files_survive_being_killed(folders: list[Path]) -> None:
    done = _run("killed_run.py", _KILLS, *map(str, folders))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) == int(_KILLS)


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    here = Path(__file__).parent
    paths = [str(here.parents[1]), str(here.parent)]
    return subprocess.run(
        [sys.executable, str(here / program), *arguments],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )  # fmt: skip
