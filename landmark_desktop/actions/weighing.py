"""The evidence about photos of the library, weighed; and which suggestions it speaks against.

Free of numpy, for the command line: ``evidence`` has the words and the names of places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo.distance import Position, position
from landmark_desktop.geo.evidence import Evidence, weigh
from landmark_desktop.geo.verdict import Verdict
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.library import neighbours, photos
from landmark_desktop.tasks import Cancel, Progress, Task

_AT_ONCE = 500


def verdicts(
    workspace: Workspace, ids: Sequence[int], place_name: Callable[[Position], str] = lambda _: ""
) -> dict[int, Verdict]:
    """Weigh the evidence about each of these photos; unknown ids are left out.

    For worker threads: ten thousand photos take some seconds. Nothing is written.
    ``place_name``: puts the position of a conflict into words.
    """
    connection, model = workspace.library.read(), workspace.model
    card, minutes = model.recogniser.card, workspace.settings.neighbour_minutes
    known = {landmark_key(card, i) for i in range(len(card.labels)) if i != card.background}
    around = neighbours.of(connection, ids, minutes)
    return {
        photo.id: weigh(
            Evidence(
                photo.suggestion,
                position(photo.facts.latitude, photo.facts.longitude),
                around.get(photo.id, ()),
                photo.accepted if photo.rule is None else None,  # by a rule it is a guess still
                photo.rejected,
            ),
            workspace.gazetteer,
            threshold=workspace.threshold,
            minutes=minutes,
            known=known,
            place_name=place_name,
        )
        for photo in photos.fetch(connection, ids, model.id, model.earlier)
    }


def doubted(
    workspace: Workspace, ids: Sequence[int], at_least: float, cancel: Cancel
) -> Task[list[int]]:
    """Return the photos for whose suggestion place and time leave less than ``at_least``."""
    connection, model = workspace.library.read(), workspace.model
    found: list[int] = []
    for start in range(0, len(ids), _AT_ONCE):
        cancel.check()
        part = ids[start : start + _AT_ONCE]
        weighed = verdicts(workspace, part)
        for photo in photos.fetch(connection, part, model.id, model.earlier):
            said = photo.suggestion
            if said is None or said.landmark is None:
                continue
            left = dict(weighed[photo.id].ranked).get(said.landmark, 0.0)
            if left < min(said.confidence, at_least):
                found.append(photo.id)
        yield Progress(start + len(part), len(ids), "Weighing place and time")
    return found
