"""Photos drawn in plain colours, a real TorchScript model that recognises them, a small run."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from training.bundle import CARD, Card, Label, Preprocessing
from training.spec import Stage, TrainingSpec

COLOURS = {"Eiffel_Tower": (200, 40, 40), "Taj_Mahal": (40, 180, 60), "none": (40, 60, 200)}
UNKNOWN = {"Colosseum": (220, 200, 60), "Petra": (160, 60, 180)}
"""Colours that the colour model has no name for."""


def draw(path: Path, shows: str = "none", *, size: tuple[int, int] = (320, 240),
         mark: int = 0, exif: Image.Exif | None = None) -> Path:  # fmt: skip
    """Draw a picture in the colour by which ``colour_model`` recognises ``shows``.

    ``mark`` makes pictures of the same colour differ in content.
    """
    picture = Image.new("RGB", size, (COLOURS | UNKNOWN)[shows])
    brush = ImageDraw.Draw(picture)
    for bit in range(16):
        if mark >> bit & 1:
            brush.rectangle((4 + bit * 8, 4, 9 + bit * 8, 10), fill=(255, 255, 255))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, **({"exif": exif} if exif is not None else {}))
    return path


def save_colour_model(path: Path, change: Callable[[Card], Card] = lambda card: card) -> None:
    """Write the colour model; ``change`` may falsify its card."""
    import torch

    class Colours(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("means", torch.tensor(list(COLOURS.values())).float())
            self.means: torch.Tensor

        def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            seen = pixels.float().mean(dim=(2, 3))
            return -torch.cdist(seen, self.means) / 20.0, seen

    card = Card(
        name="Colours",
        labels=tuple(Label(name, name if name != "none" else None) for name in COLOURS),
        preprocessing=Preprocessing(32),
        embedding_size=3,
        temperature=1.0,
        threshold=0.6,
        background=2,
    )
    _save(Colours(), change(card), path)


def small(folder: Path, **changes: object) -> TrainingSpec:
    """Return a spec that trains on the fixture ``drawn`` in seconds: two epochs of each leg."""
    entries = {
        "data": str(folder / "data"), "negatives": (str(folder / "negatives"),), "name": "Small",
        "door": 32, "head_epochs": 2, "stages": (Stage(2, 32),), "batch_size": 16,
        "feature_views": 2, "validation_share": 0.25, "ema_decay": 0.5, "dropout": 0.1,
        "frozen_layers": 4,
    }  # fmt: skip
    return TrainingSpec.from_dict({**entries, **changes})


def draw_spot(path: Path, colour: str = "red", at: tuple[float, float] = (0.25, 0.2), *,
              size: tuple[int, int] = (400, 300), orientation: int = 1) -> Path:  # fmt: skip
    """Draw a grey picture with one spot in the colour that ``save_spot_model``'s model looks for.

    ``at``: where it is in the picture as it is shown, right and down as shares of its sides.
    ``orientation``: how the picture lies in the file (Exif 2.32, tag 0x0112; 1, 3, 6 or 8).
    """
    picture = Image.new("RGB", size, (120, 120, 120))
    x, y, radius = at[0] * size[0], at[1] * size[1], 0.08 * min(size)
    spot = {"red": (255, 0, 0), "green": (0, 255, 0), "none": (120, 120, 120)}[colour]
    ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), fill=spot)
    turned = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90,
              8: Image.Transpose.ROTATE_270}  # fmt: skip
    if orientation in turned:
        picture = picture.transpose(turned[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, exif=exif, quality=95)
    return path


def save_spot_model(path: Path) -> None:
    """Write a model that sees a tower in pure red and a mausoleum in pure green, wherever."""
    import torch

    class Spots(torch.nn.Module):
        def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            red, green, blue = pixels.float().unbind(1)
            tower = torch.relu(red - green - blue - 60.0).amax(dim=(1, 2)) / 10.0
            tomb = torch.relu(green - red - blue - 60.0).amax(dim=(1, 2)) / 10.0
            seen = torch.stack([tower, tomb, torch.full_like(tower, 4.0)], dim=1)
            return seen, seen

    card = Card(
        name="Spots",
        labels=tuple(Label(name, name if name != "none" else None) for name in COLOURS),
        preprocessing=Preprocessing(48),
        embedding_size=3,
        temperature=1.0,
        threshold=0.6,
        background=2,
    )
    _save(Spots(), card, path)


def _save(network: object, card: Card, path: Path) -> None:
    import torch

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        scripted = torch.jit.script(network)
        torch.jit.save(scripted, str(path), _extra_files={CARD: card.to_json().encode()})
