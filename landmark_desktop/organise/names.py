"""Names that Windows, macOS and Linux all accept, and when two names are one.

Rules of Windows: "Naming Files, Paths, and Namespaces" (Microsoft Learn). Folders made here may
be opened on another system later, so all rules hold on all systems.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 143
"""Bytes of UTF-8 in a name. File systems take 255, encrypted ones on Linux and on network storage
143 (eCryptfs)."""

_INSTEAD = str.maketrans(
    {"/": "-", "\\": "-", ":": "-", "|": "-", '"': "'", "<": "(", ">": ")", "?": "", "*": ""}
)
# Devices of Windows, with any ending. The superscript digits count there too.
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE
)
# Characters that turn the direction of what is shown: a name could look like another one.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@lru_cache(maxsize=4096)  # thousands of photos have the same few places and dates
def words(text: str) -> str:
    """Return ``text`` without what no file name may hold, for use inside a name."""
    text = unicodedata.normalize("NFC", text).translate(_INSTEAD)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    text = "".join("_" if unicodedata.category(c) in ("Cs", "Cn") else c for c in text)
    return _TURNING.sub("", text)


@lru_cache(maxsize=4096)
def folder(text: str) -> str:
    """Return ``text`` as the name of one folder, or an empty string where nothing is left of it.

    No dots or spaces at the ends: Windows drops them, and a dot in front hides the folder.
    """
    name = " ".join(words(text).split()).strip(". ")
    reserved = _RESERVED.match(name)
    if reserved:
        name = f"{name[: reserved.end()]}_{name[reserved.end() :]}"
    return cut(name, LONGEST).rstrip(". ")


def cut(name: str, most: int) -> str:
    """Return as much of ``name`` as fits into ``most`` bytes of UTF-8, no letter torn apart."""
    if len(name.encode()) <= most:
        return name
    kept, length = 0, 0
    for place, letter in enumerate(name):
        length += len(letter.encode())
        if length > most:
            break
        # An accent that follows belongs to its letter, and a joiner joins two.
        following = name[place + 1 : place + 2]
        if letter != "\u200d" and not (following and _joins(following)):
            kept = place + 1
    return name[:kept]


def _joins(letter: str) -> bool:
    # Marks: accents, and the vowel signs of Indic scripts, whose combining class is 0.
    return unicodedata.category(letter).startswith("M") or letter == "\u200d"


def in_a_line(levels: Iterable[str]) -> str:
    """Return folders, outermost first, for a person to read from left to right.

    Two Arabic names side by side would change places, the slash with them (Unicode Standard
    Annex #9, "Unicode Bidirectional Algorithm"). A left-to-right mark before each parts them.
    """
    names = list(levels)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for name in names for c in name):
        names = [f"\u200e{name}" for name in names]
    return " / ".join(names)


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """Return what two names have in common that are one on Windows or macOS.

    Upper and lower case do not count there, nor how an accent is spelled in Unicode.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
