"""Folders by the names that places have in their country, from the library to the disk and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from organise.trees import read
from samples import draw

from landmark_desktop.actions import history, organise, organise_run, review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.organise import Request, Which
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo.gazetteer import Landmark
from landmark_desktop.library import photos
from landmark_desktop.tasks import Cancel, finish

WHOLE = "{country}/{region}/{city}/{landmark}"
CHAPEL = Landmark("Our_Chapel", "Our Chapel", kind="church", city="Dresden", region="Saxony",
                  country="Germany", country_code="DE", own=True)  # fmt: skip


def _photos(workspace: Workspace, folder: Path, count: int) -> list[int]:
    paths = [folder / f"{n}.jpg" for n in range(count)]
    for number, path in enumerate(paths):
        draw(path, "none", mark=number)
    finish(import_photos(workspace, [folder], Cancel()))
    ids = photos.ids_of(workspace.library.read(), map(str, paths))
    return [ids[str(path)] for path in paths]


def _placed(workspace: Workspace, photo_id: int, latitude: float, longitude: float) -> None:
    where = (latitude, longitude, photo_id)
    workspace.library.write(
        lambda c: c.execute("UPDATE photo SET latitude = ?, longitude = ? WHERE id = ?", where)
    )


@pytest.mark.parametrize(
    ("landmark", "english", "local"),
    [
        ("Dresden_Frauenkirche", "Germany/Saxony/Dresden/Dresden Frauenkirche",
         "Deutschland/Sachsen/Dresden/Frauenkirche Dresden"),
        ("Colosseum", "Italy/Lazio/Rome/Colosseum", "Italia/Lazio/Roma/Colosseo"),
        ("Pyramids_of_Giza", "Egypt/Giza/Giza/Pyramids of Giza",
         "مصر/الجيزة/الجيزة/أهرامات الجيزة"),
        ("Angkor_Wat", "Cambodia/Siem Reap/Siem Reap/Angkor Wat", "កម្ពុជា/សៀមរាប/សៀមរាប/អង្គរវត្ត"),
        ("Great_Wall_of_China", "China/Great Wall of China", "中国/长城"),
        # What a person taught has the one name that they gave it.
        ("Our_Chapel", "Germany/Saxony/Dresden/Our Chapel",
         "Deutschland/Sachsen/Dresden/Our Chapel"),
        # A label of a model that no gazetteer knows.
        ("Old_Mill", "Old Mill", "Old Mill"),
    ],
)  # fmt: skip
def test_a_landmark_as_its_country_calls_it(
    workspace: Workspace, tmp_path: Path, landmark: str, english: str, local: str
) -> None:
    workspace.gazetteer.add(CHAPEL)
    ids = _photos(workspace, tmp_path / "in", 1)
    review.accept(workspace, ids, landmark)
    for by_choice, folders in ((False, english), (True, local)):
        request = Request(tmp_path / "out", WHOLE, local_names=by_choice)
        assert organise.examples(workspace, request, ids) == {ids[0]: tuple(folders.split("/"))}


@pytest.mark.parametrize(
    ("spot", "english", "local"),
    [
        ((41.8902, 12.4922), "IT/Italy/Rome", "IT/Italia/Roma"),
        # A city without a landmark keeps the name of GeoNames; a country of ours has but one.
        ((35.0116, 135.7681), "JP/Japan/Kyoto", "JP/日本/Kyoto"),
        ((39.9334, 32.8597), "TR/Turkey/Ankara", "TR/Türkiye/Ankara"),
        ((37.7749, -122.4194), "US/United States/California/San Francisco",
         "US/United States/California/San Francisco"),
        ((0.0, -30.0), "in", "in"),  # in the ocean
    ],
)  # fmt: skip
def test_a_position_in_the_words_of_its_country(
    workspace: Workspace, tmp_path: Path, spot: tuple[float, float], english: str, local: str
) -> None:
    (photo,) = _photos(workspace, tmp_path / "in", 1)
    _placed(workspace, photo, *spot)
    template = "{country_code}/{country|folder}/{region}/{city}"
    for by_choice, folders in ((False, english), (True, local)):
        request = Request(tmp_path / "out", template, which=Which.ALL, local_names=by_choice)
        assert organise.examples(workspace, request, [photo]) == {photo: tuple(folders.split("/"))}


def test_a_landmark_and_a_position_in_its_city_share_their_folder(
    workspace: Workspace, tmp_path: Path
) -> None:
    into, album = tmp_path / "out", tmp_path / "in"
    known, near = _photos(workspace, album, 2)
    review.accept(workspace, [known], "Saint_Basils_Cathedral")
    _placed(workspace, near, 55.7558, 37.6173)
    before = read(tmp_path / "in")
    request = Request(into, "{country}/{city}", which=Which.ALL, local_names=True)
    plan = finish(organise.make_plan(workspace, request, Cancel()))
    finish(organise_run.apply(workspace, plan, Cancel()))
    assert set(read(into)) >= {"Россия/Москва/0.jpg", "Россия/Москва/1.jpg"}
    finish(history.undo(workspace, Cancel()))
    assert read(album) == before


def test_names_of_every_script_reach_the_disk_and_come_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    into, album = tmp_path / "out", tmp_path / "in"
    here = ("Burj_Khalifa", "Taj_Mahal", "Angkor_Wat", "Forbidden_City", "Hagia_Sophia")
    ids = _photos(workspace, album, len(here))
    for photo, landmark in zip(ids, here, strict=True):
        review.accept(workspace, [photo], landmark)
    before = read(album)
    request = Request(into, local_names=True)
    plan = finish(organise.make_plan(workspace, request, Cancel()))
    finish(organise_run.apply(workspace, plan, Cancel()))
    assert set(photos.ids_of(workspace.library.read(), map(str, into.rglob("*.jpg"))).values()) == (
        set(ids)
    )
    assert {path.relative_to(into).as_posix() for path in into.rglob("*.jpg")} == {
        "الإمارات العربية المتحدة/دبي/برج خليفة/0.jpg",
        "भारत/आगरा/ताज महल/1.jpg",
        "កម្ពុជា/សៀមរាប/អង្គរវត្ត/2.jpg",
        "中国/北京/故宫/3.jpg",
        "Türkiye/İstanbul/Ayasofya/4.jpg",
    }
    assert not finish(organise.make_plan(workspace, request, Cancel())).steps
    finish(history.undo(workspace, Cancel()))
    assert read(album) == before
    assert not into.exists()
