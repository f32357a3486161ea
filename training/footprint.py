"""How many photos may pass through a network at once, by the memory that this computer has.

On the processor nothing says that memory runs out: Linux lends more than there is and then ends
some process. So it is reckoned beforehand.
"""

from __future__ import annotations

import math
import os

import torch
from torch import Tensor, nn

from training.network import LandmarkNetwork

_SHARE = 0.5  # of the computer's memory that activations and their gradients may take
_TIMES = 1.7
"""Bytes that a process in training holds for each byte of activations: its largest size, measured
over batches of EfficientNet-Lite0 (1.1 to 1.2), ResNet-18 (1.6) and our own network (1.7)."""


def photos_at_once(network: LandmarkNetwork, size: int, batch: int) -> int:
    """Return the largest even part of a batch that fits while all of the network learns.

    ``size``: pixels a side. The whole ``batch`` where the system does not say how much memory
    there is: Windows, which refuses memory that it does not have, so that the loop then halves
    what passes at once.
    """
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return batch
    fit = max(2, int(_SHARE * there / (_TIMES * activations(network, size))))
    return math.ceil(batch / math.ceil(batch / fit))


@torch.inference_mode()
def activations(network: LandmarkNetwork, size: int) -> int:
    """Return the bytes that the layers' outputs take for one photo."""
    total = 0

    def count(_module: nn.Module, _inputs: object, output: object) -> None:
        nonlocal total
        if isinstance(output, Tensor):
            total += output.nbytes

    training = network.training
    network.eval()
    leaves = [module for module in network.modules() if not list(module.children())]
    hooks = [module.register_forward_hook(count) for module in leaves]
    try:
        parameter = next(network.parameters())
        network.embed(torch.zeros(1, 3, size, size, device=parameter.device))
    finally:
        for hook in hooks:
            hook.remove()
        network.train(training)
    return total
