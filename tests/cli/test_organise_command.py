"""Organising, undoing and recovering as a script would."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from organise.trees import read
from samples import draw

from landmark_desktop.actions import organise, organise_run, review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.organise import Request
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.main import command
from landmark_desktop.library import photos
from landmark_desktop.organise import run as engine
from landmark_desktop.organise.journal import Journal, Run
from landmark_desktop.tasks import Cancel, finish


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library of four photos in ``album``: three towers, one that shows nothing."""
    folder, album = tmp_path / "library", tmp_path / "album"
    for number in range(4):
        draw(album / f"{number}.jpg", "Eiffel_Tower" if number < 3 else "none", mark=number)
    (album / "1.mov").write_bytes(b"movie")
    workspace = Workspace.open(folder)
    finish(import_photos(workspace, [album], Cancel()))
    ids = photos.ids_of(workspace.library.read(), [str(album / f"{n}.jpg") for n in range(3)])
    review.accept(workspace, [*ids.values()], "Eiffel_Tower")
    workspace.close()
    return folder


def run(library: Path, *arguments: str | Path, status: int = 0) -> Result:
    result = CliRunner().invoke(command, ["--library", str(library), *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    assert result.exit_code == status, result.output
    return result


def test_it_says_what_it_would_do_and_does_it(library: Path, tmp_path: Path) -> None:
    album, into = tmp_path / "album", tmp_path / "album" / "tidy"
    before = read(album)
    ask = ("organise", "--into", into, "--template", "{country}/{landmark}")
    said = run(library, *ask).stdout.splitlines()
    goal = into / "France" / "Eiffel Tower"
    assert said[:-1] == [f"{album / n} -> {goal / n}" for n in ("0.jpg", "1.jpg", "1.mov", "2.jpg")]
    assert said[-1] == (
        "Move 3 photos (4 files) into 1 folder · 3 new folders. Nothing was changed; --apply does "
        "it."
    )
    assert read(album) == before

    assert run(library, *ask, "--apply").stdout == "Moved 4 files into tidy\n"
    assert sorted(os.listdir(goal)) == ["0.jpg", "1.jpg", "1.mov", "2.jpg"]  # noqa: PTH208
    assert run(library, *ask, "--apply").stdout == (
        "3 left: in its place already\nThere is nothing to do.\n"
    )
    assert run(library, "undo").stdout == "Undone: Moved 4 files into tidy\n"
    assert read(album) == before


def test_a_part_of_a_run_is_undone(library: Path, tmp_path: Path) -> None:
    album = tmp_path / "album"
    before = read(album)
    ask = ("organise", "--into", album / "tidy", "--template", "{landmark}", "--apply", "--json")
    entry = json.loads(run(library, *ask).stdout.splitlines()[-1])["entry"]
    one = album / "tidy" / "Eiffel Tower" / "1.jpg"
    listed = run(library, "history", str(entry)).stdout.splitlines()
    assert [Path(line).name for line in listed] == ["0.jpg", "1.jpg", "1.mov", "2.jpg"]
    assert run(library, "undo", str(entry), one).stdout == (
        "Undone: Moved 4 files into tidy (in part: 1 of 3)\n"
    )
    assert (album / "1.jpg").is_file()
    assert (album / "1.mov").is_file()
    assert not (album / "0.jpg").exists()
    assert "(partly undone)" in run(library, "history").stdout
    left = run(library, "history", str(entry), "--json").stdout.splitlines()
    assert [len(json.loads(line)["files"]) for line in left] == [1, 1]
    assert "It did nothing to files there" in run(library, "undo", str(entry), one, status=1).output
    run(library, "undo", str(entry))
    assert read(album) == before


def test_some_photos_as_copies_in_json(library: Path, tmp_path: Path) -> None:
    album, into = tmp_path / "album", tmp_path / "export"
    lines = run(
        library, "organise", "--into", into, "--template", "{kind}", "--copy", "--apply", "--json",
        album / "0.jpg",
    ).stdout.splitlines()  # fmt: skip
    plan, done = map(json.loads, lines)
    assert plan["from"] == str(album / "0.jpg")
    assert (done["files"], done["failed"], done["stopped"]) == (1, [], False)
    assert Path(plan["to"]).read_bytes() == (album / "0.jpg").read_bytes()


def test_a_template_that_cannot_be_read_is_told(library: Path, tmp_path: Path) -> None:
    said = run(library, "organise", "--into", tmp_path, "--template", "{citty}", status=1).output
    assert "There is no token {citty}" in said
    assert "{date:%Y-%m}" in run(library, "organise", "--help").stdout


def test_what_stays_is_told(library: Path, tmp_path: Path) -> None:
    into = tmp_path / "tidy"
    into.write_bytes(b"a file")
    done = run(library, "organise", "--into", into / "deeper")
    assert "3 left: the folder it belongs in cannot be used" in done.stderr
    assert "It is a file, not a folder." in done.stderr


def test_a_run_that_was_cut_short(library: Path, tmp_path: Path) -> None:
    assert run(library, "recover").stdout == "Nothing was cut short.\n"
    album = tmp_path / "album"
    before = read(album)
    for answer, said in (
        ("--roll-back", "Put 1 file back where it was\n"),
        ("--finish", "Moved 4 files into tidy\n"),
    ):
        _cut_short(library, album)
        told = run(library, "recover", status=1).stdout
        assert "1 of 4 files begun" in told
        refused = run(library, "organise", "--into", album / "tidy", "--apply", status=1)
        assert "was cut short" in refused.stderr
        assert run(library, "recover", answer).stdout == said
        if answer == "--roll-back":
            assert read(album) == before
    run(library, "undo")
    assert read(album) == before


def _cut_short(library: Path, album: Path) -> None:
    """Leave what a killed process leaves after its first file."""
    workspace = Workspace.open(library)
    request = Request(album / "tidy", "{landmark}")
    plan = finish(organise.make_plan(workspace, request, Cancel()))
    note = {"kind": "apply", "mode": "move", "into": str(plan.asked.into)}
    folder = workspace.places.library.with_name("journals")
    folder.mkdir(exist_ok=True)
    run = Run(
        organise_run.new_id(), "Moving photos", plan.steps, plan.made, plan.emptied, note
    )  # fmt: skip
    journal = Journal.begin(folder, run)
    for number, path in enumerate(plan.made):
        journal.folder(number)
        path.mkdir()
    journal.step(0)
    plan.steps[0].source.rename(plan.steps[0].target)
    journal.close()
    workspace.close()


def test_a_journal_that_cannot_be_read_is_put_aside(library: Path, tmp_path: Path) -> None:
    journals = library / "journals"
    journals.mkdir()
    (journals / "broken.journal").write_bytes(b"not JSON\n")
    told = run(library, "recover", status=1).stdout
    assert "Its journal broken.journal cannot be read. No photo is lost" in told
    assert "Either of them puts aside a journal that cannot be read." in told
    organise = ("organise", "--into", tmp_path / "album" / "tidy", "--apply")
    assert "was cut short" in run(library, *organise, status=1).stderr
    said = run(library, "recover", "--roll-back").stdout
    assert said == f"Put the journal aside, as {journals / 'broken.journal.unreadable'}\n"
    assert run(library, "recover").stdout == "Nothing was cut short.\n"
    assert run(library, *organise).stdout == "Moved 4 files into tidy\n"


def test_a_run_whose_disk_never_comes_back_is_given_up(library: Path, tmp_path: Path) -> None:
    album = tmp_path / "album"
    _cut_short(library, album)
    album.rename(tmp_path / "another machine")
    refused = run(library, "recover", "--finish", status=1).output
    assert f"{album} is not there. Connect its disk and try again." in refused
    both = run(library, "recover", "--finish", "--put-aside", status=2).output
    assert "--put-aside goes with neither" in both
    assert "Put the journal aside, as " in run(library, "recover", "--put-aside").stdout
    assert run(library, "recover").stdout == "Nothing was cut short.\n"


def test_ctrl_c_pressed_twice_says_how_to_go_on(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = tmp_path / "album"
    before = read(album)

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(engine, "perform", stop)
        said = run(library, "organise", "--into", album / "tidy", "--apply", status=130)
    assert "landmark-desktop recover finishes it" in said.stderr
    run(library, "recover", "--roll-back")
    assert read(album) == before
