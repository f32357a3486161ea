"""A second look: photos that the network is not sure of are enlarged further and seen again.

Most photos are plain at a smaller input size than the hard ones need. So all are looked at small,
and the few that leave a doubt large; both opinions count. It costs about what one look at a size in
between costs, and is nearly as accurate as a large look at all of them (``docs/model.md``). A
network that was trained at one size sees better at a somewhat larger one (Touvron et al. 2019,
"Fixing the train-test resolution discrepancy"), but less surely: each look has its own temperature.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from training.batches import predict
from training.calibrate import temperature
from training.data import Part
from training.devices import Device
from training.network import LandmarkNetwork

SURE = 0.9
"""Calibrated probability from which one look is enough."""
_FEWEST = 30  # photos that a temperature is fitted on


class SecondLook(nn.Module):
    """A network with the contract of ``LandmarkNetwork`` that looks once or twice.

    Logits are already divided by each look's temperature; those of two looks are averaged, as
    are the embeddings, in the same proportion.
    """

    def __init__(self, network: LandmarkNetwork, first: int, again: int) -> None:
        super().__init__()
        self.network = network
        self.first = first
        self.again = again
        self.sure = SURE
        self.register_buffer("temperatures", torch.ones(2))
        self.temperatures: Tensor

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Classify photos as the app hands them over, uint8 N x 3 x H x W."""
        logits, embedding = self.look(pixels, self.first, 0)
        unsure = logits.softmax(1).amax(1) < self.sure
        if bool(unsure.any()):
            more_logits, more_embedding = self.look(pixels[unsure], self.again, 1)
            logits[unsure] = (logits[unsure] + more_logits) / 2
            embedding[unsure] = (embedding[unsure] + more_embedding) / 2
        return logits, embedding

    def look(self, pixels: Tensor, size: int, which: int) -> tuple[Tensor, Tensor]:
        """Return what one look says, divided by its temperature."""
        logits, embedding = self.network.look(pixels, size)
        return logits / self.temperatures[which], embedding / self.temperatures[which]

    def fit(self, validation: Part, device: Device) -> None:
        """Fit both temperatures on validation photos; the second on those that need it."""
        self.to(device.device).eval()
        classes = self.network.head.out_features
        logits = predict(self._at(self.first), validation, device, classes)
        self.temperatures[0] = temperature(np.asarray(logits.numpy()), validation.targets)
        calibrated = (logits / self.temperatures[0].cpu()).softmax(1)
        unsure = np.flatnonzero((calibrated.amax(1) < self.sure).numpy())
        if len(unsure) >= _FEWEST:
            rows, targets = validation.rows[unsure], validation.targets[unsure]
            validation = Part(validation.pixels, rows, targets)
        logits = predict(self._at(self.again), validation, device, classes)
        self.temperatures[1] = temperature(np.asarray(logits.numpy()), validation.targets)

    def _at(self, size: int) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        return lambda pixels: self.network.look(pixels, size)
