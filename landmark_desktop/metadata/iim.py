"""IPTC's old binary block (IIM 4.2), which some programs still read: text, limits, changes.

It is written only where a file has it already (MWG Guidelines 2.0): a new one would give
the file two truths that most programs keep in step badly.
"""

from __future__ import annotations

import exiv2

from landmark_desktop.metadata.fields import IIM, Content, Item
from landmark_desktop.metadata.libexiv2 import Blocks

_CHARSET = "Iptc.Envelope.CharacterSet"
_UTF8 = b"\x1b%G"  # IIM 4.2, 1:90; ISO 2022's escape for UTF-8


def content(blocks: Blocks) -> Content:
    """Return what it says in our fields. Bytes of an unnamed encoding are read as UTF-8, or,
    where they are none, as Windows-1252, which the programs of its time wrote."""
    names = {field.name for field in IIM}
    found: dict[str, tuple[Item, ...]] = {}
    for key, value in blocks.iim:
        if key in names and (text := _text(value)).strip():
            found[key] = (*found.get(key, ()), text)
    return found


def takes(blocks: Blocks) -> bool:
    """Whether the file has the block, in a text encoding that takes any letter.

    An unnamed encoding can be named UTF-8 where all that stands there is UTF-8 already; else
    nothing can be added without garbling what is there, and XMP alone is written.
    """
    if not blocks.iim:
        return False
    named = dict(blocks.iim).get(_CHARSET)
    if named is not None:
        return named == _UTF8
    return all(_is_utf8(value) for key, value in blocks.iim if ".Application2." in key)


def change(image: exiv2.Image, old: Content, new: Content) -> None:
    """Change our fields in an opened image from ``old`` to ``new``."""
    data = image.iptcData()
    touched = False
    for field in IIM:
        before, after = list(old.get(field.name, ())), list(new.get(field.name, ()))
        for item in [each for each in before if each not in after]:
            _erase(data, field.name, str(item))
            touched = True
        if field.form == "Text" and after and not before:
            _erase(data, field.name)  # a blank one says nothing, and takes the only place
        for item in [each for each in after if each not in before]:
            data.add(exiv2.IptcKey(field.name), exiv2.StringValue(str(item)))
            touched = True
    if touched and data.findKey(exiv2.IptcKey(_CHARSET)) == data.end():
        data[_CHARSET] = _UTF8.decode()


def _erase(data: exiv2.IptcData, key: str, text: str | None = None) -> None:
    at = data.begin()
    while at != data.end():
        held = _text(at.toString().encode("utf-8", "surrogateescape"))
        if at.key() == key and text in (None, held):
            data.erase(at)
            return
        next(at)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
