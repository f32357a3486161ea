"""Drive a task from the command line, with its progress on the terminal's error stream."""

from __future__ import annotations

import sys
from typing import TypeVar

import click

from landmark_desktop.tasks import Progress, Task

R = TypeVar("R")


def drive(task: Task[R]) -> R:
    """Run ``task`` to its end and return its result; whatever it raises comes out here.

    Progress is one line that rewrites itself, and only where a person is watching.
    """
    watched = sys.stderr.isatty()
    try:
        while True:
            progress = next(task)
            if watched:
                click.echo(f"\r\x1b[2K{in_words(progress)}", nl=False, err=True)
    except StopIteration as end:
        result: R = end.value
        return result
    finally:
        if watched:
            click.echo("\r\x1b[2K", nl=False, err=True)
        task.close()


def in_words(progress: Progress) -> str:
    """Return progress as one short line: what, how far, how fast, how long still."""
    parts = [progress.what]
    if progress.total:
        parts.append(f"{progress.done} of {progress.total}")
    if progress.rate:
        parts.append(f"{progress.rate:.{0 if progress.rate >= 10 else 1}f} photos/s")
    if (left := progress.seconds_left) is not None and left >= 1:
        parts.append(f"{duration(left)} left")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Return a time span the way people say it: ``40 s``, ``3 min``, ``2 h 5 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
