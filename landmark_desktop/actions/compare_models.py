"""Another model judged on the photos that a run was judged on, and the two set side by side.

The run's own answers stand in its judgement; the other model's are computed once and kept in the
run's folder. Fair figures take only photos whose landmark both models know.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from landmark_desktop import atomic
from landmark_desktop.actions import shelf
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.actions.training_runs import Result
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo.gazetteer import Gazetteer, fold
from landmark_desktop.inference.pipeline import look
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.tasks import Cancel, Progress, Speed, Task
from training.bundle import Card
from training.judge import wilson

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What a model said of a photo.

    ``guess``: its likeliest landmark, by the model's own label. ``suggested``: whether a person
    would be shown it. ``error``: why the photo could not be looked at, else empty.
    """

    guess: str | None
    confidence: float
    suggested: bool
    error: str = ""


@dataclass(frozen=True)
class Figures:
    """How good one model is on the photos that count for both; shares 0 to 1.

    ``top1_ci95``: its 95 % Wilson interval. ``precision``: of its suggestions, ``None`` where
    it made none. ``false_suggestions``: share of the photos without a landmark that got one,
    ``None`` where there are no such photos.
    """

    top1: float
    top1_ci95: tuple[float, float]
    kept: float
    precision: float | None
    false_suggestions: float | None


@dataclass(frozen=True)
class Changed:
    """A photo that one model recognises and the other does not: what it shows, what each said."""

    path: str
    truth: str
    ours: Answer
    theirs: Answer


@dataclass(frozen=True)
class Compared:
    """Two models on the same photos, ``ours`` being the run's.

    ``photos``: how many count, ``landmarks``: of how many landmarks that both know. ``unknown``:
    photos whose landmark the other model does not know. ``without``: photos that show none of
    the landmarks. ``unreadable``: photos that are gone or broken by now. ``gained``: photos that
    only the run's model recognises, ``lost``: those that only the other one does; the surest
    mistakes first. ``ours`` and ``theirs`` are ``None`` where no photo counts.
    """

    name: str
    photos: int
    landmarks: int
    unknown: int
    without: int
    unreadable: int
    ours: Figures | None
    theirs: Figures | None
    gained: tuple[Changed, ...]
    lost: tuple[Changed, ...]


def earlier(workspace: Workspace, result: Result, model: Shelved) -> Compared | None:
    """Return the comparison without running the model; ``None`` where it has to run.

    Reads files: not on the main thread.
    """
    if not _shared(workspace.gazetteer, result, model):
        return _compared(workspace.gazetteer, result, model, {})
    said = _kept(result, model)
    return None if said is None else _compared(workspace.gazetteer, result, model, said)


def compare(workspace: Workspace, result: Result, model: Shelved, cancel: Cancel) -> Task[Compared]:
    """Have the model look at the photos of the run's judgement, and set the two side by side.

    It runs the model: on the thread that suggests. Raises ``ModelError`` where it does not run.
    """
    done = earlier(workspace, result, model)
    if done is not None:
        return done
    said = yield from _answers(workspace, result, model, cancel)
    _keep(_file(result.folder, model), said)
    return _compared(workspace.gazetteer, result, model, said)


def _answers(
    workspace: Workspace, result: Result, model: Shelved, cancel: Cancel
) -> Task[dict[str, Answer]]:
    yield Progress(0, None, f"Getting {model.name} ready")
    engine = shelf.recogniser(workspace, model).engine()
    paths = _paths(result)
    said: dict[str, Answer] = {}
    speed = Speed()
    for batch in look(engine.infer, engine.card, ((p, Path(p)) for p in paths), cancel):
        for seen in batch:
            decision = seen.decision
            if decision is None:
                said[seen.key] = Answer(None, 0.0, False, seen.error or "It cannot be read.")
                continue
            guess = engine.card.labels[decision.ranked[0][0]].name if decision.ranked else None
            said[seen.key] = Answer(guess, decision.confidence, decision.label is not None)
        done = len(said)
        yield Progress(done, len(paths), f"Looking with {model.name}", speed.at(done))
    return said


