"""Augmentation of whole batches on the device, by one of four policies.

``none``; ``light``: crop, flip, a little colour; ``randaugment``: Cubuk et al. 2020, with
torchvision's operations; ``strong``: against what gives a photo's source away. Most small
sets of landmark photos are squares from two or three sources (see docs/model.md):
resolution, sharpness, colour and compression tell the source, and the source tells half of
the class. Everything in ``strong`` that is not geometry breaks that link.

Random numbers are drawn on the CPU, so that a GPU sees the same photos.
"""

from __future__ import annotations

import io

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from training.looks import as_drawings, print_over

_SHARED = 4  # photos that share their draw of operations: single photos would be slow


def recompress(pixels: Tensor, rng: torch.Generator) -> Tensor:
    """Return uint8 photos (N x 3 x D x D, on the CPU), a quarter of them through JPEG."""
    pixels = pixels.clone()
    for i in torch.nonzero(torch.rand(len(pixels), generator=rng) < 0.25).flatten().tolist():
        file = io.BytesIO()
        picture = Image.fromarray(pixels[i].permute(1, 2, 0).contiguous().numpy())
        picture.save(file, "JPEG", quality=int(torch.randint(25, 92, (), generator=rng)))
        with Image.open(file) as again:
            pixels[i] = torch.from_numpy(np.array(again)).permute(2, 0, 1)
    return pixels


def augment(pixels: Tensor, size: int, policy: str, rng: torch.Generator) -> Tensor:
    """Return augmented photos: uint8 N x 3 x D x D in, float 0..1 N x 3 x size x size out.

    ``randaugment`` draws from torch's global generator too: seed it for the same result.
    """
    match policy:
        case "none":
            x = pixels.float() / 255
            return F.interpolate(x, size=[size, size], mode="bilinear", align_corners=False)
        case "light":
            x = _tint(pixels.float() / 255, 0.15, rng)
            return _crop(x, size, rng, least=0.6, turn=0.05, shear=0.0)
        case "randaugment":
            # Imported late: it takes seconds.
            from torchvision.transforms.v2 import RandAugment  # type: ignore[import-untyped]

            operations = RandAugment(num_ops=2, magnitude=9)
            parts = [operations(part) for part in torch.split(pixels, _SHARED)]
            x = torch.cat(parts).float() / 255
            return _crop(x, size, rng, least=0.4, turn=0.0, shear=0.0)
        case "strong":
            x = _lose_resolution(pixels.float() / 255, rng)
            x = _sharpen_or_blur(x, rng)
            x = _recolour(x, rng)
            x = _mix_style(x, rng)
            x = print_over(as_drawings(x, rng), rng)
            x = _crop(x, size, rng, least=0.35, turn=0.14, shear=0.1)
            x = x + 0.03 * _uniform(x, 0, 1, rng) * torch.randn(x.shape, generator=rng).to(x.device)
            return _erase(x.clamp(0, 1), rng)
        case _:
            raise ValueError(f"There is no augmentation {policy!r}.")


def mix(
    x: Tensor, targets: Tensor, share_of_batches: float, rng: torch.Generator
) -> tuple[Tensor, Tensor]:
    """CutMix (Yun et al. 2019) or mixup (Zhang et al. 2018), on a share of the batches.

    ``targets``: N x C class probabilities, mixed in the same proportion as the pixels.
    """
    draw = float(torch.rand((), generator=rng))
    if draw >= share_of_batches:
        return x, targets
    partner = torch.randperm(len(x), generator=rng).to(x.device)
    if draw < share_of_batches / 2:
        share = _uniform(x, 0, 0.35, rng)
        mixed = x * (1 - share) + x[partner] * share
        part = share.flatten(1)
    else:
        side = int(x.shape[-1] * (0.2 + 0.4 * float(torch.rand((), generator=rng))))
        top, left = torch.randint(0, x.shape[-1] - side + 1, (2,), generator=rng).tolist()
        mixed = x.clone()
        mixed[..., top : top + side, left : left + side] = x[partner][
            ..., top : top + side, left : left + side
        ]
        part = torch.full((len(x), 1), side * side / x.shape[-1] ** 2, device=x.device)
    return mixed, targets * (1 - part) + targets[partner] * part


def _uniform(x: Tensor, low: float, high: float, rng: torch.Generator) -> Tensor:
    """One draw per photo, shaped to multiply N x 3 x H x W."""
    return low + (high - low) * torch.rand(len(x), 1, 1, 1, generator=rng).to(x.device)


def _chosen(x: Tensor, share: float, rng: torch.Generator) -> Tensor:
    return (torch.rand(len(x), 1, 1, 1, generator=rng) < share).to(x.device)


def _tint(x: Tensor, most: float, rng: torch.Generator) -> Tensor:
    """Brightness and white balance, each by a factor of 1 - most to 1 + most."""
    balance = 1 + most * (2 * torch.rand(len(x), 3, 1, 1, generator=rng).to(x.device) - 1)
    return (x * balance).clamp(0, 1)


