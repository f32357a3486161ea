"""Asking for a precision: what is suggested follows, what a person decided stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from precision_steps import POINTS, faded, stating
from reopening import Reopen, reopening
from samples import save_colour_model

from landmark_desktop import settings
from landmark_desktop.actions import browse, review, shelf
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.precision import (
    ask_for,
    basis,
    in_words,
    promise,
    remark,
)
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter, State
from landmark_desktop.tasks import Cancel, Succeeded, run
from training.bundle import Card, Label, OperatingPoint, Preprocessing

CARD = stating(Card("c", (Label("a"), Label("none")), Preprocessing(32), 3, 1.0, 0.6, 1))


@pytest.fixture(scope="module")
def stating_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "stating.pt"
    save_colour_model(path, stating)
    return path


@pytest.fixture
def reopen(
    tmp_path: Path, stating_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reopen]:
    """Return a function that opens the library, the stating model built in; again, anew."""
    with reopening(tmp_path / "library", stating_model, monkeypatch) as open_:
        yield open_


@pytest.fixture
def filled(reopen: Reopen, tmp_path: Path) -> Workspace:
    workspace = reopen()
    take_in(workspace, faded(tmp_path / "faded"))
    return workspace


def take_in(workspace: Workspace, folder: Path) -> None:
    for task in (
        import_photos(workspace, [folder], Cancel()), suggest_for_library(workspace, Cancel()),
    ):  # fmt: skip
        assert isinstance(run(task, lambda _: None), Succeeded)


def everything(workspace: Workspace) -> list[Photo]:
    rows = browse.rows(workspace, browse.listing(workspace, Filter()).ids)
    return sorted(rows, key=lambda photo: photo.path.name)


def suggested(workspace: Workspace) -> str:
    """Return which photos have a suggestion, by the numbers in their names."""
    return "".join(p.path.stem for p in everything(workspace) if p.suggestion.landmark)  # type: ignore[union-attr]


def waiting(workspace: Workspace) -> int:
    return browse.listing(workspace, Filter()).counts.states[State.WAITING]


def test_what_is_suggested_follows_without_another_look(filled: Workspace) -> None:
    assert suggested(filled) == "12345"
    by_name = {photo.path.stem: photo.id for photo in everything(filled)}
    changes = ask_for(filled, 0.96)
    assert suggested(filled) == "345"
    assert changes.photos == {by_name["1"], by_name["2"]}
    assert waiting(filled) == 3
    assert ask_for(filled, 0.9).photos == {by_name[name] for name in "012"}
    assert suggested(filled) == "012345"
    assert ask_for(filled, 0.9).photos == frozenset()
    assert ask_for(filled, 0).photos == {by_name["0"]}
    assert suggested(filled) == "12345"
    shown = everything(filled)
    assert [photo.suggestion.best for photo in shown] == ["Eiffel_Tower"] * 6 + [None]  # type: ignore[union-attr]
    assert suggest_of_unseen(filled) == 0


def suggest_of_unseen(workspace: Workspace) -> int:
    outcome = run(suggest_for_library(workspace, Cancel()), lambda _: None)
    assert isinstance(outcome, Succeeded)
    return outcome.result


def test_more_and_less_than_there_is(filled: Workspace) -> None:
    ask_for(filled, 0.999)
    assert suggested(filled) == "5"  # the strictest point
    ask_for(filled, 0.6)
    assert suggested(filled) == "012345"  # the laxest one


def test_what_the_person_decided_stays(filled: Workspace) -> None:
    photos = everything(filled)
    review.accept(filled, [photos[1].id])
    review.reject(filled, [photos[2].id])
    ask_for(filled, 0.98)
    after = everything(filled)
    assert after[1].accepted == "Eiffel_Tower"
    assert after[1].tags[0].name == "Eiffel Tower"
    assert after[2].rejected == {"Eiffel_Tower"}
    assert waiting(filled) == 1
    ask_for(filled, 0.9)
    again = everything(filled)
    assert not again[2].waiting  # it is suggested again, and was answered
    assert waiting(filled) == 4
    assert review.undo(filled).photos == {photos[2].id}
    assert waiting(filled) == 5


def test_it_survives_a_restart_and_holds_for_photos_that_come_in(
    reopen: Reopen, tmp_path: Path
) -> None:
    workspace = reopen()
    ask_for(workspace, 0.96)
    workspace = reopen()
    assert workspace.settings.precision == 0.96
    take_in(workspace, faded(tmp_path / "faded"))
    assert suggested(workspace) == "345"
    assert suggested(reopen()) == "345"


def test_settings_changed_behind_the_programs_back_hold_at_the_next_start(
    reopen: Reopen, filled: Workspace
) -> None:
    kept = replace(filled.settings, precision=0.98)
    settings.save(filled.places.settings, kept)
    assert suggested(reopen()) == "5"


def test_a_change_in_the_middle_of_a_look_holds_for_what_is_stored_later(
    reopen: Reopen, tmp_path: Path
) -> None:
    workspace = reopen()
    folder = faded(tmp_path / "faded")
    assert isinstance(run(import_photos(workspace, [folder], Cancel()), lambda _: None), Succeeded)
    task = suggest_for_library(workspace, Cancel())
    next(task)  # getting ready
    ask_for(workspace, 0.96)
    for _ in task:
        pass
    assert suggested(workspace) == "345"


def test_another_model_is_asked_for_the_same(filled: Workspace, tmp_path: Path) -> None:
    def stricter(card: Card) -> Card:
        points = tuple(replace(p, threshold=p.threshold + 0.08) for p in POINTS)
        return replace(stating(card), name="Stricter", operating_points=points)

    save_colour_model(tmp_path / "stricter.pt", stricter)
    ask_for(filled, 0.96)
    shelf.use(filled, shelf.add(filled, tmp_path / "stricter.pt"))
    assert suggested(filled) == "345"  # the earlier model's word, as it was decided
    assert all(photo.stale for photo in everything(filled))
    ask_for(filled, 0.9)
    assert suggested(filled) == "345"  # it is not the earlier one that is asked
    assert suggest_of_unseen(filled) == 7
    assert suggested(filled) == "12345"
    ask_for(filled, 0.96)
    assert suggested(filled) == "5"
    shelf.use(filled, shelf.models(filled)[0])  # the built-in one, asked for 96 % too
    assert suggested(filled) == "345"


def test_a_card_that_states_nothing_keeps_its_own(filled: Workspace, tmp_path: Path) -> None:
    save_colour_model(tmp_path / "silent.pt", lambda card: replace(card, name="Silent"))
    shelf.use(filled, shelf.add(filled, tmp_path / "silent.pt"))
    suggest_of_unseen(filled)
    assert ask_for(filled, 0.98).photos == frozenset()
    assert suggested(filled) == "12345"


@pytest.mark.parametrize("precision", [-0.1, 0.3, 1.0, 95, float("nan")])
def test_what_nobody_can_ask_for(filled: Workspace, precision: float) -> None:
    with pytest.raises(ValueError, match="no precision"):
        ask_for(filled, precision)
    assert filled.settings.precision == 0


@pytest.mark.expects_log
def test_a_setting_that_cannot_be_saved_holds_until_the_end(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(settings, "save", full)
    ask_for(filled, 0.96)
    assert suggested(filled) == "345"


def test_a_promise_in_words() -> None:
    found = promise(CARD, 0.94)
    assert found.threshold == 0.7
    assert (found.least, found.percent, found.most, found.own) == (90, 94, 98, 92)
    assert found.expected is not None
    assert in_words(found.expected) == (
        "About 94 of 100 suggestions are right. 90 of 100 photos of known landmarks get one; "
        "3 of 100 everyday photos do."
    )
    assert basis(CARD) == "Measured on 400 validation photos."
    assert remark(found) == ""


def test_a_promise_of_the_models_own() -> None:
    found = promise(CARD, 0)
    assert found.is_own
    assert (found.threshold, found.percent, found.own) == (0.6, 92, 92)
    assert remark(found) == ""


def test_what_is_said_where_it_is_not_what_was_asked_for() -> None:
    more, less = promise(CARD, 0.995), promise(CARD, 0.8)
    assert (more.threshold, more.percent) == (0.9, 98)
    assert remark(more) == "You asked for 99.5%; this model can be no surer than 98.0%."
    assert (less.threshold, less.percent) == (0.5, 90)
    assert remark(less) == (
        "You asked for 80%; of all that this model can suggest, 90.0% is right."
    )
    silent = promise(replace(CARD, operating_points=()), 0.9)
    assert silent.expected is None
    assert "does not say" in remark(silent)


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (OperatingPoint(0.5, 0.999, 1.0, 0.001),
         "More than 99 of 100 suggestions are right. More than 99 of 100 photos of known landmarks "
         "get one; fewer than 1 of 100 everyday photos do."),
        (OperatingPoint(0.5, 0.5, 0.012, 0.01),
         "About 50 of 100 suggestions are right. 1 of 100 photos of known landmarks gets one; "
         "1 of 100 everyday photos does."),
        (OperatingPoint(0.5, 0.5, 0.001),
         "About 50 of 100 suggestions are right. Fewer than 1 of 100 photos of known landmarks "
         "get one."),
    ],
)  # fmt: skip
def test_shares_at_the_edges(point: OperatingPoint, said: str) -> None:
    assert in_words(point) == said


@pytest.mark.parametrize("metrics", [{}, {"validation": 3}, {"validation": {"n": "many"}}])
def test_a_card_that_does_not_say_on_what(metrics: dict[str, Any]) -> None:
    assert basis(replace(CARD, metrics=metrics)) == ""
