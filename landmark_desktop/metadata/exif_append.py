"""Put a position into a JPEG's Exif without moving anything that is there.

libexiv2 rebuilds Exif where it does not fit in place, and with it makers' notes, whose inner
offsets only their makers know (MWG Guidelines 2.0 ask not to move them). So the
directory with the position is appended behind all that is there, and a pointer is set to it:
every old byte keeps its place. Exif 2.32; TIFF 6.0, section 2.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Literal

from landmark_desktop.metadata.faithful import jpeg_segments

_HEAD = b"Exif\0\0"
_GPS_POINTER = 0x8825
_BYTE, _ASCII, _LONG, _RATIONAL, _UNDEFINED = 1, 2, 4, 5, 7
_TAGS = {  # Exif 2.32, GPS attribute information
    "Exif.GPSInfo.GPSLatitudeRef": (1, _ASCII),
    "Exif.GPSInfo.GPSLatitude": (2, _RATIONAL),
    "Exif.GPSInfo.GPSLongitudeRef": (3, _ASCII),
    "Exif.GPSInfo.GPSLongitude": (4, _RATIONAL),
    "Exif.GPSInfo.GPSProcessingMethod": (27, _UNDEFINED),
}
Entry = tuple[int, int, int, bytes]  # tag, type, count, the value's four bytes or all of it


class NoRoomError(ValueError):
    """A segment holds 65,533 bytes and no more (ITU-T T.81, B.1.1.4)."""


def exif_of(jpeg: bytes) -> bytes | None:
    """Return the TIFF structure of a JPEG's Exif segment, if it has one."""
    for marker, payload, _ in jpeg_segments(jpeg):
        if marker == 0xE1 and payload.startswith(_HEAD):
            return payload[len(_HEAD) :]
    return None


def with_exif(jpeg: bytes, tiff: bytes) -> bytes:
    """Return the JPEG with ``tiff`` in its Exif segment. Raises ``NoRoomError``."""
    size = len(_HEAD) + len(tiff) + 2
    if size > 0xFFFF:
        raise NoRoomError("the camera's data would be too large for their segment")
    for marker, payload, at in jpeg_segments(jpeg):
        if marker == 0xE1 and payload.startswith(_HEAD):
            head = b"\xff\xe1" + size.to_bytes(2, "big") + _HEAD
            return jpeg[:at] + head + tiff + jpeg[at + 4 + len(payload) :]
    raise ValueError("there is no Exif segment")


def with_position(tiff: bytes, fields: Mapping[str, str | None]) -> bytes:
    """Return the structure with ``fields`` set, or taken out where they are ``None``.

    Their text is libexiv2's: "48/1 51/1 302400/10000". Raises ``ValueError``: no sound TIFF.
    """
    order: Literal["<", ">"] = "<" if tiff[:2] == b"II" else ">"
    try:
        first = struct.unpack_from(order + "I", tiff, 4)[0]
        entries, following = _directory(tiff, first, order)
        at, gps = _pointed(tiff, first, entries, order)
        for name, text in fields.items():
            tag, kind = _TAGS[name]
            gps = [entry for entry in gps if entry[0] != tag]
            if text is not None:
                gps.append((tag, kind, *_value(text, kind, order)))
        if all(entry[0] != 0 for entry in gps):
            gps.append((0, _BYTE, 4, bytes((2, 3, 0, 0))))  # required beside the others
        grown = tiff + b"\0" * (len(tiff) % 2)
        start = len(grown)
        grown += _written(gps, start, 0, order)
        if at is not None:
            return grown[:at] + struct.pack(order + "I", start) + grown[at + 4 :]
        entries.append((_GPS_POINTER, _LONG, 1, struct.pack(order + "I", start)))
        main = len(grown)
        grown += _written(entries, main, following, order)
        return grown[:4] + struct.pack(order + "I", main) + grown[8:]
    except struct.error as error:
        raise ValueError(f"the camera's data are cut short: {error}") from error


def _directory(tiff: bytes, at: int, order: str) -> tuple[list[Entry], int]:
    """Return a directory's entries, their values as they stand, and where the next one is."""
    count = struct.unpack_from(order + "H", tiff, at)[0]
    entries = [struct.unpack_from(order + "HHI4s", tiff, at + 2 + 12 * n) for n in range(count)]
    return list(entries), struct.unpack_from(order + "I", tiff, at + 2 + 12 * count)[0]


def _pointed(
    tiff: bytes, first: int, entries: list[Entry], order: str
) -> tuple[int | None, list[Entry]]:
    """Return where the pointer to the GPS directory stands, and that directory's entries."""
    for number, (tag, _, _, value) in enumerate(entries):
        if tag == _GPS_POINTER:
            gps, _ = _directory(tiff, struct.unpack(order + "I", value)[0], order)
            return first + 2 + 12 * number + 8, gps
    return None, []


def _value(text: str, kind: int, order: str) -> tuple[int, bytes]:
    if kind == _RATIONAL:
        parts = [int(part) for pair in text.split() for part in pair.split("/")]
        return len(parts) // 2, struct.pack(f"{order}{len(parts)}I", *parts)
    if kind == _ASCII:
        return len(text) + 1, text.encode("ascii") + b"\0"
    if text.isascii():  # Exif 2.32: the character code in front
        value = b"ASCII\0\0\0" + text.encode()
    else:
        value = b"UNICODE\0" + text.encode("utf-16-le" if order == "<" else "utf-16-be")
    return len(value), value


def _written(entries: list[Entry], at: int, following: int, order: str) -> bytes:
    """Return a directory that will stand at ``at``, with the longer values behind it."""
    end = at + 2 + 12 * len(entries) + 4
    lines, longer = b"", b""
    for tag, kind, count, value in sorted(entries, key=lambda entry: entry[0]):
        inline = value.ljust(4, b"\0")
        if len(value) > 4:
            inline = struct.pack(order + "I", end + len(longer))
            longer += value + b"\0" * (len(value) % 2)
        lines += struct.pack(order + "HHI4s", tag, kind, count, inline)
    return (
        struct.pack(order + "H", len(entries))
        + lines
        + struct.pack(order + "I", following)
        + longer
    )
