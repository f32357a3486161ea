"""How to start the trainer as a child process, and what its run's folder holds afterwards.

Torch-free: the window leans on this.

The child prints one event a line on stdout (``events.from_line``) and obeys lines on stdin
(``control.COMMANDS``); the end of its stdin stops it behind a checkpoint.
"""

from __future__ import annotations

import sys
from pathlib import Path

SPEC, EVENTS, CHECKPOINT = "spec.json", "events.jsonl", "checkpoint.pt"
MODEL, REPORT = "model.pt", "report.html"
JUDGEMENT = "judgement.json"
"""Names of the files in a run's folder. The judgement names the person's photos and their
paths: it is for the person, and no part of the bundle."""

ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",  # events are to arrive when they happen
    "PYTHONUTF8": "1",  # class names are any text, also where the console's is not UTF-8
}
"""What the child's environment needs beside its parent's."""


BUILT_IN = "--trainer"
"""The first argument by which the built program, which is its own Python, is the trainer."""


def command(*arguments: str) -> list[str]:
    """Return the command line that runs ``landmark-train`` with ``arguments``."""
    way_in = [BUILT_IN] if getattr(sys, "frozen", False) else ["-m", "training"]
    return [sys.executable, *way_in, *arguments]


def fit_command(spec: Path, run: Path, *, resume: bool = False) -> list[str]:
    """Return the command that trains as the file ``spec`` says, led through its pipes."""
    arguments = ["fit", "--spec", str(spec), "--out", str(run), "--events", "--follow-stdin"]
    return command(*arguments, *(["--resume"] if resume else []))
