"""Photos into tidy folders: what is asked for, and the plan that comes of it.

``organise_run`` carries a plan out.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from landmark_desktop import paths
from landmark_desktop.actions import whereabouts
from landmark_desktop.actions.events import UNDATED, named_events
from landmark_desktop.actions.whereabouts import Where
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo.cities import Cities
from landmark_desktop.geo.distance import position
from landmark_desktop.geo.gazetteer import Landmark
from landmark_desktop.geo.local_names import LocalNames
from landmark_desktop.library import moving, photos
from landmark_desktop.library.moving import Filed
from landmark_desktop.organise.companions import shots
from landmark_desktop.organise.plan import Plan, plan
from landmark_desktop.organise.seen import Seen
from landmark_desktop.organise.template import Template, Values, parse
from landmark_desktop.organise.wanted import Asked, Mode, Wanted
from landmark_desktop.tasks import Cancel, Progress, Task

DEFAULT_TEMPLATE = "{country}/{city}/{landmark}"
_LONGEST = {"win32": 259, "darwin": 1023}
"""Bytes of a path: MAX_PATH of Windows, PATH_MAX of macOS; Linux has 4,095."""


class Which(StrEnum):
    """Which photos go: those with a place that was accepted, with a certain suggestion too, all."""

    ACCEPTED = "accepted"
    SUGGESTED = "suggested"
    ALL = "all"


@dataclass(frozen=True)
class Request:
    """What a person asks for. ``ids``: of the photos to look at, ``None`` for all.

    ``local_names``: places by their names in their country. ``apart``: ids of photos that stay
    with their companions. ``instead``: folders that a person chose in the template's stead, by id;
    none: ``into`` itself.
    """

    into: Path
    template: str = DEFAULT_TEMPLATE
    mode: Mode = Mode.MOVE
    which: Which = Which.ACCEPTED
    ids: tuple[int, ...] | None = None
    local_names: bool = False
    apart: frozenset[int] = frozenset()
    instead: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def make_plan(workspace: Workspace, request: Request, cancel: Cancel) -> Task[Plan]:
    """Return what has to be done; nothing is changed. Raises ``TemplateError``.

    For worker threads: lists the folders of the photos and those that they go to.
    """
    template = parse(request.template)
    connection = workspace.library.read()
    yield Progress(0, None, "Looking at the photos")
    chosen = moving.filed(connection, workspace.model_id, request.ids)
    levels = dict(_levels(workspace, request, template, chosen))
    cancel.check()
    # Of a shot, all photos have to be known, not only those that are asked for.
    folders = {photo.folder for photo in chosen if photo.id in levels}
    others = chosen if request.ids is None else moving.filed(connection, workspace.model_id)
    by_folder: dict[Path, dict[str, Filed]] = {folder: {} for folder in folders}
    for photo in others:
        if photo.folder in by_folder:
            by_folder[photo.folder][photo.name] = photo
    seen, wanted = Seen(), list[Wanted]()
    for count, (folder, known) in enumerate(by_folder.items()):
        cancel.check()
        if count % 50 == 0:
            yield Progress(count, len(by_folder), "Looking into folders")
        wanted += _wanted(folder, known, levels, seen, request.apart)
    yield Progress(len(by_folder), len(by_folder), "Making the plan")
    return plan(wanted, seen, asked(workspace, request))


def asked(workspace: Workspace, request: Request) -> Asked:
    """Return the bounds of a plan."""
    connection = workspace.library.read()
    given = moving.roots(connection)
    into = Path(os.path.abspath(request.into))  # noqa: PTH100 - keeps links
    return Asked(
        into, request.mode,
        given | {path.parent for path in given if not path.is_dir()},
        frozenset(Path(path) for path, _ in photos.below(connection, str(into))),
        _LONGEST.get(sys.platform, 4095),
    )  # fmt: skip


def examples(
    workspace: Workspace, request: Request, ids: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """Return the folders that each of these photos would go into, whatever is known of it.

    Raises ``TemplateError``. For worker threads.
    """
    template = parse(request.template)
    # What an event is called depends on the other photos of it.
    which = None if "event" in template.tokens else ids
    found = moving.filed(workspace.library.read(), workspace.model_id, which)
    if which is None:
        found = [photo for photo in found if photo.id in ids or _goes(photo, request)]
    return {
        photo_id: template.folders(values)
        for photo_id, values in _values(workspace, request, template, found)
        if photo_id in ids
    }


def _wanted(
    folder: Path, known: Mapping[str, Filed], levels: Mapping[int, tuple[str, ...] | None],
    seen: Seen, apart: frozenset[int],
) -> Iterable[Wanted]:  # fmt: skip
    there = seen.folder(folder)
    names = there.entries if there is not None else {}
    for shot in shots(names, known):
        ids = {name: known[name].id for name in shot.names if name in known}
        # A shot goes where its first photo goes that has a place: the original before its edits.
        order = sorted(ids, key=lambda name: (len(name), name))
        wishes = [levels[ids[name]] for name in order if ids[name] in levels]
        if wishes:
            found = next((each for each in wishes if each is not None), None)
            out = not apart.isdisjoint(ids.values())
            yield Wanted(folder, shot, found or (), ids, out, found is not None)


def _levels(
    workspace: Workspace, request: Request, template: Template, found: list[Filed]
) -> Iterable[tuple[int, tuple[str, ...] | None]]:
    """Yield the folders of each photo that is to go somewhere; ``None``: nothing is known of it."""
    going = [photo for photo in found if _goes(photo, request)]
    for photo_id, values in _values(workspace, request, template, going):
        chosen = request.instead.get(photo_id)
        yield photo_id, (template.folders(values) or None) if chosen is None else chosen


def _goes(photo: Filed, request: Request) -> bool:
    return (
        photo.id in request.instead
        or photo.accepted is not None
        or (request.which is not Which.ACCEPTED and photo.suggested is not None)
        or request.which is Which.ALL
    )


def _values(
    workspace: Workspace, request: Request, template: Template, found: list[Filed]
) -> Iterable[tuple[int, Values]]:
    events: dict[int, str] = {}
    if "event" in template.tokens:
        for event in named_events(workspace, [photo.id for photo in found]):
            if event.name != UNDATED:
                events |= dict.fromkeys(event.photos, event.name)
    local = LocalNames.load(paths.resources()) if request.local_names else None
    near = _Near(workspace, local)
    texts: dict[str | None, dict[str, str]] = {}
    for photo in found:
        suggested = photo.suggested if request.which is not Which.ACCEPTED else None
        place = photo.accepted or suggested
        if place not in texts:
            landmark = None if place is None else workspace.gazetteer[place]
            texts[place] = {} if landmark is None else _texts(landmark, local)
        known = texts[place] or near.texts(photo)
        taken = None
        if photo.taken_at is not None:
            taken = datetime.datetime.fromisoformat(photo.taken_at)
        yield (
            photo.id,
            Values(
                {
                    **known,
                    "camera": photo.camera or "",
                    "event": events.get(photo.id, ""),
                    "folder": photo.folder.name,
                },
                taken,
            ),
        )


def _texts(landmark: Landmark, local: LocalNames | None) -> dict[str, str]:
    name = landmark.local_name if local is not None and landmark.local_name else landmark.name
    return {**_place(landmark, local), "landmark": name, "kind": landmark.kind}


def _place(at: Landmark | Where, local: LocalNames | None) -> dict[str, str]:
    code, country = at.country_code or "", at.country or ""
    region, city = at.region or "", at.city or ""
    if local is not None:
        country = local.country(code, country)
        region, city = local.region(code, region), local.city(code, city)
    return {"country": country, "country_code": code, "region": region, "city": city}


class _Near:
    """City and country of photos that have a measured position and no landmark."""

    def __init__(self, workspace: Workspace, local: LocalNames | None) -> None:
        self._workspace, self._local = workspace, local
        self._found: dict[tuple[float, float], dict[str, str]] = {}

    def texts(self, photo: Filed) -> dict[str, str]:
        """Return what is known of the place; nothing without a position."""
        spot = position(photo.latitude, photo.longitude)
        if spot is None:
            return {}
        rounded = (round(spot[0], 2), round(spot[1], 2))  # a kilometre
        if rounded not in self._found:
            where = whereabouts.around(self._workspace.gazetteer, Cities.load(), *rounded)[0]
            self._found[rounded] = _place(where, self._local)
        return self._found[rounded]
