"""One window a library: real second processes, crashed ones, hung ones, and other libraries."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from samples import draw
from start_steps import LIMIT, OPEN, end, environment, finish, logged, start, wait_for

from landmark_desktop.errors import UserError
from landmark_desktop.gui.instance import Instance
from landmark_desktop.paths import Places, named

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

# A second start gives up soon on a window that is busy: it is made when the first one rests.
RESTS = """
    busy = window.runner.busy or window.library.settling
    window.still = 0 if busy else getattr(window, "still", 0) + 1
    if window.still == 10:
        print("rests with", len(window.library.model.ids), flush=True)
"""


def rests(process: subprocess.Popen[str], photos: int) -> None:
    """Wait until the window has done nothing for a second, with so many photos."""
    assert process.stdout is not None
    while process.stdout.readline() != f"rests with {photos}\n":
        assert process.poll() is None


def test_a_second_start_hands_its_paths_over(tmp_path: Path, runtime: Path) -> None:
    library = tmp_path / "my librarÿ"
    first = start(["--library", library], runtime, RESTS)
    rests(first, 0)
    photos = [draw(tmp_path / "the phötos" / f"{n} %20.jpg", "none", mark=n) for n in range(3)]
    # The last one is relative to where the second was started, not the first.
    for number, given in enumerate((photos[0], photos[1].as_uri(), "the phötos"), 1):
        second = start(["--library", library, given], runtime, where=tmp_path)
        assert finish(second) == ""
        rests(first, number)
    end(first)
    assert list((library / "crashes").iterdir()) == []


def test_two_libraries_are_open_at_once(tmp_path: Path, runtime: Path) -> None:
    both = [start(["--library", tmp_path / name], runtime) for name in ("a", "b")]
    for name in ("a", "b"):
        wait_for(lambda name=name: logged(tmp_path / name, OPEN))
    for process in both:
        assert process.poll() is None
        end(process)


def test_a_crash_leaves_no_obstacle(tmp_path: Path, runtime: Path) -> None:
    first = start(["--library", tmp_path], runtime)
    wait_for(lambda: any(runtime.iterdir()) and logged(tmp_path, OPEN))
    first.kill()
    first.communicate()
    assert any(runtime.iterdir())  # the stale socket
    again = start(["--library", tmp_path], runtime, "print('open', flush=True); window.close()")
    assert finish(again).startswith("open")


HUNG = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from landmark_desktop.gui import application
begun = time.monotonic()
class Watched(application.Application):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        self.timer.start(20)
    def look(self):
        box = QApplication.activeModalWidget()
        if box is not None:
            print(round(time.monotonic() - begun, 2), box.text(), flush=True)
            box.close()
import landmark_desktop.gui.app as app
app.Application = Watched
from landmark_desktop.__main__ import main
main()
"""


def test_a_hung_window_does_not_hold_the_second_start_up(tmp_path: Path, runtime: Path) -> None:
    first = start(["--library", tmp_path], runtime)
    wait_for(lambda: logged(tmp_path, OPEN))
    first.send_signal(signal.SIGSTOP)
    try:
        second = subprocess.run(
            [sys.executable, "-c", HUNG, "--library", tmp_path],
            env=environment(runtime), capture_output=True, text=True, timeout=LIMIT, check=False,
        )  # fmt: skip
    finally:
        first.send_signal(signal.SIGCONT)
    assert second.returncode == 1, second.stderr
    seconds, _, said = second.stdout.partition(" ")
    assert float(seconds) < 2.0
    assert "does not answer" in said
    assert str(first.pid) in said
    end(first)


def test_the_claim_passes_on_when_the_window_closes(
    qtbot: QtBot, tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    first = Instance.claim(tmp_path, [])
    assert first is not None
    first.stop_listening()  # closing, but not gone yet
    with pytest.raises(UserError):
        Instance.claim(tmp_path, [], patience=0.2)
    first.close()
    second = Instance.claim(tmp_path, [])
    assert second is not None
    second.close()


@pytest.mark.expects_log
def test_a_folder_that_cannot_be_written_is_left_to_the_library(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    claimed = Instance.claim(tmp_path / "file", [])
    assert claimed is not None
    claimed.close()


def test_arguments_are_paths_or_urls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    odd = tmp_path / "ä b%20#?.jpg"
    assert named("x/../y.jpg") == tmp_path / "y.jpg"
    assert named(odd.as_uri()) == odd
    assert named("FILE://localhost/tmp/a%20b") == Path("/tmp/a b")
    assert named("file:///tmp/%FF.jpg") == Path(os.fsdecode(b"/tmp/\xff.jpg"))
    assert Places.of(tmp_path).crashes == tmp_path / "crashes"
