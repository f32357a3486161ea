"""The photos of a run: read, decoded, labelled, and split without separating near-duplicates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training import backgrounds, catalogue, layout, near_duplicates, pixel_cache
from training.bundle import Label, Preprocessing
from training.events import Preparing
from training.layout import DataError, Sample
from training.photo import PhotoError, open_header
from training.spec import TrainingSpec

Pixels = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]

BACKGROUND = "none"
_DRAWN_SHARE = 0.35  # drawn backgrounds for each photo without a landmark
_FEWEST_OF_A_SOURCE = 10  # photos, below which a kind of file name is no stratum of its own
_LEAST_VALIDATED = 4  # photos of a class, from which on one is held out


@dataclass(frozen=True)
class Part:
    """Photos of one side of the split. ``rows``: which rows of ``pixels`` they are.

    ``pixels``: M x views x 3 x D x D, uint8; ``targets``: a label index for each row.
    """

    pixels: Pixels
    rows: Indices
    targets: Indices

    def __len__(self) -> int:
        return len(self.rows)

    def view(self, start: int, stop: int, view: int = 0) -> Pixels:
        """Return photos ``start`` to ``stop`` in one view, n x 3 x D x D."""
        return np.ascontiguousarray(self.pixels[self.rows[start:stop], view])


@dataclass(frozen=True)
class Photos:
    """Everything that a run learns from.

    The last label is ``BACKGROUND`` where negatives were given, and ``background`` its
    index. ``drawn``: backgrounds that no camera took, a part of training of their own.
    ``key`` names the content of all of it, for what is computed from it and kept.
    """

    labels: tuple[Label, ...]
    background: int | None
    training: Part
    drawn: Part
    validation: Part
    paths: tuple[Path, ...]
    unreadable: tuple[str, ...]
    notices: tuple[str, ...]
    key: str

    @property
    def classes(self) -> int:
        """How many landmarks there are, the background not counted."""
        return len(self.labels) - (self.background is not None)


def prepare(
    spec: TrainingSpec, cache: Path
) -> Generator[Preparing, None, tuple[TrainingSpec, Photos]]:
    """Read, decode, label and split; return the spec with its sizes settled, and the photos.

    Raises ``DataError`` where there is nothing to learn from.
    """
    found = layout.read(Path(spec.data), cache / "unpacked")
    negatives = layout.unlabelled([Path(folder) for folder in spec.negatives])
    if spec.negatives and not negatives:
        raise DataError(f"There are no photos in {' or '.join(spec.negatives)}.")
    samples = [*found.training, *found.validation, *negatives]
    if not found.training:
        raise DataError(f"There are no photos to train on in {spec.data}.")
    spec = settle_sizes(spec, [sample.path for sample in found.training])
    door = Preprocessing(spec.door)
    # The source of small photos shows in how they were reduced: learn from both ways.
    views = 2 if spec.augmentation == "strong" else 1
    cached = yield from pixel_cache.load(
        [sample.path for sample in samples], door, cache, views=views, threads=spec.threads
    )
    kept = [samples[i] for i in cached.kept]
    given = len(found.training), len(found.training) + len(found.validation)
    in_training = [s for i, s in zip(cached.kept, kept, strict=True) if i < given[0]]
    names, notices = _classes(found.classes, in_training)
    index = {name: i for i, name in enumerate(names)}
    usable = np.array([s.label is None or s.label in index for s in kept], bool)
    rows = np.array(cached.kept, np.int64)[usable]
    kept = [s for s, wanted in zip(kept, usable, strict=True) if wanted]
    targets = np.array([len(names) if s.label is None else index[s.label] for s in kept], np.int64)
    has_background = bool((targets == len(names)).any())

    yield Preparing("Looking for near-duplicates", 0, 1)
    groups = near_duplicates.groups(cached.pixels[rows, 0])
    if found.validation:
        validating = (rows >= given[0]) & (rows < given[1])
        # A person's own validation part has no negatives in it: hold out some of them too.
        others = np.flatnonzero(rows >= given[1])
        held_out = split(
            [kept[i] for i in others], groups[others], spec.validation_share, spec.seed
        )
        validating[others[held_out]] = True
        # Near-duplicates of a validation photo would be learned by heart.
        leaking = np.isin(groups, groups[validating]) & ~validating
        if leaking.any():
            notices += (f"{_photos(int(leaking.sum()))} left out of training: near-duplicates "
                        "of validation photos.",)  # fmt: skip
        training = np.flatnonzero(~validating & ~leaking)
        held_out = np.flatnonzero(validating)
    else:
        held_out = split(kept, groups, spec.validation_share, spec.seed)
        training = np.setdiff1d(np.arange(len(kept)), held_out)

    labels = tuple(Label(name, name) for name in names)
    background = len(names) if has_background else None
    if has_background:
        labels += (Label(_background_name(names)),)
    count = round(_DRAWN_SHARE * int((targets[training] == len(names)).sum()))
    drawn = backgrounds.draw(count, spec.door, spec.seed)
    return spec, Photos(
        labels,
        background,
        Part(cached.pixels, rows[training], targets[training]),
        Part(
            np.repeat(drawn[:, None], views, axis=1),
            np.arange(count),
            np.full(count, len(names), np.int64),
        ),
        Part(cached.pixels, rows[held_out], targets[held_out]),
        tuple(sample.path for sample in samples),
        tuple(cached.unreadable),
        found.notices + notices,
        cached.key,
    )


def _classes(
    names: Sequence[str], readable: Sequence[Sample]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the classes that can be learned, and what to say about the others."""
    counts = {name: sum(s.label == name for s in readable) for name in names}
    present = tuple(name for name in names if counts[name])
    lost = [name for name in names if not counts[name]]
    notices = [f"{name!r} has no readable photo and is left out." for name in lost]
    few = [name for name in present if counts[name] < _LEAST_VALIDATED]
    if few:
        notices.append(
            f"Fewer than {_LEAST_VALIDATED} photos of {', '.join(map(repr, few))}: all of them "
            "are trained on, and nothing can be said about how well these are recognised."
        )
    if len(present) < 2:
        raise DataError(
            f"There are fewer than two classes with readable photos ({', '.join(present) or 'none'}"
            "). A model learns to tell places apart: give it at least two folders of photos."
        )
    return present, tuple(notices)


