"""Bad and odd files through the real command line: each bad one is named once, none stops it."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from samples import COLOURS

from landmark_desktop.thumbnails.cache import render
from training.photo import decode

LINUX = sys.platform == "linux"


def picture() -> Image.Image:
    """Draw what ``colour_model`` takes for the Eiffel Tower, no half of it like the other."""
    across, down = np.meshgrid(np.arange(320), np.arange(240))
    waves = 30 * np.sin(across / 9.0) + 20 * np.cos(down / 5.0)
    pixels = np.clip(waves[:, :, None] + COLOURS["Eiffel_Tower"], 0, 255).astype(np.uint8)
    pixels[:60, :80] = (250, 250, 20)
    return Image.fromarray(pixels)


def encoded(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    buffer = io.BytesIO()
    (image or picture()).save(buffer, kind, **options)
    return buffer.getvalue()


def cut(kind: str) -> bytes:
    return (whole := encoded(kind))[: len(whole) * 6 // 10]


@cache
def bomb(width: int = 30_000, height: int = 20_000) -> bytes:
    """Return a PNG of 600 megapixels, all black, in about 600 kB."""
    rows, packer = bytes((width + 1) * 100), zlib.compressobj(9)
    data = b"".join(packer.compress(rows) for _ in range(height // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    file = b"\x89PNG\r\n\x1a\n"
    for kind, body in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b"")):
        file += struct.pack(">I", len(body)) + kind + body + zlib.crc32(kind + body).to_bytes(4)
    return file


def with_thumbnail() -> bytes:
    """Return a JPEG whose Exif data hold a whole small JPEG: an empty IFD 0, then IFD 1."""
    small = encoded("JPEG", picture().resize((80, 60)))
    place = struct.pack("<HHIIHHII", 0x0201, 4, 1, 44, 0x0202, 4, 1, len(small))
    ifds = struct.pack("<IHIH", 8, 0, 14, 2) + place + bytes(4)
    return encoded("JPEG", exif=b"Exif\0\0II*\0" + ifds + small)


def oriented(kind: str, orientation: int) -> bytes:
    """Return a file that is upright once its orientation is obeyed (Exif 2.32, tag 0x0112)."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = (None, 0, 3, 1, 5, 2, 6, 4)[orientation - 1]  # as Image.Transpose numbers them
    stored = picture() if undo is None else picture().transpose(Image.Transpose(undo))
    return encoded(kind, stored, exif=exif)


def red_for_blue() -> bytes:
    """Return the picture with red and blue changed, and a profile that changes them back."""
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    icc = icc.replace(b"rXYZ", b"-XYZ").replace(b"bXYZ", b"rXYZ").replace(b"-XYZ", b"bXYZ")
    icc = icc.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    return encoded("PNG", Image.merge("RGB", picture().split()[::-1]), icc_profile=icc)


GREY = np.uint16(picture().convert("L")) * 257  # 16 bits
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
ANIMATION: dict[str, Any] = {"save_all": True, "append_images": [Image.new("L", (320, 240))]}
LATIN1 = b"Exif\0\0II*\0\x08\0\0\0\1\0\x0f\1\2\0\4\0\0\0Caf\xe9\0\0\0\0"  # the camera's maker
NO_TEXT = os.fsdecode(b"caf\xe9.jpg")  # not UTF-8

