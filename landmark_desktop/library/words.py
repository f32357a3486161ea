"""The full-text index behind the search box: file name, folder and tags of each photo."""

from __future__ import annotations

import sqlite3


def index(connection: sqlite3.Connection, photo_id: int) -> None:
    """Bring the words of one photo up to date."""
    connection.execute("DELETE FROM photo_words WHERE rowid = ?", (photo_id,))
    connection.execute(
        "INSERT INTO photo_words (rowid, name, folder, tags) "
        "SELECT id, replace(name, '_', ' '), replace(folder, '_', ' '), "
        "  coalesce((SELECT group_concat(tag.name, ' ') FROM photo_tag "
        "            JOIN tag ON tag.id = tag_id WHERE photo_id = photo.id), '') "
        "FROM photo WHERE id = ?",
        (photo_id,),
    )


def query(text: str) -> str | None:
    """Return the FTS5 query for what a person typed: every word, each as a prefix.

    ``None`` where the text holds no word at all. Quoting makes every character literal.
    """
    parts = ["".join(c if c.isalnum() else " " for c in word) for word in text.split()]
    terms = [term for part in parts for term in part.split()]
    return " ".join(f'"{term}"*' for term in terms) or None
