"""Long work as generators: they yield progress, check a cancel token, return a result.

Free of Qt and of threads. The command line drives a task directly; the window's runner
drives it on a worker thread. Each task ends in exactly one ``Outcome``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True)
class Progress:
    """How far a task is. ``total`` is ``None`` while unknown.

    ``what``: one short line for the person. ``rate``: items per second, where it means
    something. ``news``: what has changed since the last progress, for views to show.
    """

    done: int
    total: int | None
    what: str
    rate: float | None = None
    news: object = None

    @property
    def seconds_left(self) -> float | None:
        """Time left at the present rate, or ``None`` where nothing can be said."""
        if not self.rate or self.total is None:
            return None
        return max(self.total - self.done, 0) / self.rate

    def in_words(self) -> str:
        """Return progress as one short line: what, how far, how fast, how long still."""
        parts = [self.what]
        if self.total:
            parts.append(f"{self.done:,} of {self.total:,}")
        if self.rate:
            parts.append(f"{self.rate:.{0 if self.rate >= 10 else 1}f} photos/s")
        if (left := self.seconds_left) is not None and left >= 1:
            parts.append(f"{duration(left)} left")
        return " · ".join(parts)


def duration(seconds: float) -> str:
    """Return a time span the way people say it: ``40 s``, ``3 min``, ``2 h 5 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


class Cancelled(Exception):  # noqa: N818 - not an error: the person asked for it
    """Raised inside a task at the point where it notices that it was cancelled."""


class Interrupted(Cancelled):
    """The program is closing: what the task had in hand is to go on at the next start."""


class Cancel:
    """A token that asks a task to stop. Any thread may set it; it cannot be taken back."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._reason: type[Cancelled] = Cancelled

    def set(self) -> None:
        """Ask the task to stop at its next check: the person does not want it any more."""
        self._event.set()

    def interrupt(self) -> None:
        """Ask the task to stop at its next check, for now: the program is closing."""
        if not self._event.is_set():
            self._reason = Interrupted
            self._event.set()

    @property
    def is_set(self) -> bool:
        """Whether the task was asked to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise ``Cancelled``, or ``Interrupted``, if the task was asked to stop."""
        if self._event.is_set():
            raise self._reason


Task = Generator[Progress, None, R]


@dataclass(frozen=True)
class Succeeded(Generic[R]):
    """The task ran to its end."""

    result: R


@dataclass(frozen=True)
class Failed:
    """The task raised ``error``."""

    error: BaseException


@dataclass(frozen=True)
class WasCancelled:
    """The task stopped because it was asked to; what it had done stays."""


Outcome = Succeeded[R] | Failed | WasCancelled


def run(task: Task[R], on_progress: Callable[[Progress], None]) -> Outcome[R]:
    """Drive ``task`` to its end and say which end it was, whatever was raised.

    ``BaseException`` is caught on purpose: a worker thread that dies of MemoryError or
    SystemExit would otherwise leave the window waiting for ever.
    """
    try:
        while True:
            try:
                progress = next(task)
            except StopIteration as end:
                return Succeeded(end.value)
            on_progress(progress)
    except Cancelled:
        return WasCancelled()
    except BaseException as error:  # noqa: BLE001
        return Failed(error)
    finally:
        task.close()


def finish(task: Task[R]) -> R:
    """Drive a short ``task`` to its end on this thread; whatever it raises comes out here."""
    while True:
        try:
            next(task)
        except StopIteration as end:
            result: R = end.value
            return result


def told(task: Task[R], tell: Callable[[Progress], Progress]) -> Task[R]:
    """Do a task as part of another one, its progress told as ``tell`` makes it."""
    while True:
        try:
            progress = next(task)
        except StopIteration as end:
            result: R = end.value
            return result
        yield tell(progress)


class Speed:
    """Items per second over the last few seconds, so that a slow start is soon forgotten."""

    def __init__(self, window: float = 8.0) -> None:
        self._window = window
        self._points: list[tuple[float, int]] = [(time.monotonic(), 0)]

    def at(self, done: int) -> float | None:
        """Note that ``done`` items are finished; return the present rate if there is one."""
        now = time.monotonic()
        self._points.append((now, done))
        while len(self._points) > 2 and now - self._points[1][0] > self._window:
            self._points.pop(0)
        start, before = self._points[0]
        elapsed = now - start
        return (done - before) / elapsed if elapsed > 0.2 and done > before else None


def at_once(function: Callable[[], R]) -> Callable[[Cancel], Task[R]]:
    """Return what makes a task of a function that takes no time worth telling of."""

    def task(_cancel: Cancel) -> Task[R]:
        return function()
        yield  # makes this a generator

    return task
