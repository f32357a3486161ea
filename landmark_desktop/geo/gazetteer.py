"""The gazetteer: what is known of each landmark, and the tags and folder that follow from it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.library.words import fold as fold

PLACES, KINDS = "Places", "Kinds"
"""Where tags of landmarks are filed, and those that say what they are."""


@dataclass(frozen=True)
class Landmark:
    """A place that a model may recognise.

    ``latitude``, ``longitude``: degrees, WGS 84. Everything but ``id`` and ``name`` is
    empty or ``None`` for a landmark that only a model's label names. ``own``: the person
    taught it; where it is may be unknown then.
    """

    id: str
    name: str
    local_name: str = ""
    aliases: tuple[str, ...] = ()
    kind: str = ""
    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    wikidata: str | None = None
    own: bool = False

    @property
    def known(self) -> bool:
        """Whether the gazetteer has an entry, rather than a model's label alone."""
        return self.own or self.country is not None

    @property
    def tags(self) -> tuple[str, ...]:
        """Name, city, country and kind, without repetition; else the label as it is."""
        if not self.known:
            return (self.id,)
        candidates = (self.name, self.city, self.country, self.kind)
        return tuple(dict.fromkeys(tag for tag in candidates if tag))

    @property
    def place_path(self) -> tuple[str, ...]:
        """``Places``, country, city and name: where its tag is filed, as people file theirs.

        A level that repeats the one above is left out (Singapore, Singapore). Of a landmark that
        only a label names, there is the label alone.
        """
        levels = (self.country, self.city, self.name) if self.known else (self.id,)
        path = [PLACES]
        for level in levels:
            if level and level != path[-1]:
                path.append(level)
        return tuple(path)

    @property
    def kind_path(self) -> tuple[str, ...] | None:
        """``Kinds`` and its kind, such as ``bridge``; ``None`` where that is unknown."""
        return (KINDS, self.kind) if self.known and self.kind else None

    @property
    def folder(self) -> str:
        """``Country/City/Name`` with forward slashes; else the label as one folder."""
        if not self.known:
            return _folder_name(self.id)
        return "/".join(_folder_name(part) for part in (self.country, self.city, self.name) if part)

    @property
    def place(self) -> str:
        """City and country for a line of text, or an empty string."""
        return ", ".join(part for part in (self.city, self.country) if part)


class Gazetteer:
    """Landmarks by id. Ids that are not in it are answered with the label alone.

    Any thread may read it and ``add`` to it: what is read is replaced and never changed.
    """

    def __init__(self, landmarks: dict[str, Landmark]) -> None:
        self._landmarks = landmarks
        self._searchable = {id_: _searchable(x) for id_, x in landmarks.items()}
        self._adding = threading.Lock()

    @staticmethod
    def load(resources: Path) -> Gazetteer:
        """Read ``gazetteer/landmarks.json`` below the resources folder."""
        data = json.loads((resources / "gazetteer" / "landmarks.json").read_text(encoding="utf-8"))
        entries = (
            Landmark(**{**entry, "aliases": tuple(entry["aliases"])}) for entry in data["landmarks"]
        )
        return Gazetteer({entry.id: entry for entry in entries})

    def add(self, *landmarks: Landmark) -> None:
        """Add these, or put them in the place of those with their ids."""
        with self._adding:
            self._landmarks = self._landmarks | {x.id: x for x in landmarks}
            self._searchable = self._searchable | {x.id: _searchable(x) for x in landmarks}

    def __contains__(self, id_: object) -> bool:
        return id_ in self._landmarks

    def __getitem__(self, id_: str) -> Landmark:
        """Return the landmark; an unknown id gives one that has only a readable name."""
        return self._landmarks.get(id_) or Landmark(id_, id_.replace("_", " ").strip() or id_)

    def __len__(self) -> int:
        return len(self._landmarks)

    def __iter__(self) -> Iterator[Landmark]:
        return iter(self._landmarks.values())

    def matching(self, text: str, also: Iterable[str] = ()) -> list[Landmark]:
        """Return the landmarks of whose names, places and kind every word of ``text`` starts one.

        Accents and case do not count: "sacre coeur" finds the Sacré-Cœur. ``also``: ids to
        look among too that may have no entry, such as a model's labels.
        """
        terms = fold(text).split()
        if not terms:
            return []
        unlisted = {id_: fold(self[id_].name) for id_ in also if id_ not in self._landmarks}
        return [
            self[id_]
            for id_, words in (self._searchable | unlisted).items()
            if all(any(word.startswith(term) for word in words.split()) for term in terms)
        ]


def _searchable(landmark: Landmark) -> str:
    x = landmark
    return fold(" ".join((x.name, x.local_name, *x.aliases, *x.tags, x.region or "")))


def _folder_name(text: str) -> str:
    """Return ``text`` as one folder name: no separators, nothing that Windows refuses."""
    clean = "".join("-" if c in '/\\:*?"<>|' or ord(c) < 32 else c for c in text)
    return clean.strip().rstrip(".") or "_"
