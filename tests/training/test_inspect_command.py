"""``landmark-train inspect``: what a person is told of a set of photos."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

from click.testing import CliRunner
from PIL import Image

from training.cli import main


def inspect(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["inspect", *arguments])
    return result.exit_code, result.output


def test_a_zip_in_the_layout_of_udacity(drawn: Path, tmp_path: Path) -> None:
    archive = tmp_path / "landmark_images.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for number, name in enumerate(("Eiffel_Tower", "Taj_Mahal")):
            for path in sorted((drawn / "data" / name).iterdir()):
                part = "test" if int(path.stem) < 6 else "train"
                file.write(path, f"landmark_images/{part}/{number:02}.{name}/{path.name}")
    picture = tmp_path / "samples.jpg"
    status, text = inspect(str(archive), "--samples", str(picture))
    assert status == 0, text
    assert "48 photos in 2 classes" in text
    assert "Taj_Mahal" in text
    assert "\n01." not in text
    with Image.open(picture) as samples:
        assert min(samples.size) > 100
    status, text = inspect(str(archive), "--format", "json")
    counts = {row["name"]: (row["training"], row["test"]) for row in json.loads(text)["classes"]}
    assert counts == {"Eiffel_Tower": (18, 6), "Taj_Mahal": (18, 6)}


def test_a_copy_and_a_broken_file_are_found(drawn: Path, tmp_path: Path) -> None:
    shutil.copytree(drawn / "data", tmp_path / "data")
    shutil.copy(tmp_path / "data/Taj_Mahal/3.jpg", tmp_path / "data/Eiffel_Tower/copy.jpg")
    (tmp_path / "data" / "Taj_Mahal" / "empty.jpg").touch()
    status, text = inspect(str(tmp_path / "data"), "--format", "json")
    assert status == 0, text
    kinds = {finding["kind"] for finding in json.loads(text)["findings"]}
    assert {"duplicate_across", "unreadable"} <= kinds


def test_what_is_no_set_of_photos_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK nothing")
    (tmp_path / "empty").mkdir()
    for name in ("broken.zip", "empty"):
        status, text = inspect(str(tmp_path / name))
        assert status == 1
        assert text.startswith("Error: ")
        assert "Traceback" not in text
