"""The tags of chosen photos together: on how many of them each is, and who says so."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from landmark_desktop.library import tags
from landmark_desktop.library.records import SOURCES, Said
from landmark_desktop.library.tag_paths import Path
from landmark_desktop.library.words import caseless

_CHOSEN = "photo_id IN (SELECT value FROM json_each(:ids))"


@dataclass(frozen=True)
class SharedTag:
    """A tag on ``photos`` of the ``chosen`` ones; on ``guesses`` of them only machines say so.

    ``said``: for each source that says so, the one whose word counts most first, on how many
    photos, and the surest of what it said there.
    """

    path: Path
    photos: int
    chosen: int
    guesses: int
    said: tuple[tuple[Said, int], ...]

    @property
    def guess(self) -> bool:
        """Whether it is a guess on every photo that has it."""
        return self.guesses == self.photos

    @property
    def everywhere(self) -> bool:
        """Whether all of the chosen photos have it."""
        return self.photos == self.chosen

    @property
    def confidence(self) -> float | None:
        """The surest that a machine is of it, 0 to 1; ``None`` where none says how sure it is."""
        sure = [said.confidence for said, _ in self.said if said.confidence is not None]
        return max(sure, default=None)


def shared(connection: sqlite3.Connection, ids: Iterable[int]) -> list[SharedTag]:
    """Return every tag that one of these photos has, places first, else by name.

    100,000 photos take some tenths of a second, a hundred a few milliseconds.
    """
    wanted = list(ids)
    values = {"ids": json.dumps(wanted)}
    said: dict[int, list[tuple[Said, int]]] = defaultdict(list)
    for row in connection.execute(
        # Of one photo, all of each; of several, whatever is the same on all of them.
        "SELECT tag_id, source, max(added_at), "
        "CASE WHEN min(landmark) = max(landmark) THEN max(landmark) END, "
        "CASE WHEN min(model_id) = max(model_id) THEN max(model_id) END, "
        f"max(confidence), count(*) FROM photo_tag WHERE {_CHOSEN} GROUP BY tag_id, source",
        values,
    ):
        said[row[0]].append((Said(*row[1:6]), row[6]))
    numbers = connection.execute(
        "SELECT tag_id, count(*), sum(guess) FROM (SELECT tag_id, "
        "min(source IN ('model', 'neighbours')) AS guess "
        f"FROM photo_tag WHERE {_CHOSEN} GROUP BY photo_id, tag_id) GROUP BY tag_id",
        values,
    ).fetchall()
    paths = tags.paths(connection, [tag_id for tag_id, _, _ in numbers])
    for words in said.values():
        words.sort(key=lambda one: SOURCES.index(one[0].source))
    found = [
        SharedTag(paths[tag_id], photos, len(wanted), guesses, tuple(said[tag_id]))
        for tag_id, photos, guesses in numbers
    ]
    return sorted(found, key=lambda tag: (tag.path[0] != "Places", [*map(caseless, tag.path)]))