# How to make it, and the gist of what is to be said of it.
BAD: dict[str, Any] = {
    "empty.jpg": (bytes, "The file is empty (0 bytes)."),
    "text.png": (lambda: b"Dear diary, this is no photo.\n", "This is a text file, not a photo"),
    "cut.jpg": (lambda: cut("JPEG"), "The file is cut short"),
    "header.jpg": (lambda: encoded("JPEG")[:100], "The file is cut short"),
    "thumbnail.jpg": (lambda: with_thumbnail()[:-2000], "The file is cut short"),
    "cut.png": (lambda: cut("PNG"), "The file is cut short"),
    "cut.webp": (lambda: cut("WEBP"), "The picture is damaged"),
    "bomb.png": (bomb, "too large to open safely (30000 x 20000 pixels, 600 megapixels"),
    "cut.heic": (lambda: cut("HEIF"), "The file is cut short"),
    ".IMG_1.jpg.icloud": (lambda: b"bplist00", "in the cloud, not on this computer"),
}
# What an import, which reads no pixels, cannot tell, and whoever decodes can.
DECEITFUL: dict[str, Any] = {
    "cut.tif": (lambda: cut("TIFF"), "The file is cut short"),
}
# How to make it, and the mode in which it shows the picture.
GOOD: dict[str, Any] = {
    "plain.jpg": (lambda: encoded("JPEG"), "RGB"),
    "film.jpg": (lambda: encoded("JPEG") + b"\0\0\0\x18ftypmp42" + bytes(9999), "RGB"),
    "stray.jpg": (lambda: (b := encoded("JPEG"))[:20] + b"\0\0\0\xff" + b[20:], "RGB"),
    "whole thumbnail.jpg": (with_thumbnail, "RGB"),
    "cmyk.jpg": (lambda: encoded("JPEG", picture().convert("CMYK")), "RGB"),
    "latin1.jpg": (lambda: encoded("JPEG", exif=LATIN1), "RGB"),
    "bad exif.png": (lambda: encoded("PNG", exif=b"Exif\0\0MM\0\0 no TIFF header"), "RGB"),
    "bad exif.jpg": (lambda: encoded("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x10"), "RGB"),
    "bad icc.jpg": (lambda: encoded("JPEG", icc_profile=b"no profile at all" * 20), "RGB"),
    "lab icc.png": (lambda: encoded("PNG", icc_profile=LAB), "RGB"),
    "red for blue.png": (red_for_blue, "RGB"),
    "grey.png": (lambda: encoded("PNG", Image.fromarray(GREY)), "L"),
    "palette.png": (lambda: encoded("PNG", picture().quantize(64), transparency=b"\xf0"), "RGB"),
    "fax.tif": (lambda: encoded("TIFF", picture().convert("1"), compression="group4"), "1"),
    "film.gif": (lambda: encoded("GIF", **ANIMATION), "RGB"),
    "pair.mpo": (lambda: encoded("MPO", **ANIMATION), "RGB"),
    "photo.heic": (lambda: encoded("HEIF"), "RGB"),
}
NAMES = ("\N{SNOWMAN}\N{PARTY POPPER}.jpg", "long" * 49 + ".jpg", "line\nbreak.jpg", NO_TEXT)
GOOD |= dict.fromkeys(NAMES if LINUX else NAMES[:2], GOOD["plain.jpg"])


