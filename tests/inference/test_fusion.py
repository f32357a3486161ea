"""Convolutions that clamp by themselves: the same answers, and no harm where it cannot be."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest
import torch
from torch import nn

from landmark_desktop.inference import fusion
from landmark_desktop.inference.fusion import fuse
from training.evaluate import load


def frozen(network: nn.Module) -> torch.jit.ScriptModule:
    return torch.jit.freeze(torch.jit.script(network.eval()))


needs_x86 = pytest.mark.skipif(
    platform.machine().lower() not in ("x86_64", "amd64"), reason="only x86-64 is fused"
)


@needs_x86
@pytest.mark.filterwarnings("ignore:.*torch.jit.*deprecated")
@pytest.mark.parametrize("groups", [1, 8])
def test_the_answers_stay_the_same(groups: int) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(8, 16, 3, stride=2, padding=1, groups=groups), nn.BatchNorm2d(16), nn.ReLU6(),
        nn.Conv2d(16, 16, 1), nn.Hardtanh(-0.5, 0.5), nn.Conv2d(16, 4, 1), nn.ReLU(),
    )  # fmt: skip
    plain, fused = frozen(network), frozen(network)
    assert fuse(fused)
    assert len(list(fused.graph.findAllNodes("mkldnn::_convolution_pointwise"))) == 2
    for size in (7, 16):
        x = 9 * torch.randn(3, 8, size, size)
        with torch.inference_mode():
            assert torch.equal(plain(x), fused(x))


@needs_x86
@pytest.mark.filterwarnings("ignore:.*torch.jit.*deprecated")
@pytest.mark.parametrize(
    ("convolution", "x"),
    [
        (nn.Conv2d(3, 4, 3, padding="same"), torch.randn(2, 3, 8, 8)),
        (nn.Conv2d(3, 4, 3).double(), torch.randn(2, 3, 8, 8).double()),
        (nn.Conv2d(3, 4, 3), torch.randn(3, 8, 8)),
    ],
    ids=["padding in words", "float64", "one photo without a batch"],
)
def test_convolutions_of_other_people_s_models_answer_as_before(
    convolution: nn.Conv2d, x: torch.Tensor
) -> None:
    model = frozen(nn.Sequential(convolution, nn.ReLU6()))
    with torch.inference_mode():
        expected = model(x)
        fuse(model)
        assert torch.equal(model(x), expected)


@needs_x86
def test_the_shipped_model_is_fused_through_and_through(shipped_model: Path) -> None:
    plain, fused = load(shipped_model), load(shipped_model)
    assert fuse(fused)
    assert not list(fused.graph.findAllNodes("aten::hardtanh"))
    assert not list(fused.graph.findAllNodes("aten::hardtanh_"))
    x = torch.randint(0, 256, (5, 3, 96, 96), dtype=torch.uint8)
    with torch.inference_mode():
        assert torch.equal(plain(x)[0], fused(x)[0])


@pytest.mark.filterwarnings("ignore:.*torch.jit.*deprecated")
def test_what_pytorch_no_longer_has_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU6())
    x = torch.randn(2, 3, 8, 8)
    model = frozen(network)
    expected = model(x)
    monkeypatch.setitem(fusion._CONVOLUTIONS, "no_such_operator", "%dilation, %groups")
    monkeypatch.setattr(fusion, "_fused", lambda _rest: "graph(%x): return (%nothing)")
    assert not fuse(model)
    assert torch.equal(model(x), expected)
    monkeypatch.delattr(torch._C, "_jit_pass_custom_pattern_based_rewrite_graph")
    assert not fuse(model)
