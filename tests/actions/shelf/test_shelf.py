"""The model shelf: what is let in and what is refused."""

from __future__ import annotations

import errno
import os
import shutil
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from samples import save_colour_model
from shelf_steps import refused, swapped

from landmark_desktop.actions import shelf
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import ModelError
from training.bundle import CARD, Card, Label


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
