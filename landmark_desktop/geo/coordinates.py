"""Coordinates as people type and copy them: decimal degrees, or degrees, minutes, seconds."""

from __future__ import annotations

import math
import re
import unicodedata

_NUMBER = r"\d+(?:[.,]\d+)?"
_ANGLE = re.compile(
    rf"""\s*(?P<before>[NSEW])?\s*(?P<sign>[+-])?\s*
    (?P<degrees>{_NUMBER})\s*(?:°|deg)?\s*
    (?:(?P<minutes>{_NUMBER})\s*['′]\s*(?:(?P<seconds>{_NUMBER})\s*(?:"|″|''))?)?
    \s*(?P<after>[NSEW])?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_SAME = str.maketrans(
    {"’": "'", "´": "'", "`": "'", "“": '"', "”": '"', "−": "-", "–": "-", "º": "°"}
)
# Not O: it is east in German and west in French.
_HALVES = {
    "N": ("latitude", 1),
    "S": ("latitude", -1),
    "E": ("longitude", 1),
    "W": ("longitude", -1),
}


def parse(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees, ``None`` where ``text`` is not coordinates.

    "48.8584, 2.2945", "48,8584; 2,2945", "48,8584 2,2945" and
    48°51'30"N 2°17'40"E are read. Latitude comes first where no letter says otherwise.
    """
    text = unicodedata.normalize("NFC", text).translate(_SAME).strip()
    for first, second in _halves(text):
        one, other = _angle(first), _angle(second)
        if one is None or other is None:
            continue
        kinds = (one[1] or "latitude", other[1] or "longitude")
        if one[1] == "longitude" and other[1] is None:
            kinds = ("longitude", "latitude")
        found = dict(zip(kinds, (one[0], other[0]), strict=True))
        if len(found) == 2 and abs(found["latitude"]) <= 90 and abs(found["longitude"]) <= 180:
            return found["latitude"], found["longitude"]
    return None


def write(latitude: float, longitude: float) -> str:
    """Return coordinates as ``parse`` reads them, to a ten-thousandth of a degree (11 m)."""
    return f"{latitude:.4f}, {longitude:.4f}"


def _halves(text: str) -> list[tuple[str, str]]:
    """Return the ways to take the text apart, the clearest first."""
    if text.count(";") == 1:
        first, second = text.split(";")
        return [(first, second)]
    ways = []
    commas = [match.start() for match in re.finditer(",", text)]
    if len(commas) % 2:  # one parts the two, the others, if any, are decimals' on either side
        middle = commas[len(commas) // 2]
        ways.append((text[:middle], text[middle + 1 :]))
    letters = list(re.finditer(r"(?<=[NSEW])\s*(?=[\d+-])", text, re.IGNORECASE))
    ways += [(text[: m.start()], text[m.end() :]) for m in letters]
    ways += [(text[: m.start()], text[m.end() :]) for m in re.finditer(r"\s+", text)]
    return ways


def _angle(text: str) -> tuple[float, str | None] | None:
    """Return degrees, and which of the two coordinates a letter says it is."""
    match = _ANGLE.fullmatch(text)
    if match is None or (match["before"] and match["after"]):
        return None
    degrees, minutes, seconds = (
        float((match[part] or "0").replace(",", "."))
        for part in ("degrees", "minutes", "seconds")
    )  # fmt: skip
    if minutes >= 60 or seconds >= 60:
        return None
    if (match["minutes"] and degrees % 1) or (match["seconds"] and minutes % 1):
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    letter = (match["before"] or match["after"] or "").upper()
    if letter and match["sign"]:
        return None
    which, sign = _HALVES[letter] if letter else (None, -1 if match["sign"] == "-" else 1)
    return math.copysign(angle, sign), which
