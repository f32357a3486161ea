"""What a card tells of its model in words, on its way from the spec to whoever reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import small
from small_runs import run

from training import about, outcome, recipes
from training.bundle import read_card
from training.spec import SpecError, TrainingSpec


def test_the_card_tells_what_the_spec_says(
    drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    told = {"weaknesses": "Fog.", "data": ["Drawn.", "Ten of each."]}
    spec = TrainingSpec.from_dict({**small(drawn, depth="head").as_dict(), "about": told})
    run(spec, tmp_path, training_cache)
    assert TrainingSpec.load(tmp_path / "spec.json") == spec
    card = read_card(tmp_path / "model.pt")
    assert about.sections(card.provenance) == [
        ("Photos it learned from", ("Drawn.", "Ten of each.")), ("Where it fails", ("Fog.",)),
    ]  # fmt: skip
    assert "about" not in card.training  # once is enough


@pytest.mark.parametrize("entries", [{"hats": "no"}, {"data": [3]}])
def test_what_is_no_such_text_is_refused(entries: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="about"):
        about.read(entries)
    file = tmp_path / "spec.json"
    file.write_text('{"data": "x", "about": {"hats": "no"}}')
    with pytest.raises(SpecError, match="hats"):
        TrainingSpec.load(file)


@pytest.mark.parametrize("written", [None, 3, [], {"data": "text"}, {"data": [3]}, {"x": ["y"]}])
def test_cards_of_other_people_may_hold_anything(written: object) -> None:
    assert about.sections({"about": written}) == []


def test_the_shipped_model_tells_its_sources_and_weaknesses() -> None:
    spec = recipes.spec("landmarks/train", preset="shipped")
    assert set(spec.about) == set(about.HEADINGS)


def test_the_most_frequent_mistakes_are_in_the_card() -> None:
    judgement = {
        "top1": 0.5, "worst": ["/home/somebody/photo.jpg"], "labels": ["a", "b"],
        "confusion": [[3, 2], [0, 4]],
    }  # fmt: skip
    told = outcome.shareable(judgement)
    assert told["confused"] == [{"truth": "a", "guess": "b", "count": 2, "n": 5}]
    assert set(told) == {"top1", "confused"}
