"""Where the tags of landmarks are filed in the tree; flat ones of older libraries come there too.

The gazetteer says Places|Country|City|Landmark and Kinds|kind. What a person has renamed, moved or
merged since then stays as they have it (``tags.filed``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.library import tags
from landmark_desktop.library.database import Library


def tag_ids(
    connection: sqlite3.Connection, gazetteer: Gazetteer, landmarks: Iterable[str]
) -> dict[str, list[int]]:
    """Return the tags that each landmark brings, the place first, making those that are new."""
    found = {}
    for key in dict.fromkeys(landmarks):
        landmark = gazetteer[key]
        names = (landmark.local_name, *landmark.aliases) if landmark.known else (landmark.name,)
        filed = [tags.filed(connection, landmark.place_path, key, filter(None, names))]
        if landmark.kind_path is not None:
            filed.append(tags.filed(connection, landmark.kind_path))
        found[key] = filed
    return found


def refile(library: Library, gazetteer: Gazetteer) -> None:
    """Put the flat tags that a library of schema 4 or older has of landmarks into the tree.

    Does nothing where that was done already. Tags that did not come with a landmark stay where
    they are, at the root.
    """
    if library.read().execute("SELECT 1 FROM unfiled LIMIT 1").fetchone() is not None:
        library.write(lambda connection: _refile(connection, gazetteer))


def _refile(connection: sqlite3.Connection, gazetteer: Gazetteer) -> None:
    # Read inside the transaction: another process may have done it meanwhile.
    flat = [row[0] for row in connection.execute("SELECT landmark FROM unfiled")]
    for row in connection.execute("SELECT id FROM tag WHERE parent IS NULL").fetchall():
        tags.index(connection, row["id"])
    filed = tag_ids(connection, gazetteer, filter(None, flat))
    connection.execute("CREATE TEMP TABLE filed (landmark TEXT, tag_id INTEGER)")
    connection.executemany(
        "INSERT INTO filed VALUES (?, ?)", [(key, i) for key, ids in filed.items() for i in ids]
    )
    connection.execute("CREATE TEMP TABLE brought AS SELECT DISTINCT "
                       "photo_id, landmark, model_id, confidence, min(added_at) AS added_at "
                       "FROM photo_tag WHERE source = 'accepted' GROUP BY photo_id")  # fmt: skip
    connection.execute("DELETE FROM photo_tag WHERE source = 'accepted' AND landmark IS NOT NULL")
    # A tag's model is the one that suggested its landmark; older schemas noted it either way.
    connection.execute(
        "INSERT INTO photo_tag SELECT photo_id, tag_id, 'accepted', landmark, "
        "CASE WHEN confidence IS NOT NULL THEN model_id END, confidence, added_at "
        "FROM brought JOIN filed USING (landmark) WHERE true ON CONFLICT DO NOTHING"
    )
    connection.execute("DROP TABLE filed")
    connection.execute("DROP TABLE brought")
    connection.execute("DELETE FROM unfiled")