def _background_name(names: Sequence[str]) -> str:
    name = BACKGROUND
    while name in names:
        name = f"({name})"
    return name


def settle_sizes(spec: TrainingSpec, paths: Sequence[Path]) -> TrainingSpec:
    """Return the spec with a door of 0, and stages of size 0, chosen by the photos' own size.

    The door is the median short side of 200 of the photos, from 96 to what the backbone was
    pretrained at: enlarging small photos costs time and adds nothing. The network is given
    a third more than that, where ImageNet's features work better, within the same bounds.
    """
    entry = catalogue.find(spec.backbone)
    door = spec.door
    if door == 0:
        sides = []
        for path in paths[:: max(1, len(paths) // 200)]:
            try:
                with open_header(path) as image:
                    sides.append(min(image.size))
            except PhotoError:
                continue  # named when it is decoded
        median = float(np.median(sides)) if sides else 0.0
        door = int(np.clip(round(median / 32) * 32, 96, entry.input_size))
    size = int(np.clip(round(door * 4 / 3 / 32) * 32, 96, max(entry.input_size, 96)))
    stages = tuple(replace(stage, size=stage.size or size) for stage in spec.stages)
    if entry.fixed_size:
        stages = tuple(replace(stage, size=entry.input_size) for stage in stages)
    return replace(spec, door=door, stages=stages)


def split(samples: Sequence[Sample], groups: Indices, share: float, seed: int) -> Indices:
    """Return the indices to hold out: the same share of each stratum, whole groups only.

    A stratum is a class and a source (the letters that a file name starts with, where
    enough files share them): photos of another source look different, and validation is to
    see both kinds. ``groups``: photos of one number are near-duplicates of each other. A
    class of ``_LEAST_VALIDATED`` photos or more has one in validation, if its groups allow.
    """
    strata = _strata(samples)
    sizes = Counter(strata)
    wanted: dict[object, int] = {}
    classes: dict[object, list[tuple[object, int]]] = defaultdict(list)
    for stratum, number in sizes.items():
        wanted[stratum] = round(share * number)
        classes[stratum[0]].append((stratum, number))
    for parts in classes.values():
        if sum(n for _, n in parts) >= _LEAST_VALIDATED and not any(wanted[s] for s, _ in parts):
            wanted[max(parts, key=lambda part: part[1])[0]] = 1
    members: dict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(groups.tolist()):
        members[group].append(i)
    held_out: list[int] = []
    rng = np.random.default_rng(seed)
    for group in rng.permutation(sorted(members)).tolist():
        counts = Counter(strata[i] for i in members[group])
        if all(count <= wanted[stratum] for stratum, count in counts.items()):
            held_out += members[group]
            for stratum, count in counts.items():
                wanted[stratum] -= count
    return np.array(sorted(held_out), np.int64)


def _strata(samples: Sequence[Sample]) -> list[tuple[str | None, str]]:
    strata = [(s.label, s.path.stem.rstrip("0123456789")) for s in samples]
    sizes = Counter(strata)
    return [
        stratum if sizes[stratum] >= _FEWEST_OF_A_SOURCE else (stratum[0], "") for stratum in strata
    ]


def _photos(number: int) -> str:
    return "1 photo" if number == 1 else f"{number:,} photos"
