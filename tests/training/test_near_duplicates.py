"""Near-duplicates: copies made in the usual ways are found, other pictures are left alone."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance

from training import near_duplicates
from training.near_duplicates import MAX_DISTANCE, Pixels, groups, pairs, phash


def scene(seed: int, size: int = 256) -> Image.Image:
    """Draw a picture with structure at several scales, unlike that of any other seed."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((size, size, 3))
    for cells, strength in ((3, 90), (8, 60), (24, 30)):
        noise = rng.uniform(-strength, strength, (cells, cells, 3))
        layers = [Image.fromarray(noise[..., c].astype(np.float32)) for c in range(3)]
        picture += np.stack([np.asarray(layer.resize((size, size), 3)) for layer in layers], -1)
    return Image.fromarray(np.clip(picture + 128, 0, 255).astype(np.uint8))


def stack(*pictures: Image.Image, side: int = 64) -> Pixels:
    small = [np.asarray(p.resize((side, side), Image.Resampling.BOX)) for p in pictures]
    return np.stack(small).transpose(0, 3, 1, 2)


def reencoded(picture: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=30)
    return Image.open(buffer).convert("RGB")


def marked(picture: Image.Image) -> Image.Image:
    copy = picture.copy()
    ImageDraw.Draw(copy, "RGBA").text((20, 225), "(c) somebody.example", (255, 255, 255, 200), None)
    return copy


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "re-encoded": reencoded,
    "resized": lambda p: p.resize((96, 80)),
    "cut by 3 %": lambda p: p.crop((4, 4, 252, 252)),
    "brightened": lambda p: ImageEnhance.Brightness(p).enhance(1.25),
    "in greys": lambda p: p.convert("L").convert("RGB"),
    "watermarked": marked,
}


@pytest.mark.parametrize("how", COPIES)
def test_copies_are_found_and_nothing_else(how: str) -> None:
    originals = [scene(seed) for seed in range(20)]
    copies = [COPIES[how](picture) for picture in originals]
    pixels = stack(*originals, *copies)
    found = pairs(pixels)
    assert set(found) <= {(i, i + 20) for i in range(20)}
    assert len(found) >= 18
    group = groups(pixels)
    assert [(i, j) for i in range(20) for j in range(20, 40) if group[i] == group[j]] == found


def test_hashes_are_alike_at_any_size_and_spread_over_all_bits() -> None:
    pictures = [scene(seed) for seed in range(64)]
    reference = phash(stack(*pictures, side=64))
    assert reference.dtype == np.uint64
    for side in (32, 45, 96, 101):
        apart = [int(x).bit_count() for x in phash(stack(*pictures, side=side)) ^ reference]
        assert max(apart) <= MAX_DISTANCE
    ones = [int(hashed).bit_count() for hashed in reference]
    assert min(ones) >= 30
    assert max(ones) <= 32
    shares = [np.mean([int(h) >> bit & 1 for h in reference]) for bit in range(64)]
    assert min(shares) > 0.2
    assert max(shares) < 0.8


def test_plain_photos_are_duplicates_only_where_they_are_equal() -> None:
    plain = np.empty((6, 3, 40, 40), np.uint8)
    plain[:] = np.array([0, 255, 100, 101, 0, 255])[:, None, None, None]
    assert groups(plain).tolist() == [0, 1, 2, 3, 0, 1]
    assert pairs(plain) == [(0, 4), (1, 5)]
    assert phash(plain).tolist() == [0] * 6
    shaded = plain[[2, 2]]
    shaded[:, :, 20:] += 1  # a shade that nobody sees correlates perfectly
    shaded[1] += 60
    assert groups(shaded).tolist() == [0, 1]
    coloured = np.stack([np.full((3, 40, 40), 90, np.uint8)] * 2)
    coloured[1, 0] = 200
    assert groups(coloured).tolist() == [0, 1]


@given(st.permutations(range(14)))
@settings(max_examples=25, deadline=None)
def test_groups_do_not_depend_on_the_order(order: list[int]) -> None:
    pictures = [scene(seed) for seed in range(5)]
    pixels = stack(*pictures, *map(reencoded, pictures), *map(marked, pictures[:3]), pictures[0])
    before, after = groups(pixels), groups(pixels[order])
    for i in range(14):
        for j in range(14):
            assert (after[i] == after[j]) == (before[order[i]] == before[order[j]])
    firsts = [after.tolist().index(number) for number in range(after.max() + 1)]
    assert firsts == sorted(firsts)


@given(st.integers(1, 40), st.data())
@settings(max_examples=60, deadline=None)
def test_joining_is_that_of_a_graph(count: int, draw: st.DataObject) -> None:
    node = st.integers(0, count - 1)
    edges = draw.draw(st.lists(st.tuples(node, node), max_size=60))
    group = np.arange(count)
    for some in (edges[::2], edges[1::2]):
        left, right = (np.array([edge[side] for edge in some], np.int64) for side in (0, 1))
        near_duplicates._join(group, left, right)
    component = list(range(count))  # by the plainest way there is
    for _ in range(count):
        for i, j in edges:
            component[i] = component[j] = min(component[i], component[j])
    assert group.tolist() == component


def test_the_same_sky_over_different_places_is_no_copy() -> None:
    sky = np.linspace(230, 30, 256)[:, None, None]
    places = [np.asarray(scene(seed), np.float64) - 128 for seed in range(8)]
    pictures = [Image.fromarray(np.clip(sky + 0.2 * p, 0, 255).astype(np.uint8)) for p in places]
    pixels = stack(*pictures)
    greys = pixels.mean(1).reshape(8, -1)
    assert np.corrcoef(greys).min() > near_duplicates.MIN_CORRELATION
    assert pairs(pixels) == []


def test_blocks_miss_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [scene(seed) for seed in range(12)]
    pixels = stack(*pictures, *map(reencoded, pictures), pictures[3], pictures[3])
    whole = pairs(pixels), groups(pixels).tolist(), phash(pixels).tolist()
    monkeypatch.setattr(near_duplicates, "_ROWS", 5)
    monkeypatch.setattr(near_duplicates, "_PHOTOS", 3)
    assert (pairs(pixels), groups(pixels).tolist(), phash(pixels).tolist()) == whole
    assert len(whole[0]) == 12 + 5


def test_a_chain_is_one_group_though_its_ends_are_no_pair() -> None:
    wide = scene(1, 320)
    steps = [wide.crop((x, 0, x + 256, 256)) for x in range(0, 60, 4)]
    pixels = stack(*steps)
    assert set(groups(pixels).tolist()) == {0}
    assert (0, len(steps) - 1) not in pairs(pixels)


def test_no_photos_and_wrong_shapes() -> None:
    none = np.empty((0, 3, 32, 32), np.uint8)
    assert groups(none).shape == (0,)
    assert groups(none).dtype == np.int64
    assert pairs(none) == []
    assert phash(none).shape == (0,)
    for shape in ((2, 3, 31, 31), (2, 1, 32, 32), (2, 3, 32, 33), (3, 32, 32)):
        for function in (phash, pairs, groups):
            with pytest.raises(ValueError, match="are needed"):
                function(np.zeros(shape, np.uint8))
