"""For any sidecar and any changes: nothing foreign is touched, once is twice, undo is exact."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packets import WANTS, foreign, sidecars

from landmark_desktop.metadata import edit, packet, rdf
from landmark_desktop.metadata.fields import XMP, Content
from landmark_desktop.metadata.merge import merge
from landmark_desktop.metadata.record import NOTHING, Record
from landmark_desktop.metadata.snapshot import keep, restored
from landmark_desktop.metadata.want import Want

quickly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # fmt: skip


def step(data: bytes, record: Record, want: Want) -> tuple[bytes, Record]:
    """Merge into a sidecar's bytes as ``write.apply`` does."""
    read = packet.parse(data)
    merged = merge(rdf.content(read), record, want, XMP)
    return edit.rewritten(read, merged.content).to_bytes(), merged.record


def counted(data: bytes) -> dict[str, Counter[object]]:
    content: Content = rdf.content(packet.parse(data))
    return {name: Counter(items) for name, items in content.items()}


@quickly
@given(sidecars(), st.lists(WANTS, min_size=1, max_size=3))
def test_foreign_fields_survive_any_changes(data: bytes, wants: list[Want]) -> None:
    before, record, now = foreign(data), NOTHING, data
    for want in wants:
        now, record = step(now, record, want)
        assert foreign(now) == before


@quickly
@given(sidecars(), WANTS)
def test_merging_twice_is_merging_once(data: bytes, want: Want) -> None:
    once, record = step(data, NOTHING, want)
    twice, again = step(once, record, want)
    assert twice == once
    assert again == record
    assert Record.from_json(record.to_json()) == record


@quickly
@given(sidecars(), st.lists(WANTS, min_size=1, max_size=3))
def test_wanting_nothing_any_more_takes_all_of_ours_away(data: bytes, wants: list[Want]) -> None:
    now, record = data, NOTHING
    for want in wants:
        now, record = step(now, record, want)
    now, record = step(now, record, Want())
    assert counted(now) == counted(data)
    assert foreign(now) == foreign(data)
    assert record == NOTHING


@quickly
@given(sidecars(), st.lists(WANTS, min_size=1, max_size=3))
def test_undo_gives_every_byte_back(data: bytes, wants: list[Want]) -> None:
    now, record, kept = data, NOTHING, []
    for want in wants:
        new, record = step(now, record, want)
        kept.append(keep(now, new))
        now = new
    for payload in reversed(kept):
        now = restored(payload, now) or b""
    assert now == data


@pytest.mark.parametrize("junk", [b"", b"<a", b"<a/>", b"\xff\xfe\x00", b"<!DOCTYPE a><a/>", b"{}"])
def test_what_is_no_packet_is_refused(junk: bytes, tmp_path: Path) -> None:
    with pytest.raises(packet.PacketError):
        packet.parse(junk)


def test_adding_and_removing_leaves_the_text_to_the_byte() -> None:
    text = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n<rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="" >\n'
        "\t<dc:subject>\n<rdf:Bag>  <rdf:li>one</rdf:li>\n   <rdf:li>two</rdf:li></rdf:Bag>"
        "</dc:subject>\n  </rdf:Description>\n</rdf:RDF></x:xmpmeta>"
    )
    read = packet.parse(text.encode())
    more = edit.rewritten(
        read, {"dc:subject": ("one", "two", "three"), "photoshop:City": ("Rome",)}
    )  # fmt: skip
    assert b"<rdf:li>two</rdf:li>\n   <rdf:li>three</rdf:li></rdf:Bag>" in more.data
    assert edit.rewritten(more, {"dc:subject": ("one", "two")}).to_bytes() == text.encode()
