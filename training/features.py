"""Embeddings of a run's photos, computed once by its pretrained backbone and kept on disk.

A head trains on them in seconds. View 0 is the photo as the app presents it; the further
views are light variations, so that the head does not learn single pixels by heart.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.augment import augment
from training.data import Part, Photos
from training.devices import Device
from training.events import Preparing
from training.network import LandmarkNetwork
from training.spec import TrainingSpec

_VERSION = 1
_BLOCK = 64  # photos that are computed, and noted as done, at once
_NOTED_EVERY = 5.0  # seconds


@dataclass(frozen=True)
class Features:
    """Embeddings, float16: training (drawn backgrounds last) N x views x D, validation M x D."""

    training: npt.NDArray[np.float16]
    validation: npt.NDArray[np.float16]


def compute(
    network: LandmarkNetwork, photos: Photos, spec: TrainingSpec, device: Device, folder: Path
) -> Generator[Preparing, None, Features]:
    """Compute what is not on disk yet, reporting how far it is.

    An interrupted computation goes on where it was. Raises ``OSError`` where ``folder`` cannot
    be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    weights = _digest(network)
    parts = (
        ("training", photos.training, spec.feature_views),
        ("drawn", photos.drawn, spec.feature_views),
        ("validation", photos.validation, 1),
    )
    made = {}
    for name, part, views in parts:
        rows = hashlib.sha256(part.rows.tobytes()).hexdigest()
        identity = (_VERSION, photos.key, rows, name, weights, spec.size, views, spec.seed)
        key = hashlib.sha256(repr(identity).encode()).hexdigest()[:24]
        made[name] = yield from _part(network, part, views, spec, device, folder / f"{key}.npy")
    training = made["training"]
    if len(photos.drawn):
        training = np.concatenate([training, made["drawn"]])
    return Features(training, made["validation"][:, 0])


def _part(
    network: LandmarkNetwork, part: Part, views: int, spec: TrainingSpec, device: Device, file: Path
) -> Generator[Preparing, None, npt.NDArray[Any]]:
    shape = (len(part), views, network.backbone.embedding_size)
    if not len(part):
        return np.zeros(shape, np.float16)
    count_file = file.with_suffix(".json")
    done = json.loads(count_file.read_text()) if count_file.exists() and file.exists() else 0
    if done == len(part):
        return np.load(file, mmap_mode="r")  # type: ignore[no-any-return]
    if done:
        features = np.load(file, mmap_mode="r+")
    else:
        features = np.lib.format.open_memmap(file, "w+", np.float16, shape)
    noted = time.monotonic()
    for start in range(done, len(part), _BLOCK):
        stop = min(start + _BLOCK, len(part))
        rng = torch.Generator().manual_seed(spec.seed * 1_000_003 + start)
        for view in range(views):
            # The second way of reducing, where there is one, takes part in the variations.
            pixels = torch.from_numpy(part.view(start, stop, view % part.pixels.shape[1]))
            features[start:stop, view] = _embed(network, pixels, view > 0, spec, device, rng)
        yield Preparing("Computing features", stop, len(part))
        if stop == len(part) or time.monotonic() - noted > _NOTED_EVERY:
            features.flush()
            count_file.write_text(json.dumps(stop))
            noted = time.monotonic()
    return np.load(file, mmap_mode="r")  # type: ignore[no-any-return]


@torch.inference_mode()
def _embed(
    network: LandmarkNetwork,
    pixels: Tensor,
    varied: bool,
    spec: TrainingSpec,
    device: Device,
    rng: torch.Generator,
) -> npt.NDArray[np.float16]:
    x = augment(pixels.to(device.device), spec.size, "light" if varied else "none", rng)
    with device.autocast():
        embedding = network.embed(x.to(memory_format=torch.channels_last))
    return embedding.float().cpu().numpy().astype(np.float16)


def _digest(network: LandmarkNetwork) -> str:
    digest = hashlib.sha256()
    for name, value in network.backbone.state_dict().items():
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
