"""The backbones of the catalogue: create one, and give it pretrained weights.

Each is a ``Backbone``; ``training.catalogue`` says which there are, ``training.weights``
where their weights come from.
"""

from __future__ import annotations

from pathlib import Path

from torch import Tensor

from training import catalogue, weights
from training.backbone import Backbone
from training.efficientnet_lite import EfficientNetLite

__all__ = ["Backbone", "create", "load_pretrained"]


def create(key: str) -> Backbone:
    """Return the backbone ``key`` with random weights.

    Raises ``ValueError`` listing the known ones where there is none of that name.
    """
    entry = catalogue.find(key)
    if entry.key.startswith("efficientnet_lite"):
        return EfficientNetLite(int(entry.key[-1]))
    # Imported on demand: torchvision alone takes seconds.
    if entry.pretrained:
        from training import torchvision_backbones

        return torchvision_backbones.create(entry.key)
    from training import scratch

    networks: dict[str, type[Backbone]] = {
        "landmark_net": scratch.LandmarkNet,
        "five_conv": scratch.FiveConv,
    }
    return networks[entry.key]()


def load_pretrained(backbone: Backbone, key: str, file: Path) -> None:
    """Put the published weights in ``file`` into ``backbone``, which ``create(key)`` made.

    The classifier of the published network is left out. Raises ``weights.WeightsError``
    where the file cannot be read or holds weights of another network; ``backbone`` is as it
    was then. Raises ``ValueError`` for an unknown ``key``.
    """
    entry = catalogue.find(key)
    found = backbone.translate(weights.load(file))
    wanted = backbone.state_dict()
    # Files from before PyTorch 0.4.1 do not count batches; training goes on from any count.
    uncounted = {name for name in wanted if name.endswith("num_batches_tracked")} - set(found)
    found |= {name: wanted[name] for name in uncounted}
    if what := _difference(wanted, found):
        published = f" The file published for {entry.title} is called {entry.file}."
        raise weights.WeightsError(
            f"These are weights of another network: {file.name} does not fit {entry.title}, "
            f"{what}.{published if entry.file else ''} Choose the file that belongs to the "
            "backbone, or the backbone that belongs to the file."
        )
    backbone.load_state_dict(found)


def _difference(wanted: dict[str, Tensor], found: dict[str, Tensor]) -> str | None:
    """Say in what the state dict ``found`` differs from the one that is wanted."""
    missing = [name for name in wanted if name not in found]
    if missing:
        return f"it lacks {_listed(missing)}"
    extra = [name for name in found if name not in wanted]
    if extra:
        return f"it has {_listed(extra)}, which that network has not"
    for name, value in wanted.items():
        if found[name].shape != value.shape:
            shapes = f"{_shape(found[name])} where {_shape(value)} is wanted"
            return f"the shape of its {name} is {shapes}"
    return None


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} other entries"


def _shape(value: Tensor) -> str:
    return " x ".join(map(str, value.shape)) or "a single number"
