"""Where a place is, as a person finds it: by city, by coordinates, by where photos were taken."""

from __future__ import annotations

import pytest

from landmark_desktop import paths
from landmark_desktop.actions import whereabouts
from landmark_desktop.geo.cities import Cities, City
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark

GAZETTEER = Gazetteer.load(paths.resources())


@pytest.fixture(scope="module")
def cities() -> Cities:
    return Cities.load()


def test_a_city_by_its_name(cities: Cities) -> None:
    found = whereabouts.find(GAZETTEER, cities, "Avignon")[0]
    assert (found.text, found.city, found.country) == ("Avignon, France", "Avignon", "France")
    assert found.latitude == pytest.approx(43.95, abs=0.05)


def test_coordinates_with_the_cities_around_and_on_their_own(cities: Cities) -> None:
    *around, alone = whereabouts.find(GAZETTEER, cities, "43.9475, 4.5351")
    assert {place.city for place in around} >= {"Avignon", "Nîmes"}
    assert all((p.latitude, p.longitude) == (43.9475, 4.5351) for p in (*around, alone))
    assert alone.city is None
    assert (alone.country, alone.country_code) == ("France", "FR")
    assert "km away" in around[0].text


def test_the_open_sea_has_no_country(cities: Cities) -> None:
    (alone,) = whereabouts.find(GAZETTEER, cities, "0, -30")
    assert (alone.city, alone.country, alone.country_code) == (None, None, None)
    assert (alone.latitude, alone.longitude) == (0, -30)


def test_a_country_is_called_as_the_gazetteer_calls_it() -> None:
    gazetteer = Gazetteer({"x": Landmark("x", "X", country="Palestine", country_code="PS")})
    city = City("Hebron", "", "Palestinian Territory", "PS", 31.53, 35.1, 160_000)
    found = whereabouts.find(gazetteer, Cities([city], [("Hebron",)]), "hebron")
    assert found[0].country == "Palestine"


@pytest.mark.parametrize("text", ["", "   ", "xyzzyx", "?!"])
def test_nothing_is_found_for_nothing(cities: Cities, text: str) -> None:
    assert whereabouts.find(GAZETTEER, cities, text) == []


def test_where_a_landmark_is() -> None:
    assert whereabouts.of_landmark(GAZETTEER["Eiffel_Tower"]).city == "Paris"
    buoy = Landmark("b", "Buoy", latitude=1.5, longitude=-30.0, own=True)
    assert whereabouts.of_landmark(buoy).text == "1.5000, -30.0000"
    assert whereabouts.of_landmark(Landmark("c", "Somewhere", own=True)).text == ""


def test_the_middle_is_where_most_photos_are() -> None:
    assert whereabouts.middle([]) is None
    assert whereabouts.middle([(1.0, 2.0)]) == (1.0, 2.0)
    there = [(43.95, 4.80), (43.951, 4.801), (43.952, 4.802), (0.0, 0.0)]
    assert whereabouts.middle(there) == (43.951, 4.801)
    assert whereabouts.middle([(0.0, 179.9), (0.0, -179.9), (0.0, 179.95)]) == (0.0, 179.95)
