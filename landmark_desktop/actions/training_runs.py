"""The folder of training runs: begin one, list those there are, read one's result."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from landmark_desktop.actions.photo_fixes import Edits, write_list
from training import events, launch
from training.bundle import BundleError, Card, read_card
from training.layout import DataSet
from training.spec import SpecError, TrainingSpec

ASKED = "asked.json"
"""What was asked for, its sizes not settled; the trainer's ``spec.json`` comes a little later."""
PHOTOS = "photos.csv"
"""The list of photos, where it is not the person's own folder or file as it is."""

_TAIL = 64 * 1024  # bytes from the end of the events that say how a run stands

State = Literal["finished", "unfinished"]


@dataclass(frozen=True)
class Run:
    """One run. ``state``: ``unfinished`` ones can go on, from a checkpoint or from the start.

    ``top1``: share of validation photos that it recognised, as far as it is known; ``epochs``:
    how many are done; ``reason``: why it failed, where it did. ``changed``: seconds since 1970.
    """

    folder: Path
    spec: TrainingSpec
    state: State
    epochs: int
    top1: float | None
    reason: str
    changed: float

    @property
    def began_training(self) -> bool:
        """Whether there is a checkpoint to go on from."""
        return (self.folder / launch.CHECKPOINT).exists()


@dataclass(frozen=True)
class Result:
    """What a finished run gave. ``judgement``: ``judge``'s figures with ``photos``, one each;
    ``None`` where there were no validation photos. ``history``: its events, batches thinned."""

    folder: Path
    bundle: Path
    card: Card
    judgement: dict[str, Any] | None


def new_folder(runs: Path, name: str) -> Path:
    """Make and return a folder for a new run. Raises ``OSError`` where that is not possible."""
    runs.mkdir(parents=True, exist_ok=True)
    words = re.sub(r"[^\w]+", "-", name, flags=re.UNICODE).strip("-")[:40] or "run"
    stem = f"{datetime.datetime.now():%Y-%m-%d %H%M} {words}"
    for number in range(1, 1000):
        folder = runs / (stem if number == 1 else f"{stem} {number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(f"too many runs called {stem} in {runs}")


def ask(folder: Path, spec: TrainingSpec, data: DataSet, edits: Edits) -> Path:
    """Write what a run is to do into its folder, an edited set as a list; return the folder.

    So is a set that came as a list beside the runs, which the next look replaces. Raises
    ``UserError`` where no photo is left, ``OSError`` where nothing can be written.
    """
    if edits or data.source.parent == folder.parent:
        write_list(data, edits, folder / PHOTOS)
        spec = replace(spec, data=str(folder / PHOTOS))
    spec.save(folder / ASKED)
    return folder


def read_run(folder: Path) -> Run | None:
    """Return the run in the folder, or ``None`` where there is none that can be read."""
    for name in (launch.SPEC, ASKED):
        try:
            spec = TrainingSpec.load(folder / name)
        except (OSError, SpecError):
            continue
        break
    else:
        return None
    epochs, top1, reason, changed = 0, None, "", folder.stat().st_mtime
    for event in _tail(folder / launch.EVENTS):
        match event:
            case events.Started():
                reason = ""
            case events.EpochDone():
                epochs = event.epoch + 1
                top1 = event.metrics.get("top1", top1) if event.best or top1 is None else top1
            case events.Finished():
                top1 = event.metrics.get("top1", top1)
            case events.Failed():
                reason = event.reason
    if (folder / launch.EVENTS).exists():
        changed = (folder / launch.EVENTS).stat().st_mtime
    finished = (folder / launch.MODEL).exists()
    return Run(
        folder, spec, "finished" if finished else "unfinished", epochs, top1,
        "" if finished else reason, changed,
    )  # fmt: skip


def list_runs(runs: Path) -> list[Run]:
    """Return the runs in the folder, the newest first. Folders that hold no run are passed over."""
    try:
        folders = [folder for folder in runs.iterdir() if folder.is_dir()]
    except OSError:
        return []
    found = [run for folder in folders if (run := _read_if_there(folder)) is not None]
    return sorted(found, key=lambda run: (run.changed, run.folder.name), reverse=True)


def history(folder: Path) -> list[events.Event]:
    """Return a run's events as if it had never been interrupted; none where there are none."""
    try:
        with (folder / launch.EVENTS).open(encoding="utf-8", errors="replace") as lines:
            return events.history(lines)
    except OSError:
        return []


def result(folder: Path) -> Result:
    """Return what a finished run gave. Raises ``BundleError`` where its model cannot be read."""
    bundle = folder / launch.MODEL
    try:
        judgement = json.loads((folder / launch.JUDGEMENT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        judgement = None  # no validation photos, or a run of an earlier version
    return Result(folder, bundle, read_card(bundle), judgement)


def _read_if_there(folder: Path) -> Run | None:
    try:
        return read_run(folder)
    except OSError:
        return None  # deleted meanwhile


def _tail(file: Path) -> Iterator[events.Event]:
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(max(0, size - _TAIL))
            text = opened.read().decode("utf-8", "replace")
    except OSError:
        return
    for line in text.split("\n"):
        event = events.from_line(line)
        if event is not None:
            yield event


__all__ = [
    "ASKED", "PHOTOS", "BundleError", "Result", "Run", "ask", "history", "list_runs",
    "new_folder", "read_run", "result",
]  # fmt: skip
