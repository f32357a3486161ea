"""The gazetteer knows every landmark of the shipped model, and its tags and folders."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from landmark_desktop import paths
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark, fold
from training.bundle import read_card

GAZETTEER = Gazetteer.load(paths.resources())


def test_the_eiffel_tower() -> None:
    tower = GAZETTEER["Eiffel_Tower"]
    assert tower.tags == ("Eiffel Tower", "Paris", "France", "tower")
    assert tower.folder == "France/Paris/Eiffel Tower"
    assert tower.country_code == "FR"
    assert tower.wikidata == "Q243"


def test_every_label_of_the_shipped_model_has_an_entry(shipped_model: Path) -> None:
    card = read_card(shipped_model)
    ids = [label.gazetteer_id for i, label in enumerate(card.labels) if i != card.background]
    assert len(ids) == len(GAZETTEER) == 66
    for id_ in ids:
        assert id_ is not None
        assert GAZETTEER[id_].known, id_


@pytest.mark.parametrize("landmark", list(GAZETTEER), ids=lambda landmark: landmark.id)
def test_every_entry_is_whole(landmark: Landmark) -> None:
    assert landmark.name
    assert landmark.local_name
    assert landmark.kind == landmark.kind.lower()
    assert landmark.country
    assert landmark.country_code is not None
    assert len(landmark.country_code) == 2
    assert landmark.latitude is not None
    assert landmark.longitude is not None
    assert -90 < landmark.latitude < 90
    assert -180 < landmark.longitude < 180
    assert landmark.wikidata is None or landmark.wikidata[1:].isdigit()
    assert "//" not in landmark.folder
    assert 1 <= landmark.folder.count("/") <= 2


def test_a_label_without_an_entry_is_its_own_tag_and_folder() -> None:
    place = GAZETTEER["Avignon_pont/Avignon"]
    assert place.name == "Avignon pont/Avignon"
    assert place.tags == ("Avignon_pont/Avignon",)
    assert place.folder == "Avignon_pont-Avignon"
    assert not place.known
    assert GAZETTEER[".."].folder == "_"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sacre coeur", {"Sacre_Coeur"}),
        ("tour eiffel", {"Eiffel_Tower"}),
        ("EIFFEL", {"Eiffel_Tower"}),
        ("paris france tow", {"Eiffel_Tower"}),
        ("zzz", set()),
        ("", set()),
    ],
)
def test_people_find_landmarks_by_any_name(text: str, found: set[str]) -> None:
    assert {landmark.id for landmark in GAZETTEER.matching(text)} == found


def test_folding() -> None:
    assert fold("Sacré-Cœur  (Paris)") == "sacre coeur paris"
    assert fold("Topkapı") == "topkapi"


def test_a_place_of_ones_own_joins_the_others() -> None:
    gazetteer = Gazetteer.load(paths.resources())
    own = Landmark("Our_Chapel", "Our Chapel", kind="church", city="Arles", country="France",
                   own=True)  # fmt: skip
    gazetteer.add(own)
    assert "Our_Chapel" in gazetteer
    assert gazetteer["Our_Chapel"].tags == ("Our Chapel", "Arles", "France", "church")
    assert gazetteer["Our_Chapel"].folder == "France/Arles/Our Chapel"
    assert gazetteer.matching("chap arles") == [own]
    later = Landmark("Our_Chapel", "Our Old Chapel", own=True)
    gazetteer.add(later)
    assert gazetteer.matching("chapel") == [later]
    assert len(gazetteer) == 67


def test_a_place_without_a_country_is_known_nevertheless() -> None:
    place = Landmark("Buoy_7", "Buoy 7", kind="buoy", latitude=0.0, longitude=-30.0, own=True)
    assert place.known
    assert place.tags == ("Buoy 7", "buoy")
    assert place.folder == "Buoy 7"
    assert place.place == ""


def test_places_may_be_added_while_others_read() -> None:
    gazetteer = Gazetteer({})
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            assert all(found.name for found in gazetteer.matching("place"))
            list(gazetteer)

    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(read)
        for number in range(300):
            gazetteer.add(Landmark(f"P{number}", f"Place {number}", own=True))
        stop.set()
        reading.result(10)
    assert len(gazetteer.matching("place")) == 300
