"""Neighbours: by time and camera, with a known place, as a plain look at every pair finds them."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_desktop.library import neighbours
from landmark_desktop.library.database import Library

NOON = datetime.datetime(2019, 6, 12, 12, 0)


class Shot(NamedTuple):
    second: int | None
    camera: str | None = "Canon EOS R6"
    landmark: str | None = None
    position: tuple[float, float] | None = None
    verdict: str = "accepted"
    rule: float | None = None


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as opened:
        yield opened


def fill(library: Library, shots: list[Shot]) -> None:
    """Replace what the library holds; ids count from 1. Files were written in 2020."""

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM photo")
        for id_, shot in enumerate(shots, 1):
            taken = None
            if shot.second is not None:
                taken = (NOON + datetime.timedelta(seconds=shot.second)).isoformat()
            connection.execute(
                "INSERT INTO photo (id, path, folder, name, content_hash, size, mtime_ns, format, "
                "width, height, orientation, taken_at, camera, latitude, longitude, sort_at, "
                "imported_at) VALUES (?, ?, '/p', '', ?, 1, 1, 'JPEG', 4, 3, 1, ?, ?, ?, ?, ?, '')",
                (id_, f"/p/{id_}", str(id_), taken, shot.camera, *(shot.position or (None, None)),
                 taken or NOON.isoformat()),
            )  # fmt: skip
            if shot.landmark is not None:
                connection.execute(
                    "INSERT INTO decision (photo_id, landmark, verdict, rule, decided_at) "
                    "VALUES (?, ?, ?, ?, '')",
                    (id_, shot.landmark, shot.verdict, shot.rule),
                )

    library.write(change)


def found(library: Library, id_: int, minutes: float = 90) -> list[tuple[int, float]]:
    near = neighbours.of(library.read(), [id_], minutes).get(id_, ())
    return [(neighbour.id, neighbour.seconds) for neighbour in near]


def test_accepted_and_measured_photos_around(library: Library) -> None:
    fill(library, [
        Shot(0), Shot(-720, landmark="Eiffel_Tower"), Shot(300, position=(48.86, 2.29)),
        Shot(60), Shot(120, landmark="Taj_Mahal", verdict="rejected"),
        Shot(0, landmark="Petra", position=(30.3, 35.4)),
    ])  # fmt: skip
    near = neighbours.of(library.read(), [1], 90)[1]
    assert set(near) == {
        (2, -720, "Eiffel_Tower", None, None, True),
        (3, 300, None, 48.86, 2.29, True),
        (6, 0, "Petra", 30.3, 35.4, True),
    }


def test_what_is_no_neighbour(library: Library) -> None:
    fill(library, [
        Shot(0), Shot(60, "Nikon Z6", "Petra"), Shot(None, landmark="Petra"),
        Shot(60, None, "Petra"), Shot(5400, landmark="Petra"), Shot(-5400, landmark="Petra"),
        Shot(None, position=(1.0, 1.0)), Shot(5, None),
    ])  # fmt: skip
    assert neighbours.of(library.read(), range(1, 9), 90) == {}
    assert found(library, 1, 90.1) == [(6, -5400), (5, 5400)]
    assert found(library, 1, 0) == []
    assert neighbours.of(library.read(), [], 90) == {}
    assert neighbours.of(library.read(), [777], 90) == {}


def test_the_nearest_of_a_dense_day(library: Library) -> None:
    fill(library, [Shot(n, landmark="Petra") for n in range(100)])
    near = found(library, 50)
    assert [seconds for _, seconds in near] == [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Shot,
            st.none() | st.integers(-20_000, 20_000) | st.integers(-3, 3),
            st.sampled_from(["Canon EOS R6", "Nikon Z6", None]),
            st.none() | st.sampled_from(["Petra", "Eiffel_Tower"]),
            st.none() | st.just((48.86, 2.29)),
            st.sampled_from(["accepted", "rejected"]),
            st.none() | st.just(0.9),
        ),
        max_size=12,
    ),
    st.sampled_from([1, 30, 90, 600]),
)
def test_as_every_pair_says(
    tmp_path_factory: pytest.TempPathFactory, shots: list[Shot], minutes: int
) -> None:
    with Library(tmp_path_factory.mktemp("pairs") / "library.sqlite") as library:
        fill(library, shots)
        got = neighbours.of(library.read(), range(1, len(shots) + 1), minutes)
    for id_, shot in enumerate(shots, 1):
        wanted: dict[tuple[bool, int], int] = {}
        for other, near in enumerate(shots, 1):
            if other == id_ or shot.second is None or near.second is None:
                continue
            known = near.landmark is not None and near.verdict == "accepted" and not near.rule
            apart = near.second - shot.second
            same = shot.camera is not None and shot.camera == near.camera
            if same and abs(apart) < 60 * minutes and (known or near.position):
                wanted[known, other] = apart
        for sort in (True, False):
            ours = {n.id: n.seconds for n in got.get(id_, ()) if (n.landmark is not None) is sort}
            theirs = {other: apart for (known, other), apart in wanted.items() if known is sort}
            assert ours.items() <= theirs.items()
            for later in (False, True):
                on_side = [a for o, a in theirs.items() if ((a, o) > (0, id_)) is later]
                kept = [a for o, a in ours.items() if ((a, o) > (0, id_)) is later]
                assert sorted(map(abs, kept)) == sorted(map(abs, on_side))[: neighbours.MOST]


def test_the_end_of_the_calendar(library: Library) -> None:
    far = int((datetime.datetime(9999, 12, 31, 23, 59) - NOON).total_seconds())
    early = int((datetime.datetime(1826, 1, 1) - NOON).total_seconds())
    fill(library, [Shot(far), Shot(far - 60, landmark="Petra"), Shot(early, landmark="Petra"),
                   Shot(early + 60)])  # fmt: skip
    assert found(library, 1) == [(2, -60)]
    assert found(library, 4) == [(3, -60)]
