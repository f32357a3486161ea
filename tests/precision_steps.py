"""Photos that the colour model is more or less sure of, and a card that states what that means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image
from samples import COLOURS

from training.bundle import Card, OperatingPoint

POINTS = (
    OperatingPoint(0.5, 0.9, 0.99, 0.06), OperatingPoint(0.6, 0.92, 0.95, 0.04),
    OperatingPoint(0.7, 0.94, 0.9, 0.03), OperatingPoint(0.8, 0.96, 0.8, 0.02),
    OperatingPoint(0.9, 0.98, 0.7, 0.01),
)  # fmt: skip
"""92 % at the card's own threshold of 0.6, 94 % at 0.7, ..."""

SURE = {0.49: 0.55, 0.47: 0.65, 0.45: 0.73, 0.43: 0.80, 0.41: 0.86, 0.3: 0.99}
"""Share of the colour of no landmark -> about how sure the colour model is of the tower."""


def stating(card: Card) -> Card:
    """The card with operating points, measured on 400 photos."""
    return replace(card, operating_points=POINTS, metrics={"validation": {"n": 400}})


def faded(folder: Path) -> Path:
    """Draw one photo for each of ``SURE``, the surest last, and one of no landmark."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, share in enumerate([*SURE, 1.0]):
        tower, none = COLOURS["Eiffel_Tower"], COLOURS["none"]
        mixed = tuple(round(a + (b - a) * share) for a, b in zip(tower, none, strict=True))
        Image.new("RGB", (64, 64), mixed).save(folder / f"{number}.png")
    return folder
