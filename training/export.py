"""Write a bundle: TorchScript with its card inside, held against the eager network first."""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path

import torch

from training.bundle import CARD, Card, read_card
from training.network import LandmarkNetwork

TOLERANCE = 1e-5
"""Largest difference in any probability between the eager and the exported network."""


def export(network: LandmarkNetwork, card: Card, path: Path) -> float:
    """Script ``network`` and write the bundle; return the largest probability difference.

    The file is reloaded and compared with the eager network on noise before it takes its
    name. Raises ``ValueError`` where they differ by more than ``TOLERANCE``.
    """
    card.verify()
    network = network.eval().cpu().to(memory_format=torch.contiguous_format)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".pt", prefix=".exporting-", dir=path.parent)
    os.close(handle)
    partial = Path(name)
    try:
        with warnings.catch_warnings():
            # TorchScript is what this product exports; torch calls it deprecated.
            warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
            # Frozen: batch normalisation folded in, one module; it loads in a third of the time,
            # which matters because torch holds up all other threads while it loads.
            scripted = torch.jit.freeze(torch.jit.script(network))
            torch.jit.save(scripted, str(partial), _extra_files={CARD: card.to_json().encode()})
            reloaded = torch.jit.load(str(partial), map_location="cpu")  # type: ignore[no-untyped-call]
        if read_card(partial).to_json() != card.to_json():
            raise ValueError("the card did not survive being written")
        difference = _largest_difference(network, reloaded.eval(), card)
        if not difference <= TOLERANCE:
            raise ValueError(f"the exported network differs from the eager one by {difference}")
        partial.chmod(0o644)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return difference


def _largest_difference(
    network: LandmarkNetwork, reloaded: torch.jit.ScriptModule, card: Card
) -> float:
    size = card.preprocessing.size
    rng = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (16, 3, size, size), dtype=torch.uint8, generator=rng)
    with torch.inference_mode():
        # Twice: TorchScript's optimiser rewrites the graph after its first, profiled runs.
        reloaded(pixels)
        ours, theirs = network(pixels)[0].softmax(1), reloaded(pixels)[0].softmax(1)
    return float((ours - theirs).abs().max())
