"""Whether a photo with new metadata is still the same photo: pixels, and all foreign metadata.

libexiv2 rewrites the file around the picture, and Exif around what it changes there. Nothing it
made takes a photo's place before it has passed here.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator

from PIL import Image, ImageSequence

from landmark_desktop.metadata.fields import EXIF_POSITION
from landmark_desktop.metadata.libexiv2 import Blocks

_OURS = {field.name for field in EXIF_POSITION} | {"Exif.GPSInfo.GPSVersionID"}
# Where things stand in the file, which changes, and blocks that are compared by themselves.
_PLACES = ("Offset", "Offsets", "Tag", "SubIFDs", "ByteOrder", "JPEGInterchangeFormat")
_BLOCKS = ("XMLPacket", "IPTCNAA", "InterColorProfile", "ImageResources")


# In a PNG, text that libexiv2 writes anew from what it has read there.
_PNG_METADATA = (b"XML:com.adobe.xmp", b"Raw profile type exif", b"Raw profile type xmp")


class NotFaithfulError(ValueError):
    """What differs, as part of a sentence."""


def check(
    old: bytes, new: bytes, before: Blocks, after: Blocks, iim: tuple[tuple[str, bytes], ...]
) -> None:
    """Raise ``NotFaithfulError`` where ``new`` lost or changed what is not ours.

    ``iim``: what the IPTC block is to hold now.
    """
    if list(_picture(old, before.mime)) != list(_picture(new, before.mime)):
        raise NotFaithfulError("the picture, or data that other programs keep beside it")
    if _foreign_exif(before) != _foreign_exif(after):
        raise NotFaithfulError("the camera's data (Exif)")
    if _tiff_resources(before) != _tiff_resources(after):
        raise NotFaithfulError("Photoshop's data")
    if before.thumbnail != after.thumbnail:
        raise NotFaithfulError("the embedded thumbnail")
    if before.icc != after.icc:
        raise NotFaithfulError("the colour profile")
    if before.comment != after.comment:
        raise NotFaithfulError("the comment")
    if sorted(iim) != sorted(after.iim):
        raise NotFaithfulError("the IPTC block")


def _foreign_exif(blocks: Blocks) -> list[tuple[str, str]]:
    """Makers' notes must be the same and stand where they stood: what they point to is their
    makers' secret."""
    return sorted(
        (key, text)
        for key, text in blocks.exif
        if key not in _OURS
        and (key == "Exif.MakerNote.Offset" or not key.endswith((*_PLACES, *_BLOCKS)))
    )


def _tiff_resources(blocks: Blocks) -> list[object]:
    if not blocks.resources.startswith(b"8BIM"):
        return [blocks.resources]
    return _foreign_resources(photoshop_resources(blocks.resources, 0))


def _picture(data: bytes, mime: str) -> Iterator[object]:
    """Yield all of a file that is no metadata of ours to change."""
    match mime:
        case "image/jpeg":
            yield from _jpeg_rest(data)
        case "image/png":
            yield from _png_rest(data)
        case "image/webp":
            yield from _webp_rest(data)
            yield from _pixels(data)
        case _:
            yield from _pixels(data)


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield (marker, payload, where it begins) up to the first scan (ITU-T T.81, B.1.1).

    The last is (0xDA, all from there to the end of the file, where).
    """
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xDA:
            break
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at + 4 : at + 2 + size], at
        at += 2 + size
    yield 0xDA, data[at:], at


def photoshop_resources(payload: bytes, at: int = 14) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (number, name, content) of the resources in a JPEG's APP13 or, from ``at`` 0, in
    TIFF's tag 34377 (Adobe Photoshop File Formats Specification, Image Resources)."""
    while payload[at : at + 4] == b"8BIM":
        number = int.from_bytes(payload[at + 4 : at + 6], "big")
        name_end = at + 7 + payload[at + 6]
        size_at = name_end + (name_end - at) % 2
        size = int.from_bytes(payload[size_at : size_at + 4], "big")
        yield number, payload[at + 7 : name_end], payload[size_at + 4 : size_at + 4 + size]
        at = size_at + 4 + size + size % 2


def _jpeg_rest(data: bytes) -> Iterator[object]:
    """Yield all segments but Exif, XMP and IPTC, with what stands in them."""
    resources: list[object] = []
    comments: list[bytes] = []
    for marker, payload, at in jpeg_segments(data):
        if marker == 0xE1 and payload.startswith((b"Exif\0", b"http://ns.adobe.com/xap/1.0/\0")):
            continue
        if marker == 0xED and payload.startswith(b"Photoshop 3.0\0"):
            resources += _foreign_resources(photoshop_resources(payload))
            continue
        if marker == 0xFE:
            comments.append(payload.rstrip(b"\0"))  # libexiv2 ends it like a C string
            continue
        if marker == 0xE2 and payload.startswith(b"MPF\0"):
            # Further pictures behind the first are found by their distance from here (CIPA
            # DC-007, Individual Image Data Offset): it must not have changed.
            yield "MPF", hashlib.sha256(data[at:]).digest()
        yield marker, hashlib.sha256(payload).digest()
    yield from (resources, comments)  # wherever among the segments they stood


def _foreign_resources(every: Iterable[tuple[int, bytes, bytes]]) -> list[object]:
    return [each for each in every if each[0] not in (0x0404, 0x0425)]  # IPTC and its checksum


def _png_rest(data: bytes) -> Iterator[object]:
    at = 8
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        keyword = body.partition(b"\0")[0]
        text = kind in (b"tEXt", b"zTXt", b"iTXt")
        if text and keyword == b"Raw profile type iptc":
            yield from _foreign_resources(photoshop_resources(_raw_profile(kind, body), 0))
        elif kind != b"eXIf" and not (text and keyword in _PNG_METADATA):
            yield kind, hashlib.sha256(body).digest()
        at += 12 + size
    yield data[at:]


def _raw_profile(kind: bytes, body: bytes) -> bytes:
    """Return a block as ImageMagick keeps it in a PNG: its name, its size, and its bytes in
    hexadecimal, a line each or more, often compressed."""
    try:
        text = body.partition(b"\0")[2]
        plain = zlib.decompress(text[1:]) if kind == b"zTXt" else text
        return bytes.fromhex(b"".join(plain.split(b"\n")[3:]).decode("ascii"))
    except (zlib.error, ValueError) as error:
        raise NotFaithfulError(f"a block of metadata that cannot be read ({error})") from error


def _webp_rest(data: bytes) -> Iterator[object]:
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind not in (b"VP8X", b"EXIF", b"XMP "):
            yield kind, hashlib.sha256(data[at + 8 : at + 8 + size]).digest()
        at += 8 + size + size % 2


def _pixels(data: bytes) -> Iterator[object]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            for frame in ImageSequence.Iterator(image):
                yield frame.mode, frame.size, hashlib.sha256(frame.tobytes()).digest()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotFaithfulError(f"the picture, which cannot be decoded ({error})") from error