def fill(folder: Path, *, library: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Write all of it; return path -> gist of the complaint, and path -> mode."""
    folder.mkdir()
    for name, (make, _) in (BAD | DECEITFUL | GOOD).items():
        (folder / name).write_bytes(make())
    os.utime(folder / "plain.jpg", (2**34, 2**34))  # past what 64 bits of nanoseconds hold
    os.utime(folder / "film.jpg", (-(2**31), -(2**31)))  # 1901
    bad, good = ({str(folder / n): v[1] for n, v in table.items()} for table in (BAD, GOOD))
    if LINUX:
        for name, target in (("self.jpg", "self.jpg"), ("nowhere.jpg", "no"), ("loop", ".")):
            (folder / name).symlink_to(target)
        os.mkfifo(folder / "pipe.jpg")
        odd = {"self": "symbolic links", "nowhere": "no such file", "pipe": "a pipe"}
        bad |= {str(folder / f"{name}.jpg"): gist for name, gist in odd.items()}
    if library and good.pop(str(folder / NO_TEXT), None):
        bad[str(folder / "caf\\udce9.jpg")] = "is not valid text"
    return bad, good


def cli(*arguments: str | Path, start: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """Run the program to its end, which must be a good one; return the lines it wrote."""
    command = [sys.executable, *start, "-m", "landmark_desktop", *arguments]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=250, check=False)
    out, err = (text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr))
    assert done.returncode == 0, err
    return out.split("\n")[:-1], err.split("\n")[:-1]


def agree(said: list[tuple[str, str]], expected: dict[str, str]) -> None:
    """Each path is named once, with the right reason, and no other path is."""
    assert sorted(path for path, _ in said) == sorted(expected)
    assert [(path, why) for path, why in said if expected[path] not in why] == []


def test_import_names_each_bad_file_and_takes_the_others(tmp_path: Path) -> None:
    bad, good = fill(tmp_path / "photos", library=True)
    taken = len(good) + len(DECEITFUL)
    for numbers in (f"{taken} imported, 0 already there", f"0 imported, {taken} already there"):
        out, err = cli("--library", tmp_path / "library", "import", tmp_path / "photos")
        assert out == [f"{numbers}, {len(bad)} could not be read"]
        agree([(line.split(": ")[0], line) for line in err], bad)


@pytest.mark.parametrize("store", [False, True])
def test_suggest_answers_for_every_file(tmp_path: Path, colour_model: Path, store: bool) -> None:
    bad, good = fill(folder := tmp_path / "photos", library=store)
    bad |= {str(folder / name): gist for name, (_, gist) in DECEITFUL.items()}
    options = ("--model", colour_model, "--format", "json", *["--store"] * store)
    out, err = cli("--library", tmp_path / "library", "suggest", *options, folder)
    assert err == []
    records = [json.loads(line) for line in out]
    agree([(record["path"], record["error"]) for record in records if "error" in record], bad)
    seen = [(record["path"], record["landmark"]) for record in records if "error" not in record]
    assert sorted(path for path, _ in seen) == sorted(good)
    assert {shown for path, shown in seen if good[path] == "RGB"} == {"Eiffel_Tower"}


# Root may enter every folder; without two of its capabilities it is like anybody else.
AS_ANYBODY = """
import ctypes, os, sys
for capability in (1, 2) if os.geteuid() == 0 else ():  # CAP_DAC_OVERRIDE, _READ_SEARCH
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.mark.skipif(not LINUX, reason="other systems lock folders in other ways")
def test_a_locked_folder_costs_only_itself(tmp_path: Path) -> None:
    folder, anybody = tmp_path / "photos", ("-c", AS_ANYBODY)
    locked, new = folder / "shelf" / "locked", folder / "new.jpg"
    locked.mkdir(parents=True)
    for path in (folder / "a.jpg", folder / "b.jpg", locked / "c.jpg"):
        path.write_bytes(encoded("JPEG"))
    take = ("--library", tmp_path / "library", "import", folder)
    assert cli(*take, start=anybody)[0] == ["3 imported, 0 already there, 0 could not be read"]
    new.write_bytes(encoded("JPEG"))
    try:
        new.chmod(0)
        locked.chmod(0)
        look = [sys.executable, *anybody, "-c", f"import os; os.listdir({str(locked)!r})"]
        if subprocess.run(look, capture_output=True, check=False).returncode == 0:
            pytest.skip("this account's right to enter every folder cannot be given up")
        out, err = cli(*take, start=anybody)
        assert out == ["0 imported, 2 already there, 2 could not be read"]
        unread, refusal = "This account may not read the file.", "This account may not open it."
        assert err == [f"{new}: {unread}", f"{locked}: {refusal}"]
        (line,) = cli("suggest", "--format", "json", locked.parent, start=anybody)[0]
        assert json.loads(line) == {"path": str(locked), "error": refusal}
    finally:
        locked.chmod(0o755)
        new.chmod(0o644)
    # What lies in the locked folder was never said to be gone.
    assert cli(*take) == (["1 imported, 3 already there, 0 could not be read"], [])


def difference(image: Image.Image, expected: Image.Image) -> float:
    """Return the mean absolute difference of two RGB pictures, in levels of 255."""
    assert (image.mode, image.size) == ("RGB", expected.size)
    one, other = (np.asarray(i, np.float64) for i in (image, expected.convert("RGB")))
    return float(np.abs(one - other).mean())


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow's, of damaged metadata
@pytest.mark.parametrize("name", GOOD)
def test_odd_photos_decode_to_the_right_picture(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(GOOD[name][0]())
    assert difference(decode(tmp_path / name), picture().convert(GOOD[name][1])) < 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_upright(tmp_path: Path, kind: str, orientation: int) -> None:
    (path := tmp_path / "a.jpg").write_bytes(oriented(kind, orientation))
    assert difference(decode(path), picture()) < 6
    small = decode(path, long_side=100)
    assert difference(small.resize((80, 60)), picture().resize((80, 60))) < 10
    with Image.open(io.BytesIO(render(path, 64))) as thumbnail:
        assert (thumbnail.size, thumbnail.getexif().get(0x0112, 1)) == ((64, 48), 1)
