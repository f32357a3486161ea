"""Tell whether a photo file is whole without decoding it, by how its format must end.

Decoding 12 megapixels takes a hundred times as long as reading the file's header. What
passes here and is damaged inside all the same is noticed when it is first decoded.
"""

from __future__ import annotations

_CUT_SHORT = "The file is cut short: a part of the picture is missing."


def why_broken(content: bytes) -> str | None:
    """Return why the file cannot be whole, or ``None`` where nothing speaks against it."""
    if content.startswith(b"\xff\xd8"):
        start = _jpeg_scan(content)
        # Entropy-coded data hold no FF D9 (ITU-T T.81, B.1.1.5), so one behind the start of
        # scan is the end of the image. More may follow it: phones append films.
        whole = start is not None and content.find(b"\xff\xd9", start) >= 0
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        whole = content.rfind(b"IEND") >= 0
    elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        whole = len(content) >= int.from_bytes(content[4:8], "little") + 8
    elif content[4:8] == b"ftyp":
        whole = _boxes_fit(content)
    else:
        whole = True
    return None if whole else _CUT_SHORT


def _jpeg_scan(content: bytes) -> int | None:
    """Return where the image's own first scan starts, past any embedded thumbnail."""
    at = 2
    while at + 4 <= len(content):
        marker = content[at + 1]
        if content[at] != 0xFF or marker in (0x00, 0xFF):
            at += 1  # fill bytes, and stray ones, which every decoder passes over
        elif marker == 0xDA:
            return at
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:  # markers without a length
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _boxes_fit(content: bytes) -> bool:
    """Whether every top-level box of a HEIF file ends within it (ISO/IEC 14496-12, 4.2)."""
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 0:  # to the end of the file
            return True
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size < 8:
            return True  # not a box: what follows is not for us to judge
        at += size
    return at <= len(content)
