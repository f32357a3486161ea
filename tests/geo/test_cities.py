"""Cities are found by any of their names and by where they are, the likeliest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.geo.cities import Cities, City, Near, _folded
from landmark_desktop.geo.gazetteer import fold


@pytest.fixture(scope="module")
def cities() -> Cities:
    return Cities.load()


def first(found: list[City]) -> tuple[str, str]:
    return found[0].name, found[0].country_code


def test_all_of_the_cities_are_there_and_are_read_once(cities: Cities) -> None:
    assert len(cities) > 30_000
    assert Cities.load() is cities


@pytest.mark.parametrize(
    ("typed", "name", "country"),
    [
        ("Paris", "Paris", "FR"),
        ("paris, texas", "Paris", "US"),
        ("Paris, US", "Paris", "US"),
        ("sao pau", "São Paulo", "BR"),
        ("SÃO PAULO", "São Paulo", "BR"),
        ("muenchen", "Munich", "DE"),
        ("aix en prov", "Aix-en-Provence", "FR"),
        ("Aix-en-Provence", "Aix-en-Provence", "FR"),
        ("  new   york ", "New York City", "US"),
        ("Москва", "Moscow", "RU"),
        ("東京", "Tokyo", "JP"),
        ("İstanbul", "Istanbul", "TR"),
    ],
)
def test_a_city_is_found_as_it_is_typed(
    cities: Cities, typed: str, name: str, country: str
) -> None:
    assert first(cities.search(typed)) == (name, country)


@pytest.mark.parametrize(
    "typed", ["", "   ", ",", ", France", "xyzzyx", "Paris, Atlantis", "\t\n", "."]
)
def test_what_names_no_city_finds_none(cities: Cities, typed: str) -> None:
    assert cities.search(typed) == []


def test_whole_names_go_before_beginnings_and_large_before_small(cities: Cities) -> None:
    found = cities.search("roma", 50)
    names = [city.name for city in found]
    assert names[0] == "Rome"
    assert names.index("Roman") > names.index("Rome")
    assert len(cities.search("a", 7)) == 7


def test_own_names_go_before_other_names_of_larger_places() -> None:
    small = City("Ys", "", "France", "FR", 48.0, -4.0, 20_000)
    large = City("Great", "", "France", "FR", 47.0, -3.0, 900_000)
    cities = Cities([large, small], [("Great", "Ys"), ("Ys",)])
    assert cities.search("ys") == [small, large]


@pytest.mark.parametrize(
    ("point", "name"),
    [
        ((48.8584, 2.2945), "Paris"),  # the Eiffel Tower, as near to a suburb's centre
        ((48.8049, 2.1204), "Versailles"),
        ((43.9508, 4.8075), "Avignon"),
        ((-33.8568, 151.2153), "Sydney"),
        ((27.1751, 78.0421), "Agra"),
    ],
)
def test_the_city_around_a_point(cities: Cities, point: tuple[float, float], name: str) -> None:
    assert cities.near(*point)[0].city.name == name


def test_distances_are_great_circles_also_over_the_date_line() -> None:
    suva = City("Suva", "", "Fiji", "FJ", -18.0, 179.5, 90_000)
    cities = Cities([suva], [("Suva",)])
    assert cities.near(-18.0, -179.5) == [Near(suva, pytest.approx(105.75, abs=0.1))]
    assert cities.near(90.0, 0.0)[0].distance == pytest.approx(108 * 111.195, rel=1e-3)


@given(st.lists(st.text().filter(lambda t: "\t" not in t and "\n" not in t), min_size=1))
def test_many_names_are_folded_as_each_alone(names: list[str]) -> None:
    (line,) = _folded([names])
    assert line.decode("utf-8", "surrogatepass") == "\t" + "".join(f"{fold(n)}\t" for n in names)
