"""Accepting, rejecting and undoing with several photos chosen, and stopping half-way."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tag_steps import CTRL, Key, choose, photo, press, settle

from landmark_desktop.actions import recorded, review
from landmark_desktop.gui.runner import Job
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Cancelled, finish


def said(window: MainWindow, ids: list[int]) -> list[str]:
    return [window.library.model.describe(photo(window, photo_id)) for photo_id in ids]


def ruled(window: MainWindow, ids: list[int]) -> None:
    """Have a rule of the person's accept these photos."""
    finish(review.accepting(window.workspace, ids, Cancel(), rule=0.5))
    window.library.apply(ChangeSet(frozenset(ids)))


def test_a_confirms_what_a_rule_accepted_on_several_photos_too(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    ruled(window, ids[:1])
    choose(window, *ids)
    inspector = window.library.view.inspector
    shown = [label.text() for label in inspector.findChildren(QLabel)]
    assert "Eiffel Tower  ×2" in shown
    assert "1 of them accepted by your rule: a guess." in shown
    button = inspector.findChild(QPushButton, "accept")
    assert button is not None
    assert button.text() == "Accept 3"
    press(window, Key.Key_A)
    settle(qtbot, window)
    assert said(window, ids[:3]) == ["Eiffel Tower, accepted"] * 2 + ["Taj Mahal, accepted"]
    assert window.jobbar.notice.text() == "Accepted 2 landmarks on 3 photos"
    press(window, Key.Key_Z, CTRL)  # one entry: all of it is as it was
    settle(qtbot, window)
    assert said(window, ids[:2])[0] == "Eiffel Tower, accepted by your rule: a guess"
    assert said(window, ids[:2])[1].startswith("Eiffel Tower, suggested")


def test_photos_that_only_a_rule_accepted_are_offered_too(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    ruled(window, ids[:2])
    choose(window, *ids[:2])
    inspector = window.library.view.inspector
    assert "2 of them accepted by your rule: guesses." in [
        label.text() for label in inspector.findChildren(QLabel)
    ]
    press(window, Key.Key_A)
    settle(qtbot, window)
    assert said(window, ids[:2]) == ["Eiffel Tower, accepted"] * 2
    press(window, Key.Key_A)
    settle(qtbot, window)
    assert window.jobbar.notice.text() == "There is no suggestion to decide on."


def test_the_review_page_confirms_what_a_rule_accepted_behind_its_back(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    press(window, Key.Key_2, CTRL)
    settle(qtbot, window)
    page = window.review
    qtbot.waitUntil(lambda: not page.settling)
    assert page.course.targets == [ids[0], ids[1]]
    finish(review.accepting(window.workspace, ids[:1], Cancel(), rule=0.5))  # the command line
    press(window, Key.Key_A)
    settle(qtbot, window)
    assert said(window, ids[:2]) == ["Eiffel Tower, accepted"] * 2


@pytest.mark.parametrize("key", [Key.Key_A, Key.Key_X])
def test_many_photos_are_seen_in_the_job_bar_and_can_be_stopped(
    window: MainWindow, ids: list[int], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, key: Key
) -> None:
    monkeypatch.setattr("landmark_desktop.gui.library.photo_jobs._SHOWN_FROM", 3)
    monkeypatch.setattr(recorded, "AT_ONCE", 1)
    before = said(window, ids)
    choose(window, *ids)
    settle(qtbot, window)
    job = stopped_after(window, 2, lambda: press(window, key))
    settle(qtbot, window)
    assert job.visible
    assert window.jobbar.notice.text() == "Stopped; nothing was changed."
    assert said(window, ids) == before


def test_an_undo_that_is_stopped_shows_what_came_back(
    window: MainWindow, ids: list[int], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "AT_ONCE", 1)
    choose(window, *ids[:3])
    press(window, Key.Key_A)
    settle(qtbot, window)
    assert all("accepted" in words for words in said(window, ids[:3]))
    stopped_after(window, 2, lambda: press(window, Key.Key_Z, CTRL))
    settle(qtbot, window)
    assert window.jobbar.notice.text() == "Stopped; what came back by then stays so."
    shown = said(window, ids[:3])
    assert ["accepted" in words for words in shown].count(False) == 1
    window.library.model.refresh_all()
    assert said(window, ids[:3]) == shown


def stopped_after(window: MainWindow, steps: int, do: object) -> Job:
    """Do something that starts a job, and stop it as it takes its ``steps``-th step."""
    jobs: list[Job] = []
    gate = threading.Event()
    window.runner.call("actions", gate.wait, lambda _: None)
    window.runner.started.connect(jobs.append)
    do()  # type: ignore[operator]
    window.runner.started.disconnect(jobs.append)
    left = iter(range(steps - 1))

    def check() -> None:
        if next(left, None) is None:
            raise Cancelled

    jobs[0].cancel.check = check  # type: ignore[method-assign]
    gate.set()
    return jobs[0]
