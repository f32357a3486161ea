"""What waits for a person's answer: by landmark, by event, or one by one, the surest first.

The library answers in ids and numbers; rows are read a page at a time (``browse.rows``), so that
100,000 photos do not hurt. A photo that is skipped comes last for as long as the window is open,
and is asked about again the next time: skipping is no answer, so nothing of it is stored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import search

if TYPE_CHECKING:
    from landmark_desktop.actions.events import NamedEvent


@dataclass(frozen=True)
class Group:
    """Photos that can be answered together. ``key``: a landmark's id, or an event's first photo.

    ``photos``: ids, the surest suggestion first. ``landmarks``: how many of them have which
    suggestion, most first. ``mean``, ``least``: confidence, 0 to 1. ``name``: the event's, empty
    for a landmark's group.
    """

    key: str
    photos: tuple[int, ...]
    landmarks: tuple[tuple[str, int], ...]
    mean: float
    least: float
    name: str = ""


@dataclass(frozen=True)
class Standing:
    """How far the review is. ``waiting``: at or above the confidence asked for; ``answered``:
    photos of which a person or a rule has said what they show, or do not."""

    waiting: int
    answered: int


class By(StrEnum):
    """How the queue is gone through."""

    LANDMARK = "landmark"
    EVENT = "event"
    SINGLE = "single"


@dataclass(frozen=True)
class Queue:
    """All that waits. ``groups``: none where it goes one by one; ``ids``: the surest first.

    ``standing``: of the whole library, whatever confidence was asked for; ``photos``: in it.
    """

    by: By
    groups: tuple[Group, ...]
    ids: tuple[int, ...]
    standing: Standing
    photos: int


@dataclass(frozen=True)
class Asked:
    """Which suggestions to ask about: from a confidence of ``at_least`` on; ``skipped`` last.

    ``photos``: none but these, ``None`` for all.
    """

    at_least: float = 0.0
    skipped: Collection[int] = ()
    photos: Collection[int] | None = None


def read(workspace: Workspace, by: By, asked: Asked = Asked()) -> Queue:
    """Return the queue as it stands. For worker threads, as ``by_event`` is."""
    groups: list[Group] = []
    if by is By.LANDMARK:
        groups = by_landmark(workspace, asked)
    elif by is By.EVENT:
        groups = by_event(workspace, asked)
    photos = workspace.library.read().execute("SELECT count(*) FROM photo").fetchone()[0]
    ids = singles(workspace, asked)
    return Queue(by, tuple(groups), tuple(ids), standing(workspace), int(photos))


def singles(workspace: Workspace, asked: Asked = Asked()) -> list[int]:
    """Return the photos whose suggestion waits, the surest first, those skipped last."""
    where, values = _waiting(workspace, asked)
    rows = workspace.library.read().execute(
        f"SELECT s.photo_id FROM suggestion s WHERE {where} ORDER BY s.confidence DESC, s.photo_id",
        values,
    )
    return _skipped_last([row[0] for row in rows], asked)


def by_landmark(workspace: Workspace, asked: Asked = Asked()) -> list[Group]:
    """Return a group for each landmark that is suggested, the surest on average first."""
    where, values = _waiting(workspace, asked)
    rows = workspace.library.read().execute(
        f"SELECT s.landmark, s.photo_id, s.confidence FROM suggestion s WHERE {where} "
        # The index backwards: nothing to sort.
        "ORDER BY s.landmark DESC, s.confidence DESC, s.photo_id DESC",
        values,
    )
    found: dict[str, list[tuple[int, str, float]]] = {}
    for landmark, photo_id, confidence in rows:
        found.setdefault(landmark, []).append((photo_id, landmark, confidence))
    return _groups(list(found.items()), asked)


def by_event(
    workspace: Workspace, asked: Asked = Asked(),
    events: Callable[[Workspace, Sequence[int]], Sequence[NamedEvent]] | None = None,
) -> list[Group]:  # fmt: skip
    """Return a group for each event with a suggestion that waits, the surest on average first.

    An event is made of all photos with a suggestion, answered or not, however sure: answering a
    part of it neither splits it nor gives it another name. For worker threads: the events' names
    take a second when they are first asked for.
    """
    if events is None:
        # Here, because of numpy: the window opens, and the command line runs, without it.
        from landmark_desktop.actions.events import named_events

        events = named_events
    where, values = _waiting(workspace, asked)
    rows = workspace.library.read().execute(
        # Sorted here: Python would keep the window's thread waiting until it is done.
        f"SELECT s.photo_id, s.landmark, s.confidence FROM suggestion s WHERE {where} "
        "ORDER BY s.confidence DESC, s.photo_id",
        values,
    )
    said = [(row[0], row[1], row[2]) for row in rows]
    if not said:
        return []
    suggested = workspace.library.read().execute(
        "SELECT s.photo_id FROM suggestion s "
        f"WHERE {search.on_show(workspace.model.earlier)} AND s.landmark IS NOT NULL",
        {"model": workspace.model.id},
    )
    event_of: dict[int, str] = {}
    names: dict[str, str] = {}
    for event in events(workspace, [row[0] for row in suggested]):
        key = str(event.photos[0])
        names[key] = event.name
        event_of.update(dict.fromkeys(event.photos, key))
    found: dict[str, list[tuple[int, str, float]]] = {}
    for one in said:
        if one[0] in event_of:  # else its suggestion has gone since it was read
            found.setdefault(event_of[one[0]], []).append(one)
    return [replace(group, name=names[group.key]) for group in _groups(list(found.items()), asked)]


def standing(workspace: Workspace, asked: Asked = Asked()) -> Standing:
    """Return how many photos wait and how many are answered."""
    where, values = _waiting(workspace, asked)
    connection = workspace.library.read()
    waiting = connection.execute(f"SELECT count(*) FROM suggestion s WHERE {where}", values)
    answered = connection.execute("SELECT count(DISTINCT photo_id) FROM decision")
    return Standing(int(waiting.fetchone()[0]), int(answered.fetchone()[0]))


def _waiting(workspace: Workspace, asked: Asked) -> tuple[str, dict[str, object]]:
    model = workspace.model
    where = f"{search.on_show(model.earlier)} AND {search.WAITING} AND s.confidence >= :least"
    values: dict[str, object] = {"model": model.id, "least": asked.at_least}
    if asked.photos is not None:
        where += " AND s.photo_id IN (SELECT value FROM json_each(:photos))"
        values["photos"] = json.dumps(list(asked.photos))
    return where, values


def _groups(found: list[tuple[str, list[tuple[int, str, float]]]], asked: Asked) -> list[Group]:
    groups = []
    for key, members in found:
        numbers: dict[str, int] = {}
        for _, landmark, _ in members:
            numbers[landmark] = numbers.get(landmark, 0) + 1
        groups.append(
            Group(
                key,
                tuple(_skipped_last([photo_id for photo_id, _, _ in members], asked)),
                tuple(sorted(numbers.items(), key=lambda item: (-item[1], item[0]))),
                sum(confidence for _, _, confidence in members) / len(members),
                members[-1][2],
            )
        )
    skipped = asked.skipped
    # A group of which every photo was skipped waits behind the others.
    return sorted(groups, key=lambda g: (all(i in skipped for i in g.photos), -g.mean, g.key))


def _skipped_last(ids: list[int], asked: Asked) -> list[int]:
    if not asked.skipped:
        return ids
    return [i for i in ids if i not in asked.skipped] + [i for i in ids if i in asked.skipped]
