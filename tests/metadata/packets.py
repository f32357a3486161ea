"""Sidecars as other programs may have written them, drawn by hypothesis; what they mean."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from landmark_desktop.metadata.described import Described, Place, Position
from landmark_desktop.metadata.fields import NAMESPACES, XMP
from landmark_desktop.metadata.want import Want

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
OURS = {f"{{{NAMESPACES[f.name.split(':')[0]]}}}{f.name.split(':')[1]}" for f in XMP}
_SPACES = NAMESPACES | {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "darktable": "http://darktable.sf.net/",
    "odd": "urn:nobody:knows#",
}

WORDS = st.sampled_from(
    ["Paris", "paris", "France", "Eiffel Tower", "tower", "a|b", "AC/DC", "<&>\"'", "Élan",
     "👨‍👩‍👧", "שלום"]
)  # fmt: skip
TAGS = st.lists(WORDS, min_size=1, max_size=3).map(tuple)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)

FOREIGN = st.one_of(
    st.builds(lambda text: ("xmp:Rating", text, None), TEXT),
    st.builds(lambda text: ("odd:thing", None, f"<odd:thing>{escape(text)}</odd:thing>"), TEXT),
    st.builds(
        lambda one, two: ("dc:title", None, "<dc:title><rdf:Alt>"
        f'<rdf:li xml:lang="x-default">{escape(one)}</rdf:li>\n'
        f'<rdf:li xml:lang="fr-FR">{escape(two)}</rdf:li></rdf:Alt></dc:title>'),
        TEXT, TEXT,
    ),
    st.builds(
        lambda text: ("darktable:history", None, "<darktable:history><rdf:Seq><rdf:li\n"
        f' darktable:num="0" darktable:params={quoteattr(text)}/><rdf:li darktable:num="1"/>'
        "</rdf:Seq></darktable:history><!-- kept -->"),
        TEXT,
    ),
    st.builds(
        lambda text: ("odd:deep", None, '<odd:deep rdf:parseType="Resource"><odd:a '
        f"rdf:parseType='Resource'><odd:b>{escape(text)}</odd:b></odd:a><odd:c odd:q=\"1\"/>"
        "</odd:deep>"),
        TEXT,
    ),
)  # fmt: skip


def _array(name: str, form: str, items: list[str]) -> tuple[str, None, str]:
    lines = "".join(f"\n  <rdf:li>{escape(item)}</rdf:li>" for item in items)
    return name, None, f"<{name}>\n <rdf:{form}>{lines}\n </rdf:{form}>\n</{name}>"


ITEMS = st.lists(WORDS, max_size=4)
PATHS = st.lists(TAGS, max_size=3)
OUR_FIELDS = st.one_of(
    ITEMS.map(lambda items: _array("dc:subject", "Bag", items)),
    PATHS.map(lambda tags: _array("lr:hierarchicalSubject", "Bag", ["|".join(t) for t in tags])),
    PATHS.map(lambda tags: _array("digiKam:TagsList", "Seq", ["/".join(t) for t in tags])),
    WORDS.map(lambda word: ("photoshop:City", word, None)),
    WORDS.map(lambda w: ("photoshop:Country", None,
        f"<photoshop:Country>{escape(w)}</photoshop:Country>")),
    WORDS.map(lambda w: ("Iptc4xmpExt:LocationShown", None,
        "<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li>"
        f"<rdf:Description Iptc4xmpExt:City={quoteattr(w)}><odd:more>1</odd:more></rdf:Description>"
        "</rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>")),
)  # fmt: skip


@st.composite
def sidecars(draw: st.DrawFn) -> bytes:
    """Draw a sidecar: properties of several programs, each at most once, in any form."""
    drawn = draw(st.lists(st.one_of(FOREIGN, OUR_FIELDS), max_size=6, unique_by=lambda p: p[0]))
    blocks = []
    for part in draw(st.sampled_from([[drawn], [drawn[:2], drawn[2:]], [[p] for p in drawn]])):
        attributes = "".join(
            f"\n {name}={quoteattr(text)}" for name, text, _ in part if text is not None
        )
        inner = "\n".join(element for _, _, element in part if element)
        spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
        end = f">{inner}</rdf:Description>" if inner or draw(st.booleans()) else "/>"
        blocks.append(f'<rdf:Description rdf:about="" {spaces}{attributes}{end}')
    space = draw(st.sampled_from(["", "\n", "\r\n  "]))
    body = space.join(["", *blocks, ""])
    text = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF[1:-1]}">{body}</rdf:RDF>'
        "</x:xmpmeta>"
    )
    wrapper = draw(
        st.sampled_from(
            [
                "{}",
                '<?xml version="1.0"?>\n{}\n',
                '<?xpacket begin="\ufeff" id="x"?>{}\n   <?xpacket end="w"?>',
            ]
        )
    )
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    return wrapper.format(text).encode(encoding)  # fmt: skip


PLACES = st.builds(Place, name=WORDS, city=WORDS, country=WORDS, guessed=st.booleans())
DESCRIBED = st.builds(
    Described,
    st.lists(TAGS, max_size=3).map(tuple),
    st.none() | PLACES,
    st.none() | PLACES,
    st.none() | st.builds(Position, st.floats(-90, 90), st.floats(-180, 180), st.just("MANUAL")),
)
WANTS = st.builds(Want, DESCRIBED)


def foreign(data: bytes) -> list[str]:
    """Return what a sidecar says in properties that are not ours, by another parser's view."""
    root = ET.fromstring(data)
    found = []
    for description in root.iter(f"{RDF}Description"):
        for name, text in description.attrib.items():
            if name not in OURS and name != f"{RDF}about":
                found.append(f"{name}={text!r}")
        found += [_canonical(child) for child in description if child.tag not in OURS]
    return sorted(found)


def _canonical(element: ET.Element) -> str:
    inner = "".join(map(_canonical, element))
    return f"<{element.tag} {sorted(element.attrib.items())} {element.text!r}>{inner}</>"
