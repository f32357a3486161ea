"""The evidence about photos of the library, weighed; and which suggestions it speaks against.

Free of numpy, for the command line: ``evidence`` has the words and the names of places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo.distance import Position, position
from landmark_desktop.geo.evidence import Evidence, weigh
from landmark_desktop.geo.grounds import About, conflicts
from landmark_desktop.geo.verdict import Verdict
from landmark_desktop.geo.witnesses import counting, witnesses
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.library import decisions, neighbours, photos
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
    around, threshold = neighbours.of(connection, ids, minutes), workspace.threshold
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
            threshold=threshold,
            minutes=minutes,
            known=known,
            place_name=place_name,
        )
        for photo in photos.fetch(connection, ids, model.id, model.earlier)
    }


def doubted(
    workspace: Workspace, ids: Sequence[int], at_least: float, cancel: Cancel
) -> Task[list[int]]:
    """Return the photos whose suggestion waits and is contradicted, with less than ``at_least``
    left of it (0 to 1)."""
    connection, model = workspace.library.read(), workspace.model
    found: list[int] = []
    for start in range(0, len(ids), _AT_ONCE):
        cancel.check()
        part = ids[start : start + _AT_ONCE]
        said = {
            c.photo_id: c for c in decisions.suggested(connection, part, model.id, model.earlier)
        }
        against = _contradicted(workspace, {i: c.landmark for i, c in said.items()})
        for photo_id, verdict in verdicts(workspace, against).items():
            left = dict(verdict.ranked).get(said[photo_id].landmark, 0.0)
            if left < min(said[photo_id].confidence or 0.0, at_least):
                found.append(photo_id)
        yield Progress(start + len(part), len(ids), "Weighing place and time")
    return sorted(found)


def _contradicted(workspace: Workspace, said: Mapping[int, str]) -> list[int]:
    """Return the photos that were taken out of sight of the landmark that each is ``said`` to show.

    Few of thousands: what the rest is worth need not be weighed.
    """
    connection, minutes = workspace.library.read(), workspace.settings.neighbour_minutes
    around = neighbours.of(connection, list(said), minutes)
    found = []
    for photo in photos.whereabouts(connection, said):
        near = counting(around.get(photo.id, ()), minutes)
        about = About(
            position(photo.latitude, photo.longitude), near,
            witnesses(near, workspace.gazetteer, minutes)[0], workspace.gazetteer,
        )  # fmt: skip
        if any(conflicts(about, said[photo.id], lambda _: "")):
            found.append(photo.id)
    return found
