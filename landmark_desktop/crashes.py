"""Whether the last session of the window ended well, and what is left of one that did not.

A mark lies on disk while a session runs and goes when it ends. Found at a start, it means that
the session before crashed or was killed. ``faulthandler`` writes where the program was when it
crashed; that becomes a report beside the mark. All of it stays on this computer.
"""

from __future__ import annotations

import contextlib
import datetime
import faulthandler
import json
import logging
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from landmark_desktop import __version__, atomic

log = logging.getLogger(__name__)

SAFE_AFTER = 2
"""Crashes in a row after which the program starts in safe mode."""
_KEPT = 5  # reports
_MARK, _FAULTS = "session.json", "faults.log"
_MOST_FAULTS = 256 * 1024  # characters of a report


@dataclass(frozen=True)
class Past:
    """How the sessions just before this one ended.

    ``crashes``: how many of them in a row did not end well. ``report``: what is known of the
    last of these.
    """

    crashes: int = 0
    report: Path | None = None


class Session:
    """One run of the window, marked in ``folder`` from ``begin`` to ``end``."""

    def __init__(self, folder: Path, past: Past, faults: TextIO | None) -> None:
        self.past = past
        self._folder = folder
        self._faults = faults

    @staticmethod
    def begin(folder: Path) -> Session:
        """Look how the last session ended, and mark this one. At most one runs in a folder.

        Where the folder cannot be written nothing is marked, and the log says so.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            past = _past(folder)
            mark = {
                "crashes": past.crashes,
                "started": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
                "program": about(),
                "process": os.getpid(),
            }
            faults = (folder / _FAULTS).open("w", encoding="utf-8")
            atomic.write_bytes(folder / _MARK, json.dumps(mark, indent=1).encode())
        except OSError as error:
            log.warning("crashes will not be noticed: %s", error)
            return Session(folder, Past(), None)
        faulthandler.enable(faults)
        return Session(folder, past, faults)

    def end(self) -> None:
        """Note that this session ended well."""
        if self._faults is None:
            return
        faulthandler.disable()
        self._faults.close()
        self._faults = None
        for name in (_MARK, _FAULTS):
            with contextlib.suppress(OSError):
                (self._folder / name).unlink()


def reports(folder: Path) -> list[Path]:
    """Return the reports of crashes, the newest first."""
    return sorted(folder.glob("crash *.txt"), reverse=True)


def about() -> str:
    """Return which program runs on what, in one line, for a report."""
    built = " (built)" if getattr(sys, "frozen", False) else ""
    return (
        f"Landmark Desktop {__version__}{built}, Python {platform.python_version()}, "
        f"{platform.platform(terse=True)}"
    )


def _past(folder: Path) -> Past:
    try:
        mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Past()
    except ValueError:
        mark = None
    if not isinstance(mark, dict):
        mark = {}  # damaged: a session there was
    before = mark.get("crashes", 0)
    return Past(before + 1 if isinstance(before, int) else 1, _report(folder, mark))


def _report(folder: Path, mark: dict[str, object]) -> Path:
    """Write down what is known of the session that left ``mark``; raises ``OSError``."""
    faults, ended = "", datetime.datetime.now().astimezone()
    with contextlib.suppress(OSError):
        with (folder / _FAULTS).open(encoding="utf-8", errors="replace") as file:
            faults = file.read(_MOST_FAULTS).strip()
        # What the mark cannot say: the file was last written when the program crashed.
        ended = datetime.datetime.fromtimestamp((folder / _FAULTS).stat().st_mtime).astimezone()
    if faults:
        what = f"It crashed at {ended:%Y-%m-%d %H:%M:%S}. Where each thread was:\n\n{faults}"
    else:
        what = (
            "It left no trace of a crash: it was killed (by the system where memory ran out, by a "
            "task manager), or the computer went off."
        )
    text = (
        "A session of Landmark Desktop did not end well.\n\n"
        f"Program: {mark.get('program', 'not known')}\nStarted: {mark.get('started', 'not known')}"
        f"\n\n{what}\n"
    )
    # Noticed now, so that reports sort by the order of the crashes.
    path = folder / f"crash {datetime.datetime.now():%Y-%m-%d %H.%M.%S.%f}.txt"
    atomic.write_bytes(path, text.encode())
    for old in reports(folder)[_KEPT:]:
        with contextlib.suppress(OSError):
            old.unlink()
    return path
