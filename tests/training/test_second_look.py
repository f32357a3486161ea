"""Two looks at what leaves a doubt: which photos get one, what comes of it, how it is exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from samples import small
from small_runs import run

from landmark_desktop.inference.engine import Engine
from training import events
from training.backbone import Backbone
from training.bundle import read_card
from training.data import Part
from training.devices import Device
from training.network import LandmarkNetwork
from training.second_look import SURE, SecondLook
from training.spec import SpecError, TrainingSpec


class Sizes(Backbone):
    """Tells how large the photo was, and how bright: a network whose answers are known."""

    embedding_size = 2
    mean, std = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        brightness = x.mean((1, 2, 3))
        return torch.stack([torch.full_like(brightness, x.shape[-1] / 32), brightness], 1)

    def layers(self) -> list[torch.nn.Module]:
        return []


@pytest.fixture
def looking() -> SecondLook:
    """Sure of bright photos; the second look adds a tenth of its size to the first logit."""
    network = LandmarkNetwork(Sizes(), 2, 32)
    with torch.no_grad():
        network.head.weight.copy_(torch.tensor([[0.1, 10.0], [0.0, 0.0]]))
        network.head.bias.zero_()
    return SecondLook(network, 32, 64).eval()


def grey(*levels: int) -> torch.Tensor:
    photos = [torch.full((3, 16, 16), level, dtype=torch.uint8) for level in levels]
    return torch.stack(photos)


@torch.inference_mode()
def test_only_doubtful_photos_are_looked_at_again(looking: SecondLook) -> None:
    logits, embedding = looking(grey(255, 25, 204, 0))
    assert logits[:, 0].tolist() == pytest.approx([10.1, 0.98 + 0.15, 8.1, 0.15], abs=0.01)
    assert embedding[:, 0].tolist() == pytest.approx([1, 1.5, 1, 1.5])


@torch.inference_mode()
def test_a_photo_s_answer_is_its_own_whatever_is_beside_it(looking: SecondLook) -> None:
    together = looking(grey(255, 25, 204, 0))
    for place, level in enumerate((255, 25, 204, 0)):
        for mine, theirs in zip(looking(grey(level)), together, strict=True):
            assert torch.allclose(mine[0], theirs[place])


def test_each_look_has_a_temperature_of_its_own(looking: SecondLook) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 80, (400, 1, 3, 1, 1), np.uint8) + np.zeros(
        (1, 1, 1, 16, 16), np.uint8
    )
    share = pixels[:, 0, 0, 0, 0] / 255
    targets = (rng.random(400) > 1 / (1 + np.exp(-(0.1 + 10 * share) / 2))).astype(np.int64)
    part = Part(pixels, np.arange(400), targets)
    looking.fit(part, Device(torch.device("cpu"), "CPU", bfloat16=False))
    first, again = looking.temperatures.tolist()
    assert first == pytest.approx(2, rel=0.25)  # as the answers were drawn
    assert again == pytest.approx(2, rel=0.25)
    assert first != again
    logits, _ = looking(torch.from_numpy(pixels[:, 0]))
    assert logits.softmax(1).amax(1).min() < SURE


def test_a_run_exports_both_looks(drawn: Path, training_cache: Path, tmp_path: Path) -> None:
    spec = small(drawn, depth="head", looks=(32, 64))
    seen = run(spec, tmp_path, training_cache)
    assert isinstance(seen[-1], events.Finished)
    assert TrainingSpec.load(tmp_path / "spec.json").looks == (32, 64)
    card = read_card(tmp_path / "model.pt")
    assert card.training["looks"] == [32, 64]
    assert card.temperature == pytest.approx(1, rel=0.5)  # each look has its own already
    Engine(tmp_path / "model.pt")  # holds it to its contract


@pytest.mark.parametrize("looks", [(64,), (64, 100), (32, 64, 96), (0, 64)])
def test_looks_that_cannot_be_meant_are_refused(looks: tuple[int, ...]) -> None:
    with pytest.raises(SpecError, match="twice"):
        TrainingSpec("data", looks=looks).verify()
