"""The window: how soon it is there, what a dropped folder does to it, and 100,000 photos in it.

    python -m benchmarks.window                   # everything, each part in its own process
    python -m benchmarks.window --part drop --stacks   # one part; who held the main thread up

Runs offscreen. A timer of 1 ms on the main thread says how long the event loop was away.
The straightforward way does the same work on the main thread, which is then away throughout.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from benchmarks.common import (
    TWO_MEGAPIXELS,
    milliseconds,
    peak_memory,
    per_second,
    photos,
    ratio,
    row,
    title,
    warm,
)
from benchmarks.onscreen import Paints, open_window, settle, spin_until
from benchmarks.watchdog import Watchdog
from landmark_desktop import tasks
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.suggest import GETTING_READY, suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Job
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.tasks import Cancel, Progress

_OPENINGS = 5


# -- from process start to the screen ----------------------------------------------------------


def child_open(library: Path, since: float, pictures: bool) -> None:
    """Start as ``landmark-desktop --library`` does; print when what was painted; close."""
    from landmark_desktop.cli.main import command
    from landmark_desktop.gui import window as module

    class Observed(MainWindow):
        def __init__(self, workspace: Workspace) -> None:
            super().__init__(workspace)
            self._paints = Paints(self)
            self._timer = self.startTimer(2)

        def timerEvent(self, _event: object) -> None:
            moments = self._paints.moments
            last = "screenful" if pictures else "window"
            if moments.get(last):
                self.killTimer(self._timer)
                print(json.dumps({what: at - since for what, at in moments.items()}), flush=True)
                self.close()

    vars(module)["MainWindow"] = Observed
    command(["--library", str(library)], prog_name="landmark-desktop")


def _open_once(library: Path, *options: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.window", "--part", "open", "--library"]
    run = subprocess.run(
        [*command, str(library), "--since", str(time.time()), *options],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    moments: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return moments


def opening(large: Path) -> None:
    """Print the times to the first paint and to the first thumbnails, each process fresh."""
    with tempfile.TemporaryDirectory(prefix="landmark-window-") as empty:
        shown = [_open_once(Path(empty))["window"] for _ in range(_OPENINGS)]
    full = [_open_once(large, "--pictures") for _ in range(3)]
    bare = []
    for _ in range(3):
        start = time.time()
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        bare.append(time.time() - start)
    row(f"process start to window painted (from source, warm, {_OPENINGS}x)",
        milliseconds(statistics.median(shown)), f"worst {milliseconds(max(shown))}")  # fmt: skip
    for what in ("window", "thumbnail", "screenful"):
        times = [moments[what] for moments in full]
        worst = f"worst {milliseconds(max(times))}"
        row(f"with 100,000 photos: {what} painted (3x)",
            milliseconds(statistics.median(times)), worst)  # fmt: skip
    extra = statistics.median(bare)
    row("straightforward: the same with torch imported first",
        milliseconds(statistics.median(shown) + extra),
        ratio(statistics.median(shown) + extra, statistics.median(shown)))  # fmt: skip


# -- a folder is dropped -----------------------------------------------------------------------


class _Phases:
    """Tells the watchdog what runs, and keeps when the jobs began and ended."""

    def __init__(self, window: MainWindow, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._running: set[str] = set()
        self.moments: dict[str, float] = {}
        window.runner.started.connect(self._on_started)

    def _on_started(self, job: Job) -> None:
        if job.title not in ("Importing", "Suggesting"):
            return
        job.progressed.connect(lambda progress: self._on_progress(job, progress))
        job.ended.connect(lambda _outcome: self._on_ended(job))
        if job.title == "Importing":
            self._change({"importing"}, set())

    def _on_progress(self, job: Job, progress: Progress) -> None:
        if job.title != "Suggesting":
            return
        if progress.what == GETTING_READY:
            self._change({"loading torch"} if "loaded" not in self.moments else set(), set())
        else:
            self.moments.setdefault("loaded", time.perf_counter())
            self._change({"suggesting"}, {"loading torch"})

    def _on_ended(self, job: Job) -> None:
        self.moments[job.title] = time.perf_counter()
        gone = {"importing"} if job.title == "Importing" else {"suggesting", "loading torch"}
        self._change(set(), gone)

    def _change(self, begun: set[str], ended: set[str]) -> None:
        self._running = (self._running | begun) - ended
        self._watchdog.phase = " + ".join(sorted(self._running)) or "afterwards"


def drop(scratch: Path, count: int, stacks: bool) -> None:
    """Drop a folder on the window and print what it did to the main thread."""
    folder, paths = photos(count, TWO_MEGAPIXELS)
    warm(paths)
    app, window = open_window(scratch / "dropped")
    settle(window)
    paints = Paints(window)
    watchdog = Watchdog(stacks=stacks)
    with watchdog:
        phases = _Phases(window, watchdog)
        watchdog.phase = "getting the model ready"
        window.library.begin([])
        settle(window)
        watchdog.phase = "drop"
        start, start_clock = time.perf_counter(), time.time()
        _drop(window, folder)
        spin_until(lambda: "Importing" in phases.moments)
        settle(window)
    seen = len(window.library.model.ids)
    assert seen == count, f"{seen} of {count} photos arrived"
    moments = phases.moments
    row("drop to first thumbnail painted", milliseconds(paints.moments["thumbnail"] - start_clock))
    row("drop to a screen full of thumbnails",
        milliseconds(paints.moments["screenful"] - start_clock))  # fmt: skip
    imported, suggested = moments["Importing"] - start, moments["Suggesting"] - start
    row("import, with all else running", per_second(count, imported))
    row("suggestions, from torch being ready",
        per_second(count, moments["Suggesting"] - moments["loaded"]))  # fmt: skip
    row("drop to first suggestions", f"{moments['loaded'] - start:.1f} s")
    row("drop to last suggestion", f"{suggested:.1f} s", per_second(count, suggested))
    row("peak memory, torch included", peak_memory())
    print()
    row("main thread away while", "longest", "over 100 ms", "over 50 ms")
    for phase in watchdog.gaps:
        row(phase, milliseconds(watchdog.longest(phase)), str(watchdog.over(phase)),
            str(watchdog.over(phase, 0.05)))  # fmt: skip
    longest = max(map(watchdog.longest, watchdog.gaps))
    window.close()
    app.processEvents()
    plain = _on_the_main_thread(scratch / "plain", folder)
    row("straightforward: the same on the main thread", f"{plain:.1f} s", ratio(plain, longest))
    watchdog.print_stacks()


def _drop(window: MainWindow, folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    common = (
        Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    middle = window.rect().center()
    QApplication.sendEvent(window, QDragEnterEvent(middle, *common))
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), *common))


def _on_the_main_thread(library: Path, folder: Path) -> float:
    """Import and look at the folder one after the other (torch is loaded already)."""
    workspace = Workspace.open(library)
    start = time.perf_counter()
    try:
        for task in (
            import_photos(workspace, [folder], Cancel()),
            suggest_for_library(workspace, Cancel()),
        ):
            outcome = tasks.run(task, lambda _progress: None)
            assert isinstance(outcome, tasks.Succeeded), outcome
    finally:
        workspace.close()
    return time.perf_counter() - start


# -- everything --------------------------------------------------------------------------------


def main() -> None:
    """Run one part, or all of them in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--part", choices=["open", "opening", "drop", "grid", "all"], default="all")
    parser.add_argument("--photos", type=int, default=1000, help="photos to drop")
    parser.add_argument("--large", type=int, default=100_000, help="photos in the large library")
    parser.add_argument("--keep", type=Path, help="make the large library here and keep it")
    parser.add_argument("--stacks", action="store_true", help="print who held the main thread up")
    parser.add_argument("--library", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--since", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--pictures", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part == "open":
        child_open(chosen.library, chosen.since, chosen.pictures)
        return
    title("The window, offscreen")
    with tempfile.TemporaryDirectory(prefix="landmark-window-") as folder:
        scratch = Path(folder)
        large = chosen.keep or scratch / "large"
        if chosen.part != "drop" and not (large / "library.sqlite").exists():
            _child("benchmarks.big_library", str(large), str(chosen.large), "--window")
        if chosen.part in ("opening", "all"):
            opening(large)
        if chosen.part == "drop":
            drop(scratch, chosen.photos, chosen.stacks)
        elif chosen.part == "all":
            print(f"\nA folder of {chosen.photos:,} photos of 1600x1200 is dropped")
            sys.stdout.flush()
            _child("benchmarks.window", "--part", "drop", "--photos", str(chosen.photos))
        if chosen.part in ("grid", "all"):
            print(flush=True)
            _child("benchmarks.grid", str(large), *(["--stacks"] if chosen.stacks else []))
        shutil.rmtree(scratch / "large", ignore_errors=True)


def _child(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)


if __name__ == "__main__":
    main()
