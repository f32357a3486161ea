"""Learn a few outputs beside those that a network has, and judge them by cross-validation.

The network stays as it is. On its embeddings, scaled to unit length, each output that is
learned gets a line: multinomial logistic regression, solved by L-BFGS, with all other logits
as the network gives them. Known landmarks are represented by what the bundle remembers
(``support``), so that one is lost only where a new one is likelier on its own photos.
``docs/model.md`` says what was tried.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.support import Support

FOLDS = 5
_NEW_SHARE = 0.5  # of the loss: a handful of photos is not to drown among those remembered
_DECAY = 1e-5
_ITERATIONS = 5  # of L-BFGS a round

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lessons:
    """Photos to learn from. ``views``: each photo's variations, the photo as it is first.

    ``embeddings``: N x views x D; ``logits``: N x views x C, of the network as it was;
    ``targets``: N indices among the labels there will be; ``groups``: photos of one number
    are near-duplicates and stay together.
    """

    embeddings: Floats
    logits: Floats
    targets: Indices
    groups: Indices

    def __len__(self) -> int:
        return len(self.targets)

    def part(self, rows: npt.NDArray[Any]) -> Support:
        """Return all views of some photos."""
        views = self.embeddings.shape[1]
        return Support(
            self.embeddings[rows].reshape(-1, self.embeddings.shape[2]),
            self.logits[rows].reshape(-1, self.logits.shape[2]),
            np.repeat(self.targets[rows], views),
        )

    def as_they_are(self, rows: npt.NDArray[Any]) -> Support:
        """Return the first view of some photos."""
        return Support(self.embeddings[rows, 0], self.logits[rows, 0], self.targets[rows])


class Extension(nn.Module):
    """Outputs learned beside a network's own: ``columns`` of the logits, ``added`` of them new."""

    def __init__(self, columns: Sequence[int], dimensions: int, added: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(len(columns), dimensions))
        self.bias = nn.Parameter(torch.zeros(len(columns)))
        self.register_buffer("columns", torch.tensor(columns, dtype=torch.int64))
        self.columns: Tensor
        self.added = added

    def forward(self, logits: Tensor, embedding: Tensor) -> Tensor:
        """Return N x (C + added) logits for the network's N x C and its embeddings, N x D."""
        more = F.linear(F.normalize(embedding, dim=1), self.weight, self.bias)
        return F.pad(logits, [0, self.added]).index_add(1, self.columns, more)

    @torch.inference_mode()
    def judge(self, photos: Support) -> Floats:
        """Return the logits of photos."""
        some: Floats = self(
            torch.from_numpy(photos.logits), torch.from_numpy(photos.embeddings)
        ).numpy()
        return some


class Learner:
    """One extension and what it learns from."""

    def __init__(self, extension: Extension, memory: Support, new: Support) -> None:
        self.extension = extension
        self._embeddings = torch.from_numpy(np.concatenate([memory.embeddings, new.embeddings]))
        self._logits = torch.from_numpy(np.concatenate([memory.logits, new.logits]))
        self._targets = torch.from_numpy(np.concatenate([memory.targets, new.targets]))
        self._shares = torch.cat([
            torch.full((len(memory.targets),), (1 - _NEW_SHARE) / len(memory.targets)),
            torch.full((len(new.targets),), _NEW_SHARE / len(new.targets)),
        ])  # fmt: skip
        self._solver = torch.optim.LBFGS(
            extension.parameters(), max_iter=_ITERATIONS, line_search_fn="strong_wolfe"
        )

    def step(self) -> float:
        """Go on by a round; return the loss in nats after it."""

        def loss() -> Tensor:
            self._solver.zero_grad()
            total = self._loss()
            total.backward()  # type: ignore[no-untyped-call]
            return total

        self._solver.step(loss)  # type: ignore[no-untyped-call]
        with torch.inference_mode():
            return float(self._loss())

    def _loss(self) -> Tensor:
        logits = self.extension(self._logits, self._embeddings)
        each = F.cross_entropy(logits, self._targets, reduction="none")
        decay = _DECAY * self.extension.weight.square().sum() / len(self.extension.weight)
        return (each * self._shares).sum() + decay


