"""Tasks end in exactly one way, whatever is raised, and say how far they are."""

from __future__ import annotations

import pytest

from landmark_desktop.tasks import (
    Cancel,
    Failed,
    Progress,
    Succeeded,
    Task,
    WasCancelled,
    duration,
    run,
)


def counting(cancel: Cancel, to: int) -> Task[int]:
    for number in range(to):
        cancel.check()
        yield Progress(number, to, "Counting")
    return to


def test_a_task_returns_its_result() -> None:
    seen: list[Progress] = []
    assert run(counting(Cancel(), 3), seen.append) == Succeeded(3)
    assert [progress.done for progress in seen] == [0, 1, 2]


def test_a_cancelled_task_stops_at_its_next_check() -> None:
    cancel = Cancel()
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if progress.done == 1:
            cancel.set()

    assert run(counting(cancel, 9), stop) == WasCancelled()
    assert len(seen) == 2


@pytest.mark.parametrize("error", [MemoryError("full"), RuntimeError("torch"), SystemExit(3)])
def test_every_failure_is_delivered(error: BaseException) -> None:
    def failing() -> Task[None]:
        yield Progress(0, 1, "Trying")
        raise error

    assert run(failing(), lambda _: None) == Failed(error)


def test_a_failing_listener_ends_the_task_and_runs_its_clean_up() -> None:
    cleaned: list[bool] = []

    def task() -> Task[None]:
        try:
            yield Progress(0, 1, "Trying")
        finally:
            cleaned.append(True)

    def listener(_: Progress) -> None:
        raise ValueError("the listener's own")

    outcome = run(task(), listener)
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, ValueError)
    assert cleaned == [True]


def test_progress_says_how_long_still() -> None:
    progress = Progress(250, 1000, "Importing photos", rate=25.0)
    assert progress.seconds_left == 30
    assert progress.in_words() == "Importing photos · 250 of 1,000 · 25 photos/s · 30 s left"
    assert Progress(0, None, "Looking").in_words() == "Looking"


@pytest.mark.parametrize(
    ("seconds", "said"), [(4, "4 s"), (89, "89 s"), (120, "2 min"), (7500, "2 h 5 min")]
)
def test_durations_read_like_speech(seconds: float, said: str) -> None:
    assert duration(seconds) == said
