"""The photos that the self-test draws: two made-up landmarks, everyday pictures, every format."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image, ImageDraw, features

CLASSES = ("Red_Tower", "Green_Dome")
"""Landmarks that no model knows."""
CAMERA = "Self-test camera"
_SIZE = (160, 120)
_MODEL_TAG, _DATE_TAG = 0x0110, 0x0132  # Exif 2.32: Model, DateTime


def training_set(folder: Path, each: int) -> tuple[Path, Path]:
    """Draw ``each`` photos of either landmark and half as many of none; return both folders."""
    for shows in CLASSES:
        for number in range(each):
            _save(folder / "data" / shows / f"{number}.jpg", shows, number)
    for number in range(each // 2):
        _save(folder / "negatives" / f"{number}.jpg", "", 1000 + number)
    return folder / "data", folder / "negatives"


def album(folder: Path) -> list[Path]:
    """Draw a folder of photos in every format that can be written here; return the photos.

    The names of those of a landmark begin with it.
    """
    for number, shows in enumerate((*CLASSES * 4, "", "", "")):
        name = f"{shows or 'other'} {number}.jpg"
        _save(folder / f"day {number % 2}" / name, shows, 500 + number)
    for number, ending in enumerate(_endings()):
        _save(folder / "formats" / f"{CLASSES[0]} {ending}.{ending}", CLASSES[0], 600 + number)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _endings() -> list[str]:
    endings = ["png", "gif", "bmp", "tiff"]
    if features.check("webp"):
        endings.append("webp")
    import pillow_heif  # with the codecs: not while the window opens

    pillow_heif.register_heif_opener()
    if pillow_heif.libheif_info().get("HEIF"):  # its encoder, which not every build has
        endings.append("heic")
    return endings


def _save(path: Path, shows: str, seed: int) -> None:
    chance = random.Random(seed)
    width, height = _SIZE
    ground = chance.randrange(90, 160)
    picture = Image.new("RGB", _SIZE, (ground, ground, chance.randrange(90, 160)))
    brush = ImageDraw.Draw(picture)
    x, y = width // 2 + chance.randrange(-20, 20), height // 2 + chance.randrange(-10, 10)
    match shows:
        case "Red_Tower":
            brush.rectangle((x - 14, y - 50, x + 14, height), fill=(205, 40, 35))
            brush.polygon((x - 18, y - 50, x, y - 60, x + 18, y - 50), fill=(120, 20, 20))
        case "Green_Dome":
            brush.ellipse((x - 50, y - 35, x + 50, y + 60), fill=(40, 170, 70))
            brush.rectangle((x - 55, y + 15, x + 55, height), fill=(230, 225, 200))
        case _:
            for _ in range(6):
                u, v = chance.randrange(width), chance.randrange(height)
                colour = tuple(chance.randrange(256) for _ in range(3))
                brush.line((u, v, chance.randrange(width), v), fill=colour, width=5)
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[_MODEL_TAG], exif[_DATE_TAG] = CAMERA, "2024:06:01 12:00:00"
    picture.save(path, **({"exif": exif} if path.suffix == ".jpg" else {}))
