"""A whole training run: photos in, events out, a bundle and a report at the end."""

from __future__ import annotations

import contextlib
import datetime
import errno
import logging
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from training import (
    about,
    backbones,
    calibrate,
    catalogue,
    checkpoint,
    data,
    devices,
    events,
    extend,
    features,
    loop,
    outcome,
    remember,
    weights,
)
from training.batches import Batches, FeatureBatches, PhotoBatches, predict
from training.bundle import Card, Preprocessing
from training.control import Control
from training.export import export
from training.launch import EVENTS, MODEL, SPEC
from training.network import LandmarkNetwork
from training.second_look import SecondLook
from training.spec import SpecError, TrainingSpec

_PROBED = 32  # validation photos on which the export is compared

log = logging.getLogger(__name__)


def fit(
    spec: TrainingSpec, run: Path, cache: Path, control: Control | None = None
) -> Iterator[events.Event]:
    """Train as ``spec`` says in the folder ``run``, going on from its checkpoint if any.

    Writes ``spec.json``, ``events.jsonl``, ``checkpoint.pt``, ``model.pt``,
    ``judgement.json`` and ``report.html``. Decoded photos and features are kept in ``cache``.
    The last event is ``Finished``, ``Stopped`` or ``Failed``; errors other than a person can
    mend are raised behind a ``Failed``.
    """
    try:
        run.mkdir(parents=True, exist_ok=True)
        recorder = _Recorder(run / EVENTS)
    except OSError as error:
        yield events.Failed(f"The folder {run} cannot be written ({error.strerror or error}).")
        return
    with recorder:
        try:
            steps = extend.extend if spec.recipe == "extend" else _fit
            for event in steps(spec, run, cache, control or Control()):
                recorder.write(event)
                yield event
            return
        except GeneratorExit:
            raise
        except OSError as error:
            failed = events.Failed(_why(error))
        except (ValueError, ModuleNotFoundError) as error:
            failed = events.Failed(str(error))
            if type(error) is ValueError:  # not one of ours: a bug is behind it
                log.exception("training failed")
        except Exception as error:
            recorder.write(events.Failed(f"Training ended in a bug: {error!r}"))
            yield events.Failed(f"Training ended in a bug: {error!r}")
            raise
        with contextlib.suppress(OSError):  # a full disk takes no line either
            recorder.write(failed)
        yield failed


def _why(error: OSError) -> str:
    """Return in a person's words why a file could not be read or written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Make room on it, and go on from the last checkpoint."
    where = f" ({error.filename})" if error.filename else ""
    return f"{error.strerror or error}{where}"


def _fit(
    spec: TrainingSpec, run: Path, cache: Path, control: Control
) -> Generator[events.Event, None, None]:
    spec.verify()
    device, began = devices.choose(spec.device), outcome.now()
    with devices.repeatable(spec.deterministic, spec.threads):
        spec, photos = yield from data.prepare(spec, cache)
        spec.save(run / SPEC)
        for line in photos.notices:
            yield events.Notice(line)
        torch.manual_seed(spec.seed)
        network = yield from _pretrained(spec, len(photos.labels))
        ways: dict[str, Batches] = {"full": PhotoBatches(spec, photos, device)}
        if spec.head_first:
            network.to(device.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
            folder = cache / "features"
            made = yield from features.compute(network, photos, spec, device, folder)
            ways["head"] = FeatureBatches(spec, photos, device, made)
        if (yield from loop.train(spec, network, photos, ways, device, run, control)):
            yield from _finish(spec, network, photos, device, run, began)


def _pretrained(spec: TrainingSpec, classes: int) -> Generator[events.Event, None, LandmarkNetwork]:
    """Return the network with its backbone's published weights, fetched where they lack."""
    backbone = backbones.create(spec.backbone)
    if spec.recipe == "transfer":
        if not catalogue.find(spec.backbone).pretrained:
            raise SpecError(f"{spec.backbone} has no published weights: train it from scratch.")
        file = yield from _weights(spec)
        backbones.load_pretrained(backbone, spec.backbone, file)
    return LandmarkNetwork(backbone, classes, spec.size, spec.dropout)


