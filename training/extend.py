"""Build on a bundle: keep its network and its landmarks, and learn more from a few photos.

Whatever the photos show, new places or better examples of known ones, becomes outputs beside
those that the bundle has (``few_shot``). How well that went is measured on photos left out of
learning, and so is what it costs the known landmarks.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training import (
    devices,
    events,
    few_shot,
    layout,
    loop,
    near_duplicates,
    outcome,
    pixel_cache,
    remember,
    support,
)
from training.augment import augment
from training.bundle import BundleError, Card, Label, read_card
from training.control import Control
from training.decision import decide
from training.evaluate import load
from training.export import export
from training.few_shot import Extension, Lessons, Round
from training.judge import wilson
from training.launch import MODEL, SPEC
from training.layout import DataError
from training.spec import TrainingSpec
from training.support import Support

FEWEST = 3
"""Photos of a class, below which nothing can be said of other photos of it."""

_MOST_VIEWS, _MOST_PASSES = 6, 1500  # variations of a photo, photos through the network
_MOST_LOST = 0.0075  # share of remembered photos; a person is promised a point at most
_HELD_BACK = tuple(np.linspace(0.0, 4.0, 17).tolist())  # logits
_BATCH = 32
_PROBED = 32  # photos on which the export is compared

Steps = Generator[events.Event, None, None]


class Extended(nn.Module):
    """A bundle's network with an extension behind it, as it ships."""

    def __init__(self, base: torch.jit.ScriptModule, extension: Extension) -> None:
        super().__init__()
        self.base, self.extension = base, extension

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return all logits and the embedding."""
        logits, embedding = self.base(pixels)
        return self.extension(logits, embedding), embedding


@dataclass(frozen=True)
class _Given:
    """The photos to learn from. ``card``: the bundle's, with the new labels behind its own."""

    card: Card
    pixels: Any
    targets: few_shot.Indices
    paths: tuple[Path, ...]
    groups: few_shot.Indices
    notices: tuple[str, ...]
    unreadable: tuple[str, ...]


def extend(spec: TrainingSpec, run: Path, cache: Path, control: Control) -> Steps:
    """Train as ``spec`` says in the folder ``run``: what ``fit`` runs for this recipe.

    Raises ``BundleError`` for a base that cannot be built on, ``DataError`` where there is
    nothing to learn.
    """
    spec.verify()
    base = Path(spec.base or "")
    card, began = read_card(base), outcome.now()
    memory = support.read(base)
    if memory is None:
        raise BundleError(
            f"The model {card.name!r} remembers no photos of its own landmarks, so it cannot be "
            "built on. Train one from all photos instead, or give it a memory with "
            "'landmark-train remember'."
        )
    device = devices.choose(spec.device)
    with devices.repeatable(spec.deterministic, spec.threads):
        spec = replace(spec, door=card.preprocessing.size)
        given = yield from _read(spec, card, cache)
        spec.save(run / SPEC)
        for line in given.notices:
            yield events.Notice(line)
        network = load(base, device.device.type)
        lessons = yield from _look(spec, network, given, device, control)
        if lessons is None:
            yield events.Stopped("")
            return
        kept = yield from _learn(spec, lessons, memory, given, device, control)
        if kept is None:
            yield events.Stopped("")
            return
        yield from _finish(spec, base, run, given, lessons, memory, kept, began)


def _read(spec: TrainingSpec, card: Card, cache: Path) -> Generator[events.Preparing, None, _Given]:
    """Read and decode the photos and give them their labels."""
    found = layout.read(Path(spec.data), cache / "unpacked")
    others = layout.unlabelled([Path(folder) for folder in spec.negatives])
    samples = [*found.training, *found.validation, *others]
    cached = yield from pixel_cache.load(
        [sample.path for sample in samples], card.preprocessing, cache, views=1,
        threads=spec.threads,
    )  # fmt: skip
    index = {
        name: i
        for i, label in enumerate(card.labels)
        for name in (label.gazetteer_id, label.name)
        if name is not None and i != card.background
    }
    counts = Counter(samples[row].label for row in cached.kept)
    few = sorted(name for name in found.classes if counts[name] < FEWEST and name not in index)
    added = [name for name in found.classes if name not in index and name not in few]
    notices = list(found.notices)
    if few:
        notices.append(
            f"Fewer than {FEWEST} readable photos of {', '.join(few)}: left out, since nothing "
            "could be said of other photos of it."
        )
    places = index | {name: len(card.labels) + i for i, name in enumerate(added)}
    if counts[None] and card.background is None:
        notices.append(
            f"{counts[None]} photos without a landmark left out: this model has no answer for them."
        )
    rows = [
        row
        for row in cached.kept
        if (samples[row].label is None and card.background is not None)
        or samples[row].label in places
    ]
    if not any(samples[row].label is not None for row in rows):
        raise DataError(
            f"There are fewer than {FEWEST} readable photos of any landmark. Give it at least "
            "that many; from 10 on it gets good."
        )
    targets = [places[label] if (label := samples[r].label) else card.background for r in rows]
    yield events.Preparing("Looking for near-duplicates", 0, 1)
    pixels = cached.pixels[rows, 0]
    return _Given(
        replace(card, labels=(*card.labels, *(Label(name, name) for name in added))),
        pixels, np.array(targets, np.int64), tuple(samples[row].path for row in rows),
        near_duplicates.groups(pixels), tuple(notices), tuple(cached.unreadable),
    )  # fmt: skip


