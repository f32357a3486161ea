"""Tags to choose from: the tree with its numbers, and what may be meant while a name is typed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo.gazetteer import Landmark, fold
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.library import suggestions, tag_search, tags
from landmark_desktop.library.shared_tags import SharedTag, shared
from landmark_desktop.library.tag_paths import Path
from landmark_desktop.library.tags import Node
from landmark_desktop.library.words import caseless


@dataclass(frozen=True)
class Offer:
    """A tag to choose while typing. ``why``: the other name by which it was found, else empty.

    ``photos`` have it, or one below it; none where only the gazetteer knows it so far.
    """

    path: Path
    photos: int
    why: str = ""


def tree(workspace: Workspace) -> list[Node]:
    """Return every tag that a photo has and those above, parents first, with their numbers."""
    return tag_search.tree(workspace.library.read())


def below(workspace: Workspace) -> dict[Path, list[Node]]:
    """Return the tags of ``tree`` by the path above them, () for those at the top."""
    found: dict[Path, list[Node]] = {}
    for node in tree(workspace):
        found.setdefault(node.path[:-1], []).append(node)
    return found


@dataclass(frozen=True)
class Marked:
    """The tags of chosen photos, and the names of the models that are said to know them."""

    tags: list[SharedTag]
    models: dict[int, str]


def marked(workspace: Workspace, ids: Sequence[int]) -> Marked:
    """Return the tags of these photos: 200 in a few ms, 100,000 in some tenths of a second."""
    connection = workspace.library.read()
    return Marked(shared(connection, ids), suggestions.names(connection))


def meant(path: Path, offered: Sequence[Path]) -> int:
    """Return which offer is likeliest meant by a path that was typed; 0 where none is it exactly.

    That very path, or else one whose last level is all that was typed.
    """
    wanted, keys = _key(path), list(map(_key, offered))
    ends = [place for place, key in enumerate(keys) if wanted and key[-len(wanted) :] == wanted]
    return keys.index(wanted) if wanted in keys else next(iter(ends), 0)


def has(paths: Sequence[Path], path: Path) -> bool:
    """Whether a path is among these, however it is spelled."""
    return _key(path) in map(_key, paths)


def _key(path: Path) -> Path:
    return tuple(map(caseless, path))


def offers(workspace: Workspace, text: str, limit: int = 12) -> list[Offer]:
    """Return tags for what is typed so far: those that photos have, then the gazetteer's.

    Found by any name: "sacre", "Tour Eiffel" and "Places|Fr" alike.
    """
    connection, gazetteer = workspace.library.read(), workspace.gazetteer
    nodes = tag_search.complete(connection, text, limit)
    found = [Offer(node.path, node.below, _alias(connection, node, text)) for node in nodes]
    known = {tuple(map(fold, offer.path)) for offer in found}
    for landmark in gazetteer.matching(text):
        if len(found) >= limit:
            break
        if tuple(map(fold, landmark.place_path)) not in known and _named(landmark, text):
            path = _as_filed(connection, landmark)
            if tuple(map(fold, path)) not in known:
                photos = _photos(connection, path)
                found.append(Offer(path, photos, _other_name(landmark, text)))
    return found


def landmarks(workspace: Workspace, text: str, limit: int = 12) -> list[Landmark]:
    """Return the landmarks that may be meant by what is typed: those so named, then those with
    another name like it, then those in such a place.

    Among the gazetteer, what the model knows and the person's own places, by any name; and by the
    aliases that the person gave to landmarks' tags.
    """
    gazetteer = workspace.gazetteer
    card = workspace.recogniser.card
    known = [landmark_key(card, i) for i in range(len(card.labels)) if i != card.background]
    found = {landmark.id: landmark for landmark in gazetteer.matching(text, known)}
    filed = {tuple(map(fold, landmark.place_path)): landmark for landmark in gazetteer}
    for offer in offers(workspace, text) if text.strip() else ():
        if (landmark := filed.get(tuple(map(fold, offer.path)))) is not None:
            found.setdefault(landmark.id, landmark)
    ranked = sorted(found.values(), key=lambda x: (*_closeness(x, text), x.name))
    return ranked[:limit]


def _photos(connection: sqlite3.Connection, path: Path) -> int:
    """Return how many photos have the tag at ``path``: put on by hand, it lacks other names."""
    tag_id = tags.find(connection, path)
    return 0 if tag_id is None else tag_search.photos_below(connection, tag_id)


def _alias(connection: sqlite3.Connection, node: Node, text: str) -> str:
    """Return the alias that matches what was typed where the name itself does not."""
    words = fold(text.rpartition("|")[2]).split()
    rows = connection.execute(
        "SELECT name FROM tag_alias WHERE tag_id = ? ORDER BY key", (node.id,)
    )
    names = [node.path[-1], *(row["name"] for row in rows)]
    hits = [name for name in names if _starts(name, words)]
    return hits[0] if hits and hits[0] != node.path[-1] else ""


def _named(landmark: Landmark, text: str) -> bool:
    return bool(_hits(landmark, text))


def _closeness(landmark: Landmark, text: str) -> tuple[bool, bool]:
    hits = _hits(landmark, text)
    return landmark.name not in hits, not hits


def _other_name(landmark: Landmark, text: str) -> str:
    first = _hits(landmark, text)[0]
    return first if first != landmark.name else ""


def _hits(landmark: Landmark, text: str) -> list[str]:
    words = fold(text).split()
    names = filter(None, (landmark.name, landmark.local_name, *landmark.aliases))
    return [name for name in names if _starts(name, words)]


def _starts(name: str, words: Sequence[str]) -> bool:
    return all(any(own.startswith(word) for own in fold(name).split()) for word in words)


def _as_filed(connection: sqlite3.Connection, landmark: Landmark) -> Path:
    """Return where the landmark's tag is, should a person have moved it, or where it would be."""
    tag_id = tags.origin(connection, landmark.id)
    filed = None if tag_id is None else tags.paths(connection, [tag_id]).get(tag_id)
    return filed or landmark.place_path