def _weights(spec: TrainingSpec) -> Generator[events.Event, None, Path]:
    """Return the file of published weights, downloading it where it is not at hand."""
    if spec.weights is not None:
        return Path(spec.weights)
    found = weights.locate(spec.backbone, weights.weights_folder())
    if found is not None:
        return found
    stream = weights.fetch(spec.backbone, weights.weights_folder())
    while True:
        try:
            got = next(stream)
        except StopIteration as end:
            fetched: Path = end.value
            return fetched
        yield events.Preparing("Downloading weights (bytes)", got.done, got.total)


def _finish(
    spec: TrainingSpec,
    network: LandmarkNetwork,
    photos: data.Photos,
    device: devices.Device,
    run: Path,
    began: str,
) -> Generator[events.Event, None, None]:
    """Calibrate on the validation photos, write the bundle and the report."""
    yield events.Preparing("Judging and exporting", 0, 1)
    seeing: LandmarkNetwork | SecondLook = network
    if spec.looks and len(photos.validation):
        seeing = SecondLook(network, *spec.looks)
        seeing.fit(photos.validation, device)
    seeing.to(device.device).eval()
    logits = np.asarray(predict(seeing, photos.validation, device, len(photos.labels)).numpy())
    targets = photos.validation.targets
    paths = [photos.paths[row] for row in photos.validation.rows]
    card = Card(
        name=spec.name,
        labels=photos.labels,
        preprocessing=Preprocessing(spec.door),
        embedding_size=network.backbone.embedding_size,
        temperature=1.0,
        threshold=0.5,
        background=photos.background,
        provenance={
            **_provenance(spec),
            "made_on": datetime.date.today().isoformat(),
            "photos_read_at": began,
            **({about.ENTRY: {k: list(v) for k, v in spec.about.items()}} if spec.about else {}),
        },
        training={**outcome.shareable_spec(spec), "torch": str(torch.__version__)},
    )
    if (targets != photos.background).any():
        card = calibrate.fit(card, logits, targets)
    judgement = outcome.judged(
        card, logits, targets, paths, "validation photos held out of training"
    )
    if judgement is not None:
        outcome.write_judgement(run, judgement, card, logits, targets, paths)
        card = replace(card, metrics={"validation": outcome.shareable(judgement)})
    else:
        yield events.Notice("There were no validation photos: nobody knows how good this model is.")
    probed = photos.validation.view(0, _PROBED)
    memory = remember.of_run(seeing, photos, device, spec.seed)
    difference = export(seeing, card, run / MODEL, probed, memory)
    outcome.write_report(run, spec, judgement, card)
    yield events.Finished(str(run / MODEL), outcome.metrics(judgement, difference))


def _provenance(spec: TrainingSpec) -> dict[str, str]:
    if spec.recipe == "scratch":
        return {"backbone": f"{catalogue.find(spec.backbone).title}, trained from random weights"}
    file = Path(spec.weights) if spec.weights is not None else None
    return {"backbone": weights.provenance(spec.backbone, file)}


def saved_run(run: Path) -> TrainingSpec | None:
    """Return the spec of the run in the folder, or ``None`` where there is no run in it."""
    file = run / SPEC
    return TrainingSpec.load(file) if file.exists() else None


def is_unfinished(run: Path) -> bool:
    """Return whether a run was begun in the folder and has no bundle yet."""
    return (run / checkpoint.NAME).exists() and not (run / MODEL).exists()


class _Recorder:
    """Appends events to ``events.jsonl``, behind what an earlier part of the run wrote."""

    def __init__(self, file: Path) -> None:
        torn = file.exists() and file.read_bytes()[-1:] not in (b"", b"\n")
        self._file = file.open("a", encoding="utf-8")
        if torn:  # killed in the middle of a line
            self._file.write("\n")

    def __enter__(self) -> _Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # what the disk did not take, it does not take now
            self._file.close()

    def write(self, event: events.Event) -> None:
        """Write the event so that a killed process has written it."""
        self._file.write(events.to_line(event) + "\n")
        self._file.flush()
