"""Thumbnails are upright, in sRGB, kept by content, and never outgrow their limit by much."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from samples import draw

from landmark_desktop.thumbnails.cache import SIDE, ThumbnailCache, render
from training.photo import PhotoError


def opened(thumbnail: bytes) -> Image.Image:
    return Image.open(io.BytesIO(thumbnail))


def test_a_large_photo_becomes_small_and_keeps_its_aspect(tmp_path: Path) -> None:
    path = draw(tmp_path / "a.jpg", size=(4000, 1000))
    assert opened(render(path)).size == (SIDE, SIDE // 4)


def test_a_small_photo_stays_as_it_is(tmp_path: Path) -> None:
    assert opened(render(draw(tmp_path / "a.png", size=(60, 40)))).size == (60, 40)


def test_a_turned_photo_comes_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = draw(tmp_path / "a.jpg", size=(800, 600), exif=exif)
    assert opened(render(path)).size == (SIDE * 3 // 4, SIDE)


def swapped_profile() -> bytes:
    """Return an sRGB profile whose red and blue primaries have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile = profile.replace("sRGB".encode("utf-16-be"), "xRGB".encode("utf-16-be"))
    red, blue = profile.find(b"rXYZ", 128), profile.find(b"bXYZ", 128)
    assert min(red, blue) > 0
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def test_a_colour_profile_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "profiled.png"
    Image.new("RGB", (64, 64), (200, 40, 40)).save(path, icc_profile=swapped_profile())
    red, _, blue = opened(render(path)).getpixel((9, 9))  # type: ignore[misc]
    assert red < 60
    assert blue > 180


def test_a_damaged_profile_costs_nothing_but_itself(tmp_path: Path) -> None:
    path = tmp_path / "profiled.png"
    Image.new("RGB", (64, 64), (200, 40, 40)).save(path, icc_profile=b"no profile at all")
    assert opened(render(path)).getpixel((9, 9)) == pytest.approx((200, 40, 40), abs=4)


def test_the_second_time_comes_from_disk(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path / "cache", 1_000_000)
    path = draw(tmp_path / "a.jpg")
    first = cache.get(path, "abc")
    path.unlink()
    assert cache.get(path, "abc") == first


def test_a_damaged_photo_is_said_so_and_not_kept(tmp_path: Path) -> None:
    path = draw(tmp_path / "a.jpg")
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(PhotoError):
        ThumbnailCache(tmp_path / "cache", 1_000_000).get(path, "abc")
    assert not list(tmp_path.glob("cache/*/*"))


def test_the_limit_holds_and_what_is_used_stays(tmp_path: Path) -> None:
    size = len(render(draw(tmp_path / "0.jpg", mark=0)))
    cache = ThumbnailCache(tmp_path / "cache", 10 * size)
    for number in range(30):
        path = draw(tmp_path / f"{number}.jpg", mark=number)
        cache.get(path, f"{number:04}")
        cache.get(path, "0000")
    kept = {file.stem for file in (tmp_path / "cache").glob("*/*.jpg")}
    assert len(kept) <= 11
    assert "0000" in kept
    assert "0029" in kept


def test_a_cache_that_cannot_be_written_costs_only_speed(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    cache = ThumbnailCache(tmp_path / "cache", 1_000_000)
    assert opened(cache.get(draw(tmp_path / "a.jpg"), "abc")).size == (320, 240)
