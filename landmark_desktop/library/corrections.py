"""What a person has decided that a model can be taught: counts, and the photos themselves.

Each photo counts once, as what its decisions amount to today: what it was accepted as, else
that its suggestion was rejected, or that it shows no landmark. What a rule accepted teaches a model
nothing but its own opinion, and does not count.
"""

from __future__ import annotations

import datetime
import sqlite3
from dataclasses import dataclass
from pathlib import Path

# A decision's confidence is noted where the landmark was the very one that the model suggested
# (``decisions.accept``), and never afterwards, whatever later models say. "+verdict": walking
# the table once is several times as fast as going by the index on landmarks.
_ACCEPTED = (
    "SELECT count(confidence), count(*) FROM decision "
    "WHERE +verdict = 'accepted' AND rule IS NULL AND decided_at >= ?"
)
_REFUSED = (
    "SELECT DISTINCT photo_id FROM decision AS d "
    "WHERE +verdict <> 'accepted' AND decided_at >= ? AND NOT EXISTS ("
    "SELECT 1 FROM decision AS other "
    "WHERE other.photo_id = d.photo_id AND other.verdict = 'accepted')"
)


@dataclass(frozen=True)
class Decided:
    """How many photos were decided on.

    ``accepted``: as the landmark that the model suggested at the time. ``corrected``: as
    another one, or where it had suggested none. ``rejected``: the suggestion was rejected, and
    nobody has said which landmark it is instead.
    """

    accepted: int = 0
    corrected: int = 0
    rejected: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.accepted + self.corrected + self.rejected


def since(connection: sqlite3.Connection, moment: str | None) -> Decided:
    """Count the photos decided on at or after ``moment``, ``None`` for all of them.

    ``moment``: a date or a time in ISO 8601, UTC where it names no other zone. Raises
    ``ValueError`` for any other text. Reads each decision once: 100,000 take some hundredths
    of a second.
    """
    start = "" if moment is None else _as_stored(moment)
    as_suggested, accepted = connection.execute(_ACCEPTED, (start,)).fetchone()
    refused = connection.execute(f"SELECT count(*) FROM ({_REFUSED})", (start,)).fetchone()
    return Decided(as_suggested, accepted - as_suggested, refused[0])


def labelled_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many photos were accepted as each landmark, by its id."""
    rows = connection.execute(
        "SELECT landmark, count(*) FROM decision WHERE verdict = 'accepted' AND rule IS NULL "
        "GROUP BY landmark ORDER BY landmark"
    )
    return {row[0]: row[1] for row in rows}


def refused_count(connection: sqlite3.Connection) -> int:
    """Return how many photos show none of the landmarks that were suggested for them."""
    return int(connection.execute(f"SELECT count(*) FROM ({_REFUSED})", ("",)).fetchone()[0])


def labelled(connection: sqlite3.Connection) -> list[tuple[Path, str | None]]:
    """Return each photo that was decided on with its landmark, ``None`` for those refused.

    By landmark and path, those refused last.
    """
    rows = connection.execute(
        "SELECT path, landmark FROM decision JOIN photo ON photo.id = photo_id "
        "WHERE verdict = 'accepted' AND rule IS NULL ORDER BY landmark, path"
    )
    found: list[tuple[Path, str | None]] = [(Path(row[0]), row[1]) for row in rows]
    refused = connection.execute(
        f"SELECT path FROM photo WHERE id IN ({_REFUSED}) ORDER BY path", ("",)
    )
    return found + [(Path(row[0]), None) for row in refused]


def _as_stored(moment: str) -> str:
    """Return a moment as ``database.now`` writes it, so that text compares like time."""
    parsed = datetime.datetime.fromisoformat(moment)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=datetime.UTC)
    return parsed.astimezone(datetime.UTC).isoformat(timespec="seconds")
