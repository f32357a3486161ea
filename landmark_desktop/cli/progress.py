"""Drive a task from the command line, with its progress on the terminal's error stream."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeVar

import click

from landmark_desktop.tasks import Cancel, Cancelled, Task

R = TypeVar("R")
_CLEAR = "\r\x1b[2K"


def drive(task: Task[R], cancel: Cancel, *, whole: bool = False) -> R:
    """Run ``task`` to its end and return its result; whatever it raises comes out here.

    Progress is one line that rewrites itself, and only where a person is watching. Ctrl+C has the
    task stop by ``cancel``, where that does no harm, and ends the program with status 130; pressed
    again it ends it at once. ``whole``: the task takes back what it had done of it then.
    """
    watched = sys.stderr.isatty()
    with _interrupting(cancel):
        try:
            while True:
                progress = next(task)
                if watched:
                    click.echo(f"{_CLEAR}{progress.in_words()}", nl=False, err=True)
        except StopIteration as end:
            result: R = end.value
            return result
        except Cancelled:
            rest = "Nothing was changed." if whole else "What was finished is kept."
            click.echo(f"{_CLEAR if watched else ''}Stopped. {rest}", err=True)
            raise click.exceptions.Exit(130) from None
        finally:
            if watched:
                click.echo(_CLEAR, nl=False, err=True)
            task.close()


@contextmanager
def _interrupting(cancel: Cancel) -> Iterator[None]:
    """Have the first Ctrl+C ask for a stop, and the next one be a ``KeyboardInterrupt`` again."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is not signal.default_int_handler:  # ignored, say, in the background of a script
        yield
        return

    def ask(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, usual)
        cancel.interrupt()
        if sys.stderr.isatty():
            # Not by the stream: it may be in the middle of writing.
            text = f"{_CLEAR}Stopping. Ctrl+C again stops at once."
            os.write(sys.stderr.fileno(), text.encode())

    signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def one_line(text: Path | str) -> str:
    """Return a path or text for a line of output: line breaks and other controls as escapes."""
    return "".join(
        c if c.isprintable() or "\ud800" <= c <= "\udfff" else ascii(c)[1:-1] for c in str(text)
    )
