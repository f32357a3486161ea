"""From what is said of a photo to our fields, and back. Pure; the standards are in ``fields``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from landmark_desktop.library.words import clean
from landmark_desktop.metadata import gps
from landmark_desktop.metadata.described import Described, Place, Position, without_doubles
from landmark_desktop.metadata.fields import BY_NAME, Carrier, Content, Field, Item, Kind, Struct
from landmark_desktop.metadata.hierarchy import (
    Tag,
    flat_keywords,
    fold,
    join,
    split,
    tag,
    unique,
)

# IPTC Photo Metadata Standard 2025.1, structure "Location": the field and its form in XMP.
_STRUCT = {
    "Iptc4xmpExt:LocationName@x-default": "name",
    "Iptc4xmpExt:Sublocation": "sublocation",
    "Iptc4xmpExt:City": "city",
    "Iptc4xmpExt:ProvinceState": "state",
    "Iptc4xmpExt:CountryName": "country",
    "Iptc4xmpExt:CountryCode": "country_code",
    "Iptc4xmpExt:WorldRegion": "world_region",
}
_IDENTIFIER = "Iptc4xmpExt:LocationId"
# The same standard, "(legacy)" properties of the place shown, in XMP and in IIM.
LEGACY = {
    "Iptc4xmpCore:Location": "sublocation",
    "photoshop:City": "city",
    "photoshop:State": "state",
    "photoshop:Country": "country",
    "Iptc4xmpCore:CountryCode": "country_code",
    "Iptc.Application2.SubLocation": "sublocation",
    "Iptc.Application2.City": "city",
    "Iptc.Application2.ProvinceState": "state",
    "Iptc.Application2.CountryName": "country",
    "Iptc.Application2.CountryCode": "country_code",
}


def cleaned(described: Described) -> Described:
    """Return what can stand in every field: see ``words.clean``."""
    tags = tuple(filter(None, map(tag, described.tags)))
    guesses = frozenset(filter(None, map(tag, described.guessed_tags)))
    return Described(
        unique(tags),
        _cleaned_place(described.shown),
        _cleaned_place(described.created),
        described.position,
        guesses,
    )


def as_fields(described: Described, fields: Iterable[Field]) -> dict[str, tuple[Item, ...]]:
    """Return what ``fields`` are to hold. ``described`` is ``cleaned``."""
    values: dict[str, tuple[Item, ...]] = {}
    for field in fields:
        if items := _items(described, field):
            values[field.name] = items
    return values


def _items(described: Described, field: Field) -> tuple[Item, ...]:
    if field.removal_only:
        return ()
    match field.kind:
        case Kind.KEYWORDS:
            return tuple(cut(word, field.limit) for word in flat_keywords(described.tags))
        case Kind.PATHS:
            return tuple(join(each, field.separator) for each in described.tags)
        case Kind.SHOWN:
            return _structs(described.shown)
        case Kind.CREATED:
            return _structs(described.created)
        case Kind.LEGACY:
            text = getattr(described.shown, LEGACY[field.name]) if described.shown else ""
            if field.limit == 3 and len(text) != 3:  # IIM 2:100 holds ISO 3166's three letters
                return ()
            return (cut(text, field.limit),) if text else ()
        case Kind.POSITION:
            if described.position is None:
                return ()
            write = gps.as_exif if field.carrier is Carrier.EXIF else gps.as_xmp
            text = write(described.position).get(field.name, "")
            return (text,) if text else ()
        case Kind.MARK:
            marks = [join(each, "|") for each in described.tags if each in described.guessed_tags]
            places = (("LocationShown", described.shown), ("LocationCreated", described.created))
            return (*marks, *(name for name, place in places if place and place.guessed))


def cut(text: str, limit: int) -> str:
    """Return as many whole characters as fit into ``limit`` bytes of UTF-8; 0: no limit."""
    return text.encode()[:limit].decode(errors="ignore").strip() if limit else text


def described(content: Content) -> Described:
    """Return what a file's fields say: each tag once, wherever it stands."""
    long = {cut(fold(text), 64): text for text in _texts(content, "dc:subject")}
    found: list[Tag] = []
    # Hierarchical ones first: their spelling and order count.
    for name in sorted(content, key=lambda name: BY_NAME[name].kind is Kind.KEYWORDS):
        field, items = BY_NAME[name], content[name]
        for item in items:
            if isinstance(item, str) and field.kind is Kind.PATHS:
                found.append(split(item, field.separator))
            elif isinstance(item, str) and field.kind is Kind.KEYWORDS:
                # What was cut for IIM is no other keyword (MWG Guidelines 2.0).
                found.append(tag([long.get(fold(item), item) if field.limit else item]))
    marks = frozenset(_texts(content, "landmark:Guessed"))
    tags = without_doubles(tuple(filter(None, found)))
    return Described(
        tags,
        _place(content, "Iptc4xmpExt:LocationShown", marks) or _legacy_place(content),
        _place(content, "Iptc4xmpExt:LocationCreated", marks),
        _position(content),
        frozenset(each for each in tags if join(each, "|") in marks),
    )


def _texts(content: Content, name: str) -> list[str]:
    return [item for item in content.get(name, ()) if isinstance(item, str)]


def _position(content: Content) -> Position | None:
    """Exif counts before XMP in one file (MWG Guidelines 2.0)."""
    fields = {name: items[0] for name, items in content.items() if isinstance(items[0], str)}
    return gps.from_exif(fields) or gps.from_xmp(fields)


def _place(content: Content, name: str, marks: frozenset[str]) -> Place | None:
    for item in content.get(name, ()):
        texts = dict(item) if not isinstance(item, str) else {"Iptc4xmpExt:City": item}
        members = {
            attribute: clean(texts.get(key) or texts.get(key.partition("@")[0]) or "")
            for key, attribute in _STRUCT.items()
        }
        identifiers = tuple(text for key, text in texts.items() if key.startswith(_IDENTIFIER))
        place = Place(**members, identifiers=identifiers, guessed=name.partition(":")[2] in marks)
        if place.says_something():
            return place
    return None


def _legacy_place(content: Content) -> Place | None:
    """Return what the plain fields say: of XMP, and of IIM where XMP is silent (MWG 2.0)."""
    members: dict[str, str] = {}
    for name, attribute in LEGACY.items():
        for text in _texts(content, name)[:1]:
            members.setdefault(attribute, clean(text))
    place = _from_texts(members)
    return place if place.says_something() else None


def _from_texts(members: dict[str, str]) -> Place:
    return Place(**members)  # type: ignore[arg-type]  # none but its texts


def _cleaned_place(place: Place | None) -> Place | None:
    if place is None or not place.says_something():
        return None
    members = {name: clean(getattr(place, name)) for name in _STRUCT.values()}
    identifiers = tuple(filter(None, map(clean, place.identifiers)))
    return replace(_from_texts(members), identifiers=identifiers, guessed=place.guessed)


def _structs(place: Place | None) -> tuple[Struct, ...]:
    if place is None:
        return ()
    members = [(key, getattr(place, attribute)) for key, attribute in _STRUCT.items()]
    members += [
        (f"{_IDENTIFIER}[{number}]", text) for number, text in enumerate(place.identifiers, 1)
    ]
    return (tuple(sorted(pair for pair in members if pair[1])),)
