"""How many photos pass at once, by the memory that the computer has."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import footprint
from training.backbones import create
from training.network import LandmarkNetwork


@pytest.fixture(scope="module")
def network() -> LandmarkNetwork:
    return LandmarkNetwork(create("five_conv"), 4, 96)


def test_activations_grow_with_the_pixels_and_leave_the_network_as_it_was(
    network: LandmarkNetwork,
) -> None:
    network.train()
    small, large = (footprint.activations(network, size) for size in (64, 128))
    assert 3 * small < large < 5 * small
    assert network.training
    assert not any(module._forward_hooks for module in network.modules())


@given(memory=st.integers(10**6, 10**12), batch=st.integers(2, 512))
def test_parts_are_even_and_no_larger_than_what_fits(
    network: LandmarkNetwork, memory: int, batch: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(footprint, "activations", lambda *_: 1_000_000)
        known = {"SC_PHYS_PAGES": memory, "SC_PAGE_SIZE": 1}
        patch.setattr(os, "sysconf", lambda name: known[name], raising=False)
        at_once = footprint.photos_at_once(network, 96, batch)
    assert 1 <= at_once <= batch
    assert at_once <= max(2, 0.5 * memory / 1.7e6)
    parts = -(-batch // at_once)
    assert parts * at_once - batch < parts  # none is much smaller than the others


def test_where_nothing_is_known_the_whole_batch_passes(
    network: LandmarkNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_name: str) -> int:
        raise ValueError

    monkeypatch.setattr(os, "sysconf", unknown, raising=False)
    assert footprint.photos_at_once(network, 96, 64) == 64
