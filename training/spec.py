"""What to train: one frozen dataclass, saved as ``spec.json`` beside the run and in the card.

Torch-free face of the trainer.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Stage:
    """A run of epochs at one network input size (pixels a side, a multiple of 32)."""

    epochs: int
    size: int


@dataclass(frozen=True)
class TrainingSpec:
    """Everything that decides what model comes out.

    ``data``: a folder with one folder of photos per class. ``negatives``: folders of
    photos that show none of the classes. ``door``: pixels a side of the square through
    which every photo passes before anything else; the network enlarges it to the stage's
    size. ``frozen_blocks``: the stem and so many of the backbone's blocks keep their
    ImageNet weights. Rates are for AdamW, at their highest after one warm-up epoch.
    """

    data: str
    negatives: tuple[str, ...] = ()
    name: str = "Landmarks"
    backbone: str = "efficientnet_lite0"
    door: int = 96
    stages: tuple[Stage, ...] = (Stage(14, 96), Stage(6, 128))
    batch_size: int = 64
    backbone_rate: float = 4e-4
    head_rate: float = 4e-3
    weight_decay: float = 0.03
    label_smoothing: float = 0.1
    frozen_blocks: int = 3
    background_share: float = 0.12
    validation_share: float = 0.1
    ema_decay: float = 0.998
    seed: int = 0
    threads: int = 2

    @property
    def epochs(self) -> int:
        """Epochs of all stages together."""
        return sum(stage.epochs for stage in self.stages)

    def size_at(self, epoch: int) -> int:
        """Return the network input size of the zero-based ``epoch``."""
        for stage in self.stages:
            if epoch < stage.epochs:
                return stage.size
            epoch -= stage.epochs
        return self.stages[-1].size

    def as_dict(self) -> dict[str, Any]:
        """Return the spec as plain JSON values."""
        return asdict(self)

    def save(self, path: Path) -> None:
        """Write the spec as JSON."""
        path.write_text(json.dumps(self.as_dict(), indent=1), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> TrainingSpec:
        """Read a spec that ``save`` wrote. Raises ``ValueError`` for unknown entries."""
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        unknown = set(data) - {field.name for field in fields(TrainingSpec)}
        if unknown:
            raise ValueError(f"{path.name} has entries this version does not know: {unknown}")
        data["stages"] = tuple(Stage(**stage) for stage in data.get("stages", ()))
        data["negatives"] = tuple(data.get("negatives", ()))
        return TrainingSpec(**data)
