"""Coordinates are read as people write them, and nothing else is taken for some."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.geo.coordinates import parse, write

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


@pytest.mark.parametrize(
    "text",
    [
        "48.8584, 2.2945", "48.8584 2.2945", "48.8584,2.2945", " 48.8584 ; 2.2945 ",
        "48,8584 2,2945", "48,8584; 2,2945", "48,8584, 2,2945", "+48.8584 +2.2945",
        "48.8584N 2.2945E", "N 48.8584, E 2.2945", "2.2945° E, 48.8584° N", "48.8584n2.2945e",
        "48°51'30.24\"N 2°17'40.2\"E", "48°51′30.24″N, 2°17′40.2″E",
        "48° 51' 30.24'' 2° 17' 40.2''",
        "48°51,504'N 2°17,67'E", "48º51’30.24”N 2º17’40.2”E",
    ],
)  # fmt: skip
def test_the_eiffel_tower_in_many_hands(text: str) -> None:
    assert parse(text) == pytest.approx((48.8584, 2.2945), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("-33.8568, 151.2153", (-33.8568, 151.2153)),
        ("33.8568 S 151.2153 E", (-33.8568, 151.2153)),
        ("−22.95, −43.21", (-22.95, -43.21)),
        ("43.21W 22.95S", (-22.95, -43.21)),
        ("0, 0", (0, 0)),
    ],
)
def test_all_quarters_of_the_globe(text: str, point: tuple[float, float]) -> None:
    assert parse(text) == pytest.approx(point)


@pytest.mark.parametrize(
    "text",
    [
        "", "Paris", "Paris, 2", "48.8584", "91, 0", "0, 181", "48.8584, 2.2945, 7", "1,2,3,4,5",
        "48N 49N", "2E 3E", "N48S 2", "-48N 2E", "48°61'N 2°0'E", "48°5'61\"N 2°0'E", "48.5°5'N 2E",
        "²³, ½", "nan, nan", "inf 0", "1e5, 0", "48;2;3", "N, E", "\x00", "٤٨x, ٢",
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_coordinates(text: str) -> None:
    assert parse(text) is None


@given(LATITUDES, LONGITUDES)
def test_what_is_written_is_read_back(latitude: float, longitude: float) -> None:
    assert parse(write(latitude, longitude)) == pytest.approx((latitude, longitude), abs=6e-5)


@given(LATITUDES, LONGITUDES)
def test_decimal_commas_say_the_same(latitude: float, longitude: float) -> None:
    one, other = f"{latitude:.5f}", f"{longitude:.5f}"
    plain = parse(f"{one}, {other}")
    assert plain is not None
    for between in ("; ", " ", ";"):
        commas = one.replace(".", ",") + between + other.replace(".", ",")
        assert parse(commas) == plain


@given(LATITUDES, LONGITUDES, st.booleans())
def test_degrees_minutes_seconds_say_the_same(
    latitude: float, longitude: float, swapped: bool
) -> None:
    def angle(value: float, letters: str) -> str:
        seconds = round(abs(value) * 3600)
        letter = letters[value < 0]
        return f"{seconds // 3600}°{seconds // 60 % 60}'{seconds % 60}\"{letter}"

    halves = [angle(latitude, "NS"), angle(longitude, "EW")]
    text = " ".join(reversed(halves) if swapped else halves)
    assert parse(text) == pytest.approx((latitude, longitude), abs=0.5 / 3600 + 1e-9)


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    point = parse(text)
    assert point is None or (abs(point[0]) <= 90 and abs(point[1]) <= 180)
