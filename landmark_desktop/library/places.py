"""Places that the person taught: what the gazetteer does not have, kept in the library."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass, fields

from landmark_desktop.library.database import now


@dataclass(frozen=True)
class OwnPlace:
    """One place. ``id``: what models and decisions call it; degrees are WGS 84."""

    id: str
    name: str
    kind: str = ""
    city: str | None = None
    region: str | None = None
    country: str | None = None
    country_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def store(connection: sqlite3.Connection, place: OwnPlace) -> None:
    """Add the place, or bring the one with its id up to date."""
    values = asdict(place)
    columns = ", ".join(values)
    marks = ", ".join(f":{column}" for column in values)
    changes = ", ".join(f"{column} = excluded.{column}" for column in values if column != "id")
    connection.execute(
        f"INSERT INTO own_place ({columns}, created_at) VALUES ({marks}, :created_at) "
        f"ON CONFLICT (id) DO UPDATE SET {changes}",
        {**values, "created_at": now()},
    )


def all_places(connection: sqlite3.Connection) -> list[OwnPlace]:
    """Return every place, in the order of their ids."""
    columns = [field.name for field in fields(OwnPlace)]
    rows = connection.execute(f"SELECT {', '.join(columns)} FROM own_place ORDER BY id")
    return [OwnPlace(*row) for row in rows]
