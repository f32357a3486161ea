"""Words as people type them: folded, compared, and the full-text index behind the search box.

The index holds file name and folder of each photo. Tags have words of their own
(``tag_search``), so that renaming one with 50,000 photos writes a handful of rows.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from functools import lru_cache

_BLANKED = frozenset({"Cc", "Cs", "Zl", "Zp"})


@lru_cache(maxsize=8192)  # a merge, and the tree of tags, ask for the same levels over and over
def clean(text: str) -> str:
    """Return ``text`` as it can stand in the library and in every field of metadata.

    Composed (Unicode NFC): macOS' names are decomposed and would be doubles of typed ones.
    Control characters, line ends, lone surrogates and noncharacters, which XML 1.0 (section 2.2)
    forbids or programs choke on, become blanks; blanks around are dropped and runs of blanks
    become one.
    """
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():  # no text that needs blanks is, nearly all others are
        composed = "".join(" " if _unwritable(letter) else letter for letter in composed)
    return " ".join(composed.split())


def _unwritable(letter: str) -> bool:
    code = ord(letter)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return noncharacter or unicodedata.category(letter) in _BLANKED


def caseless(text: str) -> str:
    """Return what two spellings of a name have in common; accents count, case does not.

    Canonical caseless matching, the Unicode Standard, section 3.13, D145.
    """
    folded = unicodedata.normalize("NFD", clean(text)).casefold()
    return unicodedata.normalize("NFC", folded)


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents, with single spaces for punctuation."""
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("ı", "i").replace("ß", "ss")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = (c for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def index(connection: sqlite3.Connection, photo_id: int) -> None:
    """Bring the words of one photo up to date."""
    connection.execute("DELETE FROM photo_words WHERE rowid = ?", (photo_id,))
    connection.execute(
        "INSERT INTO photo_words (rowid, name, folder) "
        "SELECT id, replace(name, '_', ' '), replace(folder, '_', ' ') FROM photo WHERE id = ?",
        (photo_id,),
    )


def terms(text: str) -> list[str]:
    """Return the words of what a person typed, in the order they came."""
    parts = ["".join(c if c.isalnum() else " " for c in word) for word in text.split()]
    return [term for part in parts for term in part.split()]


def query(text: str) -> str | None:
    """Return the FTS5 query for what a person typed: every word, each as a prefix.

    ``None`` where the text holds no word at all. Quoting makes every character literal.
    """
    return " ".join(f'"{term}"*' for term in terms(text)) or None
