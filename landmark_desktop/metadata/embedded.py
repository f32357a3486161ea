"""Metadata inside a photo: read all our fields, and make a new file that holds others.

JPEG, PNG, TIFF and WebP. All happens in memory: a photo on disk is replaced as a whole, by its
checked successor, or not at all.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace
from pathlib import Path

import exiv2
from PIL import Image, UnidentifiedImageError

import training.photo  # noqa: F401 - teaches Pillow HEIF
from landmark_desktop.metadata import (
    edit,
    exif_append,
    faithful,
    iim,
    iim_digest,
    libexiv2,
    packet,
    rdf,
)
from landmark_desktop.metadata.fields import (
    EXIF_POSITION,
    IIM,
    MARK,
    XMP,
    XMP_POSITION,
    Content,
    Field,
    Item,
    regardless_of_order,
)
from landmark_desktop.metadata.libexiv2 import Blocks
from landmark_desktop.metadata.troubles import USE_SIDECAR, MetadataError, Trouble

WRITABLE = frozenset({"image/jpeg", "image/png", "image/tiff", "image/webp"})
LARGEST = 512 * 1024 * 1024
"""Files beyond this are not held in memory twice: sidecars serve them."""

_METHOD = "Exif.GPSInfo.GPSProcessingMethod"
_VERSION = "Exif.GPSInfo.GPSVersionID"
# In a file, the position belongs into Exif (MWG Guidelines 2.0). What stands in XMP all
# the same is seen, so that ours does not contradict it.
_FIELDS = (
    *(f for f in XMP if f not in XMP_POSITION and f != MARK),
    *(replace(field, removal_only=True) for field in XMP_POSITION),
    MARK,
    *EXIF_POSITION,
)


def read(source: Path | bytes, path: Path) -> tuple[Blocks, Content]:
    """Return a photo's metadata, and what they say in our fields.

    Raises ``MetadataError`` where they are damaged, ``OSError`` where the file cannot be read.
    """
    if isinstance(source, Path):
        source.open("rb").close()  # libexiv2 tells a missing file and a damaged one alike
    try:
        with libexiv2.opened(source) as image:
            blocks = libexiv2.blocks(image)
        if blocks.mime in ("image/heic", "image/heif", "image/avif"):
            blocks = _of_heif(source, blocks)
        xmp = rdf.content(packet.parse(blocks.packet)) if blocks.packet.strip(b"\0 ") else {}
    except exiv2.Exiv2Error as error:
        if error.code == exiv2.ErrorCode.kerFileContainsUnknownImageType:
            return Blocks(""), {}  # photos without a place for metadata
        raise _damaged(path, error) from error
    except (*libexiv2.ERRORS, packet.PacketError) as error:
        raise _damaged(path, error) from error
    return blocks, {**xmp, **_exif(blocks), **iim.content(blocks)}


def fields_of(blocks: Blocks) -> tuple[Field, ...]:
    """Return the fields to write in a photo: IPTC's old block only where it has one."""
    return (*_FIELDS, *(IIM if iim.takes(blocks) else ()))


def rewritten(data: bytes, blocks: Blocks, old: Content, new: Content, path: Path) -> bytes:
    """Return the photo ``data`` with ``new`` in our fields. Raises ``MetadataError``."""
    if blocks.mime not in WRITABLE:
        raise MetadataError(
            Trouble.UNSUPPORTED, path, f"Metadata cannot be written into {path.name}.",
            "Files of its kind cannot be changed safely.", USE_SIDECAR,
        )  # fmt: skip
    _refuse_what_cannot_be_kept(data, path)
    try:
        before = packet.parse(blocks.packet or edit.NEW_PACKET)
        after = edit.rewritten(before, {f.name: new[f.name] for f in XMP if f.name in new})
        raw = b"" if edit.is_ours_and_empty(after) else after.to_bytes()
        with libexiv2.opened(data) as image:
            if raw:
                image.setXmpPacket(raw.decode())
            else:
                image.clearXmpPacket()
            image.writeXmpFromPacket(True)
            exif = _exif_changes(old, new)
            if (kept := exif_append.exif_of(data) if data[:2] == b"\xff\xd8" else None) is None:
                _change_exif(image, exif)
            iim.change(image, old, new)
            expected = tuple((datum.key(), _raw(datum.toString())) for datum in image.iptcData())
            image.writeMetadata()
            made = libexiv2.content(image)
        if kept is not None:
            made = exif_append.with_exif(
                made, exif_append.with_position(kept, exif) if exif else kept
            )  # fmt: skip
        made = iim_digest.renewed(data, made)
        checked, held = read(made, path)
        if checked.packet != raw or regardless_of_order(held) != regardless_of_order(new):
            raise faithful.NotFaithfulError("what was to be written")
        faithful.check(data, made, blocks, checked, expected)
    except faithful.NotFaithfulError as error:
        raise MetadataError(
            Trouble.NOT_FAITHFUL, path, f"Nothing was written into {path.name}.",
            f"Writing would have changed {error}.", USE_SIDECAR,
        ) from error  # fmt: skip
    except (*libexiv2.ERRORS, packet.PacketError) as error:
        if isinstance(error, exif_append.NoRoomError) or libexiv2.is_too_large(error):
            raise MetadataError(
                Trouble.TOO_LARGE, path, f"Nothing was written into {path.name}.",
                "There is no room for more metadata in a file of its kind.", USE_SIDECAR,
            ) from error  # fmt: skip
        raise MetadataError(
            Trouble.DAMAGED, path, f"Nothing was written into {path.name}.",
            f"Its metadata are damaged or in an unknown form ({_words(error)}).", USE_SIDECAR,
        ) from error  # fmt: skip
    return made


