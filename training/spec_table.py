"""A training spec as a table for a person: grouped, in words, departures from the usual marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from training.spec import TrainingSpec

_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Photos", (
        ("data", "landmarks"), ("negatives", "without a landmark"),
        ("validation_share", "held out for validation"), ("door", "door, pixels a side"),
        ("background_share", "share without a landmark in an epoch"),
    )),
    ("Network", (
        ("recipe", "recipe"), ("backbone", "backbone"), ("weights", "weights to start from"),
        ("depth", "depth"), ("frozen_layers", "layers that keep their weights"),
        ("dropout", "dropout"), ("looks", "looks at photos at, pixels a side"),
    )),
    ("Course", (
        ("head_epochs", "epochs of the head on features"), ("stages", "stages"),
        ("batch_size", "photos in a batch"), ("micro_batch", "photos in the network at once"),
        ("warm_up_epochs", "epochs of warm-up"),
        ("patience", "stops after epochs without gain"),
    )),
    ("Optimiser", (
        ("optimiser", "optimiser"), ("head_rate", "learning rate of the head"),
        ("backbone_rate", "learning rate of the backbone"),
        ("layer_decay", "rate from layer to layer"), ("weight_decay", "weight decay"),
        ("gradient_clip", "gradients clipped at"), ("ema_decay", "decay of averaged weights"),
    )),
    ("Variation", (
        ("augmentation", "augmentation"), ("mix_share", "batches with mixup or CutMix"),
        ("feature_views", "views of a photo among features"),
        ("label_smoothing", "label smoothing"),
    )),
    ("Machine", (
        ("device", "device"), ("threads", "threads"), ("seed", "seed"),
        ("deterministic", "deterministic"), ("torch", "torch"),
    )),
)  # fmt: skip
_SHARES = frozenset(["validation_share", "background_share", "mix_share"])
_ZERO = {"micro_batch": "the whole batch", "patience": "never"}
"""What zero stands for where it is no number."""

_OWN = frozenset(["data", "negatives", "name", "seed"])
"""Entries that every run has its own of: to mark them as unusual says nothing."""


@dataclass(frozen=True)
class Entry:
    """One entry of a spec. ``usual``: the default, in words, where it is another."""

    name: str
    label: str
    value: str
    usual: str | None


@dataclass(frozen=True)
class Group:
    """Entries that belong together."""

    title: str
    entries: tuple[Entry, ...]


def spec_table(entries: Mapping[str, Any]) -> tuple[Group, ...]:
    """Return ``entries``, a spec's plain values, in groups; unknown ones stand at the end.

    Takes cards of other versions too: what they lack is left out.
    """
    usual = asdict(TrainingSpec(data=""))
    known = {"name", "about"} | {name for _, group in _GROUPS for name, _ in group}
    others = tuple((name, name.replace("_", " ")) for name in entries if name not in known)
    groups = []
    for title, names in (*_GROUPS, ("Further entries", others)):
        rows = tuple(
            Entry(name, label, in_words(name, entries[name]), _usual(name, entries[name], usual))
            for name, label in names
            if name in entries
        )
        if rows:
            groups.append(Group(title, rows))
    return tuple(groups)


def in_words(name: str, value: Any) -> str:
    """Return a spec's value as a person would write it."""
    match value:
        case None | "" | () | []:
            return "none"
        case 0 if name in _ZERO:
            return _ZERO[name]
        case bool():
            return "yes" if value else "no"
        case float() if name in _SHARES:
            return f"{100 * value:g} %"
        case float():
            return f"{value:g}"
        case {"epochs": epochs, "size": size}:
            return f"{epochs} epochs at {size} px"
        case list() | tuple():
            return ", ".join(in_words(name, one) for one in value)
        case str() if name == "weights":
            return PurePath(value).name  # the folder is of no use to a reader elsewhere
        case _:
            return str(value)


def _usual(name: str, value: Any, usual: Mapping[str, Any]) -> str | None:
    if name in _OWN or name not in usual:
        return None
    words = in_words(name, usual[name])
    return None if in_words(name, value) == words else words
