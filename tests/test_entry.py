"""The built program's entry: it is its own trainer, and has streams also where it is a window's."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from training import launch

_BUILT = "import sys\nsys.frozen = True\nfrom landmark_desktop.__main__ import main\n"


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``main`` as the built program does, behind ``script``."""
    return subprocess.run(
        [sys.executable, "-c", f"{_BUILT}{script}\nmain()", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_built_program_is_its_own_trainer() -> None:
    done = run("", launch.BUILT_IN, "--version")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("landmark-train, version")


def test_the_trainer_starts_without_the_window_and_its_command_line() -> None:
    script = (
        "import atexit\n"
        "atexit.register(lambda: print([m for m in sys.modules if m.startswith('PySide6') "
        "or m.startswith('landmark_desktop.cli')]))"
    )
    done = run(script, launch.BUILT_IN, "--version")
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_streams_it_takes_the_pipes_that_its_parent_handed_over() -> None:
    done = run("sys.stdin = sys.stdout = sys.stderr = None", launch.BUILT_IN, "--version")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("landmark-train, version")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the starter's way on Linux")
@pytest.mark.parametrize("before", ["", "/opt/lib"])
def test_other_programs_do_not_load_its_libraries(before: str) -> None:
    given = {"LD_LIBRARY_PATH": "/built/_internal"}
    if before:
        given["LD_LIBRARY_PATH_ORIG"] = before
    script = (
        "import atexit, os\n"
        "atexit.register(lambda: print('left', os.environ.get('LD_LIBRARY_PATH', '')))"
    )
    done = run(script, launch.BUILT_IN, "--version", **given)
    assert done.stdout.splitlines()[-1].split() == ["left", before][: 2 if before else 1]
    assert "/built" not in done.stdout