@torch.inference_mode()
def _look(
    spec: TrainingSpec,
    network: torch.jit.ScriptModule,
    given: _Given,
    device: devices.Device,
    control: Control,
) -> Generator[events.Event, None, Lessons | None]:
    """Return the photos as the network sees them, ``None`` where the run was cancelled."""
    count, size = len(given.targets), given.card.preprocessing.size
    views = int(np.clip(_MOST_PASSES // count, 1, _MOST_VIEWS))
    seen = []
    for start in range(0, count, _BATCH):
        if (yield from _obey(control)) == "cancel":
            return None
        pixels = torch.from_numpy(given.pixels[start : start + _BATCH])
        rng = torch.Generator().manual_seed(spec.seed * 1_000_003 + start)
        varied = augment(pixels.repeat(views - 1, 1, 1, 1), size, "light", rng)
        batch = torch.cat([pixels, (varied * 255).round().to(torch.uint8)])
        part = remember.compute(
            network, batch.numpy(), np.zeros(len(batch), np.int64), device.device
        )
        shape = (views, len(pixels), -1)
        seen.append((part.embeddings.reshape(shape), part.logits.reshape(shape)))
        yield events.Preparing("Looking at the photos", min(start + _BATCH, count), count)
    embeddings, logits = (
        np.concatenate([part[i] for part in seen], axis=1).transpose(1, 0, 2) for i in (0, 1)
    )
    return Lessons(embeddings, logits, given.targets, given.groups)


def _learn(
    spec: TrainingSpec,
    lessons: Lessons,
    memory: Support,
    given: _Given,
    device: devices.Device,
    control: Control,
) -> Generator[events.Event, None, Round | None]:
    """Return the last round, ``None`` where the run was cancelled.

    The last is kept, not the one of least loss on photos left out: that one recognises new
    places no better and costs the known ones more (docs/model.md).
    """
    card, known = given.card, lessons.logits.shape[2]
    shown = int((lessons.targets != (-1 if card.background is None else card.background)).sum())
    yield events.Started(
        classes=len(set(lessons.targets.tolist()) - {card.background}),
        training_photos=len(lessons), validation_photos=shown, epochs=spec.epochs,
        device=device.title, unreadable=given.unreadable,
    )  # fmt: skip
    try:
        course = few_shot.Course(
            lessons, memory, columns(lessons, card.background), len(card.labels) - known, spec.seed
        )
    except ValueError as error:
        raise DataError(str(error)) from error
    targets = torch.from_numpy(lessons.targets)
    done: Round | None = None
    for number in range(spec.epochs):
        if (yield from _obey(control)) == "cancel":
            return None
        pace = datetime.datetime.now()
        yield events.EpochStarted(number, "head", card.preprocessing.size, 1)
        done = course.round()
        yield events.EpochDone(
            number, done.training_loss, done.validation_loss,
            loop.quick_metrics(torch.from_numpy(done.lessons), targets, card.background),
            (datetime.datetime.now() - pace).total_seconds(), True,
        )  # fmt: skip
    return done


def columns(lessons: Lessons, background: int | None) -> list[int]:
    """Return which outputs have to learn: those that the photos show.

    Where photos show none of the landmarks, also those that would be suggested for them.
    """
    wanted = set(lessons.targets.tolist())
    if background in wanted:
        wanted |= set(lessons.logits[lessons.targets == background, 0].argmax(1).tolist())
    return sorted(wanted)


def known_landmarks(
    card: Card, known: int, memory: Support, after: few_shot.Floats
) -> dict[str, Any]:
    """Return what became of the remembered photos of landmarks that were known before.

    ``known``: so many labels there were; ``after``: their logits now, each from a learner that
    had not seen it. ``lost``: share of those recognised before that no longer are (top-1).
    """
    there = memory.targets != (-1 if card.background is None else card.background)
    targets = memory.targets[there]

    def right(logits: few_shot.Floats, labels: int) -> few_shot.Indices:
        some = replace(card, labels=card.labels[:labels])
        ranked = [d.ranked for d in decide(some, logits[there], threshold=0.0)]
        first = np.array([r[0][0] if r else -1 for r in ranked], np.int64)
        return np.asarray(first == targets, np.int64)

    before, now = right(memory.logits, known), right(after, len(card.labels))
    recognised = int(before.sum())
    lost = int((before & ~now.astype(bool)).sum())
    return {
        "photos": recognised,
        "lost": lost / max(recognised, 1),
        "lost_ci95": wilson(lost, recognised),
        "top1_before": float(before.mean()) if len(before) else None,
        "top1_after": float(now.mean()) if len(now) else None,
    }


def _finish(
    spec: TrainingSpec,
    base: Path,
    run: Path,
    given: _Given,
    lessons: Lessons,
    memory: Support,
    kept: Round,
    began: str,
) -> Steps:
    """Judge by the photos left out, write the bundle and the report."""
    yield events.Preparing("Judging and exporting", 0, 1)
    known = lessons.logits.shape[2]
    card = replace(given.card, name=spec.name)
    kept = _guarded(card, known, memory, kept)
    judgement = outcome.judged(
        card, kept.lessons, lessons.targets, given.paths,
        "photos, each by a model that had not learned from it (cross-validation)",
    )  # fmt: skip
    assert judgement is not None  # there is a landmark among the photos
    judgement = _only_seen(judgement)
    judgement["known"] = known_landmarks(card, known, memory, kept.memory)
    outcome.write_judgement(run, judgement, card, kept.lessons, lessons.targets, given.paths)
    yield events.Notice(_said_of_known(judgement["known"]))
    taught = [label.name for label in card.labels[known:]]
    card = replace(
        card,
        provenance={
            **card.provenance,
            "base": given.card.name,
            "made_on": datetime.date.today().isoformat(),
            "photos_read_at": began,
        },
        training={
            **outcome.shareable_spec(spec),
            "taught": [*given.card.training.get("taught", []), *taught],
            "torch": str(torch.__version__),
        },
        metrics={**given.card.metrics, "learned": outcome.shareable(judgement)},
    )
    # What is written is for any machine.
    network = Extended(load(base), kept.extension)
    grown = _grown(card, memory, lessons, kept.extension, spec.seed)
    difference = export(network, card, run / MODEL, given.pixels[:_PROBED], grown)
    outcome.write_report(run, spec, judgement, card)
    metrics = outcome.metrics(judgement, difference)
    yield events.Finished(
        str(run / MODEL), {**metrics, "known_lost": float(judgement["known"]["lost"])}
    )


def _guarded(card: Card, known: int, memory: Support, kept: Round) -> Round:
    """Hold the new outputs back as far as it takes not to lose more of the known landmarks."""
    for by in _HELD_BACK:
        held = kept.held_back(by)
        if known_landmarks(card, known, memory, held.memory)["lost"] <= _MOST_LOST:
            break
    return held


def _only_seen(judgement: dict[str, Any]) -> dict[str, Any]:
    """Return the judgement without the landmarks that no photo shows and none was taken for."""
    counts = np.array(judgement["confusion"])
    there = [i for i in range(len(counts)) if counts[i].any() or counts[:, i].any()]
    names = [judgement["labels"][i] for i in there]
    return {
        **judgement,
        "labels": names,
        "confusion": counts[np.ix_(there, there)].tolist(),
        "per_class": {name: judgement["per_class"][name] for name in names},
    }


def _said_of_known(known: dict[str, Any]) -> str:
    low, high = known["lost_ci95"]
    return (
        f"Of {known['photos']:,} remembered photos of landmarks known before, {known['lost']:.1%} "
        f"are no longer recognised (95 % interval {low:.1%} to {high:.1%})."
    )


def _grown(
    card: Card, memory: Support, lessons: Lessons, extension: Extension, seed: int
) -> Support:
    """Return the memory with the new photos in it, so that this model can be built on too."""
    chosen = support.choose(lessons.targets, card.background, seed)
    seen = lessons.as_they_are(chosen)
    room = Counter(memory.targets.tolist())
    fits = [
        room[target] < (support.BACKGROUNDS if target == card.background else support.PER_CLASS)
        for target in seen.targets.tolist()
    ]
    new = seen.rows(np.array(fits, bool))
    return Support(
        np.concatenate([memory.embeddings, new.embeddings]),
        np.concatenate([extension.judge(memory), extension.judge(new)]),
        np.concatenate([memory.targets, new.targets]),
    )


def _obey(control: Control) -> Generator[events.Event, None, str]:
    """Wait while the wish is to pause; return the wish."""
    if control.wish == "pause":
        yield events.Paused()
        control.wait()
        yield events.Continued()
    return control.wish
