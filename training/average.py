"""An exponential moving average of a network's weights: what is judged and what ships."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from training.network import LandmarkNetwork


class MovingAverage:
    """Holds a copy of ``network`` whose weights follow it slowly (Polyak and Juditsky 1992).

    After ``t`` updates the old average keeps a share of ``min(decay, (1 + t) / (10 + t))``,
    as TensorFlow's ``ExponentialMovingAverage`` does, so that a short run is not dominated
    by the weights it began with.
    """

    def __init__(self, network: LandmarkNetwork, decay: float) -> None:
        self.network = copy.deepcopy(network)
        self.network.eval().requires_grad_(False)
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Move the average a step towards ``network``, its running statistics included."""
        self.updates += 1
        new = 1 - min(self.decay, (1 + self.updates) / (10 + self.updates))
        ours: list[Tensor] = []
        theirs: list[Tensor] = []
        for own, other in zip(self._values(self.network), self._values(network), strict=True):
            if own.is_floating_point():
                ours.append(own)
                theirs.append(other)
            else:
                own.copy_(other)
        torch._foreach_lerp_(ours, theirs, new)

    @staticmethod
    def _values(network: nn.Module) -> list[Tensor]:
        return [*network.parameters(), *network.buffers()]
