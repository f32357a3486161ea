"""Which photos to show, and how many there are of what."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from landmark_desktop.library import tag_search, tags, words
from landmark_desktop.library.photos import folder_range


class State(StrEnum):
    """What has become of a photo's suggestion. ``NONE``: the model says that there is no landmark;
    ``NO_LANDMARK``: a person says so."""

    ANY = "any"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    NONE = "none"
    NO_LANDMARK = "no landmark"


@dataclass(frozen=True)
class Filter:
    """What the person wants to see; the parts are joined by "and".

    ``folder``: this folder and all below it. ``landmark``: accepted, or suggested and
    unanswered. ``text``: words in file name, folder or tags, or of a landmark. ``photos``: the
    ids of none but these. ``tag``: this tag or one below it.
    """

    folder: str | None = None
    landmark: str | None = None
    state: State = State.ANY
    text: str = ""
    photos: tuple[int, ...] | None = None
    tag: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Counts:
    """How many photos there are of what, for the lists at the side.

    ``folders``: photos directly in each folder. ``landmarks``: landmark -> (accepted,
    waiting). ``states``: photos in each state.
    """

    folders: dict[str, int]
    landmarks: dict[str, tuple[int, int]]
    states: dict[State, int]


# An unanswered suggestion, as a condition on suggestion s. A person who said of a photo what it
# shows, or that it shows no landmark, is not asked again; nor about a landmark that was refused.
WAITING = (
    "s.landmark IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.photo_id = s.photo_id "
    "  AND (d.verdict <> 'rejected' OR d.landmark = s.landmark))"
)
# A photo about which the model said that it shows none of its landmarks, and a person nothing.
_NONE = (
    "s.landmark IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM decision d WHERE d.photo_id = s.photo_id AND d.verdict <> 'rejected')"
)
# "+id" has SQLite walk the photos in their order and look each up, instead of sorting them:
# a fifth to two fifths faster where a large part of 100,000 matches (benchmarks/library.py).
_SHOWN_FOR = {
    State.WAITING: f"+id IN (SELECT photo_id FROM suggestion s WHERE {{on_show}} AND {WAITING})",
    State.ACCEPTED: "id IN (SELECT photo_id FROM decision WHERE verdict = 'accepted')",
    State.NONE: f"+id IN (SELECT photo_id FROM suggestion s WHERE {{on_show}} AND {_NONE})",
    State.NO_LANDMARK: "id IN (SELECT photo_id FROM decision WHERE verdict = 'none')",
}


def on_show(earlier: Sequence[int]) -> str:
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
    named: Mapping[str, Sequence[str]] | None = None,
    earlier: Sequence[int] = (),
) -> list[int]:
    """Return the ids of the photos to show, newest first.

    ``earlier``: models whose suggestions stand in while ``model_id`` has none.
    ``named``: landmarks whose name matches ``wanted.text``, each with the path of its tag, so
    that a search finds suggestions and regions too, and tags by names that they do not carry;
    the library itself does not know the names.
    """
    conditions: list[str] = []
    show = on_show(earlier)
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
            f"WHERE {show} AND s.landmark = :landmark AND {WAITING})"
        )
        values["landmark"] = wanted.landmark
    if wanted.photos is not None:
        conditions.append("id IN (SELECT value FROM json_each(:photos))")
        values["photos"] = json.dumps(wanted.photos)
    if wanted.state is not State.ANY:
        conditions.append(_SHOWN_FOR[wanted.state].format(on_show=show))
    if wanted.tag is not None:
        tag_id = tags.find(connection, wanted.tag)
        conditions.append(_TAGGED.format("tag"))
        values["tag"] = json.dumps([] if tag_id is None else tags.branch(connection, [tag_id]))
    if wanted.text.strip():
        conditions.append(_matching(connection, wanted.text, named or {}, show, values))
    where = " AND ".join(conditions) or "1"
    rows = connection.execute(
        f"SELECT id FROM photo WHERE {where} ORDER BY sort_at DESC, id DESC", values
    )
    return [row[0] for row in rows]


_TAGGED = (
    "+id IN (SELECT photo_id FROM photo_tag WHERE tag_id IN (SELECT value FROM json_each(:{})))"
)


def _matching(
    connection: sqlite3.Connection, text: str, named: Mapping[str, Sequence[str]], show: str,
    values: dict[str, Any],
) -> str:  # fmt: skip
    """Return the condition of a search, and put its values among ``values``.

    Each word begins one of the file's name or folder, or of a tag's name or aliases or of those
    above it; or a landmark, accepted, suggested or tagged, is one of the ``named``.
    """
    every = []
    for number, term in enumerate(words.terms(text)):
        found = tags.branch(connection, tag_search.matching(connection, term))
        values |= {f"word{number}": words.query(term), f"tags{number}": json.dumps(found)}
        either = f"SELECT rowid FROM photo_words WHERE photo_words MATCH :word{number}"
        if found:
            either += (
                " UNION SELECT photo_id FROM photo_tag "
                f"WHERE tag_id IN (SELECT value FROM json_each(:tags{number}))"
            )
        every.append(f"+id IN ({either})")
    condition = " AND ".join(every) or "0"
    if named:
        filed = [tags.origin(connection, key) or tags.find(connection, named[key]) for key in named]
        values["named"] = json.dumps(list(named))
        values["filed"] = json.dumps([tag_id for tag_id in filed if tag_id is not None])
        listed = "landmark IN (SELECT value FROM json_each(:named))"
        condition = (
            f"({condition} OR +id IN (SELECT photo_id FROM decision "
            f"WHERE verdict = 'accepted' AND {listed} UNION SELECT photo_id FROM suggestion s "
            f"WHERE {show} AND s.{listed} AND {WAITING} UNION SELECT photo_id FROM photo_tag "
            "WHERE tag_id IN (SELECT value FROM json_each(:filed))))"
        )
    return condition


def counts(
    connection: sqlite3.Connection, model_id: int | None, earlier: Sequence[int] = ()
) -> Counts:
    """Count photos by folder, landmark and state; ``earlier`` as for ``photo_ids``."""
    model, show = {"model": model_id}, on_show(earlier)
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
        f"WHERE {show} AND {WAITING} GROUP BY s.landmark",
        model,
    ):
        landmarks[name] = (landmarks.get(name, (0, 0))[0], number)
    none = connection.execute(f"SELECT count(*) FROM suggestion s WHERE {show} AND {_NONE}", model)
    denied = connection.execute("SELECT count(*) FROM decision WHERE verdict = 'none'")
    states = {
        State.ANY: sum(folders.values()),
        State.WAITING: sum(waiting for _, waiting in landmarks.values()),
        State.ACCEPTED: sum(accepted for accepted, _ in landmarks.values()),
        State.NONE: int(none.fetchone()[0]),
        State.NO_LANDMARK: int(denied.fetchone()[0]),
    }
    return Counts(folders, landmarks, states)
