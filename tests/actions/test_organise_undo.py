"""Runs that moved photos, taken back whole or in part, days later."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from organise.trees import read
from organised import carried_out, fill, ids_below, known_paths
from samples import draw

from landmark_desktop.actions import history, organise_run, review, tags, write
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.organise import Request
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import changes, photos
from landmark_desktop.organise import run
from landmark_desktop.organise.companions import named_like, renamed
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State
from landmark_desktop.tasks import Cancel, Cancelled, Interrupted, finish


@pytest.fixture
def filled(workspace: Workspace, album: Path) -> Workspace:
    """A library of the album: towers accepted, mausoleums suggested, the others neither."""
    return fill(workspace, album)


def test_undo_takes_along_what_was_written_since(filled: Workspace, album: Path) -> None:
    known = known_paths(filled)
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    sidecar = album / "sorted" / "Eiffel Tower" / "photo 01.jpg.xmp"
    tags.add(filled, ids_below(filled, sidecar.parent), ("Mine",))
    finish(write.write(filled, None, Cancel()))
    assert sidecar.is_file()
    entry = next(e for e in history.entries(filled) if e.action == "organise")
    finish(history.undo(filled, Cancel(), entry.id))
    assert known_paths(filled) == known
    assert (album / "day 1" / "photo 01.jpg.xmp").is_file()
    assert not (album / "sorted").exists()


def test_undo_takes_back_a_sidecar_that_was_written_since(filled: Workspace, album: Path) -> None:
    tower = album / "day 1" / "photo 01.jpg"
    tags.add(filled, [*photos.ids_of(filled.library.read(), [str(tower)]).values()], ("Mine",))
    finish(write.write(filled, None, Cancel()))
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    sidecar = album / "sorted" / "Eiffel Tower" / "photo 01.jpg.xmp"
    assert sidecar.is_file()
    tags.add(filled, ids_below(filled, sidecar.parent), ("Yours",))
    finish(write.write(filled, None, Cancel()))
    content = sidecar.read_bytes()
    assert b"Yours" in content
    entry = next(e for e in history.entries(filled) if e.action == "organise")
    assert "could not be" not in finish(history.undo(filled, Cancel(), entry.id)).summary
    assert tower.with_name(sidecar.name).read_bytes() == content


def test_a_photo_that_others_changed_stays_though_we_have_seen_it(
    filled: Workspace, album: Path
) -> None:
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    changed = album / "sorted" / "Eiffel Tower" / "photo 01.jpg"
    draw(changed, "none", mark=99)
    finish(import_photos(filled, [album], Cancel()))
    entry = next(e for e in history.entries(filled) if e.action == "organise")
    assert "1 of 5 parts could not be" in finish(history.undo(filled, Cancel(), entry.id)).summary
    assert changed.is_file()


@pytest.mark.skipif(os.name == "nt", reason="folders have no permissions there")
def test_emptied_folders_come_back_with_their_permissions(filled: Workspace, album: Path) -> None:
    private = album / "private"
    draw(private / "tower.jpg", "Eiffel_Tower", mark=77)
    finish(import_photos(filled, [album], Cancel()))
    (id_,) = photos.ids_of(filled.library.read(), [str(private / "tower.jpg")]).values()
    review.accept(filled, [id_], "Eiffel_Tower")
    private.chmod(0o700)
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    assert not private.exists()
    finish(history.undo(filled, Cancel()))
    assert (private / "tower.jpg").is_file()
    assert private.stat().st_mode & 0o777 == 0o700


def test_undo_refuses_a_photo_that_was_changed(filled: Workspace, album: Path) -> None:
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    changed = album / "sorted" / "Eiffel Tower" / "photo 01.jpg"
    draw(changed, "none", mark=99)
    undone = finish(history.undo(filled, Cancel()))
    assert "1 of 5 parts could not be" in undone.summary
    assert "It was changed" in undone.summary
    assert changed.is_file()
    assert (album / "day 1" / "photo 03.jpg").is_file()


def test_a_part_is_taken_back_without_what_belongs_to_another(
    filled: Workspace, album: Path
) -> None:
    """An edit that came from elsewhere lies beside a photo as if it were made from it."""
    edit = album / "edits" / "photo 00-edited.jpg"
    draw(edit, "Eiffel_Tower", mark=50)
    edit.with_name("photo 00-edited.cr2").write_bytes(b"raw")
    finish(import_photos(filled, [album], Cancel()))
    edited = photos.ids_of(filled.library.read(), [str(edit)])
    review.accept(filled, [*edited.values()], "Eiffel_Tower")
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    there = album / "sorted" / "Eiffel Tower"
    finish(history.undo(filled, Cancel(), only=[there / "photo 00.jpg"]))
    assert (album / "day 0" / "photo 00.jpg").is_file()
    assert (album / "day 0" / "photo 00.jpg.xmp").is_file()
    assert {path.name for path in there.iterdir()} >= {"photo 00-edited.jpg", "photo 00-edited.cr2"}
    assert len(ids_below(filled, there)) == 5
    finish(history.undo(filled, Cancel()))
    assert {path.name for path in edit.parent.iterdir()} == {edit.name, "photo 00-edited.cr2"}


def test_a_part_that_stays_leaves_the_rest_to_be_taken_back(filled: Workspace, album: Path) -> None:
    before = read(album)
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    there = album / "sorted" / "Eiffel Tower"
    content = (there / "photo 01.jpg").read_bytes()
    time = (there / "photo 01.jpg").stat()
    (there / "photo 01.jpg").write_bytes(b"changed")
    undone = finish(
        history.undo(filled, Cancel(), only=[there / "photo 01.jpg", there / "photo 02.jpg"])
    )
    assert "in part: 2 of 5" in undone.summary
    assert "1 of 2 parts could not be" in undone.summary
    (entry,) = [each for each in history.entries(filled) if each.action == "organise"]
    assert (entry.undone, entry.undone_at) == (1, None)
    (there / "photo 01.jpg").write_bytes(content)
    os.utime(there / "photo 01.jpg", ns=(time.st_atime_ns, time.st_mtime_ns))
    finish(history.undo(filled, Cancel()))
    assert read(album) == before


@contextlib.contextmanager
def _at_the_third(what: Callable[[], object]) -> Iterator[None]:
    """Have something happen when one of five photos is about to be moved."""
    perform = run.perform

    def third(step: Step, token: Cancel | None = None) -> State:
        if step.source.name == "photo 02.jpg":
            what()
        return perform(step, token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "perform", third)
        yield


def test_cancelled_undoing_goes_on_where_it_was(filled: Workspace, album: Path) -> None:
    before, known = read(album), known_paths(filled)
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    cancel = Cancel()
    with _at_the_third(cancel.set), pytest.raises(Cancelled):
        finish(history.undo(filled, cancel))
    (entry,) = [each for each in history.entries(filled) if each.action == "organise"]
    assert 0 < entry.undone < 5
    assert len(known_paths(filled) & known) == 12 - 5 + entry.undone
    finish(history.undo(filled, Cancel()))
    assert (read(album), known_paths(filled)) == (before, known)


@pytest.mark.parametrize("finishing", [True, False])
def test_undoing_that_was_killed_is_settled(
    filled: Workspace, album: Path, finishing: bool
) -> None:
    before = read(album)
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    after = read(album)
    cancel = Cancel()
    with _at_the_third(cancel.interrupt), pytest.raises(Interrupted):
        finish(history.undo(filled, cancel))
    (left,) = organise_run.cut_short(filled)
    assert left.title == "Putting photos back"
    finish(organise_run.recover(filled, Cancel(), finish=finishing))
    assert read(album) == (before if finishing else after)
    (entry,) = [each for each in history.entries(filled) if each.action == "organise"]
    assert entry.undone == (5 if finishing else 0)
    if not finishing:
        finish(history.undo(filled, Cancel()))
        assert read(album) == before


def test_killed_undoing_is_settled_though_the_history_has_been_cut(
    filled: Workspace, album: Path
) -> None:
    """The next start strikes off what is beyond the history's limit, before it is settled."""
    before = read(album)
    carried_out(filled, Request(album / "sorted", "{landmark}"))
    cancel = Cancel()
    with _at_the_third(cancel.interrupt), pytest.raises(Interrupted):
        finish(history.undo(filled, cancel))
    tags.add(filled, ids_below(filled, album), ("Later",))
    filled.library.write(lambda connection: changes.trim(connection, 1))
    finish(organise_run.recover(filled, Cancel(), finish=True))
    assert read(album) == before
    assert not organise_run.cut_short(filled)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(
    "name",
    ["IMG_1.jpg.xmp", "IMG_1.xmp", "img_1.XMP", "IMG_1-edited.jpg", "IMG_E1.jpg", "IMG_1.mov"],
)
def test_companions_that_came_later_get_their_photos_old_name(name: str, number: int) -> None:
    now = renamed("IMG_1.jpg", "IMG_1", number)
    found = named_like(renamed(name, "IMG_1", number), now, "IMG_1.jpg")
    assert found.casefold() == name.casefold()
