"""The folder template: ``{country}/{city|"Unsorted"}/{date:%Y-%m}``, parsed once, then filled in.

A token in braces stands for what is known of a photo, ``|`` offers others where that is not known,
quotes hold plain words, ``/`` begins a folder inside, in the format of a date too. ``{{`` and
``}}`` are braces. A folder of which no token is known is left out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from landmark_desktop.errors import UserError
from landmark_desktop.organise import names

TOKENS: Mapping[str, str] = {
    "country": "Country of the landmark",
    "country_code": "Its two letters, such as FR",
    "region": "Region, state or province",
    "city": "City",
    "landmark": "The landmark",
    "kind": "What it is, such as bridge",
    "date": "When the photo was taken; {date:%Y-%m} says how to write it",
    "year": "Year with four digits",
    "month": "Month with two digits",
    "day": "Day with two digits",
    "camera": "Camera",
    "event": "Event: photos taken close together, such as 12 to 14 June 2019, Paris",
    "folder": "The folder the photo lies in now",
}
"""Every token, and what it stands for."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Of strftime, but for what depends on the system's language: a plan made by the command line and
# one made in the window are the same.
_DATES: Mapping[str, Callable[[datetime.datetime], str]] = {
    "Y": lambda t: f"{t.year:04}", "y": lambda t: f"{t.year % 100:02}",
    "m": lambda t: f"{t.month:02}", "d": lambda t: f"{t.day:02}",
    "H": lambda t: f"{t.hour:02}", "M": lambda t: f"{t.minute:02}", "S": lambda t: f"{t.second:02}",
    "B": lambda t: _MONTHS[t.month - 1], "b": lambda t: _MONTHS[t.month - 1][:3],
    "A": lambda t: _DAYS[t.weekday()], "a": lambda t: _DAYS[t.weekday()][:3],
    "j": lambda t: f"{t.timetuple().tm_yday:03}",
    "G": lambda t: f"{t.isocalendar().year:04}", "V": lambda t: f"{t.isocalendar().week:02}",
    "%": lambda _: "%",
}  # fmt: skip
_DATE_TOKENS = {"date": "%Y-%m-%d", "year": "%Y", "month": "%m", "day": "%d"}


class TemplateError(UserError):
    """The template cannot be meant so. ``at``: the character of it where that shows, from 0."""

    def __init__(self, at: int, why: str, remedy: str = "") -> None:
        super().__init__("The template cannot be read.", why, remedy)
        self.at = at


@dataclass(frozen=True)
class Values:
    """What is known of one photo, by token; ``taken``: when it was taken, by its own clock."""

    texts: Mapping[str, str]
    taken: datetime.datetime | None = None


@dataclass(frozen=True)
class Token:
    """One token; ``form``: how a date is written."""

    name: str
    form: str = ""


@dataclass(frozen=True)
class Choice:
    """What stands in one pair of braces: tokens, and plain words, the first that is known."""

    offers: tuple[Token | str, ...]


Piece = str | Choice


@dataclass(frozen=True)
class Template:
    """A parsed template. ``text``: as it was written."""

    text: str
    pieces: tuple[Piece, ...] = field(compare=False)

    def folders(self, values: Values) -> tuple[str, ...]:
        """Return the folders that a photo belongs in, outermost first; none where nothing of the
        template is known of it."""
        return _folders(self, tuple(_fill(piece, values) for piece in self._choices))

    @cached_property
    def _choices(self) -> tuple[Choice, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Choice))

    @property
    def tokens(self) -> frozenset[str]:
        """The tokens that are in use."""
        return frozenset(
            offer.name
            for piece in self.pieces
            if isinstance(piece, Choice)
            for offer in piece.offers
            if isinstance(offer, Token)
        )


