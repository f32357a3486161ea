"""An XMP packet as a tree whose every node knows its bytes, so that edits touch nothing else.

libexiv2 reads XMP into flat keys and writes it anew from them: comments, prefixes, the order of
properties and what its keys cannot express (qualifiers of structures) change or go, and two
files that give one prefix two meanings break each other (Exiv2 issues 2549, 9417). So the text
itself is edited where our fields stand, found by expat's byte positions.

XMP Specification Part 1 (ISO 16684-1:2019), section 7, says which RDF/XML may occur, and how a
packet is wrapped.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"

_START_TAG = re.compile(rb"""<[^\s/>]+((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*/?>""")
_ATTRIBUTE = re.compile(rb"""\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*')""")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_DEEPEST = 100
"""Levels of elements, many times what XMP needs: who reads them goes down by calling itself."""

# exiftool writes one namespace without the end that Windows and libexiv2 give it.
_SAME = {"http://ns.microsoft.com/photo/1.0": "http://ns.microsoft.com/photo/1.0/"}


class PacketError(ValueError):
    """It is no XMP, or in a form that XMP does not allow."""


@dataclass(frozen=True)
class Attribute:
    """``name`` is "{namespace}local"; ``start`` lies before the white space in front of it."""

    name: str
    value: str
    start: int
    end: int


@dataclass
class Element:
    """``start`` to ``opened``: start tag; ``closing`` to ``end``: end tag (empty in ``<a/>``)."""

    name: str
    qname: str
    scope: Mapping[str, str]
    start: int
    opened: int
    attributes: tuple[Attribute, ...]
    closing: int = 0
    end: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """Return an attribute's value by its full name."""
        return next((each.value for each in self.attributes if each.name == name), None)

    def walk(self) -> Iterator[Element]:
        """Yield the element and all below it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)


@dataclass(frozen=True)
class Packet:
    """``data``: UTF-8. ``before``, ``encoding``, ``after``: what ``to_bytes`` puts back."""

    data: bytes
    rdf: Element
    before: bytes
    encoding: str
    after: bytes

    def to_bytes(self) -> bytes:
        """Return the file's bytes, in the encoding it came in."""
        if self.encoding == "utf-8":
            return self.before + self.data + self.after
        text = self.data.decode().encode(self.encoding, "xmlcharrefreplace")
        return self.before + text + self.after


def is_blank(content: bytes) -> bool:
    """Whether there is no text at all, as in files that a crash of another program leaves."""
    return not content.strip(b"\0 \t\r\n" + codecs.BOM_UTF8 + codecs.BOM_UTF16)


def parse(content: bytes) -> Packet:
    """Read a sidecar or an embedded packet. Raises ``PacketError``."""
    before, encoding = next(
        (found for found in _MARKS if content.startswith(found[0])), (b"", "utf-8")
    )
    text = content[len(before) :]
    if not before and (declared := _DECLARED.match(text)):
        encoding = declared[1].decode().lower().replace("utf8", "utf-8")
    if encoding == "utf-8":
        stripped = text.rstrip(b"\0")  # some writers end it like a C string
        return Packet(stripped, _tree(stripped), before, encoding, text[len(stripped) :])
    try:
        data = text.decode(encoding).encode()
    except (LookupError, UnicodeError) as error:
        raise PacketError(f"its text encoding cannot be read: {error}") from error
    return Packet(data, _tree(data), before, encoding, b"")


def replaced(packet: Packet, data: bytes) -> Packet:
    """Return the packet with new text."""
    return Packet(data, _tree(data), packet.before, packet.encoding, packet.after)


def _tree(data: bytes) -> Element:
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.buffer_text = True
    roots: list[Element] = []
    open_elements: list[Element] = []

    def start(qname: str, pairs: list[str]) -> None:
        at = parser.CurrentByteIndex
        if len(open_elements) >= _DEEPEST:
            raise PacketError("its elements lie too deep within each other")
        around = open_elements[-1].scope if open_elements else {"xml": XML}
        values = list(zip(pairs[::2], pairs[1::2], strict=True))
        news = {
            name[6:]: _SAME.get(value, value) for name, value in values if name.startswith("xmlns:")
        }
        scope = {**around, **news} if news else around
        matched = _START_TAG.match(data, at)
        if matched is None:
            raise PacketError("a tag is in an unknown form")
        spans = [found.span() for found in _ATTRIBUTE.finditer(data, *matched.span(1))]
        attributes = tuple(
            Attribute(_full(name, scope), value, *span)
            for (name, value), span in zip(values, spans, strict=True)
        )
        element = Element(_full(qname, scope), qname, scope, at, matched.end(), attributes)
        (open_elements[-1].children if open_elements else roots).append(element)
        open_elements.append(element)

    def end(_qname: str) -> None:
        element = open_elements.pop()
        element.closing = parser.CurrentByteIndex
        empty = data[element.opened - 2 : element.opened] == b"/>"
        element.end = element.opened if empty else data.index(b">", element.closing) + 1

    def characters(text: str) -> None:
        open_elements[-1].text += text

    def doctype(*_: object) -> None:
        raise PacketError("it has a document type, which XMP has not")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise PacketError(f"it is not well-formed XML: {error}") from error
    for element in roots[0].walk():
        if element.name == f"{{{RDF}}}RDF":
            return element
    raise PacketError("it holds no RDF")


def _full(name: str, scope: Mapping[str, str]) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{scope.get(prefix, '?' + prefix)}}}{local}" if colon else name
