"""Photoshop's checksum of the IPTC block in a JPEG, kept right where it was right.

MWG Guidelines for Handling Image Metadata 2.0: a wrong one tells readers that a program
without XMP changed the block last, and that the XMP is not to be believed.
"""

from __future__ import annotations

import hashlib

from landmark_desktop.metadata.faithful import jpeg_segments, photoshop_resources

_DIGEST = b"8BIM\x04\x25\0\0\0\0\0\x10"  # resource 0x0425, no name, 16 bytes


def renewed(old: bytes, new: bytes) -> bytes:
    """Return the photo ``new`` with a right checksum, if that of ``old`` was right."""
    stale, current = _stated(old), _stated(new)
    if stale is None or current is None or stale[0] != stale[1] or current[0] == current[1]:
        return new
    return new.replace(_DIGEST + current[0], _DIGEST + current[1], 1)


def _stated(data: bytes) -> tuple[bytes, bytes] | None:
    """Return the checksum that a JPEG states and the one that its block has."""
    if not data.startswith(b"\xff\xd8"):
        return None
    found = {
        number: content
        for marker, payload, _ in jpeg_segments(data)
        if marker == 0xED and payload.startswith(b"Photoshop 3.0\0")
        for number, _, content in photoshop_resources(payload)
    }
    if 0x0404 not in found or 0x0425 not in found:
        return None
    return found[0x0425], hashlib.md5(found[0x0404], usedforsecurity=False).digest()
