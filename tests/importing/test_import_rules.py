"""What an import promises: each photo once, nothing a person did is lost, and it can be stopped."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import draw

from landmark_desktop.importing.ingest import GONE, Imported, ingest
from landmark_desktop.library import decisions, photos, suggestions, tags
from landmark_desktop.library.database import Library
from landmark_desktop.library.records import Photo, Suggestion, Unreadable
from landmark_desktop.metadata.read import read_facts
from landmark_desktop.tasks import Cancel, Cancelled, Interrupted, Succeeded, run

EMPTY = "The file is empty (0 bytes)."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as opened:
        yield opened


def take(library: Library, *roots: Path) -> Imported:
    outcome = run(ingest(library, roots, read_facts, Cancel()), lambda _: None)
    assert isinstance(outcome, Succeeded), outcome
    assert unfinished(library) == []
    return outcome.result


def everything(library: Library, model_id: int | None = None) -> dict[Path, Photo]:
    connection = library.read()
    ids = [row["id"] for row in connection.execute("SELECT id FROM photo")]
    rows = photos.fetch(connection, ids, model_id)
    assert len({photo.path for photo in rows}) == len(rows) == len(ids)
    return {photo.path: photo for photo in rows}


def unfinished(library: Library) -> list[Path]:
    return photos.unfinished_imports(library.read())


def complaints(library: Library) -> list[Unreadable]:
    return photos.unreadable(library.read())


def accept(library: Library, photo: Photo) -> None:
    chosen = [decisions.Choice(photo.id, "Eiffel_Tower", None, None)]
    library.write(
        lambda c: decisions.accept(c, chosen, {"Eiffel_Tower": [tags.ensure(c, ("Paris",))]})
    )


def test_importing_again_changes_nothing(library: Library, album: Path) -> None:
    assert take(library, album) == Imported(12, 0, 0)
    before = everything(library)
    assert take(library, album / "day 0", album, album) == Imported(0, 12, 0)
    assert everything(library) == before


def test_a_moved_file_keeps_id_tags_and_decisions(library: Library, album: Path) -> None:
    take(library, album)
    old = album / "day 0" / "photo 00.jpg"
    accept(library, everything(library)[old])
    before = everything(library)[old]
    new = album / "sorted" / "Paris" / "tower.jpg"
    new.parent.mkdir(parents=True)
    old.rename(new)
    assert take(library, album) == Imported(1, 11, 0)
    after = everything(library)
    assert len(after) == 12
    assert old not in after
    assert (after[new].id, after[new].problem) == (before.id, None)
    assert (after[new].accepted, after[new].tags) == ("Eiffel_Tower", before.tags)
    assert [tag.name for tag in after[new].tags] == ["Paris"]


def test_a_changed_file_keeps_decisions_and_loses_suggestions(
    library: Library, tmp_path: Path
) -> None:
    path = draw(tmp_path / "album" / "a.jpg")
    take(library, path)
    model_id = library.write(lambda c: suggestions.register_model(c, "digest", "name"))
    photo = everything(library)[path]
    opinion = Suggestion("Taj_Mahal", 0.9, (("Taj_Mahal", 0.9),), "Taj_Mahal")
    library.write(lambda c: suggestions.store(c, model_id, [(photo.id, opinion)]))
    accept(library, photo)
    os.utime(path, (1, 1))  # touched, not changed
    assert take(library, path) == Imported(1, 0, 0)
    assert everything(library, model_id)[path].suggestion == opinion
    draw(path, "Taj_Mahal", mark=5)
    assert take(library, path) == Imported(1, 0, 0)
    after = everything(library, model_id)[path]
    assert (after.id, after.accepted, after.suggestion) == (photo.id, "Eiffel_Tower", None)
    assert after.content_hash != photo.content_hash


def test_the_same_content_at_two_paths_is_two_photos(library: Library, tmp_path: Path) -> None:
    first = draw(tmp_path / "album" / "a.jpg")
    second = shutil.copy2(first, first.with_name("b.jpg"))
    assert take(library, first.parent) == Imported(2, 0, 0)
    found = everything(library)
    assert set(found) == {first, second}
    assert found[first].content_hash == found[second].content_hash


@pytest.mark.parametrize("name", ["photo 00.jpg", "day 0"])
def test_what_is_deleted_is_said_to_be_gone_until_it_comes_back(
    library: Library, album: Path, tmp_path: Path, name: str
) -> None:
    take(library, album)
    before = everything(library)
    (chosen,) = album.rglob(name)
    away = tmp_path / "elsewhere"
    chosen.rename(away)
    take(library, album)
    gone = {path for path, photo in everything(library).items() if photo.problem is not None}
    assert gone == {path for path in before if path.is_relative_to(chosen)}
    assert complaints(library) == [Unreadable(path, GONE) for path in sorted(gone)]
    away.rename(chosen)  # with the size and time of before
    assert take(library, album) == Imported(len(gone), 12 - len(gone), 0)
    assert everything(library) == before
    assert complaints(library) == []


def test_a_photo_that_breaks_is_named_once_until_it_is_mended(
    library: Library, tmp_path: Path
) -> None:
    path = draw(tmp_path / "album" / "a.jpg")
    backup = shutil.copy2(path, tmp_path / "backup.jpg")
    take(library, path.parent)
    accept(library, everything(library)[path])
    before = everything(library)
    path.write_bytes(b"")
    for _ in range(2):
        assert take(library, path.parent) == Imported(0, 0, 1)
        assert complaints(library) == [Unreadable(path, EMPTY)]
    path.unlink()
    take(library, path.parent)
    assert complaints(library) == [Unreadable(path, GONE)]
    shutil.copy2(backup, path)  # with the size and time of before
    assert take(library, path.parent) == Imported(1, 0, 0)
    assert everything(library) == before
    assert complaints(library) == []


def test_complaints_end_with_their_cause(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "album"
    assert take(library, folder) == Imported(0, 0, 1)
    assert complaints(library) == [Unreadable(folder, "There is no such file or folder.")]
    draw(folder / "a.jpg")
    (folder / "bad.jpg").write_bytes(b"")
    elsewhere = tmp_path / "album too" / "bad.jpg"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"")
    take(library, folder, elsewhere)
    assert complaints(library) == [
        Unreadable(elsewhere, EMPTY),
        Unreadable(folder / "bad.jpg", EMPTY),
    ]
    (folder / "bad.jpg").unlink()
    take(library, folder)
    assert complaints(library) == [Unreadable(elsewhere, EMPTY)]


@pytest.mark.parametrize("how", ["cancel", "interrupt", "close"])
def test_stopping_in_the_middle_keeps_what_is_in(
    library: Library, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / "album"
    for number in range(30):
        draw(folder / f"{number}.png", size=(150, 12), mark=number)
    cancel = Cancel()
    task = ingest(library, [folder], read_facts, cancel)
    while next(task).done == 0:
        assert unfinished(library) == [folder]
    kept = everything(library)
    assert 0 < len(kept) < 30
    if how == "close":
        task.close()
    else:
        (cancel.set if how == "cancel" else cancel.interrupt)()
        with pytest.raises(Cancelled if how == "cancel" else Interrupted):
            next(task)
    # Cancelled: the person does not want the rest. Else it goes on at the next start.
    assert unfinished(library) == ([] if how == "cancel" else [folder])
    assert everything(library) == kept
    assert take(library, folder) == Imported(30 - len(kept), len(kept), 0)
    assert len(everything(library)) == 30


PLACES = ["a.png", "b.png", "sub/a.png", "sub/c.png", "sub/deep/a.png", "other/b.PNG"]
_STEP = st.tuples(
    st.sampled_from(["write", "delete", "rename"]),
    st.sampled_from(PLACES),
    st.sampled_from(PLACES),
    st.integers(0, 4),
)


@given(steps=st.lists(_STEP, max_size=10))
@settings(max_examples=40, deadline=None)
def test_after_each_import_the_library_is_what_is_on_disk(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str, int]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    drawn = [draw(root / f"{mark}.png", mark=mark, size=(150, 12)) for mark in (1, 2, 4, 8)]
    contents = [*(path.read_bytes() for path in drawn), b""]  # the last is no photo
    album, disk = root / "album", dict[Path, bytes]()
    album.mkdir()
    with Library(root / "library.sqlite") as library:
        for clock, (what, place, other, which) in enumerate(steps):
            path = album / place
            path.parent.mkdir(parents=True, exist_ok=True)
            if what == "write":
                path.write_bytes(contents[which])
                # Else a rewrite of the same length within one tick of the clock goes unseen.
                os.utime(path, (clock, clock))
                disk[path] = contents[which]
            elif what == "delete":
                path.unlink(missing_ok=True)
                disk.pop(path, None)
            elif path in disk:
                (album / other).parent.mkdir(parents=True, exist_ok=True)
                path.replace(album / other)
                disk[album / other] = disk.pop(path)
            take(library, album)
            whole = {path for path, content in disk.items() if content}
            known = everything(library)
            assert {path for path, photo in known.items() if photo.problem is None} == whole
            for path in whole:
                digest = hashlib.blake2b(disk[path], digest_size=20).hexdigest()
                assert known[path].content_hash == digest
            bad = {file.path: file.reason for file in complaints(library)}
            gone = {path for path in known if path not in disk}
            assert bad == {
                path: GONE if path in gone else EMPTY for path in gone | (disk.keys() - whole)
            }
            assert len(complaints(library)) == len(bad)
            assert take(library, album) == Imported(0, len(whole), len(disk) - len(whole))
