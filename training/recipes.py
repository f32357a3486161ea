"""Good values for the usual cases: what a person gets who names only a recipe and a backbone.

Torch-free. ``docs/model.md`` says what was tried.
"""

from __future__ import annotations

from typing import Any

from training import catalogue, shipped
from training.spec import SpecError, Stage, TrainingSpec

PRESETS = ("quick", "balanced", "best", "shipped")


def entries(
    recipe: str, backbone: str | None = None, depth: str | None = None, preset: str = "balanced"
) -> dict[str, Any]:
    """Return the spec's entries for a case, its data and name not among them.

    Sizes of 0 are settled by the photos' own size when they are read. Raises ``SpecError``
    for a combination that cannot be meant, ``ValueError`` for an unknown backbone.
    """
    if preset not in PRESETS:
        raise SpecError(f"There is no preset {preset!r}, only {', '.join(PRESETS)}.")
    if preset == "shipped":
        return dict(shipped.RECIPE)
    if recipe == "extend":
        return dict(_EXTEND)
    if recipe == "scratch":
        return _scratch(backbone or "landmark_net", preset)
    entry = catalogue.find(backbone or "efficientnet_lite0")
    if not entry.pretrained:
        raise SpecError(f"{entry.title} has no pretrained weights: train it with --recipe scratch.")
    chosen: dict[str, Any] = {
        "recipe": "transfer",
        "backbone": entry.key,
        "depth": depth or ("head" if preset == "quick" else "full"),
        "door": 0,
        "head_epochs": 30,
        "head_rate": 2e-3,
        "backbone_rate": 5e-4,
        "layer_decay": 0.85,
        "augmentation": "randaugment",
        "validation_share": 0.15,
        "patience": 8,
    }
    epochs = {"quick": 4, "balanced": 12, "best": 30}[preset]
    return {**chosen, "stages": (Stage(epochs, 0),)}


def _scratch(backbone: str, preset: str) -> dict[str, Any]:
    entry = catalogue.find(backbone)
    if entry.pretrained:
        raise SpecError(
            f"{entry.title} is trained by transfer. From scratch there are "
            f"{', '.join(e.key for e in catalogue.BACKBONES if not e.pretrained)}."
        )
    epochs = {"quick": 10, "balanced": 30, "best": 42}[preset]
    common: dict[str, Any] = {
        "recipe": "scratch",
        "backbone": entry.key,
        "depth": "full",
        "door": 96,
        "head_epochs": 0,
        "stages": (Stage(epochs, 96),),
        "validation_share": 0.1,
    }
    if entry.key == "five_conv":
        # As in the student projects: RandAugment, Adam, a scheduler, dropout, nothing more.
        return common | {
            "optimiser": "adam", "backbone_rate": 1e-3, "head_rate": 1e-3, "weight_decay": 0.0,
            "label_smoothing": 0.0, "mix_share": 0.0, "dropout": 0.5, "ema_decay": 0.0,
            "augmentation": "randaugment",
        }  # fmt: skip
    ours: dict[str, Any] = common | {
        "backbone_rate": 3e-3, "head_rate": 3e-3, "weight_decay": 0.05, "warm_up_epochs": 2.0,
        "augmentation": "randaugment", "mix_share": 0.5, "ema_decay": 0.998,
    }  # fmt: skip
    if preset == "best":
        # Small first: an epoch at 64 pixels costs half of one at 96, and what is learned there
        # holds at 96.
        return ours | {"stages": (Stage(30, 64), Stage(12, 96)), "looks": (96, 128)}
    return ours


# The network is the base's; what is learned is one layer on its embeddings (``extend``).
_EXTEND: dict[str, Any] = {
    "recipe": "extend", "depth": "head", "door": 0, "head_epochs": 0, "stages": (Stage(8, 0),),
}  # fmt: skip


def spec(data: str, **changes: Any) -> TrainingSpec:
    """Return a spec for ``data``: the case's entries with ``changes`` laid over them.

    ``recipe``, ``backbone``, ``depth`` and ``preset`` among the changes choose the case.
    """
    preset = changes.pop("preset", "balanced")
    recipe = changes.get("recipe", "transfer")
    case = entries(recipe, changes.get("backbone"), changes.get("depth"), preset)
    chosen = TrainingSpec.from_dict({"data": data, **case, **changes})
    chosen.verify()
    return chosen
