"""Where the loop's batches come from: augmented photos, or features computed beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.augment import augment, mix, recompress
from training.data import Part, Photos
from training.devices import Device
from training.features import Features
from training.network import LandmarkNetwork
from training.spec import TrainingSpec


@dataclass(frozen=True)
class Batch:
    """``x``: photos (N x 3 x S x S) or features (N x D); ``targets``: N x C shares of 1."""

    x: Tensor
    targets: Tensor


class Batches(Protocol):
    """A phase's way from rows of the training photos to logits.

    Every batch draws its random numbers from a generator of its own, named by run, epoch
    and place: a resumed run sees the same batches.
    """

    def epoch(self, epoch: int, first: int, size: int) -> Iterator[Batch]:
        """Yield the epoch's batches from number ``first`` on; ``size``: pixels a side."""
        ...

    def logits(self, network: LandmarkNetwork, x: Tensor) -> Tensor:
        """Return the network's logits for a batch, in training."""
        ...

    def validation_logits(self, network: LandmarkNetwork) -> Tensor:
        """Return logits of the validation photos as the app would present them, on the CPU."""
        ...


class _Drawing:
    """What both ways share: which rows each batch has, and their targets."""

    def __init__(self, spec: TrainingSpec, photos: Photos, device: Device) -> None:
        self._spec = spec
        self._photos = photos
        self._device = device
        self._targets = np.concatenate([photos.training.targets, photos.drawn.targets])
        self._weights = sampling_weights(self._targets, photos.background, spec.background_share)

    def _rows(self, epoch: int, first: int) -> list[tuple[int, Tensor]]:
        """Return (number, rows) of the epoch's batches from ``first`` on."""
        rng = generator(self._spec.seed, epoch, 0)
        count = len(self._targets)
        drawn = torch.multinomial(self._weights, count, replacement=True, generator=rng)
        return list(enumerate(torch.split(drawn, self._spec.batch_size)))[first:]

    def _wanted(self, rows: Tensor) -> Tensor:
        targets = torch.from_numpy(self._targets[rows.numpy()])
        return F.one_hot(targets, len(self._photos.labels)).float().to(self._device.device)


class PhotoBatches(_Drawing):
    """Photos from the pixel cache, gathered a batch ahead by a thread, augmented on the device."""

    def epoch(self, epoch: int, first: int, size: int) -> Iterator[Batch]:
        """Yield augmented photos."""
        parts = self._rows(epoch, first)
        with ThreadPoolExecutor(1) as ahead:
            waiting: Future[Tensor] | None = None
            for place, (number, rows) in enumerate(parts):
                pixels = (waiting or ahead.submit(self._gather, epoch, number, rows)).result()
                if place + 1 < len(parts):
                    waiting = ahead.submit(self._gather, epoch, *parts[place + 1])
                rng = generator(self._spec.seed, epoch, 2 * number + 2)
                x = augment(pixels.to(self._device.device), size, self._spec.augmentation, rng)
                yield Batch(*mix(x, self._wanted(rows), self._spec.mix_share, rng))

    def _gather(self, epoch: int, number: int, rows: Tensor) -> Tensor:
        rng = generator(self._spec.seed, epoch, 2 * number + 1)
        real, drawn = self._photos.training, self._photos.drawn
        views = real.pixels.shape[1]
        view = torch.randint(0, views, (len(rows),), generator=rng).numpy()
        chosen = rows.numpy()
        pixels = np.empty((len(chosen), *real.pixels.shape[2:]), np.uint8)
        camera = chosen < len(real)
        pixels[camera] = real.pixels[real.rows[chosen[camera]], view[camera]]
        pixels[~camera] = drawn.pixels[chosen[~camera] - len(real), view[~camera]]
        batch = torch.from_numpy(pixels)
        return recompress(batch, rng) if self._spec.augmentation == "strong" else batch

    def logits(self, network: LandmarkNetwork, x: Tensor) -> Tensor:
        """Run the whole network."""
        return network.training_logits(x.to(memory_format=torch.channels_last))

    def validation_logits(self, network: LandmarkNetwork) -> Tensor:
        """Run the whole network on the uint8 photos, as the exported one will."""
        photos = self._photos
        return predict(network.eval(), photos.validation, self._device, len(photos.labels))


class FeatureBatches(_Drawing):
    """Features in memory; only the head is run."""

    def __init__(
        self, spec: TrainingSpec, photos: Photos, device: Device, features: Features
    ) -> None:
        super().__init__(spec, photos, device)
        self._training = torch.from_numpy(np.array(features.training)).to(device.device)
        self._validation = torch.from_numpy(np.array(features.validation))

    def epoch(self, epoch: int, first: int, size: int) -> Iterator[Batch]:  # noqa: ARG002
        """Yield features, of each photo one view."""
        for number, rows in self._rows(epoch, first):
            rng = generator(self._spec.seed, epoch, 2 * number + 2)
            view = torch.randint(0, self._training.shape[1], (len(rows),), generator=rng)
            x = self._training[rows.to(self._device.device), view.to(self._device.device)]
            yield Batch(x.float(), self._wanted(rows))

    def logits(self, network: LandmarkNetwork, x: Tensor) -> Tensor:
        """Run the head."""
        return network.head_logits(x)

    def validation_logits(self, network: LandmarkNetwork) -> Tensor:
        """Run the head on the photos as they are."""
        with torch.inference_mode():
            x = self._validation.float().to(self._device.device)
            return network.eval().head_logits(x).cpu()


@torch.inference_mode()
def predict(
    network: Callable[[Tensor], tuple[Tensor, Tensor]], part: Part, device: Device, classes: int
) -> Tensor:
    """Return float32 logits of photos as the door hands them over (N x ``classes``, on the CPU).

    ``network``: one in evaluation mode, on ``device``.
    """
    logits = [
        network(torch.from_numpy(part.view(i, i + 128)).to(device.device))[0].cpu()
        for i in range(0, len(part), 128)
    ]
    return torch.cat(logits) if logits else torch.zeros(0, classes)


def generator(seed: int, epoch: int, place: int) -> torch.Generator:
    """Return a generator of its own for one place in a run."""
    return torch.Generator().manual_seed((seed * 100_003 + epoch) * 1_000_003 + place)


def sampling_weights(
    targets: np.ndarray[tuple[int], np.dtype[np.int64]], background: int | None, share: float
) -> Tensor:
    """Return how often each photo is drawn: classes by the square root of their size.

    The background (label index ``background``) gets its fixed ``share`` of an epoch.
    """
    weights = np.asarray(1 / np.sqrt(np.bincount(targets)[targets]))
    if background is not None:
        inside = targets == background
        if inside.any():
            weights[inside] = weights[~inside].sum() * share / (1 - share) / inside.sum()
    return torch.from_numpy(weights)
