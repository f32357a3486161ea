"""Every field we write, whose it is, what form it has: one table, from the standards' texts.

Sources: XMP Specification Part 1 (ISO 16684-1:2019) for forms, Part 2 for ``dc`` and
``photoshop``, Exif 2.32 for XMP (CIPA DC-010) for ``exif``; IPTC Photo Metadata Standard
2025.1 for ``Iptc4xmpCore``, ``Iptc4xmpExt`` and the limits of IIM, in bytes; MWG Guidelines
for Handling Image Metadata 2.0 (2010) for what goes together; digiKam's
handbook and Microsoft's photo metadata schema for theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "MicrosoftPhoto": "http://ns.microsoft.com/photo/1.0/",
    "mediapro": "http://ns.iview-multimedia.com/mediapro/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    # An experimental URN (RFC 3406, 3.1): nobody can own it, nothing is fetched from it.
    "landmark": "urn:x-landmark-desktop:1.0/",
}

Struct = tuple[tuple[str, str], ...]
"""A structure, flattened: ("Iptc4xmpExt:City", "Paris"), ("Iptc4xmpExt:LocationId[1]", ...)."""
Item = str | Struct
Content = Mapping[str, tuple[Item, ...]]
"""What a file holds in our fields, by the field's name; only those that are there."""


class Kind(Enum):
    """What a field is for, and hence how it is merged."""

    KEYWORDS = auto()  # plain keywords
    PATHS = auto()  # hierarchical ones
    SHOWN = auto()  # places as structures
    CREATED = auto()
    LEGACY = auto()  # one place, in fields of their own
    POSITION = auto()
    MARK = auto()


class Carrier(Enum):
    """The block of metadata that a field lies in."""

    XMP = auto()
    IIM = auto()
    EXIF = auto()


@dataclass(frozen=True)
class Field:
    """``form``: XMP's Bag, Seq or Text. ``limit``: bytes (IIM). ``removal_only``: not added to."""

    name: str
    kind: Kind
    form: str = "Text"
    carrier: Carrier = Carrier.XMP
    separator: str = ""
    limit: int = 0
    removal_only: bool = False


_KEYWORDS = (
    Field("dc:subject", Kind.KEYWORDS, "Bag"),
    Field("lr:hierarchicalSubject", Kind.PATHS, "Bag", separator="|"),
    Field("digiKam:TagsList", Kind.PATHS, "Seq", separator="/"),
    Field("MicrosoftPhoto:LastKeywordXMP", Kind.PATHS, "Bag", separator="/"),
    # digiKam writes it and reads it where its own is empty: what we take away must not come back.
    Field("mediapro:CatalogSets", Kind.PATHS, "Bag", separator="|", removal_only=True),
)
_PLACES = (
    Field("Iptc4xmpExt:LocationShown", Kind.SHOWN, "Bag"),
    Field("Iptc4xmpExt:LocationCreated", Kind.CREATED, "Bag"),
    Field("Iptc4xmpCore:Location", Kind.LEGACY),
    Field("photoshop:City", Kind.LEGACY),
    Field("photoshop:State", Kind.LEGACY),
    Field("photoshop:Country", Kind.LEGACY),
    Field("Iptc4xmpCore:CountryCode", Kind.LEGACY),
)
XMP_POSITION = (
    Field("exif:GPSLatitude", Kind.POSITION),
    Field("exif:GPSLongitude", Kind.POSITION),
    Field("exif:GPSProcessingMethod", Kind.POSITION),
)
EXIF_POSITION = (
    Field("Exif.GPSInfo.GPSLatitudeRef", Kind.POSITION, carrier=Carrier.EXIF),
    Field("Exif.GPSInfo.GPSLatitude", Kind.POSITION, carrier=Carrier.EXIF),
    Field("Exif.GPSInfo.GPSLongitudeRef", Kind.POSITION, carrier=Carrier.EXIF),
    Field("Exif.GPSInfo.GPSLongitude", Kind.POSITION, carrier=Carrier.EXIF),
    Field("Exif.GPSInfo.GPSProcessingMethod", Kind.POSITION, carrier=Carrier.EXIF),
)
IIM = (
    Field("Iptc.Application2.Keywords", Kind.KEYWORDS, "Bag", Carrier.IIM, limit=64),
    Field("Iptc.Application2.SubLocation", Kind.LEGACY, "Text", Carrier.IIM, limit=32),
    Field("Iptc.Application2.City", Kind.LEGACY, "Text", Carrier.IIM, limit=32),
    Field("Iptc.Application2.ProvinceState", Kind.LEGACY, "Text", Carrier.IIM, limit=32),
    Field("Iptc.Application2.CountryName", Kind.LEGACY, "Text", Carrier.IIM, limit=64),
    Field("Iptc.Application2.CountryCode", Kind.LEGACY, "Text", Carrier.IIM, limit=3),
)
MARK = Field("landmark:Guessed", Kind.MARK, "Bag")

XMP = (*_KEYWORDS, *_PLACES, *XMP_POSITION, MARK)
EVERY = (*XMP, *EXIF_POSITION, *IIM)
BY_NAME = {field.name: field for field in EVERY}


def regardless_of_order(content: Content) -> dict[str, list[Item]]:
    """Return the content for comparing: XMP's Bags have no order."""
    return {name: sorted(items, key=str) for name, items in content.items() if items}


def words(item: Item) -> str:
    """Return an item as a person may read it: a place as "City: Paris, CountryName: France"."""
    if isinstance(item, str):
        return item
    names = [key.rpartition(":")[2].partition("@")[0].partition("[")[0] for key, _ in item]
    return ", ".join(f"{name}: {text}" for name, (_, text) in zip(names, item, strict=True))
