"""Labels mended beside a run: kept, undone, trained on anew, corrected in the library too."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from samples import draw, small

from landmark_desktop.actions import browse, mended, review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.mended import MENDED, Mend, Relabelled
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.tasks import Cancel, Succeeded, run
from training import layout


def labels(file: Path) -> dict[str, tuple[str, str]]:
    """Return label and split by the photo's path."""
    rows = [line.split(",") for line in file.read_text().splitlines()[1:]]
    return {path: (label, split) for path, label, split in rows}


def test_corrections_survive_and_are_taken_back(tmp_path: Path) -> None:
    assert mended.read(tmp_path) == {}
    odd = "/photos/\udcff.jpg"  # a name that is no valid text
    mends = {"a.jpg": Mend("Taj_Mahal"), "b.jpg": Mend(), odd: Mend(left_out=True)}
    mended.write(tmp_path, mends)
    assert mended.read(tmp_path) == mends
    mended.write(tmp_path, {"a.jpg": Mend("Taj_Mahal")})
    assert mended.read(tmp_path) == {"a.jpg": Mend("Taj_Mahal")}
    assert [file.name for file in tmp_path.iterdir()] == [MENDED]


@pytest.mark.expects_log
def test_a_damaged_file_of_corrections_stops_nothing(tmp_path: Path) -> None:
    for text in ("{", "[]", '{"a.jpg": 3}', '{"a.jpg": {"colour": 1}}'):
        (tmp_path / MENDED).write_text(text)
        assert mended.read(tmp_path) == {}


def test_the_new_list_has_the_mended_labels(drawn: Path, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "first"
    folder.mkdir(parents=True)
    data = drawn / "data"
    wrong, none, out = (str(data / "Eiffel_Tower" / f"{n}.jpg") for n in (0, 1, 2))
    mended.write(folder, {wrong: Mend("Taj_Mahal"), none: Mend(), out: Mend(left_out=True)})
    source = Relabelled(folder, small(drawn, name="First"))
    assert source.title == "First mended"
    assert source.negatives == (drawn / "negatives",)
    file, notices = source.open()
    assert (file.parent, notices) == (folder.parent, ())
    found = labels(file)
    assert len(found) == 47
    assert found[wrong] == ("Taj_Mahal", "train")
    assert found[none] == ("", "train")
    assert out not in found
    assert Path(out).exists()
    read = layout.read(file, tmp_path / "unpacked")
    assert (len(read.classes), len(read.training)) == (2, 47)


def test_a_photo_without_a_landmark_that_shows_one_comes_into_the_list(
    drawn: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "runs" / "first"
    folder.mkdir(parents=True)
    shows = str(drawn / "negatives" / "3.jpg")
    mended.write(folder, {shows: Mend("Eiffel_Tower")})
    source = Relabelled(folder, small(drawn))
    assert source.negatives == ()
    found = labels(source.open()[0])
    assert len(found) == 48 + 12
    assert found[shows] == ("Eiffel_Tower", "train")
    assert found[str(drawn / "negatives" / "4.jpg")] == ("", "train")


def test_what_is_gone_or_left_out_altogether_is_explained(tmp_path: Path) -> None:
    for name in ("A", "B"):
        draw(tmp_path / "set" / name / "1.jpg", "Taj_Mahal")
    folder = tmp_path / "runs" / "first"
    folder.mkdir(parents=True)
    spec = replace(small(tmp_path), data=str(tmp_path / "set"), negatives=())
    every = [str(tmp_path / "set" / name / "1.jpg") for name in ("A", "B")]
    mended.write(folder, {path: Mend(left_out=True) for path in every})
    with pytest.raises(UserError, match="No photo is left"):
        Relabelled(folder, spec).open()
    shutil.rmtree(tmp_path / "set")
    with pytest.raises(layout.DataError, match="no folder or file"):
        Relabelled(folder, spec).open()


def test_the_library_is_corrected_in_one_step_and_back(workspace: Workspace, album: Path) -> None:
    assert isinstance(run(import_photos(workspace, [album], Cancel()), lambda _: None), Succeeded)
    files = sorted(str(path) for path in album.rglob("*.jpg"))
    ids = browse.ids_of(workspace, [*files, "/no/such.jpg"])
    assert sorted(ids) == files
    first, second, third = files[:3]
    review.accept(workspace, [ids[first], ids[second]], "Eiffel_Tower")
    card = workspace.recogniser.card
    mends = {
        first: Mend("Taj_Mahal"), second: Mend(), third: Mend("Taj_Mahal"),
        "/no/such.jpg": Mend("Taj_Mahal"), files[4]: Mend(left_out=True),
    }  # fmt: skip
    found = mended.differing(workspace, card, mends)
    assert {(e.photo, e.accepted, e.landmark) for e in found} == {
        (ids[first], "Eiffel_Tower", "Taj_Mahal"), (ids[second], "Eiffel_Tower", None),
    }  # fmt: skip
    changes = mended.correct_library(workspace, found)
    assert changes.photos == {ids[first], ids[second]}
    assert changes.summary.startswith("Corrected")

    def accepted() -> dict[str, str | None]:
        rows = {photo.id: photo for photo in browse.rows(workspace, list(ids.values()))}
        return {path: rows[ids[path]].accepted for path in (first, second, third)}

    assert accepted() == {first: "Taj_Mahal", second: None, third: None}
    assert mended.differing(workspace, card, mends) == []
    review.undo(workspace)
    assert accepted() == {first: "Eiffel_Tower", second: "Eiffel_Tower", third: None}
