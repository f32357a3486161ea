"""Variations are training's own, repeatable, and forgiving about the photos beside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from samples import draw

from landmark_desktop.inference.variations import variations
from training.photo import PhotoError
from training.spec import AUGMENTATIONS


@pytest.mark.parametrize("policy", AUGMENTATIONS)
def test_the_same_seed_gives_the_same_variations(tmp_path: Path, policy: str) -> None:
    photo = draw(tmp_path / "a.jpg", "Taj_Mahal", mark=5)
    broken = tmp_path / "b.jpg"
    broken.write_bytes(b"no photo")
    others = [draw(tmp_path / "c.jpg", "Eiffel_Tower"), broken]
    state = torch.random.get_rng_state()
    made = variations(photo, others, policy, 32, 64, 7, 1)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert [view.shape for view in made] == [(64, 64, 3)] * 8
    assert {view.dtype for view in made} == {np.dtype(np.uint8)}
    again = variations(photo, others, policy, 32, 64, 7, 1)
    assert all((one == other).all() for one, other in zip(made, again, strict=True))
    other = variations(photo, (), policy, 32, 64, 7, 2)
    assert (made[0] == other[0]).all()  # the photo as it is
    varied = any((one != two).any() for one, two in zip(made[1:], other[1:], strict=True))
    assert varied == (policy != "none")


def test_a_photo_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    with pytest.raises(PhotoError, match="empty"):
        variations(tmp_path / "a.jpg", (), "light", 32, 32, 1, 0)
