"""Augmented photos stay photos, and follow their seed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from training import backgrounds
from training.augment import augment, mix, recompress
from training.bars import trim_bars
from training.spec import AUGMENTATIONS

PIXELS = torch.from_numpy(backgrounds.draw(24, 96, seed=2))


@pytest.mark.parametrize("policy", AUGMENTATIONS)
def test_augmented_photos_are_photos(policy: str) -> None:
    rng = torch.Generator().manual_seed(3)
    torch.manual_seed(3)
    for size in (96, 128):
        x = augment(PIXELS, size, policy, rng)
        assert x.shape == (24, 3, size, size)
        assert float(x.min()) >= 0
        assert float(x.max()) <= 1
        assert bool(torch.isfinite(x).all())


@pytest.mark.parametrize("policy", AUGMENTATIONS)
def test_augmentation_follows_its_seed(policy: str) -> None:
    results = []
    for seed in (5, 5, 6):
        torch.manual_seed(seed)
        results.append(augment(PIXELS, 96, policy, torch.Generator().manual_seed(seed)))
    assert torch.equal(results[0], results[1])
    assert torch.equal(results[0], results[2]) == (policy == "none")


def test_without_augmentation_the_network_sees_what_the_app_shows() -> None:
    x = augment(PIXELS, 96, "none", torch.Generator())
    assert torch.allclose(x, PIXELS / 255, atol=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_mixed_targets_are_shares_of_one(share: float) -> None:
    rng = torch.Generator().manual_seed(0)
    x, targets, mixed_batches = torch.rand(24, 3, 32, 32), torch.eye(24), 0
    for _ in range(40):
        mixed, shares = mix(x, targets, share, rng)
        assert mixed.shape == x.shape
        assert np.allclose(shares.sum(1), 1, atol=1e-5)
        mixed_batches += not torch.equal(shares, targets)
    assert abs(mixed_batches / 40 - share) < 0.25


def test_recompression_changes_a_quarter_and_not_by_much() -> None:
    pixels = torch.from_numpy(backgrounds.draw(200, 32, seed=4))
    again = recompress(pixels, torch.Generator().manual_seed(1))
    changed = (again != pixels).flatten(1).any(1).float().mean()
    assert 0.08 < float(changed) < 0.35
    assert (again.float() - pixels.float()).abs().mean() < 8


def test_letterbox_and_caption_bars_are_cut() -> None:
    photo = Image.new("RGB", (200, 100), (90, 120, 60))
    boxed = Image.new("RGB", (220, 130))
    boxed.paste(photo, (10, 10))
    assert trim_bars(boxed).size == (200, 100)
    assert trim_bars(photo).size == (200, 100)


def test_a_night_photo_keeps_most_of_its_sky() -> None:
    night = Image.new("RGB", (100, 100))
    night.paste((200, 180, 90), (40, 80, 60, 95))
    assert trim_bars(night).height >= 50
