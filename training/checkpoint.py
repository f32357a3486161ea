"""Checkpoints: all that a run needs to go on exactly where it was, in one file."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from training.launch import CHECKPOINT

NAME = CHECKPOINT
_VERSION = 1
_FREE = ("name", "threads", "device", "micro_batch", "looks", "about")  # may change on the way
_PLACES = ("data", "negatives")  # may lie elsewhere on another machine, if they hold the same


class CheckpointError(ValueError):
    """A checkpoint that a run cannot go on from; the message is a sentence for a person."""


@dataclass
class State:
    """Where a run is. ``batch`` batches of ``epoch`` are done; tensors by name.

    ``photos``: names the content of what it learns from (``Photos.key``).

    ``best``: the averaged weights of the epoch with the least validation loss so far,
    ``unimproved``: epochs since. ``loss_sum``: of the epoch's batches so far.
    """

    spec: dict[str, Any]
    photos: str = ""
    epoch: int = 0
    batch: int = 0
    network: dict[str, Any] = field(default_factory=dict)
    average: dict[str, Any] = field(default_factory=dict)
    average_updates: int = 0
    optimiser: dict[str, Any] = field(default_factory=dict)
    best: dict[str, Any] = field(default_factory=dict)
    best_loss: float = float("inf")
    best_epoch: int = -1
    unimproved: int = 0
    loss_sum: float = 0.0
    finished: bool = False


def save(state: State, path: Path) -> None:
    """Write the state so that the file is at all times wholly old or wholly new.

    Raises ``OSError`` where it cannot be written; nothing is left of the attempt.
    """
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            torch.save({"version": _VERSION, **vars(state)}, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except (OSError, RuntimeError) as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        if isinstance(error.__context__, OSError):
            # torch closes its archive behind a failed write, and complains of that instead.
            raise error.__context__ from None
        raise


def load(path: Path, spec: dict[str, Any], photos: str) -> State | None:
    """Return the state in ``path``, or ``None`` where there is no file.

    Raises ``CheckpointError`` for a file that is damaged, or was saved by a run of another
    spec or on other photos than those that ``photos`` names.
    """
    if not path.exists():
        return None
    try:
        saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        version = saved.pop("version")
        state = State(**saved)
    except Exception as error:  # torch raises all kinds for files that are not its own
        raise CheckpointError(
            f"The checkpoint {path} cannot be read ({type(error).__name__}). Delete it to begin "
            "the run anew."
        ) from error
    if version != _VERSION:
        raise CheckpointError(f"The checkpoint {path} is of version {version}, not {_VERSION}.")
    free = _FREE + (_PLACES if state.photos else ())  # versions before this one knew only places
    differing = [key for key in spec if key not in free and state.spec.get(key) != spec[key]]
    if state.photos and state.photos != photos:
        differing.append("photos")
    state.photos = photos
    if differing:
        raise CheckpointError(
            f"The checkpoint in {path.parent} belongs to a run with other settings "
            f"({', '.join(differing)}). Choose another folder for this one."
        )
    return state
