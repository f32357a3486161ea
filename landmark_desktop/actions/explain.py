"""Why a model says what it says of one photo: a heat map of what spoke for a landmark.

It runs beside the suggesting job, on a thread of its own and on the same engine. There the two
take turns batch by batch (``Engine.infer``), so that an answer comes in a second or two while
thousands of photos are still to be looked at. The model is taken once, as one value
(``Workspace.model``): a change-over meanwhile does not mix up two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_desktop.actions import browse
from landmark_desktop.actions.suggest import GETTING_READY
from landmark_desktop.actions.workspace import Recogniser, Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.geo.gazetteer import Gazetteer, fold
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.tasks import Cancel, Progress, Task
from training.bundle import Card

if TYPE_CHECKING:
    from landmark_desktop.inference.why import Heat


@dataclass(frozen=True)
class Explanation:
    """What spoke for ``landmark`` (a gazetteer id, or a label that has none) in a photo.

    ``suggested``: whether it is what the model suggests there.
    """

    landmark: str
    suggested: bool
    heat: Heat


def explain(
    workspace: Workspace, photo_id: int, landmark: str | None, cancel: Cancel
) -> Task[Explanation]:
    """Ask the model in use what in a photo of the library speaks for ``landmark``.

    ``None``, or one that the model has no output for: its likeliest one. Raises ``UserError``
    where the photo is gone or cannot be read, ``ModelError`` where the model does not run,
    ``Cancelled`` between batches.
    """
    recogniser = workspace.model.recogniser
    rows = browse.rows(workspace, [photo_id])
    if not rows:
        raise UserError("The photo is not in the library any more.")
    said = None if rows[0].stale else rows[0].suggestion
    found = yield from explain_file(recogniser, rows[0].path, landmark, cancel)
    if said is None:
        return found
    # The person goes by what the library shows, so the words do too.
    return Explanation(found.landmark, said.landmark == found.landmark, found.heat)


def explain_file(
    recogniser: Recogniser, path: Path, landmark: str | None, cancel: Cancel
) -> Task[Explanation]:
    """Ask a model what in the photo at ``path`` speaks for ``landmark``; see ``explain``."""
    yield Progress(0, None, GETTING_READY)
    cancel.check()
    from landmark_desktop.inference.why import occlusion  # numpy: not while the window opens
    from training.decision import decide
    from training.photo import PhotoError

    card = recogniser.card
    try:
        pixels = card.preprocessing.apply(card.preprocessing.open(path))
    except PhotoError as error:
        raise UserError("The photo cannot be looked at.", str(error)) from error
    engine = recogniser.engine()
    cancel.check()
    (decision,) = decide(card, engine.infer(pixels[None]))
    if not decision.ranked:
        raise UserError("There is nothing to show.", "The model has no answer for this photo.")
    label = _labels(card).get(landmark or "", decision.ranked[0][0])
    heat = yield from occlusion(engine.infer, pixels, label, card.temperature, cancel)
    return Explanation(landmark_key(card, label), label == decision.label, heat)


def landmark_named(card: Card, gazetteer: Gazetteer, name: str) -> str:
    """Return the landmark of the model that a person means by ``name``, in any of its names.

    Raises ``UserError`` where there is none, or more than one.
    """
    keys = _labels(card)
    wanted = fold(name)
    exact = [key for key in keys if wanted in (fold(key), fold(gazetteer[key].name))]
    found = exact or [x.id for x in gazetteer.matching(name, keys) if x.id in keys]
    if len(found) == 1:
        return found[0]
    names = ", ".join(gazetteer[key].name for key in found)
    raise UserError(
        f"It is not clear which landmark is meant by {name!r}.",
        f"It may be one of: {names}." if found else f"The model {card.name} knows none like it.",
    )


def caption(explanation: Explanation, gazetteer: Gazetteer) -> str:
    """Return in words what the heat map shows, or that no place stood out."""
    name = gazetteer[explanation.landmark].name
    but = "" if explanation.suggested else " (not suggested)"
    if explanation.heat.stands_out:
        return f"What spoke for {name}{but}"
    return f"Nothing in particular spoke for {name}{but}"


def _labels(card: Card) -> dict[str, int]:
    return {landmark_key(card, i): i for i in range(len(card.labels)) if i != card.background}
