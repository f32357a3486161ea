"""Photos fall into events by gaps in time and jumps in space, and events have names."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.geo.distance import Position
from landmark_desktop.geo.events import LONGEST, SHORTEST, Event, Moment, dates, events, names

START = datetime.datetime(2019, 6, 12, 9, 0)
PARIS, LYON = Position(48.86, 2.29), Position(45.76, 4.84)


def shots(*seconds: float, place: Position | None = None, first: int = 1) -> list[Moment]:
    return [
        Moment(number, START + datetime.timedelta(seconds=second), place)
        for number, second in enumerate(seconds, first)
    ]


def sizes(moments: list[Moment]) -> list[int]:
    return [len(event.moments) for event in events(moments)]


moments = st.lists(
    st.builds(
        Moment,
        st.integers(1, 10_000),
        st.integers(0, 10_000_000).map(lambda s: START + datetime.timedelta(seconds=s)),
        st.none() | st.builds(Position, st.floats(-90, 90), st.floats(-180, 180)),
    ),
    unique_by=lambda moment: moment.id,
    max_size=60,
)


@given(moments)
def test_every_photo_is_in_one_event_in_order(given: list[Moment]) -> None:
    found = events(given)
    inside = [moment for event in found for moment in event.moments]
    assert inside == sorted(given, key=lambda moment: (moment.taken, moment.id))
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start


@given(moments, st.randoms())
def test_any_order_will_do(given: list[Moment], chance: object) -> None:
    other = list(given)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert events(other) == events(given)


@given(moments)
def test_long_gaps_end_and_short_gaps_keep(given: list[Moment]) -> None:
    bare = [Moment(moment.id, moment.taken) for moment in given]
    found = events(bare)
    for event in found:
        for one, other in itertools.pairwise(event.moments):
            assert (other.taken - one.taken).total_seconds() <= LONGEST
    for before, after in itertools.pairwise(found):
        assert (after.start - before.end).total_seconds() >= SHORTEST


def test_a_night_ends_an_event_and_a_burst_does_not() -> None:
    day = [180 * n for n in range(40)]
    assert sizes(shots(*day, *(43_200 + s for s in day))) == [40, 40]
    burst = [0, 1, 2, 3, 60, 61, 62, 63, 1800, 1801]
    assert sizes(shots(*burst)) == [10]
    assert sizes(shots()) == []


def test_a_slow_trip_of_days_is_one_event() -> None:
    few = [3600 * hour for hour in (0, 4, 9, 24, 28, 33, 48, 53)]
    assert sizes(shots(*few)) == [8]
    assert sizes(shots(*few, 3600 * 200)) == [8, 1]


def test_another_city_is_another_event() -> None:
    day = [
        *shots(0, 600, 1200, place=PARIS),
        *shots(1500, first=4),
        *shots(9000, 9600, place=LYON, first=5),
    ]
    assert sizes(day) == [4, 2]
    wrong = [*shots(0, 600, place=PARIS), *shots(601, place=LYON, first=3),
             *shots(700, 900, place=PARIS, first=4)]  # fmt: skip
    assert sizes(wrong) == [5]


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ((2019, 6, 12), (2019, 6, 12), "12 June 2019"),
        ((2019, 6, 12), (2019, 6, 14), "12 to 14 June 2019"),
        ((2019, 6, 30), (2019, 7, 2), "30 June to 2 July 2019"),
        ((2019, 12, 30), (2020, 1, 2), "30 December 2019 to 2 January 2020"),
    ],
)
def test_dates(first: tuple[int, int, int], last: tuple[int, int, int], name: str) -> None:
    days = [datetime.datetime(*day) for day in (first, last)]
    event = Event(tuple(Moment(n, day) for n, day in enumerate(days)))
    assert dates(event) == name


def test_names_tell_events_of_one_day_apart() -> None:
    found = [Event(tuple(shots(0, 60))), Event(tuple(shots(7200))), Event(tuple(shots(90_000)))]
    assert names(found, ["Paris", "Paris", ""]) == [
        "12 June 2019, 09:00 to 09:01, Paris",
        "12 June 2019, 11:00, Paris",
        "13 June 2019",
    ]
