"""Accepting by rule, tags, history, undo and redo as a script would use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shelved import fill

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.main import command


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library: six photos of which the model suggests landmarks, from 95 % down."""
    folder = tmp_path / "library"
    workspace = Workspace.open(folder)
    fill(workspace, ["Eiffel_Tower"] * 3 + ["Taj_Mahal"] * 2 + [None])
    workspace.close()
    return folder


def run(library: Path, *arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(command, ["--library", str(library), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    assert result.exit_code == status, result.output
    return result


def test_accepting_by_rule_and_taking_it_back(library: Path) -> None:
    dry = run(library, "accept", "--above", "0.7", "--dry-run").stdout
    assert dry.splitlines() == [
        "      3  Eiffel Tower  82% and more", "      1  Taj Mahal  75% and more",
        "      4  photos would be accepted; nothing was changed",
    ]  # fmt: skip
    one = run(library, "accept", "--above", "0.9", "--dry-run").stdout.splitlines()[-1]
    assert one == "      1  photo would be accepted; nothing was changed"
    assert run(library, "history").stdout == "Nothing was done yet.\n"
    done = run(library, "accept", "--above", "0.7").stdout
    assert done == "Accepted 2 landmarks on 4 photos by rule, from 70%\n"
    assert run(library, "accept", "--above", "0.7").stdout == "There is nothing to accept.\n"
    (entry,) = map(json.loads, run(library, "history", "--json").stdout.splitlines())
    assert (entry["action"], entry["undone"], entry["parts"]) == ("accept", 0, 1)
    assert run(library, "undo").stdout == f"Undone: {done}"
    assert run(library, "undo").stdout == "There is nothing to undo.\n"
    assert "(undone)" in run(library, "history").stdout
    assert run(library, "redo").stdout == f"Redone: {done}"
    assert run(library, "redo").stdout == "There is nothing to redo.\n"


def test_a_rule_takes_exactly_what_it_asks_for_too(library: Path) -> None:
    done = run(library, "accept", "--above", "0.95").stdout
    assert done == "Accepted Eiffel Tower on 1 photo by rule, from 95%\n"


def test_a_rule_leaves_what_the_camera_contradicts(library: Path) -> None:
    workspace = Workspace.open(library)
    workspace.library.write(
        lambda c: c.execute("UPDATE photo SET latitude = 45.76, longitude = 4.84 WHERE id = 2")
    )
    workspace.close()
    left = "1 photo is left for you: place and time speak against what the model sees."
    dry = run(library, "accept", "--above", "0.7", "--dry-run").stdout
    assert dry.splitlines() == [
        "      2  Eiffel Tower  82% and more", "      1  Taj Mahal  75% and more",
        "      3  photos would be accepted; nothing was changed", left,
    ]  # fmt: skip
    done = run(library, "accept", "--above", "0.7").stdout.splitlines()
    assert done == ["Accepted 2 landmarks on 3 photos by rule, from 70%", left]
    again = run(library, "accept", "--above", "0.7").stdout.splitlines()
    assert again == ["There is nothing to accept.", left]
    assert "1 photo " in run(library, "accept", "--above", "0", "/photos/00001.jpg").stdout


def test_photos_that_the_model_has_not_seen_are_told(library: Path) -> None:
    workspace = Workspace.open(library)
    workspace.library.write(lambda c: c.execute("DELETE FROM suggestion"))
    workspace.close()
    told = run(library, "accept", "--above", "0.5")
    assert told.stdout == "There is nothing to accept.\n"
    assert told.stderr == (
        "The model has not looked at 6 photos yet: landmark-desktop suggest --store PATHS.\n"
    )


def test_accepting_one_landmark_in_one_place(library: Path) -> None:
    def accept(*more: str, status: int = 0) -> Result:
        return run(library, "accept", "--above", "0", *more, status=status)

    assert "1 photo " in accept("--landmark", "tour eiffel", "/photos/00000.jpg").stdout
    assert "Accepted Taj Mahal on 2 photos" in accept("--landmark", "Taj_Mahal", "/photos").stdout
    assert "No landmark is called “Nowhere”" in accept("--landmark", "Nowhere", status=1).stderr
    missing = accept("/elsewhere", status=1)
    assert missing.stderr == "/elsewhere: The library has no photo there.\n"
    assert "nothing to accept" in accept("--landmark", "Petra").stdout
    for wrong in ("1.5", "sure"):
        run(library, "accept", "--above", wrong, status=2)
    run(library, "accept", status=2)


def test_tags_are_added_listed_renamed_merged_and_removed(library: Path) -> None:
    first = "/photos/00000.jpg"
    run(library, "accept", "--above", "0.9", first)
    added = run(library, "tag", "add", "People|Anna", "/photos").stdout
    assert added == "Tagged 6 photos People|Anna\n"
    assert run(library, "tag", "add", "people|anna", "/photos").stdout == "They have it already.\n"
    listed = run(library, "tag", "list", first).stdout.splitlines()
    assert listed[0] == first
    assert listed[1].startswith("    Places|France|Paris|Eiffel Tower  (guess: a rule, ")
    assert listed[1].endswith(" 95% sure)")
    assert listed[3] == "    People|Anna  (you)"
    (record,) = map(json.loads, run(library, "tag", "list", "--json", first).stdout.splitlines())
    assert record["tags"][0]["tag"][-1] == "Eiffel Tower"
    assert record["tags"][0]["said"][0]["by"] == "model"
    run(library, "tag", "rename", "People", r"Pe\|ople")
    assert r"      6  Pe\\\|ople|Anna" in run(library, "tag", "list").stdout
    run(library, "undo")
    run(library, "tag", "move", "People|Anna", "Friends|Anna")
    run(library, "tag", "add", "Anna", first)
    run(library, "tag", "merge", "Anna", "Friends|Anna")
    run(library, "tag", "remove", "Friends", first)
    assert "      5  Friends|Anna" in run(library, "tag", "list").stdout
    run(library, "tag", "delete", "Friends")
    tree = [
        json.loads(line)["tag"]
        for line in run(library, "tag", "list", "--json").stdout.split("\n")
        if line
    ]
    assert ["Friends"] not in tree
    assert ["Kinds", "tower"] in tree
    assert (
        "No photo has the tag Friends" in run(library, "tag", "delete", "Friends", status=1).stderr
    )
    assert "needs a name" in run(library, "tag", "add", "A||B", first, status=1).stderr


def test_an_older_entry_is_undone_by_its_number_or_refused(library: Path) -> None:
    run(library, "tag", "add", "A", "/photos/00000.jpg")
    run(library, "tag", "add", "B", "/photos/00001.jpg")
    run(library, "tag", "add", "C", "/photos/00000.jpg")
    refused = run(library, "undo", "1", status=1).stderr
    assert "“Tagged 1 photo C” was done later" in refused
    assert "(entry 3)" in refused
    assert run(library, "undo", "2").stdout == "Undone: Tagged 1 photo B\n"
    assert "no entry 99" in run(library, "undo", "99", status=1).stderr
    assert len(run(library, "history", "--limit", "2").stdout.splitlines()) == 2


def test_none_of_them_needs_torch(library: Path) -> None:
    code = (
        "import sys; from landmark_desktop.cli.main import command\n"
        "for words in (['accept', '--above', '0.9'], ['tag', 'add', 'A', '/photos'],\n"
        "              ['tag', 'list'], ['history'], ['undo'], ['redo']):\n"
        "    command(['--library', sys.argv[1], *words], standalone_mode=False)\n"
        "assert not {'torch', 'PySide6', 'numpy'} & set(sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(library)],
        capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
