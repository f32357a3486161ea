"""How soon the window is on screen, of the program as a person starts it: from source, or built.

    python -m benchmarks.startup                                    # from source, ten warm starts
    python -m benchmarks.startup --program dist/LandmarkDesktop/LandmarkDesktop
    python -m benchmarks.startup --second                           # until a second start is done

Each start is a process of its own on a new library. The program says in its log when its window
was painted; the time runs from before the process is made. The straightforward way imports torch
and the decoders before the window opens.
"""

from __future__ import annotations

import argparse
import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.common import milliseconds, ratio, row, title

_LIMIT = 120.0
_TORCH = "import torch, numpy, PIL.Image, exiv2; from landmark_desktop.__main__ import main; main()"


def start(command: list[str], library: Path) -> tuple[float, subprocess.Popen[bytes]]:
    """Start the window; return the seconds until it was painted, and its process."""
    begun = time.time()
    process = subprocess.Popen([*command, "--library", str(library)], stderr=subprocess.DEVNULL)
    log = library / "landmark-desktop.log"
    while True:
        for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
            if line.endswith("gui.app: on screen"):
                stamp = datetime.datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f")
                return stamp.timestamp() - begun, process
        if process.poll() is not None or time.time() - begun > _LIMIT:
            process.kill()
            raise RuntimeError(f"{command} opened no window (exit status {process.poll()})")
        time.sleep(0.05)


def end(process: subprocess.Popen[bytes]) -> None:
    """Close the window as the system does."""
    process.terminate()
    process.wait(_LIMIT)


def measure(command: list[str], runs: int) -> list[float]:
    """Return the seconds of ``runs`` starts behind one that warms the system's cache."""
    seconds = []
    for _ in range(runs + 1):
        with tempfile.TemporaryDirectory(prefix="landmark-start-") as library:
            shown, process = start(command, Path(library))
            end(process)
        seconds.append(shown)
    return seconds[1:]


def second(command: list[str], runs: int) -> list[float]:
    """Return the seconds that second starts take, from process to its end, the window open."""
    seconds = []
    with tempfile.TemporaryDirectory(prefix="landmark-start-") as library:
        _, process = start(command, Path(library))
        time.sleep(5)  # torch is loaded meanwhile
        for _ in range(runs):
            begun = time.perf_counter()
            subprocess.run([*command, "--library", library], check=True, stderr=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - begun)
        end(process)
    return seconds


def main() -> None:
    """Measure one way of starting."""
    parser = argparse.ArgumentParser(description="How soon the window is on screen.")
    parser.add_argument("--program", type=Path, help="the executable of a built program")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--second", action="store_true", help="time a second start instead")
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a person's start is compiled already
    command = [sys.executable, "-m", "landmark_desktop"]
    if chosen.program is not None:
        command = [str(chosen.program.resolve())]
    title(f"Start of {' '.join(command)}, warm, {chosen.runs} times")
    if chosen.second:
        what, times = "second start, paths handed over", second(command, chosen.runs)
    else:
        what, times = "process start to window on screen", measure(command, chosen.runs)
    row(what, milliseconds(statistics.median(times)), f"best {milliseconds(min(times))}",
        f"worst {milliseconds(max(times))}")  # fmt: skip
    if chosen.program is None and not chosen.second:
        plain = measure([sys.executable, "-c", _TORCH], 3)
        row("straightforward: torch and decoders first", milliseconds(statistics.median(plain)),
            ratio(statistics.median(plain), statistics.median(times)))  # fmt: skip


if __name__ == "__main__":
    main()
