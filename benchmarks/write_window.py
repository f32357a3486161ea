"""Writing from the window: what holds the main thread up while tags go into files.

    python -m benchmarks.write_window [--photos 2000] [--stacks]
    python -m benchmarks.write_window --large 100000      # rows without files: counting, listing

Runs offscreen. A timer of 1 ms on the main thread says how long the event loop was away.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.common import milliseconds, row, small_pictures, title
from benchmarks.onscreen import open_window, spin, spin_until
from benchmarks.watchdog import Watchdog
from landmark_desktop.actions import tags
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.tasks import Cancel, finish

_LIMIT = 900.0  # seconds a phase may take


def files(library: Path, folder: Path, number: int) -> None:
    """Import ``number`` small photos, each with two tags that no file has."""
    folder.mkdir()
    drawn = small_pictures(50, 256)
    for n in range(number):  # the content counts: equal photos would be one
        (folder / f"{n:05}.jpg").write_bytes(drawn[n % 50] + n.to_bytes(3, "big"))
    workspace = Workspace.open(library)
    finish(import_photos(workspace, [folder], Cancel()))
    _tag(workspace, "Places", "France", "Paris")
    workspace.close()


def _tag(workspace: Workspace, *path: str) -> None:
    rows = workspace.library.read().execute("SELECT id FROM photo")
    tags.add(workspace, [each[0] for each in rows], path)


def measure(library: Path, *, write: bool, stacks: bool) -> None:
    """Print the table for a library."""
    _app, window = open_window(library)
    with Watchdog(stacks=stacks) as watch:

        def phase(what: str, do: Callable[[], object]) -> None:
            watch.phase = what
            start = time.perf_counter()
            do()
            spin(0.1)
            spin_until(lambda: _still(window), limit=_LIMIT)
            took = time.perf_counter() - start
            over = str(watch.over(what))
            row(what, f"{took:.1f} s", milliseconds(watch.longest(what)), over)

        phase("nothing, 5 s: the machine's own share", lambda: spin(5))
        phase("counting what waits", window.writing.begin)
        phase("opening the dialog (Ctrl+S)", window.writing.open)
        dialog = window.writing.dialog
        assert dialog is not None
        phase("paging down, 60 screens", lambda: _press(dialog.table, Qt.Key.Key_PageDown, 60))
        phase("to the end", lambda: _press(dialog.table, Qt.Key.Key_End, 1))
        if write:
            phase("writing all", dialog.start)
            phase("undoing it (Ctrl+Z)", window.library.undo)
    watch.print_stacks()
    window.close()


def _still(window: MainWindow) -> bool:
    return not (window.runner.busy or window.writing.settling or window.library.settling)


def _press(table: object, key: Qt.Key, times: int) -> None:
    for _ in range(times):
        QTest.keyClick(table, key)
        QApplication.processEvents()
        spin(0.05)


def main() -> None:
    """Build a library and measure the window on it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--large", type=int, help="so many photos instead, without files")
    parser.add_argument("--stacks", action="store_true", help="say who held the window up")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="landmark-write-window-") as scratch:
        library = Path(scratch) / "library"
        title(f"Writing from the window, {chosen.large or chosen.photos:,} photos")
        if chosen.large:
            command = [sys.executable, "-m", "benchmarks.big_library", str(library)]
            subprocess.run([*command, str(chosen.large)], check=True)
            workspace = Workspace.open(library)
            _tag(workspace, "Mine")
            workspace.close()
        else:
            files(library, Path(scratch) / "photos", chosen.photos)
        row("", "until all was still", "window away for", "over 100 ms")
        measure(library, write=not chosen.large, stacks=chosen.stacks)


if __name__ == "__main__":
    main()
