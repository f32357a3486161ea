"""The one door to libexiv2, whose XMP layer is not thread-safe: all calls hold one lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import exiv2

exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)  # it complains of harmless details on stderr

_one_at_a_time = threading.Lock()

ERRORS = (exiv2.Exiv2Error, UnicodeError, TypeError, ValueError, MemoryError)
"""What it raises at files that are damaged or that it does not know."""


@dataclass(frozen=True)
class Blocks:
    """A photo's metadata as they stand in the file.

    ``exif``: (key, text) in order. ``iim``: (key, bytes) likewise, in an encoding that only
    ``Iptc.Envelope.CharacterSet`` may tell. ``packet``: the XMP, raw.
    """

    mime: str
    exif: tuple[tuple[str, str], ...] = ()
    iim: tuple[tuple[str, bytes], ...] = ()
    packet: bytes = b""
    thumbnail: bytes = b""
    icc: bytes = b""
    comment: str = ""


@contextmanager
def opened(source: Path | bytes) -> Iterator[exiv2.Image]:
    """Give the file or its content, its metadata read, to one thread at a time."""
    with _one_at_a_time:
        # A copy of the content: writing TIFF changes the very bytes that it was given.
        copy = bytes(memoryview(source)) if isinstance(source, bytes) else str(source)
        image = exiv2.ImageFactory.open(copy)
        image.readMetadata()
        yield image


def blocks(image: exiv2.Image) -> Blocks:
    """Return what an ``opened`` image holds."""
    exif = image.exifData()
    texts = tuple((datum.key(), datum.toString()) for datum in exif)
    # Its own rendering of what it understood is not what stands there.
    image.writeXmpFromPacket(True)
    packet = _raw(image.xmpPacket())
    if image.mimeType() == "image/tiff":  # it keeps no packet, but shows the tag itself
        numbers = dict(texts).get("Exif.Image.XMLPacket", "").split()
        packet = bytes(int(number) & 0xFF for number in numbers)
    return Blocks(
        image.mimeType(),
        texts,
        tuple((datum.key(), _raw(datum.toString())) for datum in image.iptcData()),
        packet,
        _bytes(exiv2.ExifThumbC(exif).copy()),
        _bytes(image.iccProfile()),
        _raw(image.comment()).decode("latin-1"),
    )


def content(image: exiv2.Image) -> bytes:
    """Return the whole file of an image that was opened from bytes, as it is now."""
    stream = image.io()
    stream.open()
    try:
        return bytes(stream.mmap())
    finally:
        stream.munmap()
        stream.close()


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _bytes(buffer: exiv2.DataBuf) -> bytes:
    return bytes(buffer.data())
