"""Asking why: the right place, upright, for the landmark that is meant, beside other work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from samples import draw_spot, save_spot_model

from landmark_desktop import paths
from landmark_desktop.actions import browse, review
from landmark_desktop.actions.explain import (
    Explanation,
    caption,
    explain,
    explain_file,
    landmark_named,
)
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Recogniser, Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.library.search import Filter
from landmark_desktop.tasks import Cancel, Cancelled, finish
from training.bundle import read_card


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Workspace]:
    """Return an open library with the spot model and three photos, red, green and grey."""
    save_spot_model(tmp_path / "spots.pt")
    for colour in ("red", "green", "none"):
        draw_spot(tmp_path / "album" / f"{colour}.jpg", colour)
    workspace = Workspace.open(tmp_path / "library", tmp_path / "spots.pt")
    finish(import_photos(workspace, [tmp_path / "album"], Cancel()))
    yield workspace
    workspace.close()


def photo(workspace: Workspace, name: str) -> int:
    ids = browse.listing(workspace, Filter()).ids
    return next(row.id for row in browse.rows(workspace, ids) if row.path.stem == name)


def ask(workspace: Workspace, name: str, landmark: str | None = None) -> Explanation:
    return finish(explain(workspace, photo(workspace, name), landmark, Cancel()))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_place_is_that_of_the_upright_photo(
    library: Workspace, tmp_path: Path, orientation: int
) -> None:
    path = draw_spot(tmp_path / "turned.jpg", at=(0.25, 0.2), orientation=orientation)
    heat = finish(explain_file(library.recogniser, path, None, Cancel())).heat.values
    rows, columns = np.indices(heat.shape)
    down, right = ((axis * heat).sum() / heat.sum() / len(heat) for axis in (rows, columns))
    assert (right, down) == (pytest.approx(0.25, abs=0.06), pytest.approx(0.2, abs=0.06))


def test_the_landmark_that_is_meant_or_else_the_likeliest(library: Workspace) -> None:
    finish(suggest_for_library(library, Cancel()))
    red = ask(library, "red", "Eiffel_Tower")
    assert (red.landmark, red.suggested, red.heat.stands_out) == ("Eiffel_Tower", True, True)
    assert red.heat.chance > 0.9
    assert red.heat.hidden < 0.1
    assert caption(red, library.gazetteer) == "What spoke for Eiffel Tower"
    assert ask(library, "red").landmark == "Eiffel_Tower"
    # Another model's landmark, or one of the person's own that this model never learned.
    assert ask(library, "green", "Our_Chapel").landmark == "Taj_Mahal"
    other = ask(library, "red", "Taj_Mahal")
    assert (other.landmark, other.suggested) == ("Taj_Mahal", False)
    said = caption(other, library.gazetteer)
    assert said == "Nothing in particular spoke for Taj Mahal (not suggested)"


def test_what_is_suggested_is_what_the_library_says(library: Workspace) -> None:
    """Before the model has looked its own rule counts; a rejected suggestion was one."""
    assert ask(library, "red").suggested
    assert not ask(library, "none").suggested
    finish(suggest_for_library(library, Cancel()))
    review.reject(library, [photo(library, "red")])
    assert ask(library, "red").suggested


def test_a_photo_that_is_gone_or_cannot_be_read_says_why(
    library: Workspace, tmp_path: Path
) -> None:
    red = photo(library, "red")
    (tmp_path / "album" / "red.jpg").unlink()
    with pytest.raises(UserError, match="There is no such file any more"):
        finish(explain(library, red, None, Cancel()))
    with pytest.raises(UserError, match="not in the library any more"):
        finish(explain(library, 99, None, Cancel()))
    (tmp_path / "text.jpg").write_text("milk, bread")
    with pytest.raises(UserError, match="This is a text file"):
        finish(explain_file(library.recogniser, tmp_path / "text.jpg", None, Cancel()))


def test_it_can_be_cancelled_before_anything_is_read(library: Workspace) -> None:
    cancel = Cancel()
    task = explain(library, photo(library, "red"), None, cancel)
    next(task)
    cancel.set()
    with pytest.raises(Cancelled):
        next(task)


def test_an_answer_comes_in_the_middle_of_suggesting(library: Workspace, tmp_path: Path) -> None:
    """Both use the same engine; neither disturbs what the other is told."""
    suggesting = suggest_for_library(library, Cancel())
    next(suggesting)
    assert ask(library, "green").landmark == "Taj_Mahal"
    assert finish(suggesting) == 3
    rows = browse.rows(library, browse.listing(library, Filter()).ids)
    said = {row.path.stem: row.suggestion.landmark for row in rows if row.suggestion}
    assert said == {"red": "Eiffel_Tower", "green": "Taj_Mahal", "none": None}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Eiffel_Tower", "Eiffel_Tower"), ("eiffel tower", "Eiffel_Tower"), ("taj", "Taj_Mahal"),
        ("la tour eiffel", "Eiffel_Tower"), ("sacre coeur", "Sacre_Coeur"),
    ],
)  # fmt: skip
def test_landmarks_go_by_any_of_their_names(name: str, expected: str) -> None:
    card, gazetteer = read_card(paths.default_model()), Gazetteer.load(paths.resources())
    known = {label.gazetteer_id for label in card.labels}
    if expected not in known:
        pytest.skip(f"the shipped model does not know {expected}")
    assert landmark_named(card, gazetteer, name) == expected


@pytest.mark.parametrize("name", ["tower", "Atlantis", "", "none"])
def test_a_name_that_is_none_or_several_is_refused(name: str) -> None:
    recogniser = Recogniser.of(None)
    with pytest.raises(UserError, match="not clear which landmark"):
        landmark_named(recogniser.card, Gazetteer.load(paths.resources()), name)
