"""``landmark-desktop explain`` writes a picture and leaves the photo alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from samples import draw_spot, save_spot_model

from landmark_desktop.cli.main import command


@pytest.fixture
def model(tmp_path: Path) -> Path:
    save_spot_model(tmp_path / "spots.pt")
    return tmp_path / "spots.pt"


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, ["explain", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def pixels(path: Path) -> npt.NDArray[np.int16]:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), np.int16)


def test_the_photo_upright_with_the_map_over_it(tmp_path: Path, model: Path) -> None:
    photo = draw_spot(tmp_path / "a.jpg", at=(0.25, 0.2), size=(2400, 1800), orientation=6)
    before, out = photo.read_bytes(), tmp_path / "new" / "out.png"
    result = run(photo, "--model", model, "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("What spoke for Eiffel Tower: ")
    assert photo.read_bytes() == before
    made = pixels(out)
    assert made.shape == (1200, 1600, 3)
    assert np.abs(made[1100, 1500] - 120).max() <= 3  # far from the spot the photo as it is
    beside = made[240, 400 + 110]
    assert np.abs(beside - 120).max() > 30


def test_nothing_in_particular_is_said_and_leaves_the_photo_plain(
    tmp_path: Path, model: Path
) -> None:
    photo, out = draw_spot(tmp_path / "a.jpg"), tmp_path / "out.png"
    result = run(photo, "--landmark", "taj mahal", "--model", model, "--out", out)
    assert "Nothing in particular spoke for Taj Mahal (not suggested)" in result.stdout
    assert (pixels(out) == pixels(photo)).all()


def test_the_photo_is_never_written_over(tmp_path: Path, model: Path) -> None:
    photo = draw_spot(tmp_path / "a.jpg")
    before = photo.read_bytes()
    result = run(photo, "--model", model, "--out", tmp_path / "." / "a.jpg")
    assert result.exit_code == 1
    assert "Photos are never changed." in result.stderr
    assert photo.read_bytes() == before


def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path, model: Path) -> None:
    photo = draw_spot(tmp_path / "a.jpg")
    (tmp_path / "file").write_text("")
    for arguments, why in (
        ((tmp_path / "no.jpg", "--out", tmp_path / "o.png"), "There is no such file any more."),
        ((photo, "--landmark", "Atlantis", "--out", tmp_path / "o.png"), "knows none like it"),
        ((photo, "--out", tmp_path / "file" / "o.png"), "cannot be written"),
    ):
        result = run(*arguments, "--model", model)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert why in result.stderr
    assert not (tmp_path / "o.png").exists()
