"""Small whole runs, for the tests that compare what comes out of them."""

from __future__ import annotations

from pathlib import Path

import torch

from training import checkpoint, events
from training.control import Control
from training.fit import fit
from training.spec import TrainingSpec


def run(
    spec: TrainingSpec, folder: Path, cache: Path, control: Control | None = None
) -> list[events.Event]:
    return list(fit(spec, folder, cache, control))


def epochs(seen: list[events.Event]) -> list[events.EpochDone]:
    return [event for event in seen if isinstance(event, events.EpochDone)]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    best: dict[str, torch.Tensor] = torch.load(folder / checkpoint.NAME)["best"]
    return best


def same(one: Path, other: Path) -> bool:
    ours, theirs = weights(one), weights(other)
    return all(torch.equal(ours[name], theirs[name]) for name in ours)
