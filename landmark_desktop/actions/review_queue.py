"""What waits for a person's answer: by landmark, by event, or one by one, the surest first.

The library answers in ids and numbers; rows are read a page at a time (``browse.rows``), so that
100,000 photos do not hurt. A photo that is skipped comes last for as long as the window is open,
and is asked about again the next time: skipping is no answer, so nothing of it is stored.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import search


@dataclass(frozen=True)
class Group:
    """Photos that can be answered together. ``key``: a landmark's id, or an event's first photo.

    ``photos``: ids, the surest suggestion first. ``landmarks``: how many of them have which
    suggestion, most first. ``mean``, ``least``: confidence, 0 to 1.
    """

    key: str
    photos: tuple[int, ...]
    landmarks: tuple[tuple[str, int], ...]
    mean: float
    least: float


@dataclass(frozen=True)
class Standing:
    """How far the review is. ``waiting``: at or above the confidence asked for; ``answered``:
    photos of which a person or a rule has said what they show, or do not."""

    waiting: int
    answered: int


@dataclass(frozen=True)
class Moment:
    """What an event is told by: local time (ISO 8601) and degrees (WGS 84), where known."""

    photo_id: int
    taken_at: str
    latitude: float | None
    longitude: float | None


class Events(Protocol):
    """Puts photos, given in the order of their times, into events."""

    def __call__(self, moments: Sequence[Moment]) -> Sequence[Sequence[int]]:
        """Return the photo ids of each event; every photo is in exactly one."""
        ...


@dataclass(frozen=True)
class Asked:
    """Which suggestions to ask about: from a confidence of ``at_least`` on; ``skipped`` last.

    ``photos``: none but these, ``None`` for all.
    """

    at_least: float = 0.0
    skipped: Collection[int] = ()
    photos: Collection[int] | None = None


_FROM = "FROM suggestion s JOIN photo ON photo.id = s.photo_id WHERE "


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
    workspace: Workspace, events: Events, asked: Asked = Asked()
) -> list[Group]:  # fmt: skip
    """Return a group for each event with a suggestion that waits, the surest on average first."""
    where, values = _waiting(workspace, asked)
    rows = workspace.library.read().execute(
        "SELECT s.photo_id, photo.sort_at, photo.latitude, photo.longitude, s.landmark, "
        f"s.confidence {_FROM}{where} ORDER BY photo.sort_at, s.photo_id",
        values,
    )
    said: dict[int, tuple[int, str, float]] = {}
    moments = []
    for photo_id, taken_at, latitude, longitude, landmark, confidence in rows:
        moments.append(Moment(photo_id, taken_at, latitude, longitude))
        said[photo_id] = photo_id, landmark, confidence
    found = []
    for event in events(moments):
        surest_first = sorted((said[i] for i in event), key=lambda one: (-one[2], one[0]))
        found.append((str(event[0]), surest_first))
    return _groups(found, asked)


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


def apart_in_time(moments: Sequence[Moment], hours: float = 6.0) -> list[list[int]]:
    """STAND-IN until ``geo.events`` is joined: a new event wherever so many hours lie between."""
    events: list[list[int]] = []
    before: datetime.datetime | None = None
    for moment in moments:
        at = datetime.datetime.fromisoformat(moment.taken_at).replace(tzinfo=None)
        if before is None or (at - before).total_seconds() > hours * 3600:
            events.append([])
        events[-1].append(moment.photo_id)
        before = at
    return events
