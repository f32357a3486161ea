"""Teach the shipped model three places of ``provence`` with ten photos each, three times over.

    python -m benchmarks.teaching ../shared/data

Prints for each three: the time, the share of their other photos that is recognised (top-1) and
suggested, as predicted by cross-validation and as it is; and top-1 on ``landmarks/test`` before
and after. The places are fixed and the ten photos drawn with a fixed seed.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from pathlib import Path

import numpy as np

from training import launch, recipes
from training.drain import drain
from training.evaluate import evaluate
from training.events import Failed
from training.fit import fit

THREES = (
    ("Marseille_notre_dame", "Avignon_pont_Avignon", "Aix_rotonde"),
    ("Nice_negresco", "Marseille_mucem", "Orange_theatre_antique"),
    ("Toulon_bateau_sculpture", "Avignon_opera", "Marseille_la_major"),
)
PHOTOS = 10


def main() -> None:
    """Measure and print a line for each three places."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, default=Path("resources/models/landmarks.pt"))
    given = parser.parse_args()
    test = given.data / "landmarks" / "test"
    before = drain(evaluate(given.model, test))
    print(f"landmarks/test before: top-1 {before['top1']:.4f} of {before['n']}")
    with tempfile.TemporaryDirectory() as folder:
        for number, places in enumerate(THREES):
            run = Path(folder) / str(number)
            lessons, others = _lists(given.data / "provence", places, Path(folder), number)
            started = time.perf_counter()
            spec = recipes.spec(
                str(lessons), recipe="extend", base=str(given.model), name=f"Taught {number}"
            )
            for event in fit(spec, run, Path(folder) / "cache"):
                if isinstance(event, Failed):
                    raise SystemExit(event.reason)
            seconds = time.perf_counter() - started
            told = json.loads((run / launch.JUDGEMENT).read_text())
            there = drain(evaluate(run / launch.MODEL, others))
            after = drain(evaluate(run / launch.MODEL, test))
            low, high = there["top1_ci95"]
            print(
                f"{', '.join(places)}: {seconds:.1f} s; predicted top-1 {told['top1']:.3f}, "
                f"known lost {told['known']['lost']:.4f}; their {there['n']} other photos: top-1 "
                f"{there['top1']:.3f} ({low:.3f} to {high:.3f}), suggested "
                f"{there['kept_rate']:.3f}, of these right {there['suggestion_precision']:.3f}; "
                f"landmarks/test after: top-1 {after['top1']:.4f}"
            )


def _lists(provence: Path, places: tuple[str, ...], folder: Path, number: int) -> tuple[Path, Path]:
    """Write which photos are learned from, and the others."""
    rng = np.random.default_rng(1)
    chosen: list[tuple[Path, str]] = []
    others: list[tuple[Path, str]] = []
    for place in places:
        photos = sorted((provence / "train" / place).iterdir())
        photos = [photos[i] for i in rng.permutation(len(photos))]
        chosen += [(path, place) for path in photos[:PHOTOS]]
        others += [(path, place) for path in photos[PHOTOS:]]
        others += [(path, place) for path in sorted((provence / "test" / place).iterdir())]
    files = folder / f"lessons {number}.csv", folder / f"others {number}.csv"
    for file, rows in zip(files, (chosen, others), strict=True):
        with file.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.writer(opened)
            writer.writerow(("path", "label"))
            writer.writerows((path.absolute(), place) for path, place in rows)
    return files


if __name__ == "__main__":
    main()
