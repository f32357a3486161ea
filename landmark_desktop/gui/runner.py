"""Owns every thread of the window: tasks run in lanes, their news arrive on the main thread.

A lane is one worker thread that runs its jobs one after the other. Progress is merged while
the main thread is busy, so that a fast task cannot flood it, and the end of every job is
delivered whatever was raised.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from landmark_desktop import tasks
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Outcome, Progress, Task

_SWITCH_SECONDS = 0.0005
"""How long a worker may keep the interpreter from the main thread, a tenth of Python's default.
The main thread takes the interpreter back many times while it paints; at 5 ms a time and worker
that added up to half a second (benchmarks/window.py)."""


_PATIENT = frozenset({
    "import", "suggest", "photo-set", "evidence", "waiting", "previews", "tags", "organise",
    "examples", "history",
})  # fmt: skip


def give_way() -> None:
    """Let the calling thread, and those it will start, run behind the window's own.

    On Linux, where each thread has a niceness; elsewhere threads stay as they are.
    """
    if sys.platform.startswith("linux"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


class Job(QObject):
    """One task on its way. Lives on the main thread; both signals are emitted there.

    ``lane``: the one it was started on, empty for what runs on none.
    """

    progressed = Signal(object)  # Progress, its news merged since the last one
    ended = Signal(object)  # Outcome

    def __init__(
        self, title: str, visible: bool, stoppable: bool = True, lane: str = ""
    ) -> None:  # fmt: skip
        super().__init__()
        self.title = title
        self.lane = lane
        self.visible = visible
        self.stoppable = stoppable
        self.cancel = Cancel()
        self._lock = threading.Lock()
        self._pending: Progress | None = None

    def offer(self, progress: Progress) -> bool:
        """Merge in progress from the worker; return whether a delivery has to be posted."""
        with self._lock:
            before = self._pending
            if before is not None and before.news is not None:
                news = before.news if progress.news is None else before.news | progress.news
                progress = replace(progress, news=news)
            self._pending = progress
            return before is None

    def deliver(self) -> None:
        """Emit what has come together; on the main thread."""
        with self._lock:
            progress, self._pending = self._pending, None
        if progress is not None:
            self.progressed.emit(progress)


class Gathered:
    """The changes that a job has told of: what there is of it, should it not come to its end."""

    def __init__(self, job: Job) -> None:
        self._photos: set[int] = set()
        self._listing = self._tags = False
        job.progressed.connect(self._add)

    @property
    def changes(self) -> ChangeSet:
        """What has changed so far."""
        return ChangeSet(frozenset(self._photos), self._listing, tags=self._tags)

    def _add(self, progress: Progress) -> None:
        if isinstance(progress.news, ChangeSet):
            self._photos |= progress.news.photos
            self._listing |= progress.news.listing
            self._tags |= progress.news.tags


class Runner(QObject):
    """Starts jobs and calls, and ends them all at the end."""

    started = Signal(object)  # Job
    _posted = Signal(object)  # a callable for the main thread

    def __init__(self) -> None:
        super().__init__()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._jobs: list[Job] = []
        self._closing = False
        self._switch_before = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._posted.connect(self._run_posted, Qt.ConnectionType.QueuedConnection)

    def start(self, lane: str, title: str, make: Callable[[Cancel], Task[Any]], *,
              visible: bool = True, stoppable: bool = True) -> Job:  # fmt: skip
        """Run the task that ``make`` returns in ``lane``; its job tells how it goes.

        ``stoppable``: whether the task looks at its cancel token, so that a person can stop it.
        """
        job = Job(title, visible, stoppable, lane)
        self._jobs.append(job)

        def task() -> Task[Any]:
            # Made inside the task, so that a failure to make it is delivered like any other.
            return (yield from make(job.cancel))

        def work() -> None:
            outcome = tasks.run(task(), on_progress)
            self._posted.emit(lambda: self._end(job, outcome))

        def on_progress(progress: Progress) -> None:
            if job.offer(progress):
                self._posted.emit(job.deliver)

        self._lane(lane).submit(work)
        self.started.emit(job)
        return job

    def call(self, lane: str, function: Callable[[], Any], then: Callable[[Any], None],
             failed: Callable[[BaseException], None] | None = None) -> None:  # fmt: skip
        """Run ``function`` in ``lane`` and hand its result to ``then`` on the main thread.

        An exception goes to ``failed``; without one it is raised on the main thread, where
        the program's handler shows it.
        """

        def task(_cancel: Cancel) -> Task[Any]:
            return function()
            yield  # makes this a generator: a task without progress

        def ended(outcome: Outcome[Any]) -> None:
            match outcome:
                case tasks.Succeeded(result):
                    then(result)
                case tasks.Failed(error) if failed is not None:
                    failed(error)
                case tasks.Failed(error):
                    raise error

        self.start(lane, "", task, visible=False).ended.connect(ended)

    @property
    def busy(self) -> bool:
        """Whether any job is running or waiting."""
        return bool(self._jobs)

    def close(self) -> None:
        """Interrupt every job and wait for the threads; nothing is delivered afterwards."""
        self._closing = True
        for job in self._jobs:
            job.cancel.interrupt()
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)
        self._jobs.clear()
        sys.setswitchinterval(self._switch_before)

    def _lane(self, name: str) -> ThreadPoolExecutor:
        if name not in self._lanes:
            self._lanes[name] = ThreadPoolExecutor(
                1, f"lane-{name}", initializer=give_way if name in _PATIENT else None
            )
        return self._lanes[name]

    def _end(self, job: Job, outcome: Outcome[Any]) -> None:
        job.deliver()
        self._jobs.remove(job)
        job.ended.emit(outcome)

    def _run_posted(self, callback: Callable[[], None]) -> None:
        if not self._closing:
            callback()
