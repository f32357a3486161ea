"""Photos are decoded once: found again by content, copied between sets, resumed after a kill."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from samples import draw

from training import pixel_cache
from training.bundle import Preprocessing
from training.drain import drain
from training.pixel_cache import Cached, CacheError

DOOR = Preprocessing(32)


def load(paths: Sequence[Path], cache: Path, views: int = 1) -> Cached:
    return drain(pixel_cache.load(paths, DOOR, cache, views=views, threads=2))


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    return [draw(tmp_path / "photos" / f"{n}.jpg", "Taj_Mahal", mark=n) for n in range(6)]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the list of paths that are decoded from now on."""
    seen: list[Path] = []
    decode = pixel_cache._views

    def noted(path: Path, door: Preprocessing, views: int) -> object:
        seen.append(path)
        return decode(path, door, views)

    monkeypatch.setattr(pixel_cache, "_views", noted)
    return seen


def test_pixels_are_what_the_door_makes_of_the_photo(photos: list[Path], tmp_path: Path) -> None:
    cached = load(photos, tmp_path / "cache", views=2)
    assert cached.pixels.shape == (6, 2, 3, 32, 32)
    assert cached.kept == list(range(6))
    assert cached.unreadable == []
    assert np.array_equal(cached.pixels[3, 0], DOOR.apply(DOOR.open(photos[3])))
    assert not np.array_equal(cached.pixels[3, 0], cached.pixels[3, 1])
    with pytest.raises(ValueError, match="read-only"):
        cached.pixels[0] = 0


def test_a_broken_photo_is_named_and_its_neighbours_kept(
    photos: list[Path], tmp_path: Path
) -> None:
    photos[2].write_bytes(photos[2].read_bytes()[:200])
    photos[4].unlink()
    cached = load(photos, tmp_path / "cache")
    assert cached.kept == [0, 1, 3, 5]
    assert len(cached.unreadable) == 2
    assert "2.jpg" in cached.unreadable[0]
    assert np.array_equal(cached.pixels[5, 0], DOOR.apply(DOOR.open(photos[5])))


def test_moved_and_touched_photos_are_not_decoded_again(
    photos: list[Path], tmp_path: Path, decoded: list[Path]
) -> None:
    first = load(photos, tmp_path / "cache")
    assert len(decoded) == 6
    photos[0].touch()
    moved = Path(shutil.move(tmp_path / "photos", tmp_path / "elsewhere"))
    again = load([moved / path.name for path in photos], tmp_path / "cache")
    assert len(decoded) == 6
    assert again.key == first.key


def test_a_changed_photo_is_decoded_again(
    photos: list[Path], tmp_path: Path, decoded: list[Path]
) -> None:
    load(photos, tmp_path / "cache")
    draw(photos[1], "Eiffel_Tower", mark=99)
    cached = load(photos, tmp_path / "cache")
    assert decoded[6:] == [photos[1]]
    assert np.array_equal(cached.pixels[1, 0], DOOR.apply(DOOR.open(photos[1])))


def test_a_larger_set_copies_the_rows_of_a_smaller(
    photos: list[Path], tmp_path: Path, decoded: list[Path]
) -> None:
    load(photos[:4], tmp_path / "cache")
    cached = load(list(reversed(photos)), tmp_path / "cache")
    assert sorted(decoded[4:]) == photos[4:]
    for row, path in enumerate(reversed(photos)):
        assert np.array_equal(cached.pixels[row, 0], DOOR.apply(DOOR.open(path)))


def test_a_killed_decoding_goes_on_where_it_was(
    photos: list[Path], tmp_path: Path, decoded: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pixel_cache, "_WINDOW", 2)
    stream = pixel_cache.load(photos, DOOR, tmp_path / "cache", views=1, threads=1)
    while not list((tmp_path / "cache").glob("*.jsonl")) or len(decoded) < 4:
        next(stream)
        if len(decoded) >= 2:
            break
    stream.close()
    index = next((tmp_path / "cache").glob("*.jsonl"))
    with index.open("a") as file:
        file.write('{"digest": "half a li')
    cached = load(photos, tmp_path / "cache")
    assert len(decoded) <= 6 + 2
    for row, path in enumerate(photos):
        assert np.array_equal(cached.pixels[row, 0], DOOR.apply(DOOR.open(path)))


def test_old_sets_make_room(
    photos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(photos[:3], tmp_path / "cache")
    monkeypatch.setattr(pixel_cache, "MOST_BYTES", 100)
    cached = load(photos[3:], tmp_path / "cache")
    assert [file.stem for file in (tmp_path / "cache").glob("*.npy")] == [cached.key]
    assert [file.stem for file in (tmp_path / "cache").glob("*.jsonl")] == [cached.key]


def test_a_full_disk_is_told_before_anything_is_written(
    photos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        pixel_cache.shutil, "disk_usage", lambda _: type(usage)(usage.total, usage.total, 1000)
    )
    with pytest.raises(CacheError, match="Make room"):
        load(photos, tmp_path / "cache")


def test_a_folder_that_cannot_be_written_is_told(photos: list[Path], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    with pytest.raises(CacheError, match="--cache"):
        load(photos, tmp_path / "cache")
