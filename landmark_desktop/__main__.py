"""The entry of the program: the window, or a command without one; or, when built, the trainer."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path
from typing import IO


def main() -> None:
    """Run ``landmark-desktop``."""
    multiprocessing.freeze_support()
    if getattr(sys, "frozen", False):
        _settle_in()
    from training import launch

    if sys.argv[1:2] == [launch.BUILT_IN]:
        from training.cli import main as train

        train(args=sys.argv[2:], prog_name="landmark-train")
    from landmark_desktop.cli.main import command

    command(prog_name="landmark-desktop")


def _settle_in() -> None:
    """Give the built program the streams and the surroundings that Python's own would have."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:  # a window's program on Windows
            setattr(sys, name, _stream(number))
    # Set by the program's starter for its own libraries. Other programs, such as the browser
    # that shows a report, are not to load these.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elif sys.platform.startswith("linux"):
        os.environ.pop("LD_LIBRARY_PATH", None)


def _stream(number: int) -> IO[str]:
    """Open the pipe or file that the parent handed over, or nothing."""
    mode = "r" if number == 0 else "w"
    try:
        return os.fdopen(number, mode, encoding="utf-8", closefd=False)
    except OSError:
        return Path(os.devnull).open(mode, encoding="utf-8")


if __name__ == "__main__":
    main()
