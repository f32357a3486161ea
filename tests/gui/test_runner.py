"""The runner delivers every end on the main thread, merges progress, and stops its threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Failed, Progress, Succeeded, Task, WasCancelled


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    made = Runner()
    yield made
    made.close()


def fast(_cancel: Cancel) -> Task[str]:
    for number in range(5000):
        yield Progress(number + 1, 5000, "Counting", news=ChangeSet(frozenset({number})))
    return "done"


def test_a_fast_task_loses_no_news_and_ends_once(qtbot: QtBot, runner: Runner) -> None:
    job = runner.start("a", "Fast", fast)
    seen: set[int] = set()
    threads: set[threading.Thread] = set()
    deliveries: list[int] = []

    def on_progress(progress: Progress) -> None:
        assert isinstance(progress.news, ChangeSet)
        seen.update(progress.news.photos)
        threads.add(threading.current_thread())
        deliveries.append(progress.done)

    ends: list[Any] = []
    job.progressed.connect(on_progress)
    job.ended.connect(ends.append)
    qtbot.waitUntil(lambda: bool(ends))
    assert ends == [Succeeded("done")]
    assert seen == set(range(5000))
    assert deliveries == sorted(deliveries)
    assert threads == {threading.main_thread()}
    assert not runner.busy


@pytest.mark.parametrize("error", [MemoryError("full"), RuntimeError("torch"), SystemExit(1)])
def test_whatever_is_raised_arrives(qtbot: QtBot, runner: Runner, error: BaseException) -> None:
    def failing(_cancel: Cancel) -> Task[None]:
        yield Progress(0, 1, "Trying")
        raise error

    with qtbot.waitSignal(runner.start("a", "Failing", failing).ended) as blocker:
        pass
    assert blocker.args == [Failed(error)]


def test_even_a_task_that_cannot_be_made_ends(qtbot: QtBot, runner: Runner) -> None:
    def make(_cancel: Cancel) -> Task[None]:
        raise ValueError("no task")

    with qtbot.waitSignal(runner.start("a", "Never", make).ended) as blocker:
        pass
    assert isinstance(blocker.args[0], Failed)


def test_cancelling(qtbot: QtBot, runner: Runner) -> None:
    def endless(cancel: Cancel) -> Task[None]:
        while True:
            cancel.check()
            yield Progress(0, None, "Waiting")
            time.sleep(0.001)

    job = runner.start("a", "Endless", endless)
    qtbot.waitSignal(job.progressed).wait()
    with qtbot.waitSignal(job.ended) as blocker:
        job.cancel.set()
    assert blocker.args == [WasCancelled()]


def test_jobs_of_one_lane_follow_each_other(qtbot: QtBot, runner: Runner) -> None:
    order: list[int] = []
    for number in range(20):
        runner.call("a", lambda n=number: order.append(n), lambda _: None)
    qtbot.waitUntil(lambda: not runner.busy)
    assert order == list(range(20))


def test_a_call_that_fails_is_not_swallowed(qtbot: QtBot, runner: Runner) -> None:
    def fail() -> None:
        raise ValueError("told")

    told: list[BaseException] = []
    runner.call("a", fail, lambda _: None, told.append)
    qtbot.waitUntil(lambda: bool(told))
    with capture_exceptions() as raised:
        runner.call("a", fail, lambda _: None)
        qtbot.waitUntil(lambda: not runner.busy)
        qtbot.wait(20)
    assert [str(error[1]) for error in raised] == ["told"]


def test_closing_ends_running_jobs_and_delivers_nothing_more(qtbot: QtBot) -> None:
    runner = Runner()

    def endless(cancel: Cancel) -> Task[None]:
        while True:
            cancel.check()
            yield Progress(0, None, "Waiting")

    job = runner.start("a", "Endless", endless)
    qtbot.waitSignal(job.progressed).wait()
    ends: list[Any] = []
    job.ended.connect(ends.append)
    runner.close()
    qtbot.wait(20)
    assert ends == []
