"""Start the real program in processes of its own, and look at it from outside."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 60.0  # seconds that anything may take

OPEN = "gui.app: open"
"""What the log says once the window is open."""
_started: list[subprocess.Popen[str]] = []

# Runs the program and looks at its window ten times a second.
_OBSERVED = """
import sys
from PySide6.QtCore import QTimer
from landmark_desktop.gui import app as application, window as module
class Observed(module.MainWindow):
    def begin(self, *arguments):
        super().begin(*arguments)
        self.watch = QTimer(self)
        self.watch.timeout.connect(lambda: look(self))
        self.watch.start(100)
def look(window):
    {look}
module.MainWindow = Observed
from landmark_desktop.__main__ import main
main()
"""


def environment(runtime: Path) -> dict[str, str]:
    """Return the environment of a user session of its own."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    own = {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(runtime), "PYTHONPATH": path}
    return {**os.environ, **own}


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """Yield a folder with a short path: those of sockets may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="ld-") as folder:
        yield Path(folder)


def start(
    arguments: list[str | Path], runtime: Path, look: str = "", where: Path = ROOT
) -> subprocess.Popen[str]:
    """Start the program; ``look``: Python that runs ten times a second, with ``window``."""
    how = ["-c", _OBSERVED.format(look=look)] if look else ["-m", "landmark_desktop"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, *how, *arguments], cwd=where, stdout=pipe, stderr=pipe, text=True,
        env=environment(runtime),
    )  # fmt: skip
    _started.append(process)
    return process


def stop_all() -> None:
    """Kill what a failed test left running."""
    for process in _started:
        if process.poll() is None:
            process.kill()
            process.communicate()
    _started.clear()


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < until, "nothing came of it"
        time.sleep(0.05)


def logged(library: Path, text: str) -> bool:
    """Return whether the program's log has ``text``."""
    log = library / "landmark-desktop.log"
    return log.exists() and text in log.read_text(encoding="utf-8")


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a good end; return what was printed."""
    out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, err
    return out


def end(process: subprocess.Popen[str]) -> str:
    """Ask the program to end, as the system does, and return what it printed."""
    process.terminate()
    return finish(process)
