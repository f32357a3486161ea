"""torchvision's networks as backbones: their classifier taken off, their layers listed.

Inside, a network keeps torchvision's own names (``network.layer1.0.conv1.weight``), so that
published weights fit by name. Their papers stand in ``training.catalogue``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torchvision import models  # type: ignore[import-untyped]

from training.backbone import Backbone

# Of ImageNet, as torchvision's weights were trained with.
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)
# torchvision is untyped: `Any` stands for its networks.


class TorchvisionBackbone(Backbone):
    """The torchvision network ``key``, its last linear layer taken off."""

    mean = _MEAN
    std = _STD

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        classifier, dropout = _NETWORKS[key].classifier, _NETWORKS[key].dropout
        # Some have a dropout before the classifier, others do not know the word; none has one
        # here, because LandmarkNetwork brings its own.
        options = {"dropout": 0.0} if dropout else {}
        network = models.get_model(key, weights=None, **options)
        self.embedding_size = int(network.get_submodule(classifier).in_features)
        network.set_submodule(classifier, nn.Identity())
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        """Return the embedding that the classifier would have seen."""
        embedding: Tensor = self.network(x)
        return embedding

    def layers(self) -> list[nn.Module]:
        """Return the stem, the blocks and what follows them."""
        return _NETWORKS[self.key].layers(self.network)

    def translate(self, published: dict[str, Tensor]) -> dict[str, Tensor]:
        """Leave the classifier out; the other names are torchvision's."""
        classifier = f"{_NETWORKS[self.key].classifier}."
        return {
            f"network.{name}": value
            for name, value in published.items()
            if not name.startswith(classifier)
        }


class VisionTransformerBackbone(Backbone):
    """torchvision's vision transformer, for photos of the one size it was made for.

    Its class token and position embedding, bare parameters in torchvision, are in the stem
    here, so that every parameter is in a layer.
    """

    mean = _MEAN
    std = _STD

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.embedding_size = int(network.hidden_dim)
        self.stem = PatchEmbedding(network)
        self.blocks: nn.Sequential = network.encoder.layers
        self.norm: nn.LayerNorm = network.encoder.ln

    def forward(self, x: Tensor) -> Tensor:
        """Return the class token after the last block."""
        tokens: Tensor = self.norm(self.blocks(self.stem(x)))
        return tokens[:, 0]

    def layers(self) -> list[nn.Module]:
        """Return the patch embedding, the blocks and the last normalisation."""
        return [self.stem, *self.blocks, self.norm]

    def translate(self, published: dict[str, Tensor]) -> dict[str, Tensor]:
        """Rename torchvision's entries, those of files from before torchvision 0.13 too."""
        renamed = {}
        for name, value in published.items():
            if name.startswith("heads."):
                continue
            if name.startswith(("conv_proj.", "class_token")):
                name = f"stem.{name}"
            name = name.replace("encoder.pos_embedding", "stem.pos_embedding")
            name = name.replace("encoder.layers.", "blocks.").replace("encoder.ln.", "norm.")
            # MLPBlock named its two linear layers before it became a Sequential.
            name = name.replace(".mlp.linear_1.", ".mlp.0.").replace(".mlp.linear_2.", ".mlp.3.")
            renamed[name] = value
        return renamed


class PatchEmbedding(nn.Module):
    """Cut photos into patches: N x 3 x S x S to tokens N x (1 + patches) x D, class token first."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.size = int(network.image_size)
        self.conv_proj: nn.Conv2d = network.conv_proj
        self.class_token: nn.Parameter = network.class_token
        self.pos_embedding: nn.Parameter = network.encoder.pos_embedding

    def forward(self, x: Tensor) -> Tensor:
        """Return the tokens. Raises ``ValueError`` for photos of another size."""
        if x.shape[2] != self.size or x.shape[3] != self.size:
            raise ValueError("A vision transformer takes photos of one size only.")
        patches = self.conv_proj(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.class_token.expand(x.shape[0], -1, -1), patches], dim=1)
        return tokens + self.pos_embedding


def _resnet(network: Any) -> list[nn.Module]:
    stages = (network.layer1, network.layer2, network.layer3, network.layer4)
    stem = nn.ModuleList([network.conv1, network.bn1])
    return [stem, *(block for stage in stages for block in stage)]


def _mobilenet(network: Any) -> list[nn.Module]:
    return [*network.features, network.classifier]


def _efficientnet(network: Any) -> list[nn.Module]:
    stem, *stages, head = network.features
    return [stem, *(block for stage in stages for block in stage), head]


def _efficientnet_v2(network: Any) -> list[nn.Module]:
    # Its forty blocks by threes: as deep a list as the other networks have.
    stem, *stages, head = network.features
    return [stem, *(three for stage in stages for three in _threes(list(stage))), head]


def _threes(blocks: list[nn.Module]) -> Iterable[nn.Module]:
    return (nn.ModuleList(blocks[i : i + 3]) for i in range(0, len(blocks), 3))


def _hierarchical(network: Any, norm: nn.Module) -> list[nn.Module]:
    """Stages of blocks with a reduction between them, which joins the block it leads to."""
    stem, first, *rest = network.features
    layers = [stem, *first]
    for reduction, (block, *blocks) in zip(rest[::2], rest[1::2], strict=True):
        layers += [nn.ModuleList([reduction, block]), *blocks]
    return [*layers, norm]


def _convnext(network: Any) -> list[nn.Module]:
    return _hierarchical(network, network.classifier[0])


def _swin(network: Any) -> list[nn.Module]:
    return _hierarchical(network, network.norm)


@dataclass(frozen=True)
class _Network:
    """``classifier``: name of the last linear layer. ``dropout``: there is one before it."""

    classifier: str
    layers: Callable[[Any], list[nn.Module]]
    dropout: bool = False


_NETWORKS = {
    "mobilenet_v3_large": _Network("classifier.3", _mobilenet, dropout=True),
    "resnet18": _Network("fc", _resnet),
    "resnet50": _Network("fc", _resnet),
    "efficientnet_b0": _Network("classifier.1", _efficientnet, dropout=True),
    "efficientnet_v2_s": _Network("classifier.1", _efficientnet_v2, dropout=True),
    "convnext_tiny": _Network("classifier.2", _convnext),
    "swin_t": _Network("head", _swin),
}


def create(key: str) -> Backbone:
    """Return torchvision's network ``key`` of the catalogue with random weights.

    Raises ``KeyError`` for a network that is not listed here.
    """
    if key == "vit_b_16":
        return VisionTransformerBackbone(models.vit_b_16(weights=None))
    return TorchvisionBackbone(key)
