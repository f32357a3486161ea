"""Teaching a landmark, without the window: names, what is asked of the trainer, what is adopted."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.actions import browse, review, teaching
from landmark_desktop.actions import teaching_words as words
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.teaching import Lesson, Taught
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.geo.gazetteer import Landmark
from landmark_desktop.library.places import OwnPlace
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter
from landmark_desktop.tasks import Cancel
from training import launch
from training.spec import TrainingSpec

CHAPEL = OwnPlace(
    "Our_Chapel", "Our Chapel", "church", "Arles", None, "France", "FR", 43.6767, 4.6278
)


@pytest.fixture
def photos(workspace: Workspace, album: Path) -> tuple[Photo, ...]:
    """Return the photos of the album in the library."""
    for _ in import_photos(workspace, [album], Cancel()):
        pass
    return tuple(browse.rows(workspace, browse.listing(workspace, Filter()).ids))


# -- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["Eiffel Tower", "  eiffel   TOWER", "Tour Eiffel", "eiffel-tower"]
)
def test_a_landmark_that_the_model_knows(workspace: Workspace, typed: str) -> None:
    naming = teaching.name_of(workspace.gazetteer, workspace.recogniser.card, typed)
    assert (naming.state, naming.id) == ("known", "Eiffel_Tower")


def test_a_landmark_that_only_the_gazetteer_knows(workspace: Workspace) -> None:
    naming = teaching.name_of(workspace.gazetteer, workspace.recogniser.card, "la alhambra")
    assert (naming.state, naming.id) == ("listed", "Alhambra")
    workspace.gazetteer.add(Landmark("Our_Chapel", "Our Chapel", own=True))
    naming = teaching.name_of(workspace.gazetteer, workspace.recogniser.card, "our chapel")
    assert (naming.state, naming.id) == ("listed", "Our_Chapel")


def test_a_new_landmark_gets_an_id_of_its_own(workspace: Workspace) -> None:
    card = workspace.recogniser.card
    assert teaching.name_of(workspace.gazetteer, card, "Old  Mill").id == "Old_Mill"
    assert teaching.name_of(workspace.gazetteer, card, "none").state == "new"
    assert teaching.name_of(workspace.gazetteer, card, "none").id == "none_2"  # the background
    assert teaching.name_of(workspace.gazetteer, card, "Köln\x00/Dom\n2").id == "Köln_/Dom_2"


@pytest.mark.parametrize("typed", ["", "   ", "!?", "\n"])
def test_a_name_needs_a_letter(workspace: Workspace, typed: str) -> None:
    assert teaching.name_of(workspace.gazetteer, workspace.recogniser.card, typed).state == "empty"


@given(st.text(min_size=1).filter(lambda t: t.strip()), st.sets(st.text(max_size=4), max_size=5))
def test_ids_are_unlike_all_others(name: str, taken: set[str]) -> None:
    first = teaching.new_id(name, taken)
    second = teaching.new_id(name, {*taken, first})
    assert first.casefold() not in {other.casefold() for other in taken}
    assert first.casefold() != second.casefold()
    assert not any(c.isspace() for c in first)


def test_a_models_name_says_what_came_to_it_and_stays_short() -> None:
    name = teaching.model_name("66 landmarks", "Our Chapel")
    assert name == "66 landmarks + Our Chapel"
    for number in range(2, 30):
        name = teaching.model_name(name, f"Another place {number}")
        assert len(name) <= 60
    assert name == "66 landmarks + 29 more"


# -- the run -------------------------------------------------------------------------------------


def test_a_run_is_asked_for(workspace: Workspace, photos: tuple[Photo, ...]) -> None:
    folder = teaching.begin(workspace, Lesson(CHAPEL, photos[:4]), threads=2)
    spec = TrainingSpec.load(folder / "asked.json")
    spec.verify()
    assert (spec.recipe, spec.base) == ("extend", str(workspace.recogniser.path))
    assert spec.name == "Colours + Our Chapel"
    with Path(spec.data).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [str(photo.path) for photo in photos[:4]]
    assert {row["label"] for row in rows} == {"Our_Chapel"}
    teaching.discard(folder)
    assert list(workspace.places.runs.iterdir()) == []


def test_files_that_are_gone_or_broken_do_not_count(
    workspace: Workspace, photos: tuple[Photo, ...]
) -> None:
    photos[0].path.unlink()
    chosen = (*photos[:3], replace(photos[3], problem="It is damaged."))
    assert teaching.readable(chosen) == photos[1:3]
    with pytest.raises(UserError, match="2 of these photos can be read, and at least 3"):
        teaching.begin(workspace, Lesson(CHAPEL, chosen), threads=2)
    assert not workspace.places.runs.exists()


def test_a_folder_that_cannot_be_written(
    workspace: Workspace, photos: tuple[Photo, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("landmark_desktop.atomic.write_bytes", full)
    with pytest.raises(UserError, match="No space left on device"):
        teaching.begin(workspace, Lesson(CHAPEL, photos), threads=2)
    assert list(workspace.places.runs.iterdir()) == []


def test_a_model_that_remembers_nothing_cannot_be_taught(workspace: Workspace) -> None:
    refusal = teaching.refusal(workspace.recogniser.path, workspace.recogniser.card)
    assert "Colours, remembers nothing" in refusal
    assert "Training page" in refusal


# -- the result ----------------------------------------------------------------------------------


def judgement(folder: Path, right: int = 3, unsure: int = 0, wrong: int = 0, lost: float = 0.0,
              ) -> None:  # fmt: skip
    def photo(number: int, guess: str, suggested: bool) -> dict[str, Any]:
        return {"path": f"/p/{number}.jpg", "truth": "Our_Chapel", "guess": guess,
                "confidence": 0.5, "suggested": suggested}  # fmt: skip

    kinds = [("Our_Chapel", True)] * right + [("Our_Chapel", False)] * unsure
    kinds += [("Taj_Mahal", True)] * wrong
    data = {
        "photos": [photo(n, *kind) for n, kind in enumerate(kinds)],
        "known": {"photos": 1000, "lost": lost, "lost_ci95": [0.0, lost + 0.004]},
    }
    (folder / launch.JUDGEMENT).write_text(json.dumps(data), encoding="utf-8")


def test_a_result_is_read(workspace: Workspace, tmp_path: Path) -> None:
    judgement(tmp_path, right=8, unsure=1, wrong=1, lost=0.003)
    taught = teaching.result(tmp_path, Lesson(CHAPEL, ()), workspace.gazetteer)
    assert (taught.recognised, taught.photos, taught.known_photos) == (8, 10, 1000)
    assert [missed.why for missed in taught.missed] == ["too unsure", "taken for Taj Mahal"]
    low, high = taught.interval
    assert low == pytest.approx(0.490, abs=1e-3)  # Wilson, 8 of 10
    assert high == pytest.approx(0.943, abs=1e-3)


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "spoil",
    [
        lambda f: f.unlink(), lambda f: f.write_text("{"), lambda f: f.write_text("[]"),
        lambda f: f.write_text('{"photos": []}'), lambda f: f.write_bytes(b"\xff\xfe\x00"),
    ],
)  # fmt: skip
def test_a_result_that_cannot_be_read(
    workspace: Workspace, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    judgement(tmp_path)
    spoil(tmp_path / launch.JUDGEMENT)
    with pytest.raises(UserError, match="how well cannot be read"):
        teaching.result(tmp_path, Lesson(CHAPEL, ()), workspace.gazetteer)


def taught(recognised: int, photos: int, lost: float = 0.0, known: int = 1000) -> Taught:
    return Taught(Path("m.pt"), "Our Chapel", photos, recognised, (), known, lost, (0.001, 0.012))


def test_how_well_in_words() -> None:
    head, text = words.how_well(taught(10, 10))
    assert head == "Our Chapel is learned"
    assert text.startswith("All 10 photos were recognised when left out of learning. Of 100 other")
    assert "between 72 and 100" in text
    assert words.how_well(taught(6, 10))[0] == "Our Chapel is recognised, but not always"
    head, text = words.how_well(taught(0, 3))
    assert head == "Our Chapel is not learned well enough"
    assert "None of the 3 photos was" in text
    assert "More photos" in text


def test_what_is_lost_in_words() -> None:
    text, much = words.what_is_lost(taught(9, 10))
    assert text.startswith("Nothing is lost: all of 1,000")
    assert not much
    text, much = words.what_is_lost(taught(9, 10, 0.003))
    assert "3 of 1,000" in text
    assert "(0.3%) are no longer recognised" in text
    assert not much
    text, much = words.what_is_lost(taught(9, 10, 0.02))
    assert text.startswith("Too much is lost: 20 of 1,000")
    assert much
    assert words.what_is_lost(taught(9, 10, 0.0, known=0))[1]


@pytest.mark.parametrize(
    ("photos", "said"), [(2, "at least 3"), (201, "200 are the most"), (8, "")]
)
def test_what_stands_in_the_way(photos: int, said: str) -> None:
    assert said in words.obstacle(photos)
    assert bool(words.obstacle(photos)) == bool(said)


def test_advice_counts_what_is_left_out() -> None:
    assert "With so few" in words.advice(3, 3)
    assert "1 cannot be read and is left out" in words.advice(8, 9)


# -- adopting ------------------------------------------------------------------------------------


def test_adopting_stores_the_place_and_accepts_the_photos_in_one_change(
    workspace: Workspace, photos: tuple[Photo, ...]
) -> None:
    changes = teaching.adopt(workspace, Lesson(CHAPEL, photos[:4]))
    assert changes.photos == {photo.id for photo in photos[:4]}
    (first,) = browse.rows(workspace, [photos[0].id])
    assert first.accepted == "Our_Chapel"
    assert [tag.name for tag in first.tags] == ["Our Chapel", "church"]
    assert len(browse.listing(workspace, Filter(text="chapel arles")).ids) == 4
    assert len(browse.listing(workspace, Filter(landmark="Our_Chapel")).ids) == 4
    undone = review.undo(workspace)
    assert undone.photos == changes.photos
    assert browse.listing(workspace, Filter(landmark="Our_Chapel")).ids == []


def test_a_landmark_of_the_gazetteer_is_not_stored_again(
    workspace: Workspace, photos: tuple[Photo, ...]
) -> None:
    before = workspace.gazetteer["Alhambra"]
    teaching.adopt(workspace, Lesson(OwnPlace("Alhambra", "Alhambra"), photos[:3], own=False))
    assert workspace.gazetteer["Alhambra"] is before
    (first,) = browse.rows(workspace, [photos[0].id])
    assert first.tags[0].path == ("Places", "Spain", "Granada", "Alhambra")
