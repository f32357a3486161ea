"""Steps of the self-test: training through the child process, and using what comes out."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from landmark_desktop import paths
from landmark_desktop.gui.selftest import pictures
from landmark_desktop.gui.selftest.browsing import looked_at
from landmark_desktop.gui.selftest.trial import StepFailed, Trial
from landmark_desktop.gui.trainer import Ended, Trainer
from landmark_desktop.inference.preload import quiet_import
from training import events, launch, offline, recipes
from training.bundle import read_card
from training.spec import Stage, TrainingSpec

_EACH = 12  # photos of each landmark
_PATIENCE = 240.0  # seconds a run may take
_TOLERANCE = 1e-5  # of probabilities, as in every export
_SMALL: dict[str, Any] = {
    "door": 64, "head_epochs": 2, "stages": (Stage(1, 64),), "batch_size": 8, "feature_views": 1,
    "validation_share": 0.25, "augmentation": "light",
}  # fmt: skip


def trains_head(trial: Trial) -> str:
    """Train the last layer on features of the pretrained backbone."""
    return _train(trial, "head", depth="head", head_epochs=10)


def trains_whole(trial: Trial) -> str:
    """Train the whole network for an epoch."""
    return _train(trial, "full", depth="full", head_epochs=1)


def extends(trial: Trial) -> str:
    """Teach the shipped model two landmarks more."""
    said = _train(trial, "extended", recipe="extend", base=str(paths.default_model()))
    names = [label.name for label in read_card(trial.bundles["extended"]).labels]
    known = len(read_card(paths.default_model()).labels)
    if len(names) != known + len(pictures.CLASSES) or not set(pictures.CLASSES) <= set(names):
        raise StepFailed(f"the model knows {names}")
    return f"{said}, {known - 1} + {len(pictures.CLASSES)} landmarks"


def exports(trial: Trial) -> str:
    """Load what was exported here and in a fresh process, and compare what both make of it."""
    with quiet_import():
        from landmark_desktop.inference.engine import Engine
    largest = 0.0
    for name, bundle in trial.bundles.items():
        engine = Engine(bundle, device="cpu")
        size = engine.card.preprocessing.size
        pixels = np.random.default_rng(0).integers(0, 256, (4, 3, size, size), np.uint8)
        logits = engine.infer(pixels).astype(np.float64)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        probe = trial.folder / f"{name}.npz"
        np.savez(
            probe, pixels=pixels, cpu=(powers / powers.sum(1, keepdims=True)).astype(np.float32)
        )
        largest = max(largest, _compared(bundle, probe))
    if largest > _TOLERANCE:
        raise StepFailed(f"probabilities differ by {largest:.2g}")
    return f"{len(trial.bundles)} models, probabilities within {largest:.1g}"


def uses(trial: Trial) -> str:
    """Put the extended model on the shelf, use it, and have it recognise what it was taught."""
    workspace, models = trial.window.workspace, trial.window.models
    wanted = read_card(trial.bundles["extended"]).name
    models.add([trial.bundles["extended"]], then_use=True)
    trial.wait(lambda: workspace.recogniser.card.name == wanted, 120, "change of the model")
    if workspace.recogniser.path.parent != workspace.places.models:
        raise StepFailed(f"the model in use is {workspace.recogniser.path}")
    taught = [
        photo for photo in looked_at(trial, 300)
        if photo.path in trial.album and photo.path.name.startswith(pictures.CLASSES)
    ]  # fmt: skip
    right = sum(
        photo.suggestion is not None
        and photo.path.name.startswith(photo.suggestion.alternatives[0][0])
        for photo in taught
    )
    if right < 0.8 * len(taught):
        raise StepFailed(f"only {right} of {len(taught)} photos were recognised")
    return f"{right} of {len(taught)} recognised"


def _train(trial: Trial, name: str, **changes: Any) -> str:
    """Run the trainer as the window does; keep its bundle under ``name``."""
    data, negatives = trial.folder / "training" / "data", trial.folder / "training" / "negatives"
    if not data.exists():
        pictures.training_set(trial.folder / "training", _EACH)
    entries = {"name": f"Self-test {name}", "negatives": (str(negatives),), **changes}
    if changes.get("recipe") != "extend":
        entries = {**_SMALL, **entries}
    spec = recipes.spec(str(data), **entries)
    run, trainer = trial.folder / "runs" / name, Trainer()
    run.mkdir(parents=True)
    seen: list[events.Event] = []
    said: list[str] = []
    ends: list[Ended] = []
    trainer.happened.connect(seen.append)
    trainer.said.connect(said.append)
    trainer.ended.connect(ends.append)
    _start(trial, trainer, spec, run)
    try:
        trial.wait(lambda: bool(ends), _PATIENCE, f"end of the run {name}")
    finally:
        trainer.close(5)
    tried = [line for line in said if offline.MARK in line]
    if tried:
        raise StepFailed("; ".join(tried))
    end = ends[0]
    if end.how != "finished" or end.bundle is None:
        raise StepFailed(f"{end.message} {' | '.join(said[-3:])}")
    epochs = [event for event in seen if isinstance(event, events.EpochDone)]
    if not epochs or not (run / launch.REPORT).is_file():
        raise StepFailed("no epoch was told, or no report was written")
    trial.bundles[name] = end.bundle
    return f"{len(epochs)} epochs"


def _start(trial: Trial, trainer: Trainer, spec: TrainingSpec, run: Path) -> None:
    file = trial.folder / f"{run.name}.json"
    spec.save(file)
    trainer.start(file, run)


def _compared(bundle: Path, probe: Path) -> float:
    """Return what the process that proves every export says of the bundle."""
    done = subprocess.run(
        launch.command("compare-export", str(bundle), str(probe)),
        env={**os.environ, **launch.ENVIRONMENT},
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=_PATIENCE,
        check=False,
    )  # fmt: skip
    if done.returncode != 0 or offline.MARK in done.stderr:
        raise StepFailed(done.stderr.strip()[-500:] or f"exit status {done.returncode}")
    return float(json.loads(done.stdout.splitlines()[-1])["difference"])
