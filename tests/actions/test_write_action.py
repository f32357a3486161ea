"""From the library into files and back: what waits, previews, writing, undo across a restart."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from samples import draw

from landmark_desktop.actions import history, review, tags, write, write_steps
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.main import command
from landmark_desktop.errors import UserError
from landmark_desktop.library import photos, suggestions
from landmark_desktop.library.records import Photo, Suggestion
from landmark_desktop.metadata.described import Described
from landmark_desktop.metadata.write import Want, apply, plan
from landmark_desktop.tasks import Cancel, Cancelled, finish

TOWER = ("Places", "France", "Paris", "Eiffel Tower")


def take_in(workspace: Workspace, folder: Path) -> None:
    finish(import_photos(workspace, [folder], Cancel()))


def ids(workspace: Workspace) -> list[int]:
    return [
        row[0] for row in workspace.library.read().execute("SELECT id FROM photo ORDER BY path")
    ]


def photo(workspace: Workspace, photo_id: int) -> Photo:
    (found,) = photos.fetch(workspace.library.read(), [photo_id], workspace.model_id)
    return found


def accept(workspace: Workspace, chosen: Sequence[int], landmark: str = "Eiffel_Tower") -> None:
    said = Suggestion(landmark, 0.9, ((landmark, 0.9),), landmark)
    workspace.library.write(
        lambda c: suggestions.store(c, workspace.model_id, [(id_, said) for id_ in chosen])
    )
    finish(review.accepting(workspace, list(chosen), Cancel()))


def waits(workspace: Workspace) -> list[int]:
    return finish(write.waiting(workspace, None, Cancel()))


def put(workspace: Workspace, **more: Any) -> write.Done:
    return finish(write.write(workspace, None, Cancel(), **more))


def hashes(folder: Path, ending: str = "*") -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob(ending)) if path.is_file()
    }  # fmt: skip


def test_originals_stay_and_sidecars_come_and_go(workspace: Workspace, album: Path) -> None:
    before = hashes(album)
    take_in(workspace, album)
    assert waits(workspace) == []
    chosen = ids(workspace)[:5]
    accept(workspace, chosen)
    assert hashes(album) == before, "accepting touches no file"
    assert waits(workspace) == chosen
    pages = write.preview(workspace, chosen[:2])
    assert [page.target.suffix for page in pages] == [".xmp", ".xmp"]
    assert {change.field for change in pages[0].changes} >= {"dc:subject", "photoshop:City"}
    done = put(workspace)
    assert (done.written, done.problems, dict(done.conflicts)) == (5, (), {})
    assert hashes(album, "*.jpg") == before
    assert waits(workspace) == []
    after = hashes(album)
    assert len(after) == len(before) + 5
    again = put(workspace)
    assert (again.written, again.unchanged) == (0, 0)
    take_in(workspace, album)
    assert waits(workspace) == []
    assert {said.source for tag in photo(workspace, chosen[0]).tags for said in tag.said} == {
        "accepted"
    }
    assert hashes(album) == after
    assert history.entries(workspace)[0].summary == "Wrote tags into 5 files"
    finish(history.undo(workspace, Cancel()))
    assert hashes(album) == before
    assert waits(workspace) == chosen
    finish(history.redo(workspace, Cancel()))
    assert hashes(album) == after
    assert waits(workspace) == []


def test_removals_propagate(workspace: Workspace, album: Path) -> None:
    take_in(workspace, album)
    before = hashes(album)
    chosen = ids(workspace)
    accept(workspace, chosen)
    put(workspace)
    review.undecide(workspace, chosen)
    assert waits(workspace) == chosen
    put(workspace)
    assert hashes(album) == before, "sidecars with nothing but ours go"
    assert waits(workspace) == []


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_what_exiftool_wrote_is_read_and_kept(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    path = draw(folder / "a.jpg")
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", "-XMP-lr:HierarchicalSubject=Trips|2024",
         "-XMP-dc:Subject=2024", "-XMP-dc:Creator=Somebody", str(path)], check=True,
    )  # fmt: skip
    take_in(workspace, folder)
    (photo_id,) = ids(workspace)
    assert [tag.path for tag in photo(workspace, photo_id).tags] == [("Trips", "2024")]
    assert waits(workspace) == [], "the file says it itself"
    accept(workspace, [photo_id])
    done = put(workspace, embed=True)
    assert (done.written, done.problems) == (1, ())
    assert photo(workspace, photo_id).suggestion is not None, "it is the same picture"
    (said,) = json.loads(subprocess.run(
        ["exiftool", "-j", "-G1", str(path)], check=True, capture_output=True
    ).stdout)  # fmt: skip
    assert said["XMP-dc:Creator"] == "Somebody"
    assert said["XMP-photoshop:City"] == "Paris"
    assert set(said["XMP-lr:HierarchicalSubject"]) >= {"Trips|2024", "|".join(TOWER)}
    take_in(workspace, folder)
    assert waits(workspace) == []
    # Taken away there: it goes here.
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", "-XMP-lr:HierarchicalSubject-=Trips|2024",
         "-XMP-dc:Subject-=2024", "-XMP-digiKam:TagsList-=Trips/2024",
         "-XMP-microsoft:LastKeywordXMP-=Trips/2024", str(path)], check=True,
    )  # fmt: skip
    take_in(workspace, folder)
    assert ("Trips", "2024") not in [tag.path for tag in photo(workspace, photo_id).tags]
    finish(history.undo(workspace, Cancel(), _entry(workspace, "accept")))
    assert TOWER not in [tag.path for tag in photo(workspace, photo_id).tags]


def _entry(workspace: Workspace, action: str) -> int:
    return next(entry.id for entry in history.entries(workspace) if entry.action == action)


def test_a_removed_file_tag_leaves_the_file(workspace: Workspace, tmp_path: Path) -> None:
    path = draw(tmp_path / "photos" / "a.jpg")
    apply(plan(path, path, Want(Described((("Trips", "2024"), ("Kept",))))))
    take_in(workspace, path.parent)
    (photo_id,) = ids(workspace)
    tags.remove(workspace, [photo_id], ("Trips", "2024"))
    assert waits(workspace) == [photo_id]
    put(workspace, embed=True)
    assert b"2024" not in path.read_bytes()
    assert b"Kept" in path.read_bytes()
    take_in(workspace, path.parent)
    assert [tag.path for tag in photo(workspace, photo_id).tags] == [("Kept",)]
    assert waits(workspace) == []


def test_undo_across_a_restart_and_refused_where_changed(
    tmp_path: Path, colour_model: Path, album: Path
) -> None:
    opened = Workspace.open(tmp_path / "library", colour_model)
    take_in(opened, album)
    chosen = ids(opened)[:3]
    before = hashes(album)
    accept(opened, chosen)
    put(opened, embed=True)
    assert hashes(album) != before
    opened.close()
    opened = Workspace.open(tmp_path / "library", colour_model)
    changed = photo(opened, chosen[1]).path
    changed.write_bytes(changed.read_bytes() + b"\n")
    done = finish(history.undo(opened, Cancel()))
    assert "1 of 3 parts could not be" in done.summary
    now = hashes(album)
    name = str(changed.relative_to(album))
    assert {key for key in before if before[key] != now[key]} == {name}
    assert "Another program has changed it" in (history.entries(opened)[0].problem or "")
    finish(history.redo(opened, Cancel()))
    assert len({key for key in before if before[key] != hashes(album)[key]}) == 3
    opened.close()


def test_read_only_files_wait(workspace: Workspace, album: Path) -> None:
    take_in(workspace, album)
    chosen = ids(workspace)[:2]
    accept(workspace, chosen)
    path = photo(workspace, chosen[0]).path
    path.chmod(0o444)
    done = put(workspace, embed=True)
    assert done.written == 1
    assert [problem.trouble for problem in done.problems] == ["read-only"]
    assert write.notices(write.problems(workspace)) == {"read-only": 1}
    assert "read-only" in write.problems(workspace)[0].reason
    assert photo(workspace, chosen[0]).tags, "its tags stay in the library"
    path.chmod(0o644)
    assert put(workspace, embed=True).written == 1
    assert write.problems(workspace) == []


def test_another_programs_changes_are_merged_or_told(workspace: Workspace, album: Path) -> None:
    take_in(workspace, album)
    chosen = ids(workspace)[:1]
    accept(workspace, chosen)
    put(workspace)
    sidecar = next(album.rglob("*.xmp"))
    text = sidecar.read_text()
    sidecar.write_text(text.replace(">Paris<", ">Lyon<"))
    tags.add(workspace, chosen, ("Mine",))
    done = put(workspace)
    assert done.written == 1
    assert [conflict.field for each in done.conflicts.values() for conflict in each]
    assert "Lyon" in sidecar.read_text()
    assert "Mine" in sidecar.read_text()


def test_a_sidecar_that_is_deleted_waits_again(workspace: Workspace, album: Path) -> None:
    take_in(workspace, album)
    chosen = ids(workspace)[:1]
    accept(workspace, chosen)
    put(workspace)
    sidecar = next(album.rglob("*.xmp"))
    text = sidecar.read_bytes()
    sidecar.unlink()
    take_in(workspace, album)
    assert waits(workspace) == chosen
    put(workspace)
    assert sidecar.read_bytes() == text


@pytest.mark.parametrize("rule", [None, 0.5])
def test_positions_only_when_asked_and_never_back_as_measured(
    workspace: Workspace, album: Path, rule: float | None
) -> None:
    take_in(workspace, album)
    (photo_id, *_) = ids(workspace)
    said = Suggestion("Eiffel_Tower", 0.9, (("Eiffel_Tower", 0.9),), "Eiffel_Tower")
    workspace.library.write(lambda c: suggestions.store(c, workspace.model_id, [(photo_id, said)]))
    finish(review.accepting(workspace, [photo_id], Cancel(), rule=rule))
    put(workspace, embed=True)
    path = photo(workspace, photo_id).path
    assert b"MANUAL" not in path.read_bytes()
    workspace.change_settings(write_gps=True)
    assert waits(workspace) == [photo_id]
    put(workspace, embed=True)
    assert (b"estimate" if rule else b"MANUAL") in path.read_bytes()
    take_in(workspace, album)
    assert photo(workspace, photo_id).facts.latitude is None
    path.write_bytes(path.read_bytes() + b"\n")  # another program, so that it is read anew
    take_in(workspace, album)
    assert photo(workspace, photo_id).facts.latitude is None


def test_the_command(tmp_path: Path, album: Path) -> None:
    def run(*arguments: str, status: int = 0) -> str:
        result = CliRunner().invoke(command, ["--library", str(tmp_path / "lib"), *arguments])
        assert result.exit_code == status, result.output
        return result.stdout

    run("import", str(album))
    assert run("write") == "There is nothing to write.\n"
    run("tag", "add", "Mine|Best", str(album / "day 0"))
    assert "6 files would be written; nothing" in run("write", "--dry-run")
    assert len(run("write", "--dry-run", "--json").splitlines()) == 6
    assert not list(album.rglob("*.xmp"))
    assert run("write", str(album / "day 0")) == "Wrote 6 files.\n"
    assert len(list(album.rglob("*.xmp"))) == 6
    assert "Undone: Wrote tags into 6 files" in run("undo")
    assert not list(album.rglob("*.xmp"))
    assert "Redone" in run("redo")
    assert json.loads(run("write", "--json", "--embed"))["written"] == 6
    assert run("history").count("Wrote tags into 6 files") == 2


def test_two_at_once_are_refused(workspace: Workspace) -> None:

    with write_steps.alone(workspace), pytest.raises(UserError, match="being written already"):
        put(workspace)


def test_renaming_reaches_files_and_comes_back_only_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = draw(tmp_path / "photos" / "a.jpg")
    apply(plan(path, path, Want(Described((("Trips", "Rome"),)))))
    take_in(workspace, path.parent)
    (photo_id,) = ids(workspace)
    tags.rename(workspace, ("Trips", "Rome"), "Roma")
    assert put(workspace, embed=True).written == 1
    for _ in range(2):
        take_in(workspace, path.parent)
        assert [tag.path for tag in photo(workspace, photo_id).tags] == [("Trips", "Roma")]
        assert put(workspace, embed=True).written == 0
    assert b"Rome" not in path.read_bytes()


def test_guesses_of_another_library_stay_guesses(workspace: Workspace, tmp_path: Path) -> None:
    path = draw(tmp_path / "photos" / "a.jpg")
    described = Described((("Trips", "Rome"), ("Sure",)), None, None, None, frozenset({("Sure",)}))
    apply(plan(path, path, Want(described)))
    take_in(workspace, path.parent)
    (photo_id,) = ids(workspace)
    found = {tag.path: tag.guess for tag in photo(workspace, photo_id).tags}
    assert found == {("Trips", "Rome"): False, ("Sure",): True}
    path.unlink()
    draw(path)
    take_in(workspace, path.parent)
    assert photo(workspace, photo_id).tags == ()


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_a_measured_position_in_a_sidecar_counts_and_stays(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = draw(tmp_path / "photos" / "a.jpg")
    sidecar = path.with_name("a.jpg.xmp")
    subprocess.run(
        ["exiftool", "-q", "-XMP-exif:GPSLatitude=48.85", "-XMP-exif:GPSLongitude=2.29",
         str(sidecar)], check=True,
    )  # fmt: skip
    take_in(workspace, path.parent)
    (photo_id,) = ids(workspace)
    assert photo(workspace, photo_id).facts.latitude == pytest.approx(48.85)
    workspace.change_settings(write_gps=True)
    accept(workspace, [photo_id])
    put(workspace)
    (said,) = json.loads(subprocess.run(
        ["exiftool", "-j", "-n", "-G1", str(sidecar)], check=True, capture_output=True
    ).stdout)  # fmt: skip
    assert said["XMP-exif:GPSLatitude"] == pytest.approx(48.85)
    assert said["XMP-photoshop:City"] == "Paris"
    take_in(workspace, path.parent)
    assert photo(workspace, photo_id).facts.latitude == pytest.approx(48.85)


def test_what_cannot_hold_metadata_gets_a_sidecar(workspace: Workspace, tmp_path: Path) -> None:
    path = draw(tmp_path / "photos" / "a.bmp")
    take_in(workspace, path.parent)
    chosen = ids(workspace)
    tags.add(workspace, chosen, ("Mine",))
    workspace.change_settings(metadata_target="embedded")
    assert put(workspace).written == 1
    assert path.with_name("a.bmp.xmp").exists()
    assert write.problems(workspace) == []
    assert waits(workspace) == []


def test_a_cancelled_run_keeps_what_it_wrote(workspace: Workspace, album: Path) -> None:
    take_in(workspace, album)
    chosen = ids(workspace)
    tags.add(workspace, chosen, ("Mine",))
    cancel = Cancel()
    task = write.write(workspace, None, cancel)
    next(task)
    cancel.set()
    with pytest.raises(Cancelled):
        next(task)
    left = waits(workspace)
    assert 0 < len(left) < len(chosen)
    assert len(list(album.rglob("*.xmp"))) == len(chosen) - len(left)
    finish(history.undo(workspace, Cancel()))
    assert not list(album.rglob("*.xmp"))


def test_an_undo_that_was_cut_off_is_made_up_for(
    workspace: Workspace, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(workspace, album)
    before = hashes(album)
    tags.add(workspace, ids(workspace)[:1], ("Mine",))
    put(workspace)
    after = hashes(album)
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(write_steps, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            finish(history.undo(workspace, Cancel()))
    assert hashes(album) == before, "the file is put back, and the library does not know"
    finish(history.undo(workspace, Cancel()))
    assert history.entries(workspace)[0].undone == 1
    finish(history.redo(workspace, Cancel()))
    assert hashes(album) == after
    assert waits(workspace) == []
