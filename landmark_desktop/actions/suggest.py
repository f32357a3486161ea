"""Ask the model what photos show: for the library, or for files without one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from landmark_desktop.actions.workspace import InUse, Recogniser, Workspace
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark
from landmark_desktop.inference.suggest import landmark_key, suggestion
from landmark_desktop.library import photos, search, suggestions
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.records import Suggestion, Unreadable
from landmark_desktop.library.search import Filter
from landmark_desktop.tasks import Cancel, Progress, Speed, Task
from training.operating import threshold_for

GETTING_READY = "Getting the model ready"


def suggest_for_library(
    workspace: Workspace, cancel: Cancel, below: Sequence[Path] | None = None
) -> Task[int]:
    """Look at every photo that the present model has not seen; return how many it saw.

    ``below``: only photos in these folders and files.

    Suggestions are stored batch by batch, so that a killed run loses no finished batch and
    the next one goes on behind it; from which confidence on they count as such, the library
    knows when it stores them. News are ``ChangeSet``s. Once the model has seen them all,
    nothing is shown any more of what earlier ones said.
    """
    library, model = workspace.library, workspace.model
    waiting = suggestions.unseen(library.read(), model.id)
    if below is not None:
        waiting = [(id_, path) for id_, path in waiting if _is_below(path, below)]
    if not waiting:
        if below is None:
            _settle(workspace, model)
        return 0
    yield Progress(0, None, GETTING_READY)
    cancel.check()
    from landmark_desktop.inference.pipeline import look  # numpy: not while the window opens

    engine = model.recogniser.engine()
    speed, paths = Speed(), dict(waiting)
    done = 0
    for batch in look(engine.infer, engine.card, waiting, cancel):
        opinions = [
            (seen.key, suggestion(engine.card, seen.decision)) for seen in batch if seen.decision
        ]
        broken = {seen.key: seen.error for seen in batch if seen.error is not None}
        library.write(
            partial(_store, model_id=model.id, opinions=opinions, broken=broken, paths=paths)
        )
        done += len(batch)
        what = "Looking for landmarks" + (f" - {engine.note}" if engine.note else "")
        news = ChangeSet(frozenset(seen.key for seen in batch))
        yield Progress(done, len(waiting), what, speed.at(done), news)
    if below is None:
        _settle(workspace, model)
    return done


def _settle(workspace: Workspace, model: InUse) -> None:
    """Note that no photo needs an earlier model's suggestion any more."""
    if workspace.model is model:  # it changes only on the thread that suggests
        workspace.model = replace(model, earlier=())


def _store(
    connection: sqlite3.Connection,
    model_id: int,
    opinions: Sequence[tuple[int, Suggestion]],
    broken: Mapping[int, str],
    paths: Mapping[int, Path],
) -> None:
    suggestions.store(connection, model_id, opinions)
    photos.set_problems(connection, broken, paths)


@dataclass(frozen=True)
class Opinion:
    """What the model says of one file, with what follows from it.

    ``error``: why the file could not be looked at; everything else is then empty.
    ``label``, ``alternatives``: the model's own labels, the suggested one among them.
    """

    path: Path
    error: str | None = None
    label: str | None = None
    landmark: Landmark | None = None
    confidence: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()


def suggest_for_files(
    recogniser: Recogniser,
    gazetteer: Gazetteer,
    roots: Sequence[Path],
    cancel: Cancel,
    precision: float = 0.0,
) -> Iterator[Opinion]:
    """Look at every photo below ``roots``, without a library; yield opinions as they come.

    ``precision``: share of suggestions that is to be right, 0 for the model's own.
    Raises ``ModelError`` where the model cannot run.
    """
    from landmark_desktop.importing.scan import scan
    from landmark_desktop.inference.pipeline import look

    found: list[Path] = []
    for item in scan(roots):
        if isinstance(item, Unreadable):
            yield Opinion(item.path, item.reason)
        else:
            found.append(item.path)
    if not found:
        return
    engine = recogniser.engine()
    card = engine.card
    items = ((path, path) for path in found)
    threshold = threshold_for(card, precision)
    for batch in look(engine.infer, card, items, cancel, threshold=threshold):
        for seen in batch:
            decision = seen.decision
            if decision is None:
                yield Opinion(seen.key, seen.error)
                continue
            label = decision.label
            yield Opinion(
                seen.key,
                label=None if label is None else card.labels[label].name,
                landmark=None if label is None else gazetteer[landmark_key(card, label)],
                confidence=decision.confidence,
                alternatives=tuple((card.labels[i].name, p) for i, p in decision.ranked),
            )


def stored_opinions(
    workspace: Workspace, roots: Sequence[Path], precision: float | None = None
) -> Iterator[Opinion]:
    """Yield what the library holds of the photos below ``roots``, by path.

    ``precision``: share of suggestions that is to be right, in place of the one that the library
    is set to; nothing in it changes.
    """
    connection, card = workspace.library.read(), workspace.recogniser.card
    threshold = workspace.threshold if precision is None else threshold_for(card, precision)
    labels = {landmark_key(card, i): label.name for i, label in enumerate(card.labels)}
    for file in photos.unreadable(connection):
        if _is_below(file.path, roots):
            yield Opinion(file.path, file.reason)
    ids = search.photo_ids(connection, Filter(), workspace.model_id)
    seen = photos.fetch(connection, ids, workspace.model_id)
    for photo in sorted(seen, key=lambda photo: photo.path):
        said = photo.suggestion
        if photo.problem is not None or said is None or not _is_below(photo.path, roots):
            continue
        key = said.at(threshold).landmark
        yield Opinion(
            photo.path,
            label=None if key is None else labels[key],
            landmark=None if key is None else workspace.gazetteer[key],
            confidence=said.confidence,
            alternatives=tuple((labels[name], chance) for name, chance in said.alternatives),
        )


def _is_below(path: Path, roots: Sequence[Path]) -> bool:
    return any(path.is_relative_to(os.path.abspath(root)) for root in roots)  # noqa: PTH100
