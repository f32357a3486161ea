"""What files say of their own, followed through renaming here and writing elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from samples import draw

from landmark_desktop.actions import history, tags, write
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos
from landmark_desktop.metadata.described import Described
from landmark_desktop.metadata.reading import read_described
from landmark_desktop.metadata.write import Want, apply, plan
from landmark_desktop.tasks import Cancel, finish

ROME, TREVI, SEA = ("Trips", "Rome"), ("Trips", "Rome", "Trevi"), ("Sea",)


@pytest.fixture
def sidecar(workspace: Workspace, tmp_path: Path) -> Path:
    """Take in a photo whose sidecar another program wrote, with three tags."""
    photo = draw(tmp_path / "photos" / "a.jpg")
    target = photo.with_name("a.jpg.xmp")
    apply(plan(photo, target, Want(Described((ROME, TREVI, SEA)))))
    finish(import_photos(workspace, [photo.parent], Cancel()))
    return target


def rated(sidecar: Path, stars: int) -> None:
    """Change the sidecar as another program does: a field of its own, all else left."""
    text = sidecar.read_text("utf-8")
    note = f'<rdf:Description rdf:about="" xmlns:r="urn:r" r:stars="{"*" * stars}"/></rdf:RDF>'
    sidecar.write_text(text.replace("</rdf:RDF>", note), "utf-8")


def look_again(workspace: Workspace, sidecar: Path) -> set[tuple[str, ...]]:
    finish(import_photos(workspace, [sidecar.parent], Cancel()))
    (row,) = workspace.library.read().execute("SELECT id FROM photo").fetchall()
    (photo,) = photos.fetch(workspace.library.read(), [row[0]], None)
    assert {said.source for tag in photo.tags for said in tag.said} <= {"file"}
    return {tag.path for tag in photo.tags}


def renamed(workspace: Workspace) -> None:
    tags.rename(workspace, ROME, "Roma")


def renamed_twice(workspace: Workspace) -> None:
    renamed(workspace)
    tags.rename(workspace, ("Trips", "Roma"), "Rom")


def moved(workspace: Workspace) -> None:
    tags.move(workspace, ("Trips",), ("Travels", "South"))


def merged(workspace: Workspace) -> None:
    """Merge, and merge what that became."""
    tags.merge(workspace, TREVI, SEA)
    tags.merge(workspace, SEA, ROME)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (renamed, {("Trips", "Roma"), ("Trips", "Roma", "Trevi"), SEA}),
        (renamed_twice, {("Trips", "Rom"), ("Trips", "Rom", "Trevi"), SEA}),
        (moved, {("Travels", "South", *ROME[1:]), ("Travels", "South", *TREVI[1:]), SEA}),
        (merged, {ROME}),
    ],
)
def test_what_was_renamed_here_does_not_come_back(
    workspace: Workspace, sidecar: Path, change: Callable[[Workspace], None],
    expected: set[tuple[str, ...]],
) -> None:  # fmt: skip
    """Another program writes to the file between the renaming and our writing."""
    change(workspace)
    for stars in (1, 2):
        rated(sidecar, stars)
        assert look_again(workspace, sidecar) == expected
    assert finish(write.write(workspace, None, Cancel())).written == 1
    assert set(read_described(sidecar.with_suffix(""), [sidecar]).tags) == expected
    assert "urn:r" in sidecar.read_text("utf-8")
    assert look_again(workspace, sidecar) == expected
    rated(sidecar, 3)
    assert look_again(workspace, sidecar) == expected
    assert finish(write.write(workspace, None, Cancel())).written == 0


def test_nor_what_was_renamed_again_after_writing(workspace: Workspace, sidecar: Path) -> None:
    renamed(workspace)
    finish(write.write(workspace, None, Cancel()))
    tags.rename(workspace, ("Trips", "Roma"), "Rom")
    rated(sidecar, 1)
    assert look_again(workspace, sidecar) == {("Trips", "Rom"), ("Trips", "Rom", "Trevi"), SEA}


def test_nor_what_an_undo_puts_back_into_the_file(workspace: Workspace, sidecar: Path) -> None:
    original = sidecar.read_bytes()
    renamed(workspace)
    finish(write.write(workspace, None, Cancel()))
    finish(history.undo(workspace, Cancel()))
    assert sidecar.read_bytes() == original
    expected = {("Trips", "Roma"), ("Trips", "Roma", "Trevi"), SEA}
    assert look_again(workspace, sidecar) == expected


def test_a_renaming_that_is_undone_is_no_more(workspace: Workspace, sidecar: Path) -> None:
    for change in (renamed, merged):
        change(workspace)
        rated(sidecar, 1)
        look_again(workspace, sidecar)
        while any(entry.undone_at is None for entry in history.entries(workspace)):
            finish(history.undo(workspace, Cancel()))
        rated(sidecar, 1)
        assert look_again(workspace, sidecar) == {ROME, TREVI, SEA}


def test_what_the_other_program_takes_away_goes_under_its_new_name(
    workspace: Workspace, sidecar: Path
) -> None:
    renamed(workspace)
    photo = sidecar.with_suffix("")
    apply(plan(photo, sidecar, Want(removed=(ROME,))))
    assert look_again(workspace, sidecar) == {("Trips", "Roma", "Trevi"), SEA}


def test_a_name_that_is_new_in_the_file_is_a_tag_of_its_own(
    workspace: Workspace, sidecar: Path
) -> None:
    renamed(workspace)
    finish(write.write(workspace, None, Cancel()))
    look_again(workspace, sidecar)
    photo = sidecar.with_suffix("")
    apply(plan(photo, sidecar, Want(Described((ROME,)))))
    assert look_again(workspace, sidecar) >= {ROME, ("Trips", "Roma")}


def test_a_sidecar_that_is_being_written_takes_nothing_away(
    workspace: Workspace, sidecar: Path
) -> None:
    whole = sidecar.read_bytes()
    sidecar.write_bytes(whole[: len(whole) // 2])
    assert look_again(workspace, sidecar) == {ROME, TREVI, SEA}
    sidecar.write_bytes(whole.replace(b"Sea", b"Sky"))
    assert look_again(workspace, sidecar) == {ROME, TREVI, ("Sky",)}


def test_a_damaged_sidecar_does_not_hide_what_a_new_photo_says(
    workspace: Workspace, tmp_path: Path
) -> None:
    photo = draw(tmp_path / "photos" / "a.jpg")
    apply(plan(photo, photo, Want(Described((SEA,)))))
    sidecar = photo.with_name("a.jpg.xmp")
    sidecar.write_bytes(b"<x:xmpmeta")
    assert look_again(workspace, sidecar) == {SEA}
