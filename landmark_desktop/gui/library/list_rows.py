"""The rows of the lists at the side: states, landmarks, tags and folders. Pure: no widgets."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.library.search import Counts, Filter, State
from landmark_desktop.library.tag_paths import Path as TagPath
from landmark_desktop.library.tag_paths import write
from landmark_desktop.library.tags import Node

_STATES = (
    (State.ANY, "All photos", "photos", ""),
    (State.WAITING, "To review", "waiting", "The model suggests a landmark; you have not answered"),
    (State.ACCEPTED, "Accepted", "accepted", "You, or a rule of yours, accepted a landmark"),
    (State.NONE, "None recognised", "none", "The model says that they show none of its landmarks"),
    (State.NO_LANDMARK, "No landmark", "no-landmark", "You said that they show no landmark"),
)
_SECTIONS = (("landmarks", "LANDMARKS"), ("tags", "TAGS"), ("folders", "FOLDERS"))


@dataclass(frozen=True)
class Row:
    """One line. ``key``: what it is known by; ``wanted``: what choosing it shows, if anything.

    ``icon``: none makes it the title of a section. ``editable``: whether its name can be typed
    over. ``children``: whether there may be rows below.
    """

    key: str
    name: str
    wanted: Filter | None = None
    icon: str = ""
    number: int = 0
    tip: str = ""
    editable: bool = False
    children: bool = False


class ListRows:
    """What is below each row. ``nodes``: the tags by the keys of their rows."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._counts = Counts({}, {}, {})
        self._folders: dict[str, list[Row]] = {}
        self._tags: Mapping[TagPath, Sequence[Node]] = {}
        self.nodes: dict[str, Node] = {}

    def count(self, counts: Counts) -> None:
        """Take these numbers from now on."""
        before, self._counts = self._counts.folders, counts
        if counts.folders == before:
            return  # the tree of 1,000 folders takes its time
        tree = folder_tree(counts.folders)
        above = {parent for _, parent, _ in tree}
        self._folders = {}
        for path, parent, number in tree:
            name = os.path.relpath(path, parent) if parent else Path(path).name or path
            self._folders.setdefault(parent or "", []).append(
                Row(f"folder:{path}", name, Filter(folder=path), "folder", number, path,
                    children=path in above)
            )  # fmt: skip

    def tag(self, below: Mapping[TagPath, Sequence[Node]]) -> None:
        """Take this tree of tags from now on. ``below``: tags by the path above them."""
        self._tags = below
        self.nodes = {tag_key(node): node for nodes in below.values() for node in nodes}

    def find(self, path: TagPath) -> str | None:
        """Return the key of the tag at ``path``, if it is in the tree."""
        beside = self._tags.get(path[:-1], ())
        return next((tag_key(node) for node in beside if node.path == path), None)

    def below(self, key: str) -> Sequence[Row]:
        """Return the rows below the one with this key; "" for those at the top."""
        kind, _, name = key.partition(":")
        match kind:
            case "":
                sections = (Row(name, title, children=True) for name, title in _SECTIONS)
                return [*self._states(), *sections]
            case "landmarks":
                return self._landmarks()
            case "folders" | "folder":
                return self._folders.get(name, ())
            case "tags":
                return [self._tag(node) for node in self._tags.get((), ())]
            case "tag" if key in self.nodes:
                return [self._tag(node) for node in self._tags.get(self.nodes[key].path, ())]
        return ()

    def _states(self) -> list[Row]:
        numbers = self._counts.states
        return [
            Row(f"state:{state}", name, Filter(state=state), icon, numbers.get(state, 0), tip)
            for state, name, icon, tip in _STATES
        ]

    def _landmarks(self) -> list[Row]:
        names = {key: self._gazetteer[key].name for key in self._counts.landmarks}
        rows = []
        for key in sorted(names, key=lambda key: names[key].casefold()):
            accepted, waiting = self._counts.landmarks[key]
            tip = f"{accepted} accepted, {waiting} to review"
            wanted = Filter(landmark=key)
            rows.append(Row(f"landmark:{key}", names[key], wanted, "pin", accepted + waiting, tip))
        return rows

    def _tag(self, node: Node) -> Row:
        tip = f"{write(node.path)}\n{node.below:,} photo{'' if node.below == 1 else 's'}"
        if node.photos != node.below:
            tip += f", {node.photos:,} with this very tag"
        return Row(
            tag_key(node), node.path[-1], Filter(tag=node.path), "tag", node.below, tip,
            editable=True, children=bool(self._tags.get(node.path)),
        )  # fmt: skip


def tag_key(node: Node) -> str:
    """Return the key of a tag's row: it stays when the tag is renamed or moved."""
    return f"tag:{node.id}"


def open_at_first(key: str) -> bool:
    """Whether a row is open as long as the person has not closed it: all but tags are."""
    return not key.startswith("tag:")


def folder_tree(folders: dict[str, int]) -> list[tuple[str, str | None, int]]:
    """Return (folder, parent shown, photos in it and below), parents before their children.

    A folder is shown if photos lie directly in it or if several shown folders meet in it, so
    that a deep path takes one row and not one a level.
    """
    totals: dict[str, int] = {}
    children: dict[str, set[str]] = {}
    for folder, number in folders.items():
        for path in _upwards(folder):
            totals[path] = totals.get(path, 0) + number
        for child, path in pairwise(_upwards(folder)):
            children.setdefault(path, set()).add(child)
    shown = sorted(path for path in totals if path in folders or len(children[path]) > 1)
    visible = set(shown)
    result: list[tuple[str, str | None, int]] = []
    for path in shown:
        above = islice(_upwards(path), 1, None)
        parent = next((candidate for candidate in above if candidate in visible), None)
        result.append((path, parent, totals[path]))
    return result


def _upwards(folder: str) -> Iterator[str]:
    """Yield the folder and all that it lies in, the root as the last."""
    yield folder
    # Path takes ten times as long.
    while (above := os.path.dirname(folder)) not in ("", folder):  # noqa: PTH120
        yield above
        folder = above
