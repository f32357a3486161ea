"""What waits for an answer: the surest first, grouped, skipped last, gone once answered."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Sequence

import pytest
from shelved import fill

from landmark_desktop.actions import review, review_queue
from landmark_desktop.actions.events import NamedEvent
from landmark_desktop.actions.review_queue import Asked
from landmark_desktop.actions.workspace import Workspace


@pytest.fixture
def ids(library: Workspace) -> list[int]:
    """Return photos a day apart, ever less sure: 95 % to 60 %."""
    return fill(library, ["Taj_Mahal", "Eiffel_Tower", "Eiffel_Tower", None, "Taj_Mahal", "Petra"])


def test_one_by_one_the_surest_first(library: Workspace, ids: list[int]) -> None:
    waiting = [ids[0], ids[1], ids[2], ids[4], ids[5]]
    assert review_queue.singles(library) == waiting
    assert review_queue.singles(library, Asked(skipped={ids[0]})) == [*waiting[1:], ids[0]]
    assert review_queue.singles(library, Asked(at_least=0.8)) == waiting[:3]
    assert review_queue.singles(library, Asked(at_least=0.95)) == waiting[:1], "from it on"
    assert review_queue.singles(library, Asked(photos=ids[2:5])) == [ids[2], ids[4]]


def test_by_landmark(library: Workspace, ids: list[int]) -> None:
    tower, taj, petra = review_queue.by_landmark(library)
    assert (tower.key, tower.photos) == ("Eiffel_Tower", (ids[1], ids[2]))
    assert tower.mean == pytest.approx((0.95 + 0.95 - 0.2) / 2)
    assert tower.least == pytest.approx(0.95 - 0.4 * 2 / 6)
    assert (taj.key, taj.photos) == ("Taj_Mahal", (ids[0], ids[4]))
    assert petra.landmarks == (("Petra", 1),)
    last = review_queue.by_landmark(library, Asked(skipped={ids[1], ids[2]}))[-1]
    assert last.key == "Eiffel_Tower"


def test_by_event(library: Workspace, ids: list[int]) -> None:
    asked: list[int] = []

    def two(_workspace: Workspace, photos: Sequence[int]) -> list[NamedEvent]:
        asked.extend(photos)
        found = sorted(photos)
        return [NamedEvent("Monday", tuple(found[:3])), NamedEvent("Friday", tuple(found[3:]))]

    first, second = review_queue.by_event(library, events=two)
    assert sorted(asked) == [ids[0], ids[1], ids[2], ids[4], ids[5]]
    assert (first.name, second.name) == ("Monday", "Friday")
    assert first.landmarks == (("Eiffel_Tower", 2), ("Taj_Mahal", 1))
    assert second.photos == (ids[4], ids[5])
    of_days = review_queue.by_event(library)
    assert sorted(i for group in of_days for i in group.photos) == sorted(asked)
    assert all(group.name for group in of_days)


def test_answering_a_part_of_an_event_leaves_it_whole(library: Workspace) -> None:
    """Two hours of photos, three minutes apart: without the middle it would be two events."""
    ids = fill(library, ["Eiffel_Tower"] * 40)

    def change(connection: sqlite3.Connection) -> None:
        for n, id_ in enumerate(ids):
            taken = datetime.datetime(2019, 6, 12, 9) + datetime.timedelta(minutes=3 * n)
            connection.execute(
                "UPDATE photo SET taken_at = ?1, sort_at = ?1 WHERE id = ?2",
                (taken.isoformat(), id_),
            )

    library.library.write(change)
    (before,) = review_queue.by_event(library)
    review.accept(library, [ids[0], *ids[8:33]])
    (after,) = review_queue.by_event(library)
    assert after.key == before.key
    assert (before.name, after.name) == ("12 June 2019", "12 June 2019, Paris")
    assert sorted(after.photos) == [*ids[1:8], *ids[33:]]
    (surest,) = review_queue.by_event(library, Asked(at_least=0.895))
    assert (surest.key, surest.name) == (after.key, after.name)
    assert sorted(surest.photos) == ids[1:6]
    review.accept(library, ids)
    assert review_queue.by_event(library) == []


def test_answers_leave_the_queue_and_come_back(library: Workspace, ids: list[int]) -> None:
    assert review_queue.standing(library) == review_queue.Standing(5, 0)
    review.accept(library, ids[:1])
    review.reject(library, ids[1:2])
    review.no_landmark(library, ids[2:3])
    assert review_queue.singles(library) == ids[4:]
    assert review_queue.standing(library) == review_queue.Standing(2, 3)
    review.undecide(library, ids[2:3])
    assert review_queue.singles(library) == [ids[2], *ids[4:]]
    while review.undo(library).summary:
        pass
    assert review_queue.standing(library) == review_queue.Standing(5, 0)
