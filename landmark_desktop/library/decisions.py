"""What a person said of suggestions, and the tags that follow from it, many photos at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from landmark_desktop.library import search
from landmark_desktop.library.database import now

_GIVEN = "(SELECT value FROM json_each(:ids))"


@dataclass(frozen=True)
class Choice:
    """A photo and the landmark in question. ``model_id``: the model whose suggestion is on show.

    ``confidence``: how sure that model was of this very landmark; ``None`` where it suggested
    another one, or none.
    """

    photo_id: int
    landmark: str
    model_id: int | None
    confidence: float | None


def suggested(
    connection: sqlite3.Connection, ids: Sequence[int], model_id: int,
    earlier: Sequence[int] = (), at_least: float = 0.0,
) -> list[Choice]:  # fmt: skip
    """Return the unanswered suggestions of these photos, from a confidence of ``at_least`` on.

    ``earlier``: models whose suggestions stand in while ``model_id`` has none.
    """
    rows = connection.execute(
        # "CROSS": SQLite looks each photo up; by itself it walks all suggestions.
        "SELECT s.photo_id, s.landmark, s.model_id, s.confidence FROM json_each(:ids) given "
        "CROSS JOIN suggestion s ON s.photo_id = given.value "
        f"WHERE {search.on_show(earlier)} AND {search.WAITING} AND s.confidence >= :least",
        {"ids": json.dumps(sorted(set(ids))), "model": model_id, "least": at_least},
    )
    return [Choice(*row) for row in rows]


def named(
    connection: sqlite3.Connection, landmarks: Mapping[int, str], model_id: int,
    earlier: Sequence[int] = (),
) -> list[Choice]:  # fmt: skip
    """Return a choice for each of these photos that is there, as the person names it."""
    rows = connection.execute(
        "SELECT photo.id, s.landmark, s.model_id, s.confidence FROM photo "
        f"LEFT JOIN suggestion s ON s.photo_id = photo.id AND {search.on_show(earlier)} "
        f"WHERE photo.id IN {_GIVEN}",
        {"ids": json.dumps(list(landmarks)), "model": model_id},
    )
    return [
        Choice(id_, landmarks[id_], said_by or model_id, sure if said == landmarks[id_] else None)
        for id_, said, said_by, sure in rows
    ]


def accepted(
    connection: sqlite3.Connection, ids: Iterable[int], *, by_rule: bool = False
) -> dict[int, str]:
    """Return what each of these photos is accepted as, of those that are.

    ``by_rule``: of those that nobody but a rule has accepted.
    """
    rows = connection.execute(
        # "+verdict": by the photos given, not by all that are accepted.
        "SELECT photo_id, landmark FROM decision "
        f"WHERE +verdict = 'accepted' AND photo_id IN {_GIVEN}"
        + (" AND rule IS NOT NULL" if by_rule else ""),
        {"ids": json.dumps(list(ids))},
    )
    return {row["photo_id"]: row["landmark"] for row in rows}


def accept(
    connection: sqlite3.Connection, chosen: Sequence[Choice], filed: Mapping[str, Sequence[int]],
    rule: float | None = None,
) -> None:  # fmt: skip
    """Note that the photos show these landmarks, and put the tags ``filed`` for them on.

    ``rule``: the least confidence of a rule that a person set, which accepts in their stead.
    Tags of a landmark accepted before go; a person's own, and a file's, stay. A tag that the
    person took off a photo stays off.
    """
    moment = now()
    connection.executemany(
        "DELETE FROM decision WHERE photo_id = ? AND verdict <> 'rejected' AND landmark <> ?",
        [(c.photo_id, c.landmark) for c in chosen],
    )
    connection.executemany(
        "DELETE FROM photo_tag WHERE photo_id = ? AND source IN ('accepted', 'model') "
        "AND landmark <> ?",
        [(c.photo_id, c.landmark) for c in chosen],
    )
    _decide(connection, chosen, "accepted", rule)
    source = "accepted" if rule is None else "model"
    connection.executemany(
        "INSERT INTO photo_tag "
        "(photo_id, tag_id, source, landmark, model_id, confidence, added_at) "
        "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS "
        "(SELECT 1 FROM tag_refusal WHERE photo_id = ?1 AND tag_id = ?2) ON CONFLICT DO NOTHING",
        [
            (c.photo_id, tag_id, source, c.landmark,
             None if c.confidence is None else c.model_id, c.confidence, moment)
            for c in chosen for tag_id in filed[c.landmark]
        ],
    )  # fmt: skip


def reject(connection: sqlite3.Connection, chosen: Sequence[Choice]) -> None:
    """Note that the photos do not show these landmarks; tags that came with them go."""
    connection.executemany(
        "DELETE FROM photo_tag WHERE photo_id = ? AND source IN ('accepted', 'model') "
        "AND landmark = ?",
        [(c.photo_id, c.landmark) for c in chosen],
    )
    _decide(connection, chosen, "rejected")


def none(connection: sqlite3.Connection, chosen: Sequence[Choice]) -> None:
    """Note that the photos show no landmark at all: they are never asked about again.

    What is told of their suggestions by ``chosen`` is kept with it.
    """
    undecide(connection, [c.photo_id for c in chosen], keep_rejected=True)
    _decide(connection, [Choice(c.photo_id, "", c.model_id, c.confidence) for c in chosen], "none")


def undecide(
    connection: sqlite3.Connection, ids: Iterable[int], *, keep_rejected: bool = False
) -> list[int]:
    """Forget what was said of these photos, so that they are asked about again.

    Tags that came with a landmark go. Returns the photos of which something had been said.
    """
    values = {"ids": json.dumps(list(ids))}
    connection.execute(
        f"DELETE FROM photo_tag WHERE photo_id IN {_GIVEN} AND source IN ('accepted', 'model') "
        "AND landmark IS NOT NULL",
        values,
    )
    which = "AND verdict <> 'rejected'" if keep_rejected else ""
    rows = connection.execute(
        f"DELETE FROM decision WHERE photo_id IN {_GIVEN} {which} RETURNING photo_id", values
    )
    return sorted({row["photo_id"] for row in rows.fetchall()})


def _decide(
    connection: sqlite3.Connection, chosen: Sequence[Choice], verdict: str,
    rule: float | None = None,
) -> None:  # fmt: skip
    moment = now()
    connection.executemany(
        "INSERT INTO decision "
        "(photo_id, landmark, verdict, model_id, confidence, decided_at, rule) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (photo_id, landmark) DO UPDATE SET "
        "verdict = excluded.verdict, model_id = excluded.model_id, "
        "confidence = excluded.confidence, decided_at = excluded.decided_at, rule = excluded.rule",
        [(c.photo_id, c.landmark, verdict, c.model_id, c.confidence, moment, rule) for c in chosen],
    )
