"""Networks that learn from random weights: our own, and the one it is compared with.

``LandmarkNet`` was decided on so:

* Residual blocks of two 3 x 3 convolutions (He et al. 2015): dense convolutions use a CPU's
  arithmetic several times better than the depthwise ones of mobile networks, and from
  scratch, on ten thousand photos, they learn faster.
* A stem that brings 96 pixels to 24 at once (two convolutions, one pooling): the early
  layers of a ResNet at full resolution took most of the time and gave little.
* Shortcuts that average before they project (ResNet-D, He et al. 2019): no pixel is skipped.
* Squeeze-and-excitation (Hu et al. 2018) in the two last stages, where it costs nothing:
  which channels matter depends on the whole photo.
* The last normalisation of each block starts at zero (Goyal et al. 2017), so that training
  begins with a shallow network, and blocks are dropped at random (Huang et al. 2016), more
  towards the end: 7 million weights would otherwise learn ten thousand photos by heart.

``FiveConv`` is the five-layer network of the student projects that gave the idea: five
convolutions, each with normalisation and pooling, dropout and one hidden layer.
"""

import torch
from torch import Tensor, nn

from training.backbone import Backbone

# No `from __future__ import annotations` here: TorchScript cannot read annotations of
# attributes as strings.

_HALF = (0.5, 0.5, 0.5)  # mean and deviation: photos come in as -1..1


def _conv_bn(
    inputs: int, outputs: int, kernel: int, stride: int = 1
) -> tuple[nn.Conv2d, nn.BatchNorm2d]:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    return convolution, nn.BatchNorm2d(outputs)


class SqueezeExcitation(nn.Module):
    """Weighs channels by what the whole photo shows (Hu et al. 2018)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weigh = nn.Sequential(
            nn.Conv2d(channels, channels // 8, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels // 8, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the maps, each channel times its weight."""
        weights: Tensor = self.weigh(x.mean(dim=(2, 3), keepdim=True))
        return x * weights


class Residual(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut; left out at random in training."""

    def __init__(self, inputs: int, outputs: int, stride: int, excite: bool, drop: float) -> None:
        super().__init__()
        body: list[nn.Module] = [*_conv_bn(inputs, outputs, 3, stride), nn.ReLU(inplace=True)]
        convolution, last = _conv_bn(outputs, outputs, 3)
        nn.init.zeros_(last.weight)
        body += [convolution, last]
        if excite:
            body.append(SqueezeExcitation(outputs))
        self.body = nn.Sequential(*body)
        shortcut: list[nn.Module] = [nn.AvgPool2d(2)] if stride == 2 else []
        if stride == 2 or inputs != outputs:
            shortcut += _conv_bn(inputs, outputs, 1)
        self.shortcut = nn.Sequential(*shortcut)
        self.drop = drop

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum of both ways."""
        y: Tensor = self.body(x)
        if self.training and self.drop > 0.0:
            keep = torch.rand(x.shape[0], 1, 1, 1, device=x.device) >= self.drop
            y = y * keep / (1.0 - self.drop)
        short: Tensor = self.shortcut(x)
        return torch.relu(short + y)


class LandmarkNet(Backbone):
    """Our own: see the head of this file. Embedding N x 384; made for 96 pixels a side."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding_size = 384
        self.mean = _HALF
        self.std = _HALF
        self.stem = nn.Sequential(
            *_conv_bn(3, 24, 3, 2), nn.ReLU(inplace=True),
            *_conv_bn(24, 48, 3), nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, 1),
        )  # fmt: skip
        blocks: list[nn.Module] = []
        widths, depths, inputs = (48, 96, 192, 384), (2, 2, 3, 2), 48
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            for place in range(depth):
                stride = 2 if place == 0 and stage > 0 else 1
                drop = 0.1 * len(blocks) / (sum(depths) - 1)
                blocks.append(Residual(inputs, width, stride, stage >= 2, drop))
                inputs = width
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> Tensor:
        """Return the pooled embedding, N x 384."""
        maps: Tensor = self.blocks(self.stem(x))
        return maps.mean(dim=(2, 3))

    def layers(self) -> list[nn.Module]:
        """Return the stem and each block."""
        return [self.stem, *self.blocks]


class FiveConv(Backbone):
    """Five convolutions and a hidden layer. Embedding N x 512; any size from 32 pixels up."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding_size = 512
        self.mean = _HALF
        self.std = _HALF
        convolutions: list[nn.Module] = []
        inputs = 3
        for outputs in (16, 32, 64, 128, 256):
            block = [*_conv_bn(inputs, outputs, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
            convolutions.append(nn.Sequential(*block))
            inputs = outputs
        self.convolutions = nn.Sequential(*convolutions)
        # Pooled to 3 x 3, what 96 pixels come to: other sizes fit then too.
        self.hidden = nn.Sequential(
            nn.AdaptiveAvgPool2d(3), nn.Flatten(), nn.Dropout(0.5),
            nn.Linear(inputs * 9, self.embedding_size), nn.ReLU(inplace=True),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """Return the hidden layer's activations, N x 512."""
        embedding: Tensor = self.hidden(self.convolutions(x))
        return embedding

    def layers(self) -> list[nn.Module]:
        """Return each convolution with what follows it, then the hidden layer."""
        return [*self.convolutions, self.hidden]
