"""The Review page in a large library: how soon a key is answered, and what holds the window up.

    python -m benchmarks.review_page [--photos 100000] [--accept 8000] [--stacks] [--keep FOLDER]

Runs offscreen. A timer of 1 ms on the main thread says how long the event loop was away. "Answer"
is from the key to the next photo or group being on the page; "written", to the library having it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.common import clock, milliseconds, row, title
from benchmarks.onscreen import open_window, settle, spin, spin_until
from benchmarks.watchdog import Watchdog
from landmark_desktop.actions.review_queue import By
from landmark_desktop.gui.window import MainWindow

_KEYS = 30


def measure(folder: Path, number: int, stacks: bool) -> None:
    """Print the table for the library in ``folder``."""
    _app, window = open_window(folder)
    page = window.review
    settle(window)
    with Watchdog(stacks=stacks) as watch:

        def say(what: str, *values: str) -> None:
            row(what, *values, milliseconds(watch.longest(watch.phase)))

        def until_still() -> None:
            quiet = 0
            while quiet < 10:  # half a second: lists follow a little later
                spin(0.05)
                quiet = 0 if window.runner.busy or page.settling else quiet + 1

        for way in (By.LANDMARK, By.EVENT, By.SINGLE):
            watch.phase = f"the queue by {way}"
            window.show_page(page.view)
            start = time.perf_counter()
            page.go_by(way)
            spin_until(lambda: not page._reading)
            say(watch.phase, milliseconds(time.perf_counter() - start))
            until_still()
        for name, key in (("accept", "A"), ("reject", "X"), ("no landmark", "N"), ("skip", "S")):
            watch.phase = f"{name} one photo"
            times = [_pressed(key) for _ in range(_KEYS)]
            say(watch.phase, milliseconds(statistics.median(times)), milliseconds(max(times)))
            until_still()
        watch.phase = "take one back, until it is there again"
        start = time.perf_counter()
        _pressed_key(Qt.Key.Key_Backspace)
        until_still()
        say(watch.phase, milliseconds(time.perf_counter() - start))
        page.go_by(By.LANDMARK)
        until_still()
        ids = page.course.ids[:number]
        _one_group(window, ids)
        watch.phase = f"accept a group of {len(ids):,}"
        answer = _pressed("A")
        start = time.perf_counter()
        spin_until(lambda: not page.course._flying)
        say(watch.phase, milliseconds(answer), milliseconds(time.perf_counter() - start))
        until_still()
        watch.phase = "take the group back"
        start = time.perf_counter()
        _pressed_key(Qt.Key.Key_Backspace)
        spin(0.05)
        until_still()
        say(watch.phase, milliseconds(time.perf_counter() - start))
    watch.print_stacks()
    window.close()


def _one_group(window: MainWindow, ids: list[int]) -> None:
    """Have the group on show be these photos, however the library is grouped."""
    from dataclasses import replace

    course = window.review.course
    group = course.group
    assert group is not None
    one = replace(group, photos=tuple(ids))
    course.groups = [one, *(g for g in course.groups if g.key != one.key)]
    window.review._show()


def _pressed(key: str) -> float:
    return _timed(lambda: QTest.keyClicks(QApplication.focusWidget(), key))


def _pressed_key(key: Qt.Key) -> float:
    return _timed(lambda: QTest.keyClick(QApplication.focusWidget(), key))


def _timed(press: Callable[[], None]) -> float:
    def do() -> None:
        press()
        QApplication.processEvents()  # until it is painted

    return clock(do)[0]


def main() -> None:
    """Build a library in a process of its own, or use a copy of one, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--accept", type=int, default=8_000)
    parser.add_argument("--stacks", action="store_true", help="say who held the window up")
    parser.add_argument("--keep", type=Path, help="use a copy of this library")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="landmark-review-page-") as scratch:
        folder = Path(scratch) / "library"
        title(f"The Review page in a library of {chosen.photos:,} photos")
        if chosen.keep:
            shutil.copytree(chosen.keep, folder)
        else:
            command = [sys.executable, "-m", "benchmarks.big_library", str(folder)]
            subprocess.run([*command, str(chosen.photos)], check=True)
        row("", "answer, or read", "worst, or written", "window away for")
        measure(folder, chosen.accept, chosen.stacks)


if __name__ == "__main__":
    main()
