"""Compare backbones on one's own photos: each gets a head, on features computed once."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from training import catalogue, events
from training.bundle import read_card
from training.control import Control
from training.evaluate import load
from training.fit import fit
from training.spec import TrainingSpec

_PHOTOS = 64


@dataclass(frozen=True)
class Candidate:
    """What one backbone gave. ``reason``: why it gave nothing, else empty.

    ``top1`` and ``interval``: of the validation photos, the same for all. ``megabytes``: of
    the bundle. ``photos_per_second``: through the bundle on this computer's CPU, decoding
    not counted. ``seconds``: from photos to bundle.
    """

    backbone: str
    title: str
    parameters: int
    top1: float | None = None
    interval: tuple[float, float] = (0.0, 1.0)
    megabytes: float = 0.0
    photos_per_second: float = 0.0
    seconds: float = 0.0
    reason: str = ""


def explore(
    spec: TrainingSpec, keys: Sequence[str], run: Path, cache: Path, control: Control
) -> Generator[events.Event, None, list[Candidate]]:
    """Train a head on each backbone in a folder of its own below ``run``; return what came out.

    ``spec``: the run, its backbone put in anew each time. A backbone whose weights cannot be
    had is named with the reason, and the others go on.
    """
    candidates: list[Candidate] = []
    for key in keys:
        entry = catalogue.find(key)
        candidate = Candidate(key, entry.title, entry.parameters)
        started, bundle, reason = time.monotonic(), None, ""
        for event in fit(replace(spec, backbone=key), run / key, cache, control):
            match event:
                case events.Finished():
                    bundle = Path(event.bundle)
                case events.Failed():
                    reason = event.reason
                case events.Stopped():
                    yield event
                    return candidates
                case _:
                    yield event
        if bundle is not None:
            measured = read_card(bundle).metrics.get("validation", {})
            candidate = replace(
                candidate, top1=measured.get("top1"),
                interval=tuple(measured.get("top1_ci95", (0.0, 1.0))),
                megabytes=bundle.stat().st_size / 1e6, photos_per_second=_speed(bundle),
                seconds=time.monotonic() - started,
            )  # fmt: skip
        candidates.append(replace(candidate, reason=reason))
    return candidates


def _speed(bundle: Path) -> float:
    """Return photos per second of the bundle on the CPU, in batches of 16."""
    network, size = load(bundle), read_card(bundle).preprocessing.size
    rng = np.random.default_rng(0)
    pixels = torch.from_numpy(rng.integers(0, 256, (16, 3, size, size), np.uint8))
    with torch.inference_mode():
        for _ in range(2):  # TorchScript rewrites the graph in its first runs
            network(pixels)
        started = time.monotonic()
        for _ in range(_PHOTOS // 16):
            network(pixels)
    return _PHOTOS / (time.monotonic() - started)


def table(candidates: Sequence[Candidate]) -> str:
    """Return the comparison as text, best first."""
    rows = [("backbone", "top-1", "95 % interval", "parameters", "bundle", "photos/s", "time")]
    done = sorted((c for c in candidates if c.top1 is not None), key=lambda c: -(c.top1 or 0))
    rows += [
        (
            c.title, f"{c.top1:.3f}", f"{c.interval[0]:.3f} to {c.interval[1]:.3f}",
            f"{c.parameters / 1e6:.1f} M", f"{c.megabytes:.1f} MB", f"{c.photos_per_second:.0f}",
            f"{c.seconds:.0f} s",
        )
        for c in done
    ]  # fmt: skip
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                  for i, (cell, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip
    lines += [f"{c.title}: {c.reason}" for c in candidates if c.top1 is None]
    return "\n".join(lines)
