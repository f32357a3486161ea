"""Training photos: split without separating near-duplicates, labelled, their sizes settled."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import COLOURS, draw, small

from training import backgrounds, data
from training.data import Photos
from training.drain import drain
from training.layout import DataError, Sample
from training.spec import Stage, TrainingSpec

KINDS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=120)


def prepared(spec: TrainingSpec, cache: Path) -> tuple[TrainingSpec, Photos]:
    return drain(data.prepare(spec, cache))


def samples(kinds: list[tuple[str, str]]) -> list[Sample]:
    return [Sample(Path(f"{source}{i}.jpg"), label) for i, (label, source) in enumerate(kinds)]


@given(KINDS, st.integers(0, 9))
def test_a_split_takes_the_same_share_of_each_class_and_source(
    kinds: list[tuple[str, str]], seed: int
) -> None:
    alone = np.arange(len(kinds))
    held_out = data.split(samples(kinds), alone, 0.25, seed).tolist()
    assert held_out == data.split(samples(kinds), alone, 0.25, seed).tolist()
    assert len(set(held_out)) == len(held_out)
    for label, number in Counter(label for label, _ in kinds).items():
        taken = sum(kinds[i][0] == label for i in held_out)
        assert abs(taken - 0.25 * number) <= 1
        assert taken >= (number >= 4)
    for stratum, number in Counter(kinds).items():
        if number >= 10:
            assert sum(kinds[i] == stratum for i in held_out) == round(0.25 * number)


@given(KINDS, st.data())
def test_a_split_never_separates_near_duplicates(
    kinds: list[tuple[str, str]], draw_from: st.DataObject
) -> None:
    group = st.integers(0, max(1, len(kinds) // 2))
    groups = np.array([draw_from.draw(group) for _ in kinds], np.int64)
    held_out = data.split(samples(kinds), groups, 0.3, 1)
    rest = np.setdiff1d(np.arange(len(kinds)), held_out)
    assert not set(groups[held_out]) & set(groups[rest])
    for label, number in Counter(label for label, _ in kinds).items():
        assert sum(kinds[i][0] == label for i in held_out) <= max(1, 0.3 * number + 1)


def test_file_names_of_random_letters_are_no_sources() -> None:
    many = [Sample(Path(f"{chr(97 + i % 26)}{chr(97 + i // 26)}x.jpg"), "a") for i in range(100)]
    assert len(data.split(many, np.arange(100), 0.1, 0)) == 10


def test_photos_are_labelled_and_split(drawn: Path, training_cache: Path) -> None:
    spec, photos = prepared(small(drawn), training_cache)
    assert spec == small(drawn)
    assert [label.name for label in photos.labels] == ["Eiffel_Tower", "Taj_Mahal", "none"]
    assert photos.background == 2
    assert photos.classes == 2
    assert not set(photos.training.rows) & set(photos.validation.rows)
    assert len(photos.training) + len(photos.validation) == 60
    assert len(photos.drawn) == round(0.35 * int((photos.training.targets == 2).sum()))
    for part in (photos.training, photos.validation):
        for row, target in zip(part.rows, part.targets, strict=True):
            name = photos.paths[row].parent.name
            assert name == ("negatives" if target == 2 else photos.labels[target].name)
            colour = COLOURS[photos.labels[target].name]
            seen = part.pixels[row, 0].mean(axis=(1, 2))
            assert np.abs(seen - colour).max() < 60


def test_near_duplicates_of_a_given_validation_part_are_not_trained_on(
    tmp_path: Path, training_cache: Path
) -> None:
    rng = np.random.default_rng(0)
    from PIL import Image

    for shows in ("a", "b"):
        for number in range(12):
            part = "val" if number < 3 else "train"
            path = tmp_path / "data" / part / shows / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            noise = rng.integers(0, 256, (8, 8, 3), np.uint8)
            Image.fromarray(noise).resize((64, 64), Image.Resampling.BICUBIC).save(path)
    copy = tmp_path / "data/train/a/copy.png"
    shutil.copy(tmp_path / "data/val/a/0.png", copy)
    spec = small(tmp_path, negatives=())
    _, photos = prepared(spec, training_cache)
    trained = [photos.paths[row] for row in photos.training.rows]
    validated = [photos.paths[row] for row in photos.validation.rows]
    assert len(validated) == 6
    assert all("val" in path.parts for path in validated)
    assert copy not in trained
    assert len(trained) == 18
    assert any("near-duplicates" in notice for notice in photos.notices)


def test_a_class_without_a_readable_photo_is_left_out_and_named(
    drawn: Path, tmp_path: Path, training_cache: Path
) -> None:
    shutil.copytree(drawn / "data", tmp_path / "data")
    (tmp_path / "data" / "Broken 🏛 place").mkdir()
    (tmp_path / "data" / "Broken 🏛 place" / "a.jpg").write_bytes(b"no photo")
    (tmp_path / "data" / "Single").mkdir()
    draw(tmp_path / "data" / "Single" / "a.jpg", "none")
    _, photos = prepared(small(tmp_path, negatives=()), training_cache)
    assert [label.name for label in photos.labels] == ["Eiffel_Tower", "Single", "Taj_Mahal"]
    assert photos.background is None
    assert len(photos.unreadable) == 1
    assert any("'Broken 🏛 place' has no readable photo" in notice for notice in photos.notices)
    assert any("Fewer than 4 photos of 'Single'" in notice for notice in photos.notices)
    assert 1 in photos.training.targets
    assert 1 not in photos.validation.targets


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda f: draw(f / "data" / "only" / "a.jpg"), "class|two"),
        (lambda f: (f / "data").mkdir(), "photo|folder"),
        (lambda f: draw(f / "data" / "a.jpg"), "folder"),
    ],
)
def test_what_cannot_be_learned_from_is_said_so(
    make: Callable[[Path], object], message: str, tmp_path: Path, training_cache: Path
) -> None:
    make(tmp_path)
    with pytest.raises(DataError, match=message):
        prepared(small(tmp_path, negatives=()), training_cache)


@pytest.mark.parametrize(
    ("side", "backbone", "door", "size"),
    [
        (64, "efficientnet_lite0", 96, 128),
        (150, "efficientnet_lite0", 160, 224),
        (900, "efficientnet_lite0", 224, 224),
        (64, "vit_b_16", 96, 224),
        (64, "landmark_net", 96, 96),
    ],
)
def test_sizes_are_settled_by_the_photos_own(
    side: int, backbone: str, door: int, size: int, tmp_path: Path
) -> None:
    paths = [draw(tmp_path / f"{i}.jpg", size=(side * 2, side), mark=i) for i in range(3)]
    spec = TrainingSpec("x", backbone=backbone, door=0, stages=(Stage(3, 0),))
    settled = data.settle_sizes(spec, [*paths, tmp_path / "gone.jpg"])
    assert (settled.door, settled.stages) == (door, (Stage(3, size),))


def test_drawn_backgrounds_differ() -> None:
    pictures = backgrounds.draw(40, 32, seed=1)
    assert pictures.shape == (40, 3, 32, 32)
    assert len({picture.tobytes() for picture in pictures}) > 35
