"""What the library says of photos, as it is to be written into their files; guesses are marked.

All tags are wanted, those too that the file itself has: what is there is left as it is. The place
shown is that of the accepted landmark. The place of the camera is written only where it is known:
its measured position lies in the landmark's immediate surroundings, and so in its city. A position
is wanted only where the person asked for it (``write_gps``) and the photo has none: the landmark's,
as the person's word, or as a guess where a rule accepted it. What only neighbours or the model say
of a place, and nobody accepted, is not written at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo.distance import metres, position
from landmark_desktop.geo.gazetteer import Landmark
from landmark_desktop.geo.reach import SURROUNDINGS
from landmark_desktop.library import photos, tags, writing
from landmark_desktop.library.database import snapshot
from landmark_desktop.library.records import Photo
from landmark_desktop.library.words import caseless
from landmark_desktop.metadata.described import (
    METHOD_GUESS,
    METHOD_PERSON,
    Described,
    Place,
    Position,
)
from landmark_desktop.metadata.want import Want

_ENTITY = "http://www.wikidata.org/entity/"
"""Wikidata's own URIs of its items (https://www.wikidata.org/wiki/Wikidata:Data_access)."""


@dataclass(frozen=True)
class Asked:
    """What a photo's files are to say. ``digest`` of that: equal digests, equal wants.

    ``news``: whether that is more, or less, than its files said when they were last read.
    """

    photo: Photo
    want: Want
    digest: str
    news: bool


@dataclass(frozen=True)
class Brief:
    """``Asked.digest`` and ``Asked.news``."""

    digest: str
    news: bool


Grounds = dict[tuple[object, ...], Brief]
"""What was worked out already, by what it follows from (``writing.grounds``)."""


def briefs(workspace: Workspace, ids: Sequence[int], known: Grounds) -> dict[int, Brief]:
    """Return of each of these photos what ``asked`` would, in brief.

    Of photos that are alike only one is looked at; those of ``known`` are not either, and what
    comes is added there. It holds while nothing changes: keep it for one pass.
    """
    connection = workspace.library.read()
    with snapshot(connection):  # what changes in between would speak for all that were like it
        grounds = writing.grounds(connection, ids)
        first = {ground: photo_id for photo_id, ground in grounds.items() if ground not in known}
        for each in asked(workspace, list(first.values())):
            known[grounds[each.photo.id]] = Brief(each.digest, each.news)
    return {photo_id: known[ground] for photo_id, ground in grounds.items() if ground in known}


def asked(workspace: Workspace, ids: Sequence[int]) -> list[Asked]:
    """Return what the files of these photos are to say, in the order of their paths."""
    connection = workspace.library.read()
    said = writing.said(connection, ids)
    refused = writing.refused(connection, ids)
    paths = tags.paths(connection, {tag for each in refused.values() for tag in each})
    found = photos.fetch(connection, ids, None)
    return [
        _asked(
            workspace, photo, said.get(photo.id, ()),
            [paths[tag] for tag in refused.get(photo.id, ()) if tag in paths],
        )
        for photo in sorted(found, key=lambda photo: photo.path)
    ]  # fmt: skip


def _asked(
    workspace: Workspace, photo: Photo, said: Sequence[tuple[str, ...]],
    refused: Sequence[tuple[str, ...]],
) -> Asked:  # fmt: skip
    described = describe(workspace, photo)
    present = set(map(_key, described.tags))
    in_file = set(map(_key, said))
    # A tag that was renamed or merged is gone from the photo as one that was taken off is.
    gone = [path for path in (*refused, *said) if _key(path) not in present]
    want = Want(described, tuple(sorted(dict.fromkeys(gone))))
    news = (
        bool(present - in_file)
        or bool(in_file - present)
        or described.shown is not None
        or described.position is not None
    )
    return Asked(photo, want, _digest(want), news)


def describe(workspace: Workspace, photo: Photo) -> Described:
    """Return what the library says of one photo."""
    landmark = None if photo.accepted is None else workspace.gazetteer[photo.accepted]
    guessed = photo.rule is not None
    shown = None if landmark is None or not landmark.known else _place(landmark, guessed=guessed)
    here = None
    if (
        workspace.settings.write_gps
        and photo.facts.latitude is None
        and landmark is not None
        and landmark.latitude is not None
        and landmark.longitude is not None
    ):
        method = METHOD_GUESS if guessed else METHOD_PERSON
        here = Position(landmark.latitude, landmark.longitude, method)
    return Described(
        tuple(sorted(tag.path for tag in photo.tags)),
        shown,
        shown and _of_the_camera(photo, landmark, shown),
        here,
        frozenset(tag.path for tag in photo.tags if tag.guess),
    )


def _of_the_camera(photo: Photo, landmark: Landmark | None, shown: Place) -> Place | None:
    """Return the city where the camera stood; from farther away it may have been another."""
    camera = position(photo.facts.latitude, photo.facts.longitude)
    spot = None if landmark is None else position(landmark.latitude, landmark.longitude)
    if camera is None or spot is None or metres(camera, spot) > SURROUNDINGS:
        return None
    city = replace(shown, name="", identifiers=())
    return city if city.says_something() else None


def _place(landmark: Landmark, *, guessed: bool) -> Place:
    return Place(
        name=landmark.name,
        city=landmark.city or "",
        state=landmark.region or "",
        country=landmark.country or "",
        country_code=landmark.country_code or "",
        identifiers=(f"{_ENTITY}{landmark.wikidata}",) if landmark.wikidata else (),
        guessed=guessed,
    )


def _key(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(caseless, path))


def _digest(want: Want) -> str:
    """Return 128 bits of BLAKE2b over all that is wanted."""
    described = want.described
    entries = [
        described.tags,
        *(each and vars(each) for each in (described.shown, described.created, described.position)),
        sorted(described.guessed_tags),
        want.removed,
    ]
    text = json.dumps(entries, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
