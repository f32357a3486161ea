"""The model shelf: what is let in and what is refused, used, remembered, lost and handed on."""

from __future__ import annotations

import errno
import os
import shutil
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from samples import draw, save_colour_model

from landmark_desktop import paths, settings
from landmark_desktop.actions import browse, model_files, review, shelf
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.model_speed import measure
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import ModelError
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter, State
from landmark_desktop.tasks import Cancel, Succeeded, run
from training.bundle import CARD, Card, Label

Reopen = Callable[[], Workspace]


def swapped(card: Card) -> Card:
    """The same network with the names of its two landmarks exchanged: it is always wrong."""
    first, second, *rest = card.labels
    return replace(card, name="Swapped", labels=(second, first, *rest))


@pytest.fixture
def swapped_model(tmp_path: Path) -> Path:
    path = tmp_path / "downloads" / "swapped.pt"
    path.parent.mkdir()
    save_colour_model(path, swapped)
    return path


@pytest.fixture
def reopen(tmp_path: Path, colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reopen]:
    """Return a function that opens the library, the colour model built in; again, anew."""
    monkeypatch.setattr(paths, "default_model", lambda: colour_model)
    opened: list[Workspace] = []

    def open_() -> Workspace:
        for before in opened:
            before.close()
        opened.append(Workspace.open(tmp_path / "library"))
        return opened[-1]

    yield open_
    for workspace in opened:
        workspace.close()


@pytest.fixture
def library(reopen: Reopen) -> Workspace:
    return reopen()


def look(workspace: Workspace) -> list[Photo]:
    assert isinstance(run(suggest_for_library(workspace, Cancel()), lambda _: None), Succeeded)
    return everything(workspace)


def fill(workspace: Workspace, folder: Path) -> list[Photo]:
    assert isinstance(run(import_photos(workspace, [folder], Cancel()), lambda _: None), Succeeded)
    return look(workspace)


def everything(workspace: Workspace) -> list[Photo]:
    rows = browse.rows(workspace, browse.listing(workspace, Filter()).ids)
    return sorted(rows, key=lambda photo: photo.path.name)


def landmarks(photos: list[Photo]) -> list[str | None]:
    return [photo.landmark for photo in photos]


def refused(workspace: Workspace, file: Path) -> str:
    """Return why the file is refused; nothing of it may be left."""
    with pytest.raises(ModelError) as caught:
        shelf.add(workspace, file)
    assert file.name in caught.value.what
    folder = workspace.places.models
    assert not folder.exists() or list(folder.iterdir()) == []
    assert len(shelf.models(workspace)) == 1
    return str(caught.value)


# -- the shelf -------------------------------------------------------------------------------


def test_the_shelf_holds_the_built_in_model(library: Workspace) -> None:
    (model,) = shelf.models(library)
    assert model.built_in
    assert model.in_use
    assert model.name == "Colours"
    assert model.size_bytes == model.path.stat().st_size
    assert model.problem == ""
    assert model.photos_per_second is None


def test_adding_copies_and_the_same_model_twice_is_one(
    library: Workspace, swapped_model: Path
) -> None:
    added = shelf.add(library, swapped_model)
    assert added.path.parent == library.places.models
    assert added.path.read_bytes() == swapped_model.read_bytes()
    assert not added.in_use
    again = swapped_model.with_name("another name.pt")
    shutil.copy(swapped_model, again)
    assert shelf.add(library, again) == added
    assert shelf.add(library, added.path) == added
    assert [model.name for model in shelf.models(library)] == ["Colours", "Swapped"]
    assert len(list(library.places.models.iterdir())) == 1


def test_the_built_in_model_added_from_a_file_is_the_built_in_one(
    library: Workspace, tmp_path: Path, colour_model: Path
) -> None:
    copy = tmp_path / "copy.pt"
    shutil.copy(colour_model, copy)
    assert shelf.add(library, copy).built_in
    assert len(shelf.models(library)) == 1


@pytest.mark.parametrize(
    "name", ["模型 é.pt", "mon modèle.PT", "  .pt", "a" * 200 + ".pt", "ü💡.pt"]
)
def test_names_of_any_script(library: Workspace, swapped_model: Path, name: str) -> None:
    file = swapped_model.rename(swapped_model.with_name(name))
    added = shelf.add(library, file)
    shelf.use(library, added)
    assert library.recogniser.path == added.path
    assert shelf.models(library)[1] == replace(added, in_use=True)


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_a_name_that_is_no_text(library: Workspace, swapped_model: Path) -> None:
    broken = os.fsdecode(os.fsencode(swapped_model.parent) + b"/mod\xff\xe8le.pt")
    swapped_model.rename(broken)
    added = shelf.add(library, Path(broken))
    added.path.name.encode()
    assert added.name == "Swapped"


# -- what is refused -------------------------------------------------------------------------


def test_what_is_no_model_is_refused_with_the_reason(library: Workspace, tmp_path: Path) -> None:
    text = tmp_path / "shopping.pt"
    text.write_text("milk, bread")
    assert "no TorchScript archive" in refused(library, text)
    empty = tmp_path / "empty.pt"
    empty.touch()
    assert "no TorchScript archive" in refused(library, empty)
    assert "no model file" in refused(library, tmp_path / "missing.pt")
    assert "folder" in refused(library, tmp_path)


def test_a_network_without_a_card_is_refused(library: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "foreign.pt"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), str(file))
    assert "no model card" in refused(library, file)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda card: replace(card, embedding_size=7), "shape"),
        (lambda card: replace(card, labels=(*card.labels, Label("one more"))), "shape"),
    ],
)
def test_a_card_that_does_not_fit_the_network_is_refused(
    library: Workspace, tmp_path: Path, change: Callable[[Card], Card], why: str
) -> None:
    file = tmp_path / "wrong.pt"
    save_colour_model(file, change)
    assert why in refused(library, file)


def test_a_card_without_a_network_is_refused(library: Workspace, tmp_path: Path) -> None:
    source, file = tmp_path / "source.pt", tmp_path / "hollow.pt"
    save_colour_model(source)
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(file, "w") as hollow:
        card = next(name for name in whole.namelist() if name.endswith(CARD))
        hollow.writestr("hollow/extra/card.json", whole.read(card))
    assert "torch cannot load it" in refused(library, file)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_model_cut_short_is_refused(
    library: Workspace, swapped_model: Path, share: float
) -> None:
    content = swapped_model.read_bytes()
    swapped_model.write_bytes(content[: int(len(content) * share)])
    assert "damaged" in refused(library, swapped_model)


def test_a_full_disk_leaves_nothing(
    library: Workspace, swapped_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:1000])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        assert "The disk is full." in refused(library, swapped_model)
    assert not shelf.add(library, swapped_model).in_use


def test_damaged_files_in_the_folder_are_listed_with_their_problem(library: Workspace) -> None:
    folder = library.places.models
    folder.mkdir()
    (folder / "notes.pt").write_text("not a model")
    (folder / "readme.txt").write_text("passed over")
    save_colour_model(folder / "by hand.pt", swapped)
    names = {model.name: model for model in shelf.models(library)}
    assert set(names) == {"Colours", "Swapped", "notes"}
    assert "no TorchScript archive" in names["notes"].problem
    with pytest.raises(ModelError):
        shelf.use(library, names["notes"])
    assert library.recogniser.card.name == "Colours"
    shelf.remove(library, names["notes"])
    assert not (folder / "notes.pt").exists()


# -- using, going back, deleting -------------------------------------------------------------


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
