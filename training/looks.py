"""Looks that say nothing about the place: drawings of a photo, and print over it.

Web photos of landmarks are now and then posters, logos, captioned or watermarked pictures;
photos without a landmark often hold text and cartoons. Where only the latter are drawn or
written on, a network takes the look itself for "no landmark".
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

DRAWN, PRINTED = 0.06, 0.10
"""Shares of the photos that become a drawing, or get print over them."""

_PATTERNS = 64


def as_drawings(x: Tensor, rng: torch.Generator, share: float = DRAWN) -> Tensor:
    """Return photos (float 0..1, N x 3 x D x D), a share of them drawn.

    Half of these become flat colours with outlines, half outlines alone, on light or dark
    ground.
    """
    chosen = torch.nonzero(torch.rand(len(x), generator=rng) < share).flatten()
    if not len(chosen):
        return x
    x = x.clone()
    some = x[chosen.to(x.device)]
    soft = F.avg_pool2d(F.pad(some, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    luma = soft.mean(1, keepdim=True)
    across = F.pad(luma.diff(dim=3).abs(), (0, 1, 0, 0))
    down = F.pad(luma.diff(dim=2).abs(), (0, 0, 0, 1))
    # What counts as an outline depends on the photo's own contrast.
    slope = across + down
    ink = (slope / (4 * slope.mean(dim=(2, 3), keepdim=True) + 1e-3)).clamp(0, 1)
    levels = _one_each(some, torch.randint(2, 6, (len(some),), generator=rng))
    flat = (soft * levels).round() / levels * (1 - ink)
    paper = _one_each(some, (torch.rand(len(some), generator=rng) < 0.75).float())
    lines = (paper - ink).abs().expand_as(some)
    outlines = _one_each(some, torch.rand(len(some), generator=rng)) < 0.5
    x[chosen.to(x.device)] = torch.where(outlines, lines, flat)
    return x


def print_over(x: Tensor, rng: torch.Generator, share: float = PRINTED) -> Tensor:
    """Return photos (float 0..1, N x 3 x D x D), a share with lines of print over them.

    The print lies on a band of some colour, more or less opaque: a caption, or a watermark.
    """
    chosen = torch.nonzero(torch.rand(len(x), generator=rng) < share).flatten().tolist()
    if not chosen:
        return x
    x = x.clone()
    side = x.shape[-1]
    patterns = _patterns(side)
    for i in chosen:
        height = int(side * (0.06 + 0.2 * float(torch.rand((), generator=rng))))
        top = int(torch.randint(0, side - height + 1, (), generator=rng))
        which = int(torch.randint(0, _PATTERNS, (), generator=rng))
        band, ink = torch.rand(2, 3, 1, 1, generator=rng).to(x.device)
        opaque, dense = torch.rand(2, generator=rng).tolist()
        rows = slice(top, top + height)
        letters = patterns[which, rows].to(x.device) * (0.3 + 0.7 * dense)
        below = x[i, :, rows] * (1 - opaque) + band * opaque
        x[i, :, rows] = below * (1 - letters) + ink.round() * letters
    return x


def _one_each(x: Tensor, values: Tensor) -> Tensor:
    """One value per photo, shaped to go with N x 3 x H x W."""
    return values.view(-1, 1, 1, 1).to(x.device)


@cache
def _patterns(side: int) -> Tensor:
    """Return masks of lines of print in several sizes, float 0 or 1, P x side x side."""
    rng = np.random.default_rng(0)
    masks = np.zeros((_PATTERNS, side, side), np.float32)
    for mask in masks:
        letter = int(rng.integers(2, max(3, side // 12)))
        for y in range(int(rng.integers(0, letter + 1)), side - letter, 2 * letter):
            x = int(rng.integers(0, side // 3))
            while x < side - letter:
                width = max(1, letter // 2)
                if rng.random() > 0.18:  # else the space between two words
                    cut = int(rng.integers(0, letter))
                    mask[y + cut // 2 : y + letter, x : x + width] = 1.0
                x += width + max(1, letter // 3)
    return torch.from_numpy(masks)