@dataclass(frozen=True)
class Round:
    """After a round: losses in nats, and what the photos left out of learning got.

    ``lessons``: logits of all photos, ``memory``: of what is remembered, each by the learner
    that had not seen it. ``extension``: the one that learned from all.
    """

    training_loss: float
    validation_loss: float
    lessons: Floats
    memory: Floats
    extension: Extension

    def held_back(self, by: float) -> Round:
        """Return the same with the logits of outputs that are new lowered by so much."""
        known = self.lessons.shape[1] - self.extension.added
        lower = np.zeros(self.lessons.shape[1], np.float32)
        lower[known:] = by
        extension = copy.deepcopy(self.extension)
        with torch.no_grad():
            extension.bias.sub_(torch.from_numpy(lower)[extension.columns])
        return replace(
            self,
            lessons=np.asarray(self.lessons - lower, np.float32),
            memory=np.asarray(self.memory - lower, np.float32),
            extension=extension,
        )


class Course:
    """Learning from everything, and beside it without each fold in turn."""

    def __init__(
        self, lessons: Lessons, memory: Support, columns: Sequence[int], added: int, seed: int
    ) -> None:
        """Raises ``ValueError`` where there are no two photos that differ."""
        self._lessons, self._memory, self._added = lessons, memory, added
        self._folds = folds(lessons.targets, lessons.groups, seed)
        count = int(self._folds.max()) + 1
        if count < 2:
            raise ValueError("There are no two photos that differ enough to learn from one "
                             "and to try it on the other.")  # fmt: skip
        self._memory_folds = np.random.default_rng(seed).integers(0, count, len(memory.targets))

        def learner(rows: npt.NDArray[Any], memory_rows: npt.NDArray[Any]) -> Learner:
            extension = Extension(columns, lessons.embeddings.shape[2], added)
            return Learner(extension, memory.rows(memory_rows), lessons.part(rows))

        self._whole = learner(self._folds >= 0, self._memory_folds >= 0)
        self._learners = [
            learner(self._folds != fold, self._memory_folds != fold) for fold in range(count)
        ]

    def round(self) -> Round:
        """Go on by a round of every learner."""
        training_loss = self._whole.step()
        classes = self._lessons.logits.shape[2] + self._added
        lessons = np.zeros((len(self._lessons), classes), np.float32)
        memory = np.zeros((len(self._memory.targets), classes), np.float32)
        for fold, learner in enumerate(self._learners):
            learner.step()
            out, out_memory = self._folds == fold, self._memory_folds == fold
            lessons[out] = learner.extension.judge(self._lessons.as_they_are(out))
            memory[out_memory] = learner.extension.judge(self._memory.rows(out_memory))
        # Weighed as in learning: a round is no better that costs the known landmarks more.
        new, known = _loss(lessons, self._lessons.targets), _loss(memory, self._memory.targets)
        loss = _NEW_SHARE * new + (1 - _NEW_SHARE) * known
        return Round(training_loss, loss, lessons, memory, copy.deepcopy(self._whole.extension))


def folds(targets: Indices, groups: Indices, seed: int) -> Indices:
    """Return a fold for each photo: each class spread evenly, near-duplicates together."""
    rng = np.random.default_rng(seed)
    fold_of: dict[int, int] = {}
    for label in np.unique(targets).tolist():
        members = rng.permutation(np.unique(groups[targets == label]))
        new = [int(group) for group in members if int(group) not in fold_of]
        fold_of |= {group: place % FOLDS for place, group in enumerate(new)}
    return np.array([fold_of[group] for group in groups.tolist()], np.int64)


def _loss(logits: Floats, targets: Indices) -> float:
    return float(F.cross_entropy(torch.from_numpy(logits), torch.from_numpy(targets)))
