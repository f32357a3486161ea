"""Teach a model new places from a handful of photos, and let it keep what it knows.

The network stays as it is. Each new class gets one more output, a line on the embedding,
learned against the few embeddings of known classes that the bundle remembers
(``support``): the known outputs are fixed, so a known place is lost only where a new one
wins over it. How well it went is measured on photos that were left out (cross-validation),
before anything is written.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import support
from training.augment import augment
from training.bundle import BundleError, Card, Label, read_card
from training.decision import decide
from training.evaluate import load
from training.events import Preparing
from training.judge import wilson
from training.photo import PhotoError
from training.support import Support

FEWEST = 3
"""Photos that a class needs; fewer say nothing about other photos of the place."""
_VIEWS = 6  # of each photo, the first as it is, the others lightly varied
_FOLDS = 5
_STEPS = 250
_DECAY = 2e-3
_NEW_SHARE = 0.5

Floats = npt.NDArray[np.float32]


class TeachError(ValueError):
    """What was given cannot be taught; the message is a sentence for a person."""


@dataclass(frozen=True)
class Lesson:
    """How one class went. ``recall``: share of left-out photos that get its name as a
    suggestion, with its 95 % interval; ``unreadable``: a line for each photo left aside."""

    name: str
    photos: int
    recall: float
    interval: tuple[float, float]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taught:
    """``known_lost``: share of remembered photos of known places, left out of learning, that
    had the right name and have a new one now, with its 95 % interval."""

    bundle: str
    lessons: tuple[Lesson, ...]
    known: int
    known_lost: float
    known_lost_interval: tuple[float, float]


class _Extended(nn.Module):
    """A bundle's network with more outputs behind the known ones."""

    def __init__(self, base: torch.jit.ScriptModule, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.base = base
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.weight: Tensor
        self.bias: Tensor

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return all logits and the embedding."""
        logits, embedding = self.base(pixels)
        more = F.linear(embedding, self.weight, self.bias)
        return torch.cat([logits, more], dim=1), embedding


def teach(
    bundle: Path, lessons: Mapping[str, Sequence[Path]], target: Path, *, name: str = "",
    seed: int = 0,
) -> Generator[Preparing, None, Taught]:  # fmt: skip
    """Write to ``target`` the model ``bundle`` with the classes of ``lessons`` added.

    Raises ``TeachError`` where a class has too few readable photos or a name that the model
    knows, ``BundleError`` for a bundle that remembers nothing.
    """
    card, memory = read_card(bundle), support.read(bundle)
    if memory is None:
        raise BundleError(
            f"The model {card.name!r} remembers no photos of its own places, so new ones cannot "
            "be taught beside them. Train a model on all of them instead."
        )
    known = {label.name for label in card.labels}
    if clash := sorted(known & set(lessons)):
        raise TeachError(
            f"The model knows {', '.join(clash)} already. Accept the suggestions, or train it "
            "anew with your photos to make it better at them."
        )
    network = load(bundle)
    torch.manual_seed(seed)
    first, total = len(card.labels), sum(map(len, lessons.values()))
    embeddings, logits, targets, owners, unreadable = [], [], [], [], {}
    done = 0
    for place, (label, paths) in enumerate(lessons.items()):
        lost: list[str] = []
        readable = 0
        for path in paths:
            done += 1
            try:
                pixels = card.preprocessing.apply(card.preprocessing.open(path))
            except PhotoError as error:
                lost.append(f"{path}: {error}")
                continue
            some_logits, some = _views(network, pixels, seed * 100_003 + done)
            embeddings.append(some)
            logits.append(some_logits)
            targets += [first + place] * len(some)
            owners += [len(embeddings)] * len(some)
            readable += 1
            yield Preparing("Looking at the photos", done, total)
        if readable < FEWEST:
            raise TeachError(
                f"{label!r} has {readable} readable photos; at least {FEWEST} are needed, and 10 "
                "or more make a better model."
            )
        unreadable[label] = tuple(lost)
    new = Support(np.concatenate(embeddings), np.concatenate(logits), np.array(targets, np.int64))
    extended = _card(card, list(lessons), name)
    yield Preparing("Learning", 0, 1)
    judged = _cross_validate(extended, memory, new, np.array(owners), first, list(lessons), seed)
    weight, bias = _learn(memory, new, first, len(lessons))
    _write(network, extended, _grown(memory, new, weight, bias, seed), weight, bias, target)
    parts, lost_n, known_n = judged
    return Taught(
        str(target),
        tuple(
            Lesson(label, n, hits / n, wilson(hits, n), unreadable[label])
            for label, (hits, n) in parts.items()
        ),
        known_n, lost_n / max(known_n, 1), wilson(lost_n, known_n),
    )  # fmt: skip


@torch.inference_mode()
def _views(
    network: torch.jit.ScriptModule, pixels: npt.NDArray[np.uint8], seed: int
) -> tuple[Floats, Floats]:
    """Return logits and embeddings of a photo as it is and lightly varied."""
    photo = torch.from_numpy(pixels)[None]
    rng = torch.Generator().manual_seed(seed)
    varied = augment(photo.expand(_VIEWS - 1, -1, -1, -1), photo.shape[-1], "light", rng)
    batch = torch.cat([photo, (varied * 255).round().to(torch.uint8)])
    logits, embedding = network(batch)
    return logits.numpy(), embedding.numpy()


def _learn(memory: Support, new: Support, first: int, count: int) -> tuple[Tensor, Tensor]:
    """Return weight (count x D) and bias of the new outputs.

    Cross-entropy over all classes, the known logits fixed; memory and new photos weigh the
    same in sum, so that a handful of photos is not drowned.
    """
    scale = float(np.linalg.norm(memory.embeddings, axis=1).mean())
    x = torch.from_numpy(np.concatenate([memory.embeddings, new.embeddings]) / scale)
    fixed = torch.from_numpy(np.concatenate([memory.logits, new.logits])[:, :first])
    wanted = torch.from_numpy(np.concatenate([memory.targets, new.targets]))
    share = torch.cat([
        torch.full((len(memory.targets),), (1 - _NEW_SHARE) / len(memory.targets)),
        torch.full((len(new.targets),), _NEW_SHARE / len(new.targets)),
    ])  # fmt: skip
    weight = torch.zeros(count, x.shape[1], requires_grad=True)
    bias = torch.zeros(count, requires_grad=True)
    optimiser = torch.optim.Adam([weight, bias], lr=0.1)
    for step in range(_STEPS):
        for group in optimiser.param_groups:
            group["lr"] = 0.1 * (1 - step / _STEPS)
        optimiser.zero_grad()
        logits = torch.cat([fixed, F.linear(x, weight, bias)], dim=1)
        loss = (F.cross_entropy(logits, wanted, reduction="none") * share).sum()
        loss = loss + _DECAY * weight.square().sum() / count
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return (weight.detach() / scale), bias.detach()


def _logits(some: Support, first: int, weight: Tensor, bias: Tensor) -> Floats:
    more = F.linear(torch.from_numpy(some.embeddings), weight, bias).numpy()
    return np.concatenate([some.logits[:, :first], more], axis=1)


def _cross_validate(
    card: Card, memory: Support, new: Support, owners: npt.NDArray[Any], first: int,
    labels: Sequence[str], seed: int,
) -> tuple[dict[str, tuple[int, int]], int, int]:  # fmt: skip
    """Return (hits, photos) of each new class, then lost and right of the known ones.

    Each fold leaves out photos with all their views, and as large a part of the memory.
    """
    rng = np.random.default_rng(seed)
    photos = np.unique(owners)
    label_of = {owner: int(new.targets[owners == owner][0]) for owner in photos.tolist()}
    fold_of: dict[int, int] = {}
    for label in sorted(set(label_of.values())):
        members = rng.permutation([o for o in photos.tolist() if label_of[o] == label])
        fold_of |= {int(owner): i % _FOLDS for i, owner in enumerate(members)}
    folds = np.array([fold_of[int(owner)] for owner in owners])
    memory_folds = rng.integers(0, _FOLDS, len(memory.targets))
    hits = dict.fromkeys(labels, (0, 0))
    lost = right = 0
    for fold in range(_FOLDS):
        out, out_memory = folds == fold, memory_folds == fold
        if out.all() or not out.any():
            continue
        weight, bias = _learn(_part(memory, ~out_memory), _part(new, ~out), first, len(labels))
        _, originals = np.unique(owners[out], return_index=True)  # the views as they are
        rows = np.flatnonzero(out)[originals]
        seen = decide(card, _logits(_part(new, rows), first, weight, bias))
        for row, decision in zip(rows, seen, strict=True):
            name = labels[int(new.targets[row]) - first]
            number, of = hits[name]
            hits[name] = (number + int(decision.label == new.targets[row]), of + 1)
        there = _part(memory, out_memory & (memory.targets != _index(card.background)))
        before = there.logits[:, :first].copy()
        if card.background is not None:
            before[:, card.background] = -np.inf
        was_right = before.argmax(1) == there.targets
        after = decide(card, _logits(there, first, weight, bias), threshold=0.0)
        right += int(was_right.sum())
        lost += sum(
            bool(was) and decision.ranked[0][0] >= first
            for was, decision in zip(was_right, after, strict=True)
        )
    return hits, lost, right


def _index(background: int | None) -> int:
    return -1 if background is None else background


def _part(some: Support, rows: npt.NDArray[Any]) -> Support:
    return Support(some.embeddings[rows], some.logits[rows], some.targets[rows])


def _grown(memory: Support, new: Support, weight: Tensor, bias: Tensor, seed: int) -> Support:
    """Return the memory with the new classes in it: they can be taught beside as well."""
    first = memory.logits.shape[1]
    both = Support(
        np.concatenate([memory.embeddings, new.embeddings]),
        np.concatenate([_logits(memory, first, weight, bias), _logits(new, first, weight, bias)]),
        np.concatenate([memory.targets, new.targets]),
    )
    newest = np.flatnonzero(both.targets >= first)
    kept = newest[support.choose(both.targets[newest], None, seed)]
    return _part(both, np.concatenate([np.arange(len(memory.targets)), kept]))


def _card(card: Card, labels: Sequence[str], name: str) -> Card:
    taught = [*card.training.get("taught", []), *labels]
    return replace(
        card,
        name=name or card.name,
        labels=(*card.labels, *(Label(label, label) for label in labels)),
        training={**card.training, "taught": taught},
    )


def _write(
    network: torch.jit.ScriptModule, card: Card, memory: Support, weight: Tensor, bias: Tensor,
    target: Path,
) -> None:  # fmt: skip
    card.verify()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".teaching-", dir=target.parent) as folder:
        partial = Path(folder) / target.name
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
            scripted = torch.jit.script(_Extended(network, weight, bias).eval())
        support.save(scripted, card, memory, partial)
        size = card.preprocessing.size
        probe = torch.randint(0, 256, (4, 3, size, size), dtype=torch.uint8)
        with torch.inference_mode():
            _, embedding = network(probe)
            difference = (load(partial)(probe)[0][:, -len(bias) :] - F.linear(
                embedding, weight, bias)).abs().max()  # fmt: skip
        if not float(difference) < 1e-3:
            raise TeachError(f"The written model differs from the taught one by {difference:.2g}.")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
