"""What photos and sidecars say, for importing, and for writing a sidecar over a photo."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from landmark_desktop.metadata import embedded, gps, packet, rdf
from landmark_desktop.metadata.described import Described, above
from landmark_desktop.metadata.fields import IIM, Content
from landmark_desktop.metadata.mapping import LEGACY, described
from landmark_desktop.metadata.troubles import MetadataError, Trouble, from_os

_IN_XMP = {
    field.name: next(
        (name for name, what in LEGACY.items() if LEGACY.get(field.name) == what), "dc:subject"
    )
    for field in IIM
}


def read_described(photo: Path, sidecars: Iterable[Path] = ()) -> Described:
    """Return what the photo and its sidecars say, the first of them above the next.

    Raises ``MetadataError`` where one of them cannot be read.
    """
    try:
        _, content = embedded.read(photo, photo)
        found = described(content)
        for sidecar in reversed(list(sidecars)):
            data = sidecar.read_bytes()
            if not packet.is_blank(data):
                found = above(described(rdf.content(packet.parse(data))), found)
    except OSError as error:
        raise from_os(error, photo) from error
    except packet.PacketError as error:
        raise MetadataError(
            Trouble.DAMAGED, photo, f"The sidecar of {photo.name} cannot be read.",
            f"As XMP, {error}.",
        ) from error  # fmt: skip
    return found


def beneath(photo: Path) -> Content:
    """Return what the photo itself says, as the fields of a sidecar would say it.

    A photo whose metadata cannot be read says nothing: that is no reason not to write beside.
    """
    try:
        _, content = embedded.read(photo, photo)
    except MetadataError as error:
        if error.trouble is not Trouble.DAMAGED:
            raise
        return {}
    found = {name: items for name, items in content.items() if ":" in name}
    for name, xmp in _IN_XMP.items():
        if name in content:
            found.setdefault(xmp, content[name])
    texts = {name: str(items[0]) for name, items in content.items()}
    if (position := gps.from_exif(texts)) is not None:
        found |= {name: (text,) for name, text in gps.as_xmp(position).items()}
    return found
