"""The library as a photo set: what may be learned from it, and the list that is written."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from samples import save_colour_model

from landmark_desktop.actions import library_set, photo_fixes, photo_set, review, training_runs
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.library_set import FromLibrary, Offer
from landmark_desktop.actions.photo_fixes import Edits
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library.corrections import Decided
from landmark_desktop.tasks import Cancel
from training import layout
from training.bundle import Card, read_card
from training.spec import TrainingSpec


def finish(task: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(task)
        except StopIteration as end:
            return end.value


@pytest.fixture
def ids(workspace: Workspace, album: Path) -> list[int]:
    """Return the album's photos in the library: five towers, four mausoleums, three others."""
    finish(import_photos(workspace, [album], Cancel()))
    finish(suggest_for_library(workspace, Cancel()))
    rows = workspace.library.read().execute("SELECT id FROM photo ORDER BY name").fetchall()
    return [row[0] for row in rows]


def test_accepted_photos_become_a_labelled_set(
    workspace: Workspace, ids: list[int], album: Path, tmp_path: Path
) -> None:
    source = FromLibrary(workspace.library, tmp_path / "runs")
    with pytest.raises(UserError, match="no photos to learn from yet"):
        finish(photo_set.look(source, 1, Cancel()))
    review.accept(workspace, ids[:4])
    review.accept(workspace, ids[5:8])
    review.reject(workspace, [ids[8]])
    gone = album / "day 0" / "photo 00.jpg"
    gone.unlink()
    damaged = album / "day 1" / "photo 01.jpg"
    damaged.write_bytes(damaged.read_bytes()[:200])
    looked = finish(photo_set.look(source, 1, Cancel()))
    assert looked.title == "My library"
    assert looked.path == tmp_path / "runs" / "library.csv"
    assert photo_fixes.counts(looked.data, Edits()) == {
        "Eiffel_Tower": {"training": 3}, "Taj_Mahal": {"training": 3},
    }  # fmt: skip
    assert photo_fixes.unlabelled(looked.data) == {str(album / "day 0" / "photo 08.jpg")}
    told = {finding.kind: finding.message for finding in looked.health.findings}
    assert "1 photo of your library left out" in told["layout"]
    assert "photo 00.jpg" in told["layout"]
    assert "photo 01.jpg cannot be used" in told["unreadable"]
    # A run keeps a list of its own: the next look replaces the library's.
    folder = training_runs.new_folder(tmp_path / "runs", "Mine")
    training_runs.ask(folder, TrainingSpec(data=str(looked.path)), looked.data, Edits())
    spec = TrainingSpec.load(folder / "asked.json")
    assert spec.data == str(folder / "photos.csv")
    assert layout.read(folder / "photos.csv", tmp_path).training == looked.data.training
    # Those refused can be left out like any other.
    kept = Edits(photo_fixes.unlabelled(looked.data))
    training_runs.ask(folder, spec, looked.data, kept)
    assert len(layout.read(folder / "photos.csv", tmp_path).training) == 6


def test_the_offer_says_what_can_be_done(workspace: Workspace, ids: list[int]) -> None:
    offer = library_set.offer(workspace)
    assert (offer.labelled, offer.refused, offer.since) == ({}, 0, Decided())
    assert offer.model == "Colours"
    assert not offer.remembers
    assert "4 accepted photos each of two landmarks" in offer.why_not_alone()
    assert "3 accepted photos of a landmark" in offer.why_not_added()
    review.accept(workspace, ids[:5])
    offer = library_set.offer(workspace)
    assert offer.why_not_alone()
    assert not offer.why_not_added()
    assert offer.why_not_retrained()  # it remembers nothing, so all would be learned anew
    assert not replace(offer, remembers=True).why_not_retrained()
    review.accept(workspace, ids[5:9])
    offer = library_set.offer(workspace)
    assert offer.photos == 9
    assert not offer.why_not_alone()
    assert not offer.why_not_retrained()
    assert not offer.added
    assert offer.since == Decided(accepted=9)
    assert Offer(labelled={"A": 3, "B": 4}, remembers=True).added


def test_decisions_count_from_when_the_photos_were_read(colour_model: Path) -> None:
    card: Card = read_card(colour_model)

    def since(**provenance: Any) -> str | None:
        return library_set.trained_at(replace(card, provenance=provenance))

    assert since() is None
    assert since(made_on="2026-10-02") == "2026-10-02"
    read_at = "2026-10-02T08:00:00+00:00"
    assert since(made_on="2026-10-02", photos_read_at=read_at) == read_at
    assert since(made_on="last week") is None
    assert since(photos_read_at=12, made_on="2026-10-02") == "2026-10-02"


def test_models_that_remember_nothing_are_listed_with_the_reason(
    workspace: Workspace, tmp_path: Path
) -> None:
    save_colour_model(tmp_path / "other.pt", lambda card: replace(card, name="Other colours"))
    (tmp_path / "library" / "models").mkdir(exist_ok=True)
    (tmp_path / "other.pt").rename(tmp_path / "library" / "models" / "other.pt")
    (tmp_path / "library" / "models" / "broken.pt").write_text("no model")
    bases = library_set.bases(workspace)
    assert bases[0].in_use
    assert bases[0].name == "Colours"
    assert bases[0].landmarks == 2
    assert {base.name for base in bases} >= {"Colours", "Other colours"}
    assert all("remembers nothing" in base.problem for base in bases if "olours" in base.name)
    assert "broken" not in {base.name for base in bases}
