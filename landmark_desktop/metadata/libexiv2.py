"""The one door to libexiv2, whose XMP layer is not thread-safe: all calls hold one lock."""

from __future__ import annotations

import hashlib
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

_LONG = 64 * 1024
"""Bytes of a value beyond which its digest stands for it. A TIFF's layers are hundreds of
megabytes in one tag, of which libexiv2 makes four letters a byte, three megabytes a second."""


@dataclass(frozen=True)
class Blocks:
    """A photo's metadata as they stand in the file.

    ``exif``: (key, text, or the digest of a long value) in order. ``iim``: (key, bytes) likewise,
    in an encoding that only ``Iptc.Envelope.CharacterSet`` may tell. ``packet``: the XMP, raw.
    ``resources``: Photoshop's, of a TIFF.
    """

    mime: str
    exif: tuple[tuple[str, str], ...] = ()
    iim: tuple[tuple[str, bytes], ...] = ()
    packet: bytes = b""
    thumbnail: bytes = b""
    icc: bytes = b""
    comment: str = ""
    resources: bytes = b""


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
    texts = tuple((datum.key(), _text(datum)) for datum in exif)
    resources = b""
    # Its own rendering of what it understood is not what stands there.
    image.writeXmpFromPacket(True)
    packet = _raw(image.xmpPacket())
    if image.mimeType() == "image/tiff":  # it keeps no packet, but shows the tag itself
        packet = _value_of(exif, "Exif.Image.XMLPacket")
        resources = _value_of(exif, "Exif.Image.ImageResources")
    return Blocks(
        image.mimeType(),
        texts,
        tuple((datum.key(), _raw(datum.toString())) for datum in image.iptcData()),
        packet,
        _bytes(exiv2.ExifThumbC(exif).copy()),
        _bytes(image.iccProfile()),
        _raw(image.comment()).decode("latin-1"),
        resources,
    )


def is_too_large(error: Exception) -> bool:
    """Whether ``error`` says that a block of metadata does not fit into its segment."""
    too_large = exiv2.ErrorCode.kerTooLargeJpegSegment
    return isinstance(error, exiv2.Exiv2Error) and error.code == too_large


def tiff_of(exif: object) -> bytes:
    """Return what Pillow calls a picture's Exif as libexiv2 opens it: without its head."""
    return exif.removeprefix(b"Exif\0\0") if isinstance(exif, bytes) else b""


def content(image: exiv2.Image) -> bytes:
    """Return the whole file of an image that was opened from bytes, as it is now."""
    stream = image.io()
    stream.open()
    try:
        return bytes(stream.mmap())
    finally:
        stream.munmap()
        stream.close()


def _text(datum: exiv2.Exifdatum) -> str:
    value = datum.value()
    if isinstance(value, exiv2.DataValue) and value.size() > _LONG:
        return hashlib.blake2b(value.data(), digest_size=20).hexdigest()
    return str(datum.toString())


def _value_of(exif: exiv2.ExifData, key: str) -> bytes:
    """Return the bytes of a value, or what it is spelt as where it is no plain bytes."""
    at = exif.findKey(exiv2.ExifKey(key))
    if at == exif.end():
        return b""
    value = at.value()
    return bytes(value.data()) if isinstance(value, exiv2.DataValue) else _raw(at.toString())


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _bytes(buffer: exiv2.DataBuf) -> bytes:
    return bytes(buffer.data())
