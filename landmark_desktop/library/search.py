"""Which photos to show, and how many there are of what."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from landmark_desktop.library import words
from landmark_desktop.library.photos import folder_range


class State(StrEnum):
    """What has become of a photo's suggestion."""

    ANY = "any"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    NONE = "none"


@dataclass(frozen=True)
class Filter:
    """What the person wants to see; the parts are joined by "and".

    ``folder``: this folder and all below it. ``landmark``: accepted, or suggested and
    unanswered. ``text``: words in file name, folder or tags, or of a suggested landmark.
    ``photos``: the ids of none but these.
    """

    folder: str | None = None
    landmark: str | None = None
    state: State = State.ANY
    text: str = ""
    photos: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Counts:
    """How many photos there are of what, for the lists at the side.

    ``folders``: photos directly in each folder. ``landmarks``: landmark -> (accepted,
    waiting). ``states``: photos in each state.
    """

    folders: dict[str, int]
    landmarks: dict[str, tuple[int, int]]
    states: dict[State, int]


# An unanswered suggestion, as a condition on suggestion s.
_WAITING = (
    "s.landmark IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.photo_id = s.photo_id "
    "  AND (d.verdict = 'accepted' OR d.landmark = s.landmark))"
)
# A photo about which the model said that it shows none of its landmarks, and nobody else did.
_NONE = (
    "s.landmark IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM decision d WHERE d.photo_id = s.photo_id AND d.verdict = 'accepted')"
)
# "+id" has SQLite walk the photos in their order and look each up, instead of sorting them:
# a fifth to two fifths faster where a large part of 100,000 matches (benchmarks/library.py).
_SHOWN_FOR = {
    State.WAITING: f"+id IN (SELECT photo_id FROM suggestion s WHERE {{on_show}} AND {_WAITING})",
    State.ACCEPTED: "id IN (SELECT photo_id FROM decision WHERE verdict = 'accepted')",
    State.NONE: f"+id IN (SELECT photo_id FROM suggestion s WHERE {{on_show}} AND {_NONE})",
}


def _on_show(earlier: Sequence[int]) -> str:
    """Return the condition that suggestion s is the one that views show of its photo.

    That is the one of the present model (":model"), or while that has not looked at the photo
    the one of the first of the ``earlier`` models that has; see ``photos.fetch``.
    """
    if not earlier:
        return "s.model_id = :model"
    models = [":model", *map(str, earlier)]
    choices = ["s.model_id = :model"]
    for place, model in enumerate(models[1:], 1):
        # One look-up by the primary key for each model that goes before.
        later = "".join(
            " AND NOT EXISTS (SELECT 1 FROM suggestion n "
            f"WHERE n.photo_id = s.photo_id AND n.model_id = {before})"
            for before in models[:place]
        )
        choices.append(f"s.model_id = {model}{later}")
    return f"s.model_id IN ({', '.join(models)}) AND ({' OR '.join(choices)})"


def photo_ids(
    connection: sqlite3.Connection,
    wanted: Filter,
    model_id: int | None,
    named: Iterable[str] = (),
    earlier: Sequence[int] = (),
) -> list[int]:
    """Return the ids of the photos to show, newest first.

    ``earlier``: models whose suggestions stand in while ``model_id`` has none.
    ``named``: landmarks whose name matches ``wanted.text``, so that a search finds
    suggestions too; the library itself does not know the names.
    """
    conditions: list[str] = []
    on_show = _on_show(earlier)
    values: dict[str, Any] = {"model": model_id}
    if wanted.folder is not None:
        low, high = folder_range(wanted.folder)
        conditions.append("(folder = :folder OR (folder >= :low AND folder < :high))")
        values |= {"folder": wanted.folder, "low": low, "high": high}
    if wanted.landmark is not None:
        conditions.append(
            "id IN (SELECT photo_id FROM decision "
            "WHERE verdict = 'accepted' AND landmark = :landmark "
            "UNION SELECT photo_id FROM suggestion s "
            f"WHERE {on_show} AND s.landmark = :landmark AND {_WAITING})"
        )
        values["landmark"] = wanted.landmark
    if wanted.photos is not None:
        conditions.append("id IN (SELECT value FROM json_each(:photos))")
        values["photos"] = json.dumps(wanted.photos)
    if wanted.state is not State.ANY:
        conditions.append(_SHOWN_FOR[wanted.state].format(on_show=on_show))
    if wanted.text.strip():
        matching = ["SELECT rowid FROM photo_words WHERE photo_words MATCH :words"]
        values["words"] = words.query(wanted.text) or '""'
        names = {f"name{i}": name for i, name in enumerate(named)}
        if names:
            values |= names
            marks = ", ".join(f":{key}" for key in names)
            matching.append(
                f"SELECT photo_id FROM suggestion s WHERE {on_show} "
                f"AND s.landmark IN ({marks}) AND {_WAITING}"
            )
        conditions.append(f"+id IN ({' UNION '.join(matching)})")
    where = " AND ".join(conditions) or "1"
    rows = connection.execute(
        f"SELECT id FROM photo WHERE {where} ORDER BY sort_at DESC, id DESC", values
    )
    return [row[0] for row in rows]


def counts(
    connection: sqlite3.Connection, model_id: int | None, earlier: Sequence[int] = ()
) -> Counts:
    """Count photos by folder, landmark and state; ``earlier`` as for ``photo_ids``."""
    model, on_show = {"model": model_id}, _on_show(earlier)
    folders = dict(
        connection.execute("SELECT folder, count(*) FROM photo GROUP BY folder").fetchall()
    )
    landmarks: dict[str, tuple[int, int]] = {}
    for name, number in connection.execute(
        "SELECT landmark, count(*) FROM decision WHERE verdict = 'accepted' GROUP BY landmark"
    ):
        landmarks[name] = (number, 0)
    for name, number in connection.execute(
        "SELECT s.landmark, count(*) FROM suggestion s "
        f"WHERE {on_show} AND {_WAITING} GROUP BY s.landmark",
        model,
    ):
        landmarks[name] = (landmarks.get(name, (0, 0))[0], number)
    none = connection.execute(
        f"SELECT count(*) FROM suggestion s WHERE {on_show} AND {_NONE}", model
    )
    states = {
        State.ANY: sum(folders.values()),
        State.WAITING: sum(waiting for _, waiting in landmarks.values()),
        State.ACCEPTED: sum(accepted for accepted, _ in landmarks.values()),
        State.NONE: int(none.fetchone()[0]),
    }
    return Counts(folders, landmarks, states)
