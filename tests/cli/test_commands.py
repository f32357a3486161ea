"""The command line as a script would use it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from precision_steps import faded, stating
from samples import draw, save_colour_model

from landmark_desktop.cli.main import command

KEYS = {"path", "landmark", "name", "confidence", "tags", "folder", "alternatives"}


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_suggest_prints_an_object_a_photo(album: Path, colour_model: Path) -> None:
    (album / "broken.jpg").write_bytes(b"")
    result = run("suggest", "--model", colour_model, "--format", "json", album)
    assert result.exit_code == 0
    records = lines(result)
    assert len(records) == 13
    (broken,) = [record for record in records if "error" in record]
    assert broken == {"path": str(album / "broken.jpg"), "error": "The file is empty (0 bytes)."}
    photos = [record for record in records if record is not broken]
    assert all(set(record) == KEYS for record in photos)
    assert Counter(record["landmark"] for record in photos) == {
        "Eiffel_Tower": 5, "Taj_Mahal": 4, None: 3,
    }  # fmt: skip
    for record in photos:
        chances = [other["confidence"] for other in record["alternatives"]]
        assert chances == sorted(chances, reverse=True)
        assert {other["landmark"] for other in record["alternatives"]} == {
            "Eiffel_Tower",
            "Taj_Mahal",
        }
        if record["landmark"] == "Eiffel_Tower":
            assert record["name"] == "Eiffel Tower"
            assert record["tags"] == ["Eiffel Tower", "Paris", "France", "tower"]
            assert record["folder"] == "France/Paris/Eiffel Tower"
            assert record["confidence"] == record["alternatives"][0]["confidence"] > 0.6
        if record["landmark"] is None:
            assert (record["name"], record["tags"], record["folder"]) == (None, [], None)


def test_storing_gives_the_same_answers(tmp_path: Path, album: Path, colour_model: Path) -> None:
    (album / "broken.jpg").write_bytes(b"")
    fresh = run("suggest", "--model", colour_model, "--format", "json", album)
    library = tmp_path / "library"
    for _ in range(2):  # the second time from the library alone
        stored = run(
            "--library", library, "suggest", "--store", "--model", colour_model,
            "--format", "json", album,
        )  # fmt: skip
        assert stored.exit_code == 0

        def by_path(record: dict[str, Any]) -> str:
            return str(record["path"])

        assert sorted(lines(stored), key=by_path) == sorted(lines(fresh), key=by_path)


def test_the_table_reads_well(album: Path, colour_model: Path) -> None:
    result = run("suggest", "--model", colour_model, album)
    assert "Eiffel Tower" in result.stdout
    assert "France/Paris/Eiffel Tower" in result.stdout
    assert result.stdout.count("none recognised") == 3


def test_a_path_that_is_not_there_is_said_and_counts_as_failure(
    tmp_path: Path, album: Path, colour_model: Path
) -> None:
    result = run("suggest", "--model", colour_model, "--format", "json", tmp_path / "no", album)
    assert result.exit_code == 1
    assert lines(result)[0] == {
        "path": str(tmp_path / "no"), "error": "There is no such file or folder.",
    }  # fmt: skip
    assert len(lines(result)) == 13


def test_a_foreign_model_is_refused_in_one_line(album: Path, tmp_path: Path) -> None:
    (tmp_path / "x.pt").write_text("no model")
    result = run("suggest", "--model", tmp_path / "x.pt", album)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "no TorchScript archive" in result.stderr


def test_import_twice(tmp_path: Path, album: Path) -> None:
    library = tmp_path / "library"
    (album / "text.png").write_text("this is no picture")
    first = run("--library", library, "import", album)
    assert first.stdout == "12 imported, 0 already there, 1 could not be read\n"
    assert "text.png: This is a text file" in first.stderr
    second = run("--library", library, "import", album)
    assert second.stdout == "0 imported, 12 already there, 1 could not be read\n"


def towers(result: Result) -> int:
    return sum(record["landmark"] == "Eiffel_Tower" for record in lines(result))


def test_suggesting_with_a_precision(tmp_path: Path) -> None:
    model, folder, library = tmp_path / "stating.pt", tmp_path / "faded", tmp_path / "library"
    save_colour_model(model, stating)
    faded(folder)
    fresh = ("suggest", "--model", model, "--format", "json", folder)
    stored = ("--library", library, *fresh, "--store")
    for arguments in (fresh, stored, stored):  # the last from the library alone
        assert towers(run(*arguments)) == 5
        assert towers(run(*arguments, "--precision", "0.96")) == 3
        assert towers(run(*arguments, "--precision", "0.9")) == 6
        assert towers(run(*arguments)) == 5  # what was asked for once is not kept
    more = run(*fresh, "--precision", "0.995")
    assert towers(more) == 1
    assert more.stderr == "You asked for 99.5%; this model can be no surer than 98.0%.\n"


@pytest.mark.parametrize("precision", ["0.4", "1", "95", "high"])
def test_a_precision_that_nobody_can_ask_for(
    album: Path, colour_model: Path, precision: str
) -> None:
    result = run("suggest", "--model", colour_model, "--precision", precision, album)
    assert result.exit_code == 2
    assert "--precision" in result.stderr


def test_a_model_that_states_no_precision_says_so(album: Path, colour_model: Path) -> None:
    result = run("suggest", "--model", colour_model, "--precision", "0.95", album)
    assert result.exit_code == 0
    assert "its own default holds" in result.stderr
    assert result.stdout.count("none recognised") == 3


_DISPLAYS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    return subprocess.run(
        [sys.executable, "-m", "landmark_desktop", *arguments],
        env=kept | environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_without_a_display_it_names_what_needs_none(tmp_path: Path) -> None:
    result = process("--library", str(tmp_path / "library"))
    assert result.returncode == 1
    assert "no display" in result.stderr
    assert "landmark-desktop suggest" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_command_line_does_without_torch_until_it_is_needed(tmp_path: Path) -> None:
    code = (
        "import sys; from landmark_desktop.cli.main import command\n"
        "command(['--library', sys.argv[1], 'import', '.'], standalone_mode=False)\n"
        "assert 'torch' not in sys.modules and 'PySide6' not in sys.modules"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "library")],
        capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def test_most_full_size_photos_are_recognised(data: Path) -> None:
    records = lines(run("suggest", "--format", "json", data / "fullsize"))
    assert len(records) == 163
    right = sum(record["alternatives"][0]["landmark"] == Path(record["path"]).parent.name
                for record in records)  # fmt: skip
    assert right > 163 * 0.75
    suggested = [record for record in records if record["landmark"] is not None]
    assert len(suggested) > 163 / 2
    wrong = [r for r in suggested if r["landmark"] != Path(r["path"]).parent.name]
    assert len(wrong) < len(suggested) * 0.1


def test_everyday_photos_show_no_landmark(data: Path) -> None:
    records = lines(run("suggest", "--format", "json", data / "negatives" / "test"))
    assert sum(record["landmark"] is not None for record in records) < len(records) * 0.1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names of bytes are Linux's")
def test_names_that_are_no_text_leave_valid_lines(tmp_path: Path, colour_model: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in (b"\xff\xfe.jpg", b"two\nlines.jpg", "\U0001f3d4 peak.jpg".encode()):
        draw(tmp_path / "plain.jpg", "Eiffel_Tower").rename(folder / os.fsdecode(name))
    result = subprocess.run(
        [sys.executable, "-m", "landmark_desktop", "suggest", "--model", str(colour_model),
         "--format", "json", str(folder)],
        capture_output=True, timeout=120, check=True,
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    records = [json.loads(line) for line in result.stdout.decode("utf-8").splitlines()]
    assert {record["landmark"] for record in records} == {"Eiffel_Tower"}
    assert {Path(record["path"]) for record in records} == set(folder.iterdir())


def test_a_relative_path_names_its_complaints(
    tmp_path: Path, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (album / "a\nb.jpg").write_bytes(b"")
    monkeypatch.chdir(album)
    result = run("--library", tmp_path / "library", "import", "../album")
    assert result.stderr == f"{album}/a\\nb.jpg: The file is empty (0 bytes).\n"
