"""Photos grouped into events with a name, for going through them one event at a time."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from landmark_desktop.actions import whereabouts
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo import events
from landmark_desktop.geo.cities import Cities
from landmark_desktop.geo.distance import position
from landmark_desktop.geo.events import Event, Moment
from landmark_desktop.library import photos
from landmark_desktop.library.records import Whereabouts

UNDATED = "Without a date"
_ASKED = 200  # positions that the middle of an event is found from; its cost is their square
_AT_ONCE, _PAUSE = 1000, 0.001
"""Photos read between two pauses, and their seconds: a few ms of work each."""


@dataclass(frozen=True)
class NamedEvent:
    """One event, as "12 to 14 June 2019, Paris"; ``photos``: ids in the order of time."""

    name: str
    photos: tuple[int, ...]


def named_events(workspace: Workspace, ids: Sequence[int]) -> list[NamedEvent]:
    """Return the events of these photos, newest first, those without a date as the last.

    For worker threads: the cities are read, which takes a second once, and asked once for each
    event that has a measured position and no accepted landmark.
    """
    moments, undated = [], []
    accepted: dict[int, str] = {}
    for photo in _read(workspace, ids):
        if photo.accepted is not None:
            accepted[photo.id] = photo.accepted
        if photo.taken_at is None:
            undated.append(photo.id)
        else:
            taken = datetime.datetime.fromisoformat(photo.taken_at).replace(tzinfo=None)
            spot = position(photo.latitude, photo.longitude)
            moments.append(Moment(photo.id, taken, spot))
    grouped = events.events(moments)[::-1]
    places = [_place(workspace, event, accepted) for event in grouped]
    named = [
        NamedEvent(name, event.ids)
        for name, event in zip(events.names(grouped, places), grouped, strict=True)
    ]
    return [*named, NamedEvent(UNDATED, tuple(sorted(undated)))] if undated else named


def _read(workspace: Workspace, ids: Sequence[int]) -> Iterator[Whereabouts]:
    """Yield what is known of the photos, with pauses in which the window's thread gets its turn."""
    connection = workspace.library.read()
    for start in range(0, len(ids), _AT_ONCE):
        yield from photos.whereabouts(connection, ids[start : start + _AT_ONCE])
        time.sleep(_PAUSE)


def _place(workspace: Workspace, event: Event, accepted: Mapping[int, str]) -> str:
    """Return the event's city: of most of its accepted landmarks, else of its middle."""
    landmarks = (workspace.gazetteer[accepted[id_]] for id_ in event.ids if id_ in accepted)
    cities = Counter(x.city or x.country for x in landmarks if x.city or x.country)
    if cities:
        return cities.most_common(1)[0][0] or ""
    spots = [moment.position for moment in event.moments if moment.position is not None]
    middle = whereabouts.middle(spots[:: 1 + len(spots) // _ASKED])
    if middle is None:
        return ""
    near = whereabouts.around(workspace.gazetteer, Cities.load(), *middle)[0]
    return near.city or near.country or ""
