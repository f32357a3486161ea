"""Another model on a run's photos: fair figures, changed photos, the cache, and cancelling."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from samples import draw, save_colour_model

from landmark_desktop.actions import compare_models, shelf
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.actions.training_runs import Result
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.tasks import Cancel, Cancelled, Progress
from training.bundle import Card, Label, read_card

LABELS = ("Tour_Eiffel", "taj mahal", "Old_Bridge", "nothing")


def finish(task: Generator[Progress, None, Any], steps: list[Progress] | None = None) -> Any:
    while True:
        try:
            step = next(task)
        except StopIteration as end:
            return end.value
        if steps is not None:
            steps.append(step)


def in_use(workspace: Workspace) -> Shelved:
    return next(model for model in shelf.models(workspace) if model.in_use)


@pytest.fixture
def result(tmp_path: Path, colour_model: Path) -> Result:
    """Return a run that errs on one photo of each colour, and knows a bridge beside."""
    run = tmp_path / "run"
    photos = []

    def photo(shows: str, truth: str | None, guess: str, suggested: bool = True) -> None:
        path = draw(run / f"{len(photos)}.png", shows, mark=len(photos))
        photos.append({"path": str(path), "truth": truth, "guess": guess, "confidence": 0.9,
                       "suggested": suggested})  # fmt: skip

    for _ in range(3):
        photo("Eiffel_Tower", "Tour_Eiffel", "Tour_Eiffel")
    photo("Eiffel_Tower", "Tour_Eiffel", "taj mahal")  # only the colour model is right
    photo("Taj_Mahal", "taj mahal", "taj mahal", suggested=False)
    photo("Eiffel_Tower", "taj mahal", "taj mahal")  # only the run's model is right
    photo("Taj_Mahal", "Old_Bridge", "Old_Bridge")  # a landmark that the colour model lacks
    photo("none", None, "taj mahal")  # no landmark, and a false suggestion
    photo("none", None, "taj mahal", suggested=False)
    card = read_card(colour_model)
    ids = ("Eiffel_Tower", None, None, None)
    labels = tuple(Label(name, id_) for name, id_ in zip(LABELS, ids, strict=True))
    card = replace(card, name="Mine", labels=labels, background=3)
    judgement = {"labels": list(LABELS[:3]), "photos": photos}
    return Result(run, run / "model.pt", card, judgement)


def test_only_landmarks_that_both_know_count(workspace: Workspace, result: Result) -> None:
    steps: list[Progress] = []
    model = in_use(workspace)
    found = finish(compare_models.compare(workspace, result, model, Cancel()), steps)
    assert steps[-1].done == steps[-1].total == 9
    assert (found.name, found.photos, found.landmarks, found.unknown) == ("Colours", 6, 2, 1)
    assert (found.without, found.unreadable) == (2, 0)
    assert found.ours.top1 == found.theirs.top1 == pytest.approx(5 / 6)
    low, high = found.ours.top1_ci95
    assert 0.4 < low < 5 / 6 < high < 1.0
    assert found.ours.kept == pytest.approx(5 / 6)
    assert found.ours.precision == pytest.approx(4 / 5)
    assert (found.theirs.kept, found.theirs.precision) == (1.0, pytest.approx(5 / 6))
    assert (found.ours.false_suggestions, found.theirs.false_suggestions) == (0.5, 0.0)
    photos = result.judgement["photos"]
    assert [change.path for change in found.gained] == [photos[5]["path"]]
    assert [change.path for change in found.lost] == [photos[3]["path"]]
    assert found.lost[0].ours.guess == "taj mahal"
    assert found.lost[0].theirs.guess == "Eiffel_Tower"


def test_answers_are_kept_for_the_very_model(
    workspace: Workspace, result: Result, tmp_path: Path
) -> None:
    model = in_use(workspace)
    assert compare_models.earlier(workspace, result, model) is None
    first = finish(compare_models.compare(workspace, result, model, Cancel()))
    assert compare_models.earlier(workspace, result, model) == first
    steps: list[Progress] = []
    assert finish(compare_models.compare(workspace, result, model, Cancel()), steps) == first
    assert steps == []
    other = replace(model, digest="0" * 64)
    assert compare_models.earlier(workspace, result, other) is None
    more = {**result.judgement, "photos": [*result.judgement["photos"], {
        "path": str(draw(tmp_path / "new.png")), "truth": None, "guess": None, "confidence": 0.0,
        "suggested": False}]}  # fmt: skip
    assert compare_models.earlier(workspace, replace(result, judgement=more), model) is None


@pytest.mark.expects_log
def test_a_damaged_cache_is_made_anew(workspace: Workspace, result: Result) -> None:
    model = in_use(workspace)
    first = finish(compare_models.compare(workspace, result, model, Cancel()))
    (cache,) = result.folder.glob("compared-*.json")
    for text in ("{", "[]", json.dumps({"a": {"colour": 1}})):
        cache.write_text(text)
        assert compare_models.earlier(workspace, result, model) is None
    assert finish(compare_models.compare(workspace, result, model, Cancel())) == first


def test_photos_that_are_gone_count_for_neither(workspace: Workspace, result: Result) -> None:
    Path(result.judgement["photos"][0]["path"]).unlink()
    model = in_use(workspace)
    found = finish(compare_models.compare(workspace, result, model, Cancel()))
    assert (found.photos, found.unreadable) == (5, 1)
    # Of what could not be read nothing is kept: it may be there another time.
    assert compare_models.earlier(workspace, result, model) is None


def test_a_model_that_knows_none_of_them_need_not_run(
    workspace: Workspace, result: Result, tmp_path: Path
) -> None:
    def elsewhere(card: Card) -> Card:
        names = ("Big_Ben", "Old_Mill", "none")
        return replace(card, labels=tuple(Label(name) for name in names))

    save_colour_model(tmp_path / "other.pt", elsewhere)
    other = shelf.add(workspace, tmp_path / "other.pt")
    found = compare_models.earlier(workspace, result, other)
    assert found is not None
    assert (found.photos, found.landmarks, found.unknown) == (0, 0, 7)
    assert found.ours is None
    assert found.theirs is None


def test_a_comparison_can_be_cancelled(workspace: Workspace, result: Result) -> None:
    cancel = Cancel()
    task = compare_models.compare(workspace, result, in_use(workspace), cancel)
    next(task)
    cancel.set()
    with pytest.raises(Cancelled):
        finish(task)
    assert not list(result.folder.glob("compared-*.json"))