@lru_cache(maxsize=4096)  # thousands of photos have the same few places and dates
def _folders(template: Template, filled: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folders once the choices are filled in, in their order."""
    levels, fillings = [_Level()], iter(filled)
    for piece in template.pieces:
        parts = (piece if isinstance(piece, str) else next(fillings)).split("/")
        for number, part in enumerate(parts):
            if number:
                levels.append(_Level())
            if isinstance(piece, str):
                levels[-1].add_words(names.words(part))
            else:
                levels[-1].add_token(part)
    return tuple(name for level in levels if (name := names.folder(level.text())))


class _Level:
    """One folder's name while it is put together."""

    def __init__(self) -> None:
        self._text = ""
        self._known = self._unknown = 0

    def add_words(self, text: str) -> None:
        self._text += text

    def add_token(self, text: str) -> None:
        self._text += text
        self._known += bool(text)
        self._unknown += not text

    def text(self) -> str:
        """Return the name; what stood around a token that is not known goes with it."""
        if not self._unknown:
            return self._text
        if not self._known:
            return ""
        text = re.sub(r"\(\s*\)|\[\s*\]", "", self._text)
        text = re.sub(r"([-–—_,;·+&])(?:\s*[-–—_,;·+&])+", r"\1", text)
        return text.strip(" -–—_,;·+&")


def parse(text: str) -> Template:
    """Read a template. Raises ``TemplateError``."""
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        if text[at : at + 2] in ("{{", "}}"):
            pieces.append(text[at])
            at += 2
        elif text[at] == "{":
            choice, at = _choice(text, at + 1)
            pieces.append(choice)
        elif text[at] == "}":
            raise TemplateError(at, "There is a } without a { before it.", "Write }} for a brace.")
        else:
            end = min((i for i in (text.find("{", at), text.find("}", at)) if i >= 0),
                      default=len(text))  # fmt: skip
            pieces.append(text[at:end].replace("\\", "/"))
            at = end
    if not any(isinstance(piece, Choice) for piece in pieces):
        raise TemplateError(
            0, "It has no token, so that all photos would go into one folder.",
            "Put one into braces, such as {city}.",
        )  # fmt: skip
    return Template(text, tuple(pieces))


_OFFER = re.compile(
    r'\s*(?:"(?P<words>[^"]*)"|(?P<name>[A-Za-z_]+)\s*(?::(?P<form>[^|}]*))?)\s*(?P<end>[|}]|$)'
)


def _choice(text: str, start: int) -> tuple[Choice, int]:
    offers: list[Token | str] = []
    at = start
    while True:
        found = _OFFER.match(text, at)
        if found is None:
            raise TemplateError(
                at, f"“{_short(text[at:])}” is neither a token nor words in quotes.",
                "Inside braces there is a token, or several with | between them.",
            )  # fmt: skip
        if not found["end"]:
            raise TemplateError(start - 1, "A { is not closed.", "Add a }.")
        if found["words"] is not None:
            offers.append(found["words"])
        else:
            offers.append(_token(found["name"], found["form"], found.start("name")))
        at = found.end()
        if found["end"] == "}":
            return Choice(tuple(offers)), at


def _token(name: str, form: str | None, at: int) -> Token:
    name = name.lower()
    if name not in TOKENS:
        raise TemplateError(
            at, f"There is no token {{{name}}}.", f"There are {', '.join(TOKENS)}."
        )  # fmt: skip
    if form is None:
        return Token(name, _DATE_TOKENS.get(name, ""))
    if name != "date":
        raise TemplateError(at, f"{{{name}}} takes no format after a colon.", "Only {date} does.")
    for sign in re.findall("%(.?)", form.replace("%%", "")):
        if sign not in _DATES:
            raise TemplateError(
                at, f"%{sign} is no part of a date.",
                "There are %Y year, %m month, %d day, %B name of the month, and others.",
            )  # fmt: skip
    if not form.strip():
        raise TemplateError(at, "There is no format after the colon.", "Such as {date:%Y-%m}.")
    return Token(name, form)


def _fill(choice: Choice, values: Values) -> str:
    """Return the first offer that is known; a slash in it begins a folder."""
    for offer in choice.offers:
        if isinstance(offer, str):
            filled = names.words(offer)
        elif offer.name in _DATE_TOKENS:
            filled = _date(offer.form, values.taken)
        else:
            filled = names.words(values.texts.get(offer.name, "")).strip()
        if filled.strip(" ."):
            return filled
    return ""


def _date(form: str, taken: datetime.datetime | None) -> str:
    if taken is None:
        return ""
    parts = re.split("%(.)", form.replace("\\", "/"))
    return "".join(
        _DATES[part](taken) if number % 2 else _levels(part) for number, part in enumerate(parts)
    )


def _levels(part: str) -> str:
    return "/".join(map(names.words, part.split("/")))


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"