def _exif(blocks: Blocks) -> Content:
    names = {field.name for field in EXIF_POSITION}
    found: dict[str, tuple[Item, ...]] = {}
    for key, text in blocks.exif:
        if key in names and (plain := _plain(key, text)):
            found[key] = (plain,)
    return found


def _plain(key: str, text: str) -> str:
    """Return the text without libexiv2's note of its encoding."""
    if key == _METHOD and text.startswith("charset="):
        text = text.partition(" ")[2]
    return text.strip("\0 ")


def _exif_changes(old: Content, new: Content) -> dict[str, str | None]:
    changed = {}
    for field in EXIF_POSITION:
        before, after = old.get(field.name), new.get(field.name)
        if before != after:
            changed[field.name] = None if after is None else str(after[0])
    return changed


def _change_exif(image: exiv2.Image, changes: dict[str, str | None]) -> None:
    """Have libexiv2 change Exif, outside JPEG: see ``exif_append``."""
    data = image.exifData()
    for name, text in changes.items():
        if text is None:
            data.erase(data.findKey(exiv2.ExifKey(name)))
            continue
        if name == _METHOD:
            text = f"charset={'Ascii' if text.isascii() else 'Unicode'} {text}"
        data[name] = text
        if data.findKey(exiv2.ExifKey(_VERSION)) == data.end():
            data[_VERSION] = "2 3 0 0"  # required beside the others (Exif 2.32, GPSVersionID)


def _refuse_what_cannot_be_kept(data: bytes, path: Path) -> None:
    """libexiv2 does not know XMP that goes on in further segments (XMP Part 3, JPEG)."""
    if data.startswith(b"\xff\xd8"):
        blocks = [body for marker, body, _ in faithful.jpeg_segments(data) if marker == 0xE1]
        far = any(body.startswith(b"http://ns.adobe.com/xmp/extension/\0") for body in blocks)
        if far or sum(body.startswith(b"Exif\0\0") for body in blocks) > 1:
            raise MetadataError(
                Trouble.UNSUPPORTED, path, f"Metadata cannot be written into {path.name}.",
                "Its metadata are spread over several blocks.", USE_SIDECAR,
            )  # fmt: skip


def _of_heif(source: Path | bytes, blocks: Blocks) -> Blocks:
    """Return what libexiv2 does not see of a HEIF file: the XMP as it stands there, of which it
    shows its own rendering only, and Exif in the places that exiftool gives it in some."""
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            xmp, tiff = image.info.get("xmp"), libexiv2.tiff_of(image.info.get("exif"))
    except UnidentifiedImageError:  # a codec that is not here
        return replace(blocks, packet=b"")
    exif = blocks.exif
    if tiff and not exif:
        with contextlib.suppress(*libexiv2.ERRORS), libexiv2.opened(tiff) as opened:
            exif = libexiv2.blocks(opened).exif
    return replace(blocks, packet=xmp if isinstance(xmp, bytes) else b"", exif=exif)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _damaged(path: Path, error: Exception) -> MetadataError:
    return MetadataError(
        Trouble.DAMAGED, path, f"The metadata in {path.name} cannot be read.",
        f"They are damaged or in an unknown form ({_words(error)}).", USE_SIDECAR,
    )  # fmt: skip


def _words(error: Exception) -> str:
    return str(error.args[-1]) if error.args else type(error).__name__
