"""Read our fields out of a packet's tree, in whichever of XMP's forms they are written.

XMP Specification Part 1, section 7: simple values as elements or attributes, structures by
``rdf:parseType="Resource"``, a nested ``rdf:Description`` or attributes, arrays as Bag, Seq and
Alt, qualifiers by ``rdf:value``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landmark_desktop.metadata.fields import NAMESPACES, XMP, Content, Item
from landmark_desktop.metadata.packet import RDF, XML, Attribute, Element, Packet

LI = f"{{{RDF}}}li"
_ARRAYS = {f"{{{RDF}}}{form}" for form in ("Bag", "Seq", "Alt")}
_DESCRIPTION = f"{{{RDF}}}Description"
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}


@dataclass(frozen=True)
class Property:
    """One place where a property is written: an element or an attribute of ``description``."""

    description: Element
    element: Element | None = None
    attribute: Attribute | None = None

    def array(self) -> Element | None:
        """Return its Bag, Seq or Alt, if it has one."""
        return _array(self.element) if self.element else None

    def says_nothing(self) -> bool:
        """Whether all its values are blank: programs leave such where a person typed nothing."""
        return all(map(is_blank, (item for item, _ in self.items())))

    def items(self) -> list[tuple[Item, Element | None]]:
        """Return its values, with the ``rdf:li`` that each is written in."""
        if self.element is None:
            return [(self.attribute.value, None)] if self.attribute else []
        if (array := self.array()) is not None:
            return [(value(each), each) for each in array.children if each.name == LI]
        return [(value(self.element), None)]


def full_name(name: str) -> str:
    """Return "{namespace}local" for one of our fields, like "dc:subject"."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def descriptions(packet: Packet) -> list[Element]:
    """Return the elements that hold the top-level properties."""
    return [child for child in packet.rdf.children if child.name == _DESCRIPTION]


def properties(packet: Packet, name: str) -> Iterator[Property]:
    """Yield each place where the property "{namespace}local" is written."""
    for description in descriptions(packet):
        for attribute in description.attributes:
            if attribute.name == name:
                yield Property(description, attribute=attribute)
        for child in description.children:
            if child.name == name:
                yield Property(description, element=child)


def content(packet: Packet) -> Content:
    """Return what the packet holds in our fields. Empty ones say as little as absent ones."""
    found = {}
    for field in XMP:
        places = properties(packet, full_name(field.name))
        every = (item for place in places for item, _ in place.items())
        if items := tuple(item for item in every if not is_blank(item)):
            found[field.name] = items
    return found


def is_blank(item: Item) -> bool:
    """Whether an item is text without any letter; structures without any are such."""
    return isinstance(item, str) and not item.strip()


def value(element: Element) -> Item:
    """Return what an element says: text, or a structure flattened."""
    if (uri := element.get(f"{{{RDF}}}resource")) is not None:
        return uri
    members = {name: text for name, text in _members(element) if text.strip()}
    if f"{{{RDF}}}value" in members:  # qualified: its value counts
        return members[f"{{{RDF}}}value"]
    if members:
        return tuple(sorted((_short(name), text) for name, text in members.items()))
    return element.text


def _members(element: Element) -> Iterator[tuple[str, str]]:
    """Yield the fields of a structure as (path, text), however deep it goes."""
    for attribute in element.attributes:
        if not attribute.name.startswith((f"{{{RDF}}}", f"{{{XML}}}", "xmlns", "{?xmlns}")):
            yield attribute.name, attribute.value
    for child in element.children:
        if child.name == _DESCRIPTION:
            yield from _members(child)
            continue
        if (array := _array(child)) is None:
            inner = value(child)
            yield from _flat(child.name, inner)
            continue
        for number, each in enumerate(array.children, 1):
            language = each.get(f"{{{XML}}}lang")
            yield from _flat(
                f"{child.name}@{language}" if language else f"{child.name}[{number}]", value(each)
            )


def _flat(name: str, inner: Item) -> Iterator[tuple[str, str]]:
    if isinstance(inner, str):
        yield name, inner
    else:
        for below, text in inner:
            yield f"{name}/{below}", text


def _array(element: Element) -> Element | None:
    return next((child for child in element.children if child.name in _ARRAYS), None)


def _short(name: str) -> str:
    uri, _, local = name[1:].partition("}")
    return f"{_PREFIXES[uri]}:{local}" if uri in _PREFIXES else name