def _lose_resolution(x: Tensor, rng: torch.Generator) -> Tensor:
    side = int(x.shape[-1] * (0.45 + 0.5 * float(torch.rand((), generator=rng))))
    small = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
    back = F.interpolate(small, size=x.shape[-2:], mode="bicubic").clamp(0, 1)
    return torch.where(_chosen(x, 0.25, rng), back, x)


def _sharpen_or_blur(x: Tensor, rng: torch.Generator) -> Tensor:
    """Unsharp mask with an amount from -1 (blurred) to 1.5 (oversharpened)."""
    sigma = 0.5 + 0.9 * float(torch.rand((), generator=rng))
    taps = torch.arange(-3, 4, dtype=x.dtype, device=x.device)
    kernel = torch.exp(-(taps**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).expand(3, 1, 1, 7)
    padded = F.pad(x, (3, 3, 3, 3), mode="reflect")
    blurred = F.conv2d(F.conv2d(padded, kernel, groups=3), kernel.transpose(2, 3), groups=3)
    sharper = x + _uniform(x, -1.0, 1.5, rng) * (x - blurred)
    return torch.where(_chosen(x, 0.7, rng), sharper, x).clamp(0, 1)


def _recolour(x: Tensor, rng: torch.Generator) -> Tensor:
    """Gamma, white balance, contrast, saturation; a tenth of the photos become grey."""
    # Rec. 601 luma
    weights = torch.tensor([0.299, 0.587, 0.114], device=x.device).view(1, 3, 1, 1)
    x = x.clamp(1e-4, 1) ** torch.exp(_uniform(x, -0.4, 0.4, rng))
    x = x * (1 + 0.15 * (2 * torch.rand(len(x), 3, 1, 1, generator=rng).to(x.device) - 1))
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    x = (x - mean) * torch.exp(_uniform(x, -0.45, 0.45, rng)) + mean * _uniform(x, 0.8, 1.2, rng)
    luma = (x * weights).sum(1, keepdim=True)
    saturation = torch.where(_chosen(x, 0.1, rng), 0.0, _uniform(x, 0.3, 1.8, rng))
    return (luma + (x - luma) * saturation).clamp(0, 1)


def _mix_style(x: Tensor, rng: torch.Generator) -> Tensor:
    """Move each channel's mean and deviation towards those of another photo in the batch.

    Adaptive instance normalisation (Huang and Belongie 2017) on the pixels themselves, with
    random strength: a western snapshot gets a Turkish web picture's look, and the reverse.
    """
    mean, std = x.mean(dim=(2, 3), keepdim=True), x.std(dim=(2, 3), keepdim=True) + 1e-3
    partner = torch.randperm(len(x), generator=rng).to(x.device)
    strength = torch.where(_chosen(x, 0.5, rng), _uniform(x, 0, 1, rng), 0.0)
    new_mean = mean + strength * (mean[partner] - mean)
    new_std = std + strength * (std[partner] - std)
    return ((x - mean) / std * new_std + new_mean).clamp(0, 1)


def _crop(
    x: Tensor, size: int, rng: torch.Generator, *, least: float, turn: float, shear: float
) -> Tensor:
    """Random resized crop, flip, slight turn and shear, in one bilinear sampling.

    ``least``: the smallest crop's share of the area. ``turn``: radians at most.
    """
    n = len(x)
    area = least + (1 - least) * torch.rand(n, generator=rng)
    aspect = torch.exp((2 * torch.rand(n, generator=rng) - 1) * 0.35)
    width, height = (area * aspect).sqrt().clamp(max=1), (area / aspect).sqrt().clamp(max=1)
    flip = torch.where(torch.rand(n, generator=rng) < 0.5, -1.0, 1.0)
    angle = (2 * torch.rand(n, generator=rng) - 1) * turn
    slant = (2 * torch.rand(n, generator=rng) - 1) * shear
    shift_x = (2 * torch.rand(n, generator=rng) - 1) * (1 - width)
    shift_y = (2 * torch.rand(n, generator=rng) - 1) * (1 - height)
    theta = torch.stack(
        [
            torch.stack([flip * width * angle.cos(), -height * (angle.sin() + slant), shift_x], 1),
            torch.stack([flip * width * angle.sin(), height * angle.cos(), shift_y], 1),
        ],
        1,
    )
    grid = F.affine_grid(theta.to(x.device), [n, 3, size, size], align_corners=False)
    return F.grid_sample(x, grid, "bilinear", "reflection", align_corners=False)


def _erase(x: Tensor, rng: torch.Generator) -> Tensor:
    """Random erasing (Zhong et al. 2020): people stand in front of landmarks."""
    x = x.clone()
    side = x.shape[-1]
    for i in torch.nonzero(torch.rand(len(x), generator=rng) < 0.2).flatten().tolist():
        h, w = torch.randint(side // 8, side // 2, (2,), generator=rng).tolist()
        top = int(torch.randint(0, side - h, (), generator=rng))
        left = int(torch.randint(0, side - w, (), generator=rng))
        x[i, :, top : top + h, left : left + w] = torch.rand(3, 1, 1, generator=rng).to(x.device)
    return x
