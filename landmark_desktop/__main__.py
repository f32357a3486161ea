"""The entry of the program: the window, or a command without one."""

from __future__ import annotations

import multiprocessing


def main() -> None:
    """Run ``landmark-desktop``."""
    multiprocessing.freeze_support()
    from landmark_desktop.cli.main import command

    command(prog_name="landmark-desktop")


if __name__ == "__main__":
    main()
