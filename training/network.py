"""The network that ships: backbone, head, and the whole preprocessing inside the graph."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.backbone import Backbone


class LandmarkNetwork(nn.Module):
    """``forward(uint8 N x 3 x H x W) -> (logits N x C, embedding N x D)``, float32.

    The door's pixels are enlarged to ``size`` (a multiple of 32), where ImageNet features
    work better than at the door's own 96, and normalised as the backbone expects.
    """

    def __init__(self, backbone: Backbone, classes: int, size: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.backbone = backbone
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(backbone.embedding_size, classes)
        self.size = size
        self.register_buffer("mean", torch.tensor(backbone.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(backbone.std).view(1, 3, 1, 1))
        self.mean: Tensor
        self.std: Tensor

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Classify photos as the app hands them over."""
        return self.look(pixels, self.size)

    def look(self, pixels: Tensor, size: int) -> tuple[Tensor, Tensor]:
        """Classify photos enlarged to ``size`` pixels a side, a multiple of 32."""
        x = pixels.to(torch.float32) / 255.0
        x = F.interpolate(x, size=[size, size], mode="bilinear", align_corners=False)
        embedding = self.embed(x)
        return self.head(embedding), embedding

    def embed(self, x: Tensor) -> Tensor:
        """Return the embedding of photos already scaled to 0..1 and to the network's size."""
        embedding: Tensor = self.backbone((x - self.mean) / self.std)
        return embedding

    def training_logits(self, x: Tensor) -> Tensor:
        """Return the logits of augmented photos (float 0..1, any multiple of 32 a side)."""
        return self.head_logits(self.embed(x))

    def head_logits(self, embedding: Tensor) -> Tensor:
        """Return the logits of embeddings, N x D, with dropout while training."""
        logits: Tensor = self.head(self.dropout(embedding))
        return logits
