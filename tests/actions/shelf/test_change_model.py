"""The model shelf: what is used, remembered, lost and handed on."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from reopening import Reopen
from samples import draw, save_colour_model
from shelf_steps import everything, fill, landmarks, look

from landmark_desktop import settings
from landmark_desktop.actions import browse, model_files, review, shelf
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.model_speed import measure
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import ModelError
from landmark_desktop.library.search import Filter, State
from landmark_desktop.tasks import Cancel, Succeeded, run
from training.bundle import Card, Label


def test_another_model_takes_over_and_the_earlier_ones_word_stands_in(
    library: Workspace, album: Path, swapped_model: Path
) -> None:
    before = fill(library, album)
    assert landmarks(before) == ["Eiffel_Tower"] * 5 + ["Taj_Mahal"] * 4 + [None] * 3
    review.reject(library, [before[4].id])
    assert library.model.earlier == ()
    shelf.use(library, shelf.add(library, swapped_model))
    meanwhile = everything(library)
    assert all(photo.stale for photo in meanwhile)
    assert landmarks(meanwhile)[:5] == ["Eiffel_Tower"] * 4 + [None]
    listing = browse.listing(library, Filter())
    assert listing.counts.landmarks == {"Eiffel_Tower": (0, 4), "Taj_Mahal": (0, 4)}
    assert listing.counts.states[State.NONE] == 3
    assert len(browse.listing(library, Filter(state=State.WAITING)).ids) == 8
    assert len(browse.listing(library, Filter(landmark="Taj_Mahal")).ids) == 4
    assert len(browse.listing(library, Filter(text="agra")).ids) == 4
    after = look(library)
    assert not any(photo.stale for photo in after)
    assert landmarks(after) == ["Taj_Mahal"] * 5 + ["Eiffel_Tower"] * 4 + [None] * 3
    assert len(browse.listing(library, Filter(landmark="Taj_Mahal")).ids) == 5
    assert library.model.earlier == ()


def test_each_photo_changes_over_by_itself(
    library: Workspace, album: Path, swapped_model: Path
) -> None:
    first, *_ = fill(library, album)
    shelf.use(library, shelf.add(library, swapped_model))
    task = suggest_for_library(library, Cancel(), below=[first.path])
    assert isinstance(run(task, lambda _: None), Succeeded)
    now, *others = everything(library)
    assert (now.stale, now.landmark) == (False, "Taj_Mahal")
    assert all(photo.stale for photo in others)
    listing = browse.listing(library, Filter())
    assert listing.counts.landmarks == {"Eiffel_Tower": (0, 4), "Taj_Mahal": (0, 5)}
    assert listing.counts.states[State.WAITING] == 9
    assert len(browse.listing(library, Filter(landmark="Taj_Mahal")).ids) == 5


def test_with_three_models_the_one_used_last_stands_in(
    library: Workspace, album: Path, swapped_model: Path, tmp_path: Path
) -> None:
    first, *_ = fill(library, album)
    shelf.use(library, shelf.add(library, swapped_model))
    only_first = suggest_for_library(library, Cancel(), below=[first.path])
    assert isinstance(run(only_first, lambda _: None), Succeeded)
    third = tmp_path / "third.pt"
    save_colour_model(third, lambda card: replace(card, name="Third", threshold=0.7))
    shelf.use(library, shelf.add(library, third))
    now, second, *_ = everything(library)
    assert (now.stale, now.landmark) == (True, "Taj_Mahal")
    assert (second.stale, second.landmark) == (True, "Eiffel_Tower")
    counts = browse.listing(library, Filter()).counts.landmarks
    assert counts == {"Eiffel_Tower": (0, 4), "Taj_Mahal": (0, 5)}


def test_accepting_an_earlier_models_word_records_that_model(
    library: Workspace, album: Path, swapped_model: Path
) -> None:
    first, *_ = fill(library, album)
    said_by = library.model_id
    shelf.use(library, shelf.add(library, swapped_model))
    review.accept(library, [first.id])
    row = library.library.read().execute("SELECT * FROM decision").fetchone()
    assert (row["landmark"], row["model_id"]) == ("Eiffel_Tower", said_by)
    assert row["confidence"] is not None
    look(library)
    assert everything(library)[0].accepted == "Eiffel_Tower"  # a person's word outlives models


def test_a_label_that_no_gazetteer_knows_is_found_by_its_name(
    library: Workspace, album: Path, tmp_path: Path
) -> None:
    file = tmp_path / "own.pt"

    def own(card: Card) -> Card:
        return replace(card, name="Own", labels=(Label("Grandma's_house"), *card.labels[1:]))

    save_colour_model(file, own)
    shelf.use(library, shelf.add(library, file))
    fill(library, album)
    assert len(browse.listing(library, Filter(text="grandma hou")).ids) == 5


def test_the_choice_survives_a_restart_and_there_is_a_way_back(
    reopen: Reopen, swapped_model: Path
) -> None:
    library = reopen()
    assert shelf.earlier(library, shelf.models(library)) is None
    assert shelf.use(library, shelf.add(library, swapped_model)).summary == "Swapped is in use now."
    library = reopen()
    assert library.recogniser.card.name == "Swapped"
    assert library.notice == ""
    back = shelf.earlier(library, shelf.models(library))
    assert back is not None
    assert back.built_in
    shelf.use(library, back)
    library = reopen()
    assert library.recogniser.card.name == "Colours"
    assert library.settings.model == ""
    forth = shelf.earlier(library, shelf.models(library))
    assert forth is not None
    assert forth.name == "Swapped"


def test_using_the_one_in_use_changes_nothing(library: Workspace) -> None:
    before, chosen = library.model, library.settings
    assert not shelf.use(library, shelf.models(library)[0]).listing
    assert (library.model, library.settings) == (before, chosen)


@pytest.mark.expects_log
@pytest.mark.parametrize("damage", ["gone", "cut", "altered", "other"])
def test_a_chosen_model_that_is_lost_gives_way_to_the_built_in_one(
    reopen: Reopen, swapped_model: Path, album: Path, damage: str
) -> None:
    library = reopen()
    model = shelf.add(library, swapped_model)
    shelf.use(library, model)
    fill(library, album)
    content = bytearray(model.path.read_bytes())
    match damage:
        case "gone":
            model.path.unlink()
        case "cut":
            model.path.write_bytes(content[: len(content) // 2])
        case "altered":
            content[len(content) // 2] ^= 0xFF
            model.path.write_bytes(content)
        case "other":
            model.path.write_text("another file of this name")
    library = reopen()
    assert "The model that you chose cannot be used." in library.notice
    assert "built-in" in library.notice
    assert library.recogniser.card.name == "Colours"
    assert landmarks(everything(library))[0] == "Taj_Mahal"  # what the lost one said
    assert everything(library)[0].stale
    assert landmarks(look(library))[0] == "Eiffel_Tower"


def test_a_model_that_stopped_working_is_not_put_to_use(
    library: Workspace, swapped_model: Path
) -> None:
    model = shelf.add(library, swapped_model)
    content = model.path.read_bytes()
    model.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError):
        shelf.use(library, model)
    assert library.recogniser.card.name == "Colours"
    assert settings.load(library.places.settings).model == ""


def test_a_model_moved_by_hand_within_the_folder_is_found(
    reopen: Reopen, swapped_model: Path
) -> None:
    library = reopen()
    model = shelf.add(library, swapped_model)
    shelf.use(library, model)
    model.path.rename(model.path.with_name("renamed.pt"))
    library = reopen()
    assert (library.recogniser.card.name, library.notice) == ("Swapped", "")


def test_what_cannot_be_deleted(library: Workspace, swapped_model: Path) -> None:
    built_in = shelf.models(library)[0]
    with pytest.raises(ModelError, match="came with the program"):
        shelf.remove(library, built_in)
    used = shelf.add(library, swapped_model)
    shelf.use(library, used)
    with pytest.raises(ModelError, match="in use"):
        shelf.remove(library, used)
    with pytest.raises(ModelError, match="came with the program"):
        shelf.remove(library, shelf.models(library)[0])
    assert used.path.exists()
    assert built_in.path.exists()


def test_deleting_takes_every_copy_and_the_way_back(
    library: Workspace, swapped_model: Path, album: Path
) -> None:
    model = shelf.add(library, swapped_model)
    shutil.copy(model.path, model.path.with_name("copy.pt"))
    shelf.use(library, model)
    fill(library, album)
    shelf.use(library, shelf.models(library)[0])
    shelf.remove(library, replace(model, in_use=False))
    assert list(library.places.models.iterdir()) == []
    assert shelf.earlier(library, shelf.models(library)) is None
    assert everything(library)[0].landmark == "Taj_Mahal"  # its word still stands in
    assert swapped_model.exists()


def test_exporting(library: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = shelf.models(library)[0]
    target = tmp_path / "mine.pt"
    shelf.export(model, target)
    assert model_files.identity(target) == model.digest
    shelf.export(model, target)  # replaces what is there
    with pytest.raises(ModelError, match="cannot be written"):
        shelf.export(model, target / "below a file.pt")

    def full(source: Path, copy: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(ModelError, match="The disk is full"):
        shelf.export(model, target)
    assert model_files.identity(target) == model.digest
    assert {path.name for path in tmp_path.iterdir()} == {"library", "mine.pt"}


def test_speed_is_measured_once_and_remembered(reopen: Reopen, swapped_model: Path) -> None:
    library = reopen()
    for model in (shelf.models(library)[0], shelf.add(library, swapped_model)):
        outcome = run(measure(library, model, Cancel(), seconds=0.01), lambda _: None)
        assert isinstance(outcome, Succeeded)
        assert outcome.result > 0
    assert library.model.earlier == ()  # being measured is not being used
    library = reopen()
    for model in shelf.models(library):
        assert (model.photos_per_second or 0) > 0
        assert model.measured_on in ("cpu", "cuda")


def test_a_model_given_at_the_start_stands_on_the_shelf_while_in_use(
    tmp_path: Path, workspace: Workspace, colour_model: Path
) -> None:
    built_in, given = shelf.models(workspace)
    assert built_in.built_in
    assert not built_in.in_use
    assert given.in_use
    assert given.path == colour_model
    added = shelf.add(workspace, colour_model)
    assert added.path.parent == workspace.places.models
    assert isinstance(added, Shelved)


def test_photos_that_go_stale_keep_their_place(
    library: Workspace, tmp_path: Path, swapped_model: Path
) -> None:
    photo = draw(tmp_path / "one.png", "Eiffel_Tower")
    fill(library, tmp_path / "one.png")
    shelf.use(library, shelf.add(library, swapped_model))
    draw(photo, "Taj_Mahal", mark=3)
    run(import_photos(library, [photo], Cancel()), lambda _: None)
    (again,) = everything(library)
    assert (again.stale, again.suggestion) == (False, None)  # it was about other pixels