def _compared(
    gazetteer: Gazetteer, result: Result, model: Shelved, said: Mapping[str, Answer]
) -> Compared:
    """A guess is right where it names the photo's landmark: by gazetteer id or by name."""
    assert model.card is not None
    known, names = _names(gazetteer, model.card), _names(gazetteer, result.card)
    shared = _shared(gazetteer, result, model)
    fair: list[tuple[Mapping[str, Any], Answer, bool, bool]] = []
    others: list[tuple[Mapping[str, Any], Answer]] = []
    unknown = unreadable = 0
    for photo in _photos(result):
        answer, truth = said.get(str(photo["path"])), photo["truth"]
        if truth is not None and truth not in shared:
            unknown += 1
        elif answer is None or answer.error:
            unreadable += 1
        elif truth is None:
            others.append((photo, answer))
        else:
            right = answer.guess is not None and bool(names[truth] & known[answer.guess])
            fair.append((photo, answer, photo["guess"] == truth, right))
    ours = theirs = None
    if fair:
        ours = _figures(
            [(right, bool(photo["suggested"])) for photo, _, right, _ in fair],
            [bool(photo["suggested"]) for photo, _ in others],
        )
        theirs = _figures(
            [(right, answer.suggested) for _, answer, _, right in fair],
            [answer.suggested for _, answer in others],
        )
    gained: list[Changed] = []
    lost: list[Changed] = []
    for photo, answer, ours_right, theirs_right in fair:
        if ours_right != theirs_right:
            change = Changed(str(photo["path"]), photo["truth"], _ours(photo), answer)
            (gained if ours_right else lost).append(change)
    return Compared(
        model.name, len(fair), len(shared), unknown, len(others), unreadable, ours, theirs,
        gained=tuple(sorted(gained, key=lambda change: -change.theirs.confidence)),
        lost=tuple(sorted(lost, key=lambda change: -change.ours.confidence)),
    )  # fmt: skip


def _shared(gazetteer: Gazetteer, result: Result, model: Shelved) -> frozenset[str]:
    """Return the labels of the judged photos whose landmarks the model knows too."""
    assert model.card is not None
    names = _names(gazetteer, result.card)
    known = frozenset().union(*_names(gazetteer, model.card).values())
    judged = {photo["truth"] for photo in _photos(result)}
    return frozenset(label for label in judged & set(names) if names[label] & known)


def _photos(result: Result) -> Sequence[Mapping[str, Any]]:
    photos: Sequence[Mapping[str, Any]] = (result.judgement or {}).get("photos", ())
    return photos


def _paths(result: Result) -> list[str]:
    return list(dict.fromkeys(str(photo["path"]) for photo in _photos(result)))


def _names(gazetteer: Gazetteer, card: Card) -> dict[str, frozenset[str]]:
    """Return each label of a card with everything that its landmark is called, folded."""
    found = {}
    for i, label in enumerate(card.labels):
        if i != card.background:
            landmark = gazetteer[landmark_key(card, i)]
            called = (label.name, landmark.id, landmark.name)
            found[label.name] = frozenset(fold(name) or name for name in called)
    return found


def _figures(seen: Sequence[tuple[bool, bool]], others: Sequence[bool]) -> Figures:
    """``seen``: right, suggested; ``others``: suggested, for photos without a landmark."""
    hits, n = sum(right for right, _ in seen), len(seen)
    suggested = [right for right, shown in seen if shown]
    return Figures(
        hits / n, wilson(hits, n), len(suggested) / n,
        sum(suggested) / len(suggested) if suggested else None,
        sum(others) / len(others) if others else None,
    )  # fmt: skip


def _ours(photo: Mapping[str, Any]) -> Answer:
    return Answer(photo["guess"], float(photo["confidence"]), bool(photo["suggested"]))


def _file(run: Path, model: Shelved) -> Path:
    return run / f"compared-{model.digest[:16]}.json"


def _kept(result: Result, model: Shelved) -> dict[str, Answer] | None:
    """Return what the model said of the run's photos earlier; ``None``: not of all of them."""
    try:
        rows = json.loads(_file(result.folder, model).read_text(encoding="ascii"))
        said = {str(path): Answer(**entries) for path, entries in rows.items()}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log.warning("a comparison in %s cannot be read: %s", result.folder, error)
        return None
    return said if said.keys() >= set(_paths(result)) else None


def _keep(file: Path, said: Mapping[str, Answer]) -> None:
    """Save the answers; where that fails they are computed again another time.

    Of photos that could not be read nothing is kept: they may be there again.
    """
    rows = {path: asdict(answer) for path, answer in said.items() if not answer.error}
    try:
        atomic.write_bytes(file, json.dumps(rows).encode("ascii"))
    except OSError as error:
        log.warning("a comparison could not be kept in %s: %s", file.parent, error)
