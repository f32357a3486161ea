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
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        scripted = torch.jit.script(Colours())
        torch.jit.save(scripted, str(path), _extra_files={CARD: change(card).to_json().encode()})


def small(folder: Path, **changes: object) -> TrainingSpec:
    """Return a spec that trains on the fixture ``drawn`` in seconds: two epochs of each leg."""
    entries = {
        "data": str(folder / "data"), "negatives": (str(folder / "negatives"),), "name": "Small",
        "door": 32, "head_epochs": 2, "stages": (Stage(2, 32),), "batch_size": 16,
        "feature_views": 2, "validation_share": 0.25, "ema_decay": 0.5, "dropout": 0.1,
        "frozen_layers": 4,
    }  # fmt: skip
    return TrainingSpec.from_dict({**entries, **changes})
