"""Facts come from Exif where it is sound, and a damaged Exif costs nothing but itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from samples import draw

from landmark_desktop.library.records import Facts
from landmark_desktop.metadata.read import read_facts
from training.photo import PhotoError


def exif(**changes: object) -> Image.Exif:
    """Return Exif of a photo taken in Rio, turned, with ``changes`` to single tags."""
    tags = Image.Exif()
    tags[0x010F], tags[0x0110], tags[0x0112] = "Canon", "Canon EOS R5", 6
    tags.get_ifd(0x8769)[0x9003] = changes.get("taken", "2024:05:06 07:08:09")
    gps = tags.get_ifd(0x8825)
    gps[1], gps[2] = "S", changes.get("latitude", (22.0, 57.0, 7.0))
    gps[3], gps[4] = "W", (43.0, 12.0, 38.0)
    return tags


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "heic"])
def test_every_format_tells_its_facts(tmp_path: Path, ending: str) -> None:
    if ending == "tif":
        pytest.skip("Pillow does not write Exif sub-directories into TIFF")
    path = tmp_path / f"a.{ending}"
    picture = Image.new("RGB", (64, 48), "teal")
    picture.save(path, exif=exif().tobytes())
    facts = read_facts(path)
    assert facts.taken_at == "2024-05-06T07:08:09"
    assert facts.camera == "Canon EOS R5"
    assert facts.latitude == pytest.approx(-22.95194, abs=1e-4)
    assert facts.longitude == pytest.approx(-43.21056, abs=1e-4)
    # pillow-heif turns the picture itself; the others leave it to the reader.
    upright = (48, 64) if ending == "heic" else (64, 48)
    assert (facts.width, facts.height) == upright
    assert facts.orientation == (1 if ending == "heic" else 6)


def test_a_photo_without_exif(tmp_path: Path) -> None:
    assert read_facts(draw(tmp_path / "a.jpg")) == Facts("JPEG", 320, 240)


@pytest.mark.parametrize("taken", ["    :  :     :  :  ", "0000:00:00 00:00:00", "nonsense", ""])
def test_a_camera_without_a_clock(tmp_path: Path, taken: str) -> None:
    assert read_facts(draw(tmp_path / "a.jpg", exif=exif(taken=taken))).taken_at is None


def test_an_impossible_position_is_none(tmp_path: Path) -> None:
    path = draw(tmp_path / "a.jpg", exif=exif(latitude=(200.0, 0.0, 0.0)))
    assert read_facts(path).latitude is None


def test_damaged_exif_does_not_make_a_photo_unreadable(tmp_path: Path) -> None:
    path = draw(tmp_path / "a.jpg", exif=exif())
    content = bytearray(path.read_bytes())
    content[40:80] = b"\xff" * 40
    path.write_bytes(content)
    assert read_facts(path).width == 320


def test_what_is_no_photo_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.png"
    path.write_text("Shopping: milk, bread")
    with pytest.raises(PhotoError, match="text file"):
        read_facts(path)
