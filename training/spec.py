"""What to train: one frozen dataclass, saved as ``spec.json`` beside the run and in the card.

Torch-free face of the trainer. ``recipes`` has good values for the usual cases.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from training import about

RECIPES = ("scratch", "transfer", "extend")
DEPTHS = ("head", "full")
AUGMENTATIONS = ("none", "light", "randaugment", "strong")


class SpecError(ValueError):
    """A spec that cannot be run; the message is a sentence for a person."""


@dataclass(frozen=True)
class Stage:
    """A run of epochs at one network input size (pixels a side, a multiple of 32)."""

    epochs: int
    size: int


@dataclass(frozen=True)
class TrainingSpec:
    """Everything that decides what model comes out.

    ``data``: class folders, zip or csv (see ``layout``). ``negatives``: folders of photos
    that show none of the classes. ``recipe``: ``transfer`` starts from published weights
    (``weights``: a local file of them), ``scratch`` from random ones; ``extend`` keeps the
    network and the landmarks of the bundle ``base`` and learns those of ``data`` beside them
    (``extend``, which leaves most of the entries below unused). ``depth``: ``head``
    trains the last layer alone, on features that are computed once; ``full`` does that first
    and then trains the whole network.

    ``door``: pixels a side of the square through which every photo passes before anything
    else. The network enlarges it to the stage's size; features are computed at the size of
    the last stage. Of 0, either is chosen by the photos' own size. ``head_epochs`` and
    ``stages``: epochs on features, then of the network.

    Rates are for AdamW (Loshchilov and Hutter 2019), at their highest after the warm-up.
    ``layer_decay``: each layer's rate is so many times that of the next one (Howard and
    Ruder 2018). ``frozen_layers``: so many of the backbone's first layers keep their weights.
    ``mix_share``: share of batches with mixup or CutMix. ``feature_views``: light variations
    of each photo among the features. ``background_share``: share of photos without a
    landmark in an epoch. ``patience``: epochs without a better validation loss before
    training stops, 0 for never. ``micro_batch``: photos that pass through the network at
    once, 0 for the whole batch; the gradient is the batch's in any case.

    ``looks``: two input sizes at which the finished model looks at photos, the second one at
    those it is not sure of (``second_look``); none for one look at the size of the last stage.
    ``about``: what people should know of the model, for its card (``about``); nothing in it
    changes what comes out.
    """

    data: str
    negatives: tuple[str, ...] = ()
    name: str = "Landmarks"
    recipe: str = "transfer"
    backbone: str = "efficientnet_lite0"
    base: str | None = None
    weights: str | None = None
    depth: str = "full"
    door: int = 96
    head_epochs: int = 30
    stages: tuple[Stage, ...] = (Stage(14, 96), Stage(6, 128))
    batch_size: int = 64
    micro_batch: int = 0
    optimiser: str = "adamw"
    backbone_rate: float = 4e-4
    head_rate: float = 4e-3
    weight_decay: float = 0.03
    layer_decay: float = 1.0
    frozen_layers: int = 0
    label_smoothing: float = 0.1
    dropout: float = 0.2
    augmentation: str = "strong"
    mix_share: float = 0.5
    feature_views: int = 4
    background_share: float = 0.12
    validation_share: float = 0.1
    ema_decay: float = 0.998
    gradient_clip: float = 5.0
    warm_up_epochs: float = 1.0
    patience: int = 0
    seed: int = 0
    threads: int = 2
    device: str = "auto"
    deterministic: bool = True
    looks: tuple[int, ...] = ()
    about: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The network's input size in the end, pixels a side."""
        return self.stages[-1].size

    @property
    def head_first(self) -> bool:
        """Whether the head is trained on features at all: that takes pretrained ones."""
        return self.recipe == "transfer" and self.head_epochs > 0

    def phases(self) -> tuple[tuple[str, Stage], ...]:
        """Return what is trained in which order: ``head`` on features, ``full`` on photos."""
        if self.recipe == "extend":
            return (("head", self.stages[0]),)
        head = (("head", Stage(self.head_epochs, self.size)),) if self.head_first else ()
        if self.depth == "head":
            return head
        return head + tuple(("full", stage) for stage in self.stages)

    @property
    def epochs(self) -> int:
        """Epochs of all phases together."""
        return sum(stage.epochs for _, stage in self.phases())

    def verify(self) -> None:
        """Raise ``SpecError`` for the first entry that cannot be meant."""
        if not self.stages:
            raise SpecError("The spec names no stage, and so no input size.")
        rules = [
            (self.recipe in RECIPES, f"There is no recipe {self.recipe!r}, only {RECIPES}."),
            (self.depth in DEPTHS, f"There is no depth {self.depth!r}, only {DEPTHS}."),
            (
                self.augmentation in AUGMENTATIONS,
                f"There is no augmentation {self.augmentation!r}, only {AUGMENTATIONS}.",
            ),
            (self.optimiser in ("adamw", "adam"), f"There is no optimiser {self.optimiser!r}."),
            (
                (self.recipe == "extend") == (self.base is not None),
                "The recipe extend, and no other, takes a base: the model to build on.",
            ),
            (
                not (self.recipe == "scratch" and self.depth == "head"),
                "From scratch there are no features for a head: train at full depth.",
            ),
            (self.epochs > 0, "The spec asks for no epoch at all."),
            (
                all(s.size >= 0 and s.size % 32 == 0 for s in self.stages),
                "A stage's size has to be a multiple of 32, or 0 to have it chosen.",
            ),
            (
                not self.looks
                or (len(self.looks) == 2 and all(s > 0 and s % 32 == 0 for s in self.looks)),
                "A model looks once, or twice at two sizes that are multiples of 32.",
            ),
            (
                self.door == 0 or 32 <= self.door <= 1024,
                "The door has to be 32 to 1024 pixels wide, or 0 to have it chosen.",
            ),
            (self.batch_size >= 2, "A batch has to hold two photos or more."),
            (0 < self.validation_share < 1, "The validation share has to lie between 0 and 1."),
            (
                0 <= self.background_share < 1,
                "The background's share has to be at least 0 and below 1.",
            ),
            (self.feature_views >= 1, "There has to be at least one view of each photo."),
            (self.threads >= 1, "Training takes at least one thread."),
        ]
        for holds, message in rules:
            if not holds:
                raise SpecError(message)

    def as_dict(self) -> dict[str, Any]:
        """Return the spec as plain JSON values."""
        return asdict(self)

    def save(self, path: Path) -> None:
        """Write the spec as JSON."""
        path.write_text(json.dumps(self.as_dict(), indent=1, ensure_ascii=False), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> TrainingSpec:
        """Read a spec that ``save`` wrote. Raises ``SpecError`` for one that cannot be run."""
        try:
            entries: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return TrainingSpec.from_dict(entries)
        except (ValueError, TypeError, AttributeError) as error:
            raise SpecError(f"{path.name} is no training spec: {error}") from error

    @staticmethod
    def from_dict(entries: dict[str, Any]) -> TrainingSpec:
        """Return the spec of plain JSON values. Raises ``SpecError`` for unknown entries."""
        unknown = set(entries) - {known.name for known in fields(TrainingSpec)}
        if unknown:
            raise SpecError(f"it has entries that this version does not know: {sorted(unknown)}")
        given = dict(entries)
        if "stages" in given:
            given["stages"] = tuple(
                stage if isinstance(stage, Stage) else Stage(**stage) for stage in given["stages"]
            )
        if "negatives" in given:
            given["negatives"] = tuple(given["negatives"])
        if "looks" in given:
            given["looks"] = tuple(given["looks"])
        if "about" in given:
            given["about"] = about.read(given["about"])
        return TrainingSpec(**given)
