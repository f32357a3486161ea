"""Drive a task from the command line, with its progress on the terminal's error stream."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import click

from landmark_desktop.tasks import Cancel, Task

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
                click.echo(f"\r\x1b[2K{progress.in_words()}", nl=False, err=True)
    except StopIteration as end:
        result: R = end.value
        return result
    finally:
        if watched:
            click.echo("\r\x1b[2K", nl=False, err=True)
        task.close()


@contextlib.contextmanager
def stopping() -> Iterator[Cancel]:
    """Yield a token that Ctrl+C sets: what is in the middle of a file finishes it first."""
    cancel = Cancel()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: cancel.set())
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)


def one_line(path: Path) -> str:
    """Return a path for a line of output: line breaks and other controls as escapes."""
    return "".join(
        c if c.isprintable() or "\ud800" <= c <= "\udfff" else ascii(c)[1:-1] for c in str(path)
    )
