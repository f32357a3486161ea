"""The shipped model is silent on what shows no landmark at all: pictures that nobody took.

Of these kinds only plain colours, gradients, noise and pages of text are among what it was trained
on (``training.backgrounds``); photos of faces, food and pets are measured by ``docs/model.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from landmark_desktop.inference.engine import Engine
from landmark_desktop.inference.pipeline import look
from landmark_desktop.tasks import Cancel

SIZE = 1200, 800
Draw = Callable[[np.random.Generator], Image.Image]


def black(_: np.random.Generator) -> Image.Image:
    return Image.new("RGB", SIZE)


def lens_cap(rng: np.random.Generator) -> Image.Image:
    grain = rng.poisson(2.0, (SIZE[1], SIZE[0], 3)).astype(np.uint8)
    return Image.fromarray(grain)


def overexposed(rng: np.random.Generator) -> Image.Image:
    return Image.fromarray(rng.integers(249, 256, (SIZE[1], SIZE[0], 3), np.uint8))


def noise(rng: np.random.Generator) -> Image.Image:
    return Image.fromarray(rng.integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8))


def clouds(rng: np.random.Generator) -> Image.Image:
    small = Image.fromarray(rng.integers(60, 220, (5, 7, 3), np.uint8))
    return small.resize(SIZE, Image.Resampling.BICUBIC)


def gradient(rng: np.random.Generator) -> Image.Image:
    top, bottom = rng.integers(0, 256, (2, 3))
    share = np.linspace(0, 1, SIZE[1])[:, None, None]
    rows = top * (1 - share) + bottom * share
    return Image.fromarray(np.broadcast_to(rows, (SIZE[1], SIZE[0], 3)).astype(np.uint8))


def checkerboard(rng: np.random.Generator) -> Image.Image:
    squares = int(rng.integers(4, 20))
    cells = np.indices((squares, squares)).sum(0) % 2
    return Image.fromarray((cells * 255).astype(np.uint8)).resize(SIZE, 0).convert("RGB")


def stripes(rng: np.random.Generator) -> Image.Image:
    colours = rng.integers(0, 256, (1, int(rng.integers(3, 30)), 3), np.uint8)
    return Image.fromarray(colours).resize(SIZE, Image.Resampling.NEAREST)


def barcode(rng: np.random.Generator) -> Image.Image:
    cells = (rng.random((29, 29)) < 0.5).astype(np.uint8) * 255
    page = Image.new("RGB", SIZE, "white")
    page.paste(Image.fromarray(cells).resize((500, 500), Image.Resampling.NEAREST), (350, 150))
    return page


def screenshot(rng: np.random.Generator) -> Image.Image:
    dark = rng.random() < 0.5
    back, text = ("#202124", "#e8eaed") if dark else ("#ffffff", "#202124")
    page = Image.new("RGB", SIZE, back)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, SIZE[0], 40), fill="#35363a" if dark else "#dee1e6")
    pen.rectangle((0, 40, 240, SIZE[1]), fill="#292a2d" if dark else "#f1f3f4")
    for line in range(24):
        pen.text((16, 60 + line * 28), "Folder " * int(rng.integers(1, 4)), fill=text)
        width = int(rng.integers(200, 850))
        pen.text((270, 60 + line * 28), ("some words of a message " * 9)[: width // 6], fill=text)
    pen.rounded_rectangle((1000, 720, 1160, 770), 8, fill="#1a73e8")
    pen.text((1050, 738), "Send", fill="white")
    return page


def spreadsheet(rng: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(page)
    for row in range(0, SIZE[1], 25):
        pen.line((0, row, SIZE[0], row), fill="#cccccc")
        for column in range(0, SIZE[0], 100):
            pen.line((column, 0, column, SIZE[1]), fill="#cccccc")
            pen.text((column + 8, row + 6), f"{rng.normal(100, 40):.2f}", fill="black")
    return page


def chart(rng: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(page)
    for bar, height in enumerate(rng.integers(60, 600, 9).tolist()):
        left = 100 + bar * 115
        pen.rectangle((left, 700 - height, left + 80, 700), fill="#4c78a8")
    pen.line((80, 700, 1150, 700), fill="black", width=3)
    pen.line((80, 80, 80, 700), fill="black", width=3)
    return page


def smiley(rng: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", SIZE, tuple(rng.integers(150, 256, 3).tolist()))
    pen = ImageDraw.Draw(page)
    pen.ellipse((350, 150, 850, 650), fill="#ffd93b", outline="black", width=8)
    for eye in (500, 660):
        pen.ellipse((eye, 300, eye + 50, 380), fill="black")
    pen.arc((450, 300, 750, 560), 20, 160, fill="black", width=14)
    return page


def page_of_text(rng: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", (SIZE[1], SIZE[0]), "#fdfcf8")
    pen = ImageDraw.Draw(page)
    for line in range(38):
        words = " ".join("x" * int(n) for n in rng.integers(2, 9, 14))
        pen.text((80, 80 + line * 27), words[:100], fill="#222222")
    return page


KINDS: list[Draw] = [
    black, lens_cap, overexposed, noise, clouds, gradient, checkerboard, stripes, barcode,
    screenshot, spreadsheet, chart, smiley, page_of_text,
]  # fmt: skip


@pytest.mark.parametrize("draw", KINDS, ids=lambda draw: draw.__name__)
def test_nothing_is_recognised_where_there_is_nothing(
    draw: Draw, engine: Engine, tmp_path: Path
) -> None:
    items = []
    for seed in range(4):
        file = tmp_path / f"{seed}.jpg"
        draw(np.random.default_rng(seed)).save(file, quality=90)
        items.append((seed, file))
    seen = [one for batch in look(engine.infer, engine.card, items, Cancel()) for one in batch]
    names = {
        engine.card.labels[one.decision.label].name
        for one in seen
        if one.decision is not None and one.decision.label is not None
    }
    assert [one.error for one in seen] == [None] * 4
    assert names == set()


@pytest.fixture(scope="module")
def engine(shipped_model: Path) -> Engine:
    return Engine(shipped_model)
