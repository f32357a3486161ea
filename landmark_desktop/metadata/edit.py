"""Change our fields in a packet's text, and nothing else of it.

Additions go to the end: of the array, of the ``rdf:Description`` that knows the namespace, of
``rdf:RDF``; each with the white space in front of it that a removal takes away again, so that
adding and removing leaves the text as it was, to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from landmark_desktop.metadata.fields import BY_NAME, NAMESPACES, Content, Item
from landmark_desktop.metadata.packet import RDF, Element, Packet, PacketError, replaced
from landmark_desktop.metadata.rdf import LI, Property, content, descriptions, full_name, properties

_TOOLKIT = 'x:xmptk="Landmark Desktop"'
_EMPTY = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/" {_TOOLKIT}>\n'
    f' <rdf:RDF xmlns:rdf="{RDF}">\n </rdf:RDF>\n</x:xmpmeta>'
)
NEW_SIDECAR = f'<?xml version="1.0" encoding="UTF-8"?>\n{_EMPTY}\n'.encode()
NEW_PACKET = (
    f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{_EMPTY}\n<?xpacket end="w"?>'
).encode()
"""The wrapper (XMP Specification Part 1, section 7) is for packets inside other files."""


def rewritten(packet: Packet, wanted: Content) -> Packet:
    """Return the packet with our fields holding what ``wanted`` says; the rest is untouched."""
    present = content(packet)
    for name in sorted(present.keys() | wanted.keys(), key=list(BY_NAME).index):
        old, new = present.get(name, ()), wanted.get(name, ())
        if old != new:
            packet = _add(packet, name, _less(new, old))
            packet = _remove(packet, name, _less(old, new))
    return packet


def is_ours_and_empty(packet: Packet) -> bool:
    """Whether we began the packet and no property of any kind is left in it."""
    nothing = all(_property_count(each) == 0 for each in packet.rdf.children)
    return nothing and _TOOLKIT.encode() in packet.data


def _less(these: Sequence[Item], those: Sequence[Item]) -> list[Item]:
    """Return these without those, each as often as it stands there."""
    left = list(these)
    for item in those:
        if item in left:
            left.remove(item)
    return left


def _splice(packet: Packet, start: int, end: int, text: str) -> Packet:
    return replaced(packet, packet.data[:start] + text.encode() + packet.data[end:])


def _add(packet: Packet, name: str, items: Sequence[Item]) -> Packet:
    if not items:
        return packet
    while void := next(filter(Property.says_nothing, properties(packet, full_name(name))), None):
        packet = _cut(packet, void)
    places = list(properties(packet, full_name(name)))
    if BY_NAME[name].form == "Text" or not places:
        return _add_property(packet, name, items)
    place = places[0]
    if (array := place.array()) is not None:
        prefix = array.qname.rpartition(":")[0]
        lines = [_li(item, prefix, array.scope) for item in items]
        last = array.children[-1] if array.children else None
        blank = _blank_before(packet, last) if last else ""
        return _insert(packet, array, "".join(blank + line for line in lines))
    old = [item for item, _ in place.items() if isinstance(item, str)]
    if not old or (place.element is not None and place.element.attributes):
        raise PacketError(f"{name} is written in an unusual form")
    return _add_property(_cut(packet, place), name, [item for item in old if item] + list(items))


def _add_property(packet: Packet, name: str, items: Sequence[Item]) -> Packet:
    uri = NAMESPACES[name.partition(":")[0]]
    homes = [each for each in descriptions(packet) if uri in each.scope.values()]
    homes = [each for each in homes if each.end != each.opened]
    if homes:
        return _insert(packet, homes[-1], "\n   " + _property(name, items, homes[-1].scope))
    prefix = packet.rdf.qname.rpartition(":")[0]
    about = next((each.get(f"{{{RDF}}}about") for each in descriptions(packet)), None) or ""
    written = name.partition(":")[0]
    scope = {**packet.rdf.scope, written: uri}
    return _insert(
        packet,
        packet.rdf,
        f'\n  <{prefix}:Description {prefix}:about="{escape(about, {chr(34): "&quot;"})}"'
        f' xmlns:{written}="{uri}">\n   {_property(name, items, scope)}\n  </{prefix}:Description>',
    )


def _insert(packet: Packet, element: Element, text: str) -> Packet:
    """Put ``text`` behind the last child."""
    if element.end == element.opened:  # <a/>
        return _splice(packet, element.opened - 2, element.end, f">{text}</{element.qname}>")
    at = element.children[-1].end if element.children else element.opened
    return _splice(packet, at, at, text)


def _remove(packet: Packet, name: str, items: Sequence[Item]) -> Packet:
    for item in items:
        place, li = next(
            (place, li)
            for place in properties(packet, full_name(name))
            for value, li in place.items()
            if value == item
        )
        array = place.array()
        alone = array is None or len([each for each in array.children if each.name == LI]) == 1
        packet = _cut(packet, place) if alone or li is None else _cut_element(packet, li)
    return packet


def _cut(packet: Packet, place: Property) -> Packet:
    """Take a property out, and the Description that held nothing else."""
    if _property_count(place.description) == 1:
        return _cut_element(packet, place.description)
    if place.element is not None:
        return _cut_element(packet, place.element)
    assert place.attribute is not None
    return _splice(packet, place.attribute.start, place.attribute.end, "")


def _cut_element(packet: Packet, element: Element) -> Packet:
    return _splice(packet, element.start - len(_blank_before(packet, element)), element.end, "")


def _blank_before(packet: Packet, element: Element) -> str:
    before = packet.data[: element.start]
    return before[len(before.rstrip(b" \t\r\n")) :].decode()


def _property_count(description: Element) -> int:
    syntax = (f"{{{RDF}}}about", f"{{{RDF}}}ID", f"{{{RDF}}}nodeID")
    attributes = [
        each
        for each in description.attributes
        if each.name not in syntax and each.name != "xmlns" and not each.name.startswith("{?xmlns}")
    ]
    return len(attributes) + len(description.children)


def _property(name: str, items: Sequence[Item], scope: Mapping[str, str]) -> str:
    """Return a whole property; it declares what prefixes are not known where it will stand."""
    qname, declared, scope = _named(name, scope)
    form = BY_NAME[name].form
    if form == "Text":
        return f"<{qname}{declared}>{escape(str(items[0]))}</{qname}>"
    rdf, rdf_declared, scope = _named("rdf:RDF", scope)
    rdf = rdf.partition(":")[0]
    lines = "".join(f"\n     {_li(item, rdf, scope)}" for item in items)
    return (
        f"<{qname}{declared}{rdf_declared}>\n    <{rdf}:{form}>{lines}\n    </{rdf}:{form}>"
        f"\n   </{qname}>"
    )


def _li(item: Item, rdf: str, scope: Mapping[str, str]) -> str:
    if isinstance(item, str):
        return f"<{rdf}:li>{escape(item)}</{rdf}:li>"
    members = "".join(
        f"\n      {_member(base, list(parts), rdf, scope)}"
        for base, parts in groupby(item, lambda pair: pair[0].partition("@")[0].partition("[")[0])
    )
    return f'<{rdf}:li {rdf}:parseType="Resource">{members}\n     </{rdf}:li>'


def _member(base: str, parts: list[tuple[str, str]], rdf: str, scope: Mapping[str, str]) -> str:
    """Return one field of a structure: text, an Alt of languages, or a Bag."""
    qname, declared, _ = _named(base, scope)
    if parts[0][0] == base:
        return f"<{qname}{declared}>{escape(parts[0][1])}</{qname}>"
    form = "Alt" if "@" in parts[0][0] else "Bag"
    lines = ""
    for key, text in parts:
        language = f' xml:lang="{key.partition("@")[2]}"' if form == "Alt" else ""
        lines += f"<{rdf}:li{language}>{escape(text)}</{rdf}:li>"
    return f"<{qname}{declared}><{rdf}:{form}>{lines}</{rdf}:{form}></{qname}>"


def _named(name: str, scope: Mapping[str, str]) -> tuple[str, str, Mapping[str, str]]:
    """Return a name under the prefix that is in scope, or with a declaration to add."""
    prefix, _, local = name.partition(":")
    uri = RDF if prefix == "rdf" else NAMESPACES[prefix]
    known = next((each for each, meaning in scope.items() if meaning == uri), None)
    if known is not None:
        return f"{known}:{local}", "", scope
    return f"{prefix}:{local}", f' xmlns:{prefix}="{uri}"', {**scope, prefix: uri}
