"""Finding tags: by the words that people type, and the whole tree with its numbers."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence

from landmark_desktop.library import tags
from landmark_desktop.library.tags import Node
from landmark_desktop.library.words import caseless, fold

_COUNTED = 100
"""Tags that are counted to complete a name; those whose names fit best."""
_LAST = chr(0x10FFFF)  # sorts behind whatever a word may go on with


def matching(connection: sqlite3.Connection, text: str) -> list[int]:
    """Return the tags of whose name and aliases every word of ``text`` starts a word.

    Accents and case do not count. What is below them is not among them (``tags.branch``).
    """
    found: set[int] | None = None
    for word in fold(text).split():
        rows = connection.execute(
            "SELECT tag_id FROM tag_word WHERE word >= ? AND word < ?", (word, word + _LAST)
        )
        ids = {row["tag_id"] for row in rows}
        found = ids if found is None else found & ids
        if not found:
            break
    return sorted(found or ())


def complete(connection: sqlite3.Connection, text: str, limit: int = 12) -> list[Node]:
    """Return tags for what is typed so far, likeliest first; only such as photos have.

    The whole path may be typed too ("Places|Fr"). Those whose own name begins with it come
    first, then those that most photos have.
    """
    *above, last = text.split("|")
    ids = matching(connection, last)
    if above:
        within = tags.find(connection, [level for level in above if level.strip()])
        below = set(tags.branch(connection, [within])) if within is not None else set()
        ids = [tag_id for tag_id in ids if tag_id in below and tag_id != within]
    paths, wanted = tags.paths(connection, ids), fold(last)
    begins = {tag_id: fold(path[-1]).startswith(wanted) for tag_id, path in paths.items()}
    likeliest = sorted(paths, key=lambda i: (not begins[i], paths[i]))[:_COUNTED]
    nodes = [
        Node(i, paths[i], 0, number) for i in likeliest if (number := photos_below(connection, i))
    ]
    return sorted(nodes, key=lambda n: (not begins[n.id], -n.below, n.path))[:limit]


def photos_below(connection: sqlite3.Connection, tag_id: int) -> int:
    """Return how many photos have the tag or one below it."""
    row = connection.execute(
        "SELECT count(DISTINCT photo_id) FROM photo_tag "
        "WHERE tag_id IN (SELECT value FROM json_each(?))",
        (json.dumps(tags.branch(connection, [tag_id])),),
    ).fetchone()
    return int(row[0])


def tree(connection: sqlite3.Connection) -> list[Node]:
    """Return every tag that a photo has, and those above, parents first.

    ``below`` counts each photo once, however many tags of a branch it has.
    """
    rows = connection.execute("SELECT id, parent FROM tag").fetchall()
    parents = {row["id"]: row["parent"] for row in rows}
    own = _own_counts(connection)
    lines = {tag_id: _line(parents, tag_id) for tag_id in parents}
    whole: dict[int, int] = defaultdict(int)
    for tag_id, number in own.items():
        for above in lines[tag_id]:
            whole[above] += number
    for tag_ids in _several(connection, lines):
        for above, times in _repeats(lines, tag_ids).items():
            whole[above] -= times
    paths = tags.paths(connection, [tag_id for tag_id in parents if whole[tag_id]])
    nodes = [Node(i, path, own.get(i, 0), whole[i]) for i, path in paths.items()]
    return sorted(nodes, key=lambda node: tuple(map(caseless, node.path)))


def _own_counts(connection: sqlite3.Connection) -> dict[int, int]:
    rows = connection.execute("SELECT tag_id, count(DISTINCT photo_id) FROM photo_tag GROUP BY 1")
    return {row[0]: row[1] for row in rows}


def _line(parents: dict[int, int | None], tag_id: int) -> list[int]:
    line, at = [], parents[tag_id]
    line.append(tag_id)
    while at is not None:
        line.append(at)
        at = parents[at]
    return line


def _several(connection: sqlite3.Connection, lines: dict[int, list[int]]) -> list[list[int]]:
    """Return the tags of each photo that has more than one below the same root.

    Those are few in most libraries, and hold what adding up counts more than once.
    """
    by_root: dict[int, list[int]] = defaultdict(list)
    for tag_id, line in lines.items():
        by_root[line[-1]].append(tag_id)
    found: list[list[int]] = []
    for members in by_root.values():
        if len(members) < 2:
            continue
        rows = connection.execute(
            "SELECT group_concat(DISTINCT tag_id) FROM photo_tag "
            "WHERE tag_id IN (SELECT value FROM json_each(?)) "
            "GROUP BY photo_id HAVING min(tag_id) <> max(tag_id)",
            (json.dumps(members),),
        )
        found += [[int(tag_id) for tag_id in row[0].split(",")] for row in rows]
    return found


def _repeats(lines: dict[int, list[int]], tag_ids: Sequence[int]) -> dict[int, int]:
    """Return for each tag above these how often one photo was counted there too often."""
    times: dict[int, int] = defaultdict(int)
    for tag_id in tag_ids:
        for above in lines[tag_id]:
            times[above] += 1
    return {above: number - 1 for above, number in times.items() if number > 1}
