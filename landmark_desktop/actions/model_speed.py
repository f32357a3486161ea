"""How fast a model looks at photos on this computer: measured once, kept in the library."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial

from landmark_desktop.actions import shelf
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import ModelError
from landmark_desktop.library import suggestions
from landmark_desktop.tasks import Cancel, Progress, Task

_SECONDS = 1.0
_WARM_UP = 3  # batches: TorchScript rewrites the graph after its first, profiled runs


def measure(
    workspace: Workspace, model: Shelved, cancel: Cancel, seconds: float = _SECONDS
) -> Task[float]:
    """Run the model on random pixels for some ``seconds``; return and keep photos a second.

    The model alone, without decoding, in the batches that suggesting uses. It wants the
    processor for itself: run it on the thread that suggests. Raises ``ModelError``.
    """
    yield Progress(0, None, f"Measuring the speed of {model.name}")
    import numpy as np  # not while the window opens

    from landmark_desktop.inference.pipeline import BATCH

    engine = shelf.recogniser(workspace, model).engine()
    size = engine.card.preprocessing.size
    pixels = np.random.default_rng(0).integers(0, 256, (BATCH, 3, size, size), np.uint8)
    for _ in range(_WARM_UP):
        cancel.check()
        engine.infer(pixels)
    batches, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < seconds or not batches:
        cancel.check()
        engine.infer(pixels)
        batches += 1
    rate = batches * BATCH / passed
    keep = partial(
        suggestions.keep_speed, digest=model.digest, name=model.name, rate=rate,
        device=engine.device,
    )  # fmt: skip
    workspace.library.write(keep)
    return rate


def measure_all(workspace: Workspace, models: Iterable[Shelved], cancel: Cancel) -> Task[None]:
    """Measure each model; one that does not run is passed over: using it will say why."""
    for model in models:
        try:
            yield from measure(workspace, model, cancel)
        except ModelError:
            continue
