"""Training photos: found, split without losing any, brought through the door, bars cut off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from samples import draw

from training import data
from training.augment import augment, mix
from training.bundle import Preprocessing
from training.data import Sample


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=120),
    st.integers(0, 9),
)
def test_a_split_keeps_every_photo_once_and_every_stratum(
    kinds: list[tuple[str, str]], seed: int
) -> None:
    samples = [Sample(Path(f"{source}{i}.jpg"), label) for i, (label, source) in enumerate(kinds)]
    training, validation = data.split(samples, 0.25, seed)
    assert sorted(training + validation) == list(range(len(samples)))
    assert data.split(samples, 0.25, seed) == (training, validation)
    for stratum in set(kinds):
        rows = [i for i, kind in enumerate(kinds) if kind == stratum]
        assert len(set(rows) & set(validation)) == round(0.25 * len(rows))


def test_photos_are_decoded_once_and_broken_ones_named(tmp_path: Path) -> None:
    for number, shows in enumerate(("Eiffel_Tower", "Taj_Mahal", "none")):
        draw(tmp_path / "data" / shows / f"{number}.jpg", shows)
    (tmp_path / "data" / "none" / "broken.jpg").write_bytes(b"")
    samples = data.labelled(tmp_path / "data")
    assert [sample.label for sample in samples] == ["Eiffel_Tower", "Taj_Mahal", "none", "none"]
    pixels, kept, unreadable = data.load(samples, Preprocessing(32), tmp_path / "cache", 2)
    assert pixels.shape == (3, data.VIEWS, 3, 32, 32)
    assert kept == [0, 1, 2]
    assert len(unreadable) == 1
    assert "broken.jpg: The file is empty" in unreadable[0]
    for sample in samples:
        sample.path.touch()
    before = len(list((tmp_path / "cache").iterdir()))
    data.load(samples, Preprocessing(32), tmp_path / "cache", 2)
    assert len(list((tmp_path / "cache").iterdir())) == 2 * before  # touched: decoded anew


def test_letterbox_and_caption_bars_are_cut() -> None:
    photo = Image.new("RGB", (200, 100), (90, 120, 60))
    boxed = Image.new("RGB", (220, 130))
    boxed.paste(photo, (10, 10))
    assert data.trim_bars(boxed).size == (200, 100)
    assert data.trim_bars(photo).size == (200, 100)


def test_a_night_photo_keeps_most_of_its_sky() -> None:
    night = Image.new("RGB", (100, 100))
    night.paste((200, 180, 90), (40, 80, 60, 95))
    assert data.trim_bars(night).height >= 50


def test_drawn_backgrounds_differ() -> None:
    drawn = data.synthetic_backgrounds(40, 32, seed=1)
    assert drawn.shape == (40, data.VIEWS, 3, 32, 32)
    assert len({picture.tobytes() for picture in drawn}) > 35


def test_augmented_photos_are_photos() -> None:
    rng = torch.Generator().manual_seed(3)
    pixels = torch.from_numpy(data.synthetic_backgrounds(24, 96, seed=2)[:, 0].copy())
    for size in (96, 128):
        x = augment(pixels, size, rng)
        assert x.shape == (24, 3, size, size)
        assert float(x.min()) >= 0
        assert float(x.max()) <= 1
        assert bool(torch.isfinite(x).all())
    targets = torch.eye(24)
    for _ in range(12):
        mixed, shares = mix(x, targets, rng)
        assert mixed.shape == x.shape
        assert np.allclose(shares.sum(1), 1, atol=1e-5)


def test_augmentation_follows_its_seed() -> None:
    pixels = torch.from_numpy(data.synthetic_backgrounds(8, 96, seed=2)[:, 0].copy())
    one, same = (augment(pixels, 96, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(one, same)
