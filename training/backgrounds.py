"""Pictures that no camera took, drawn as examples of "no landmark"."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Pixels = npt.NDArray[np.uint8]


def draw(count: int, size: int, seed: int) -> Pixels:
    """Return drawn pictures, uint8 of shape count x 3 x size x size.

    Plain colours, gradients, noise, pages of text and window-like rectangles: what a photo
    folder holds besides photos, and what a classifier is otherwise sure about at random.
    """
    rng = np.random.default_rng(seed)
    makers = (_plain, _gradient, _noise, _page, _rectangles)
    pictures = [makers[i % len(makers)](size, rng) for i in range(count)]
    stack = np.array(pictures, np.uint8).reshape(-1, size, size, 3)
    return np.ascontiguousarray(stack.transpose(0, 3, 1, 2))


def _plain(size: int, rng: np.random.Generator) -> Pixels:
    colour = (
        rng.choice([0, 255, int(rng.integers(256))], 3)
        if rng.random() < 0.5
        else rng.integers(0, 256, 3)
    )
    return np.full((size, size, 3), colour, np.uint8)


def _gradient(size: int, rng: np.random.Generator) -> Pixels:
    start, end = rng.uniform(0, 255, 3), rng.uniform(0, 255, 3)
    x, y = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    angle = rng.uniform(0, 2 * np.pi)
    t = np.clip(0.5 + (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle), 0, 1)[..., None]
    return np.asarray(start + (end - start) * t, dtype=np.uint8)


def _noise(size: int, rng: np.random.Generator) -> Pixels:
    cells = int(rng.choice([4, 12, 32, size]))
    noise = rng.integers(0, 256, (cells, cells, 3 if rng.random() < 0.7 else 1), np.uint8)
    noise = np.broadcast_to(noise, (cells, cells, 3))
    method = Image.Resampling.BICUBIC if rng.random() < 0.7 else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(np.ascontiguousarray(noise)).resize((size, size), method))


def _page(size: int, rng: np.random.Generator) -> Pixels:
    dark = rng.random() < 0.25
    paper, ink = ((20, 22, 28), (200, 205, 215)) if dark else ((250, 249, 246), (40, 40, 45))
    page = Image.new("RGB", (size * 2, size * 2), paper)
    draw = ImageDraw.Draw(page)
    step = int(rng.integers(5, 14))
    for y in range(step, size * 2 - step, step):
        if rng.random() < 0.12:
            continue
        x = int(rng.integers(6, 20))
        while x < size * 2 - 20 and rng.random() > 0.06:
            word = int(rng.integers(4, 22))
            draw.rectangle((x, y, x + word, y + step // 2), fill=ink)
            x += word + 4
    return np.asarray(page.resize((size, size), Image.Resampling.BICUBIC))


def _rectangles(size: int, rng: np.random.Generator) -> Pixels:
    window = Image.fromarray(_plain(size, rng))
    draw = ImageDraw.Draw(window)
    for _ in range(int(rng.integers(3, 18))):
        x, y = rng.integers(0, size, 2).tolist()
        width, height = rng.integers(3, size, 2).tolist()
        colour = tuple(rng.integers(0, 256, 3).tolist())
        if rng.random() < 0.8:
            draw.rectangle((x, y, x + width, y + height // 2), fill=colour)
        else:
            draw.ellipse((x, y, x + width, y + height), fill=colour)
    return np.asarray(window)
