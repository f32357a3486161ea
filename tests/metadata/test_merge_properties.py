"""For any content, any wish and any other program's edits in between: what a merge may do."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from packets import DESCRIBED, TAGS, WORDS

from landmark_desktop.metadata.fields import IIM, XMP, Content, Field, Item, Kind
from landmark_desktop.metadata.hierarchy import join
from landmark_desktop.metadata.merge import merge
from landmark_desktop.metadata.merge_items import key
from landmark_desktop.metadata.record import NOTHING, Record
from landmark_desktop.metadata.want import Want

FIELDS = (*XMP, *IIM)
SETS = [field for field in FIELDS if field.form != "Text" and field.kind is not Kind.MARK]
quickly = settings(max_examples=150, deadline=None)


def items(field: Field) -> st.SearchStrategy[tuple[Item, ...]]:
    if field.kind in (Kind.SHOWN, Kind.CREATED):
        one: st.SearchStrategy[Item] = WORDS.map(lambda w: (("Iptc4xmpExt:City", w),))
    elif field.separator:
        one = TAGS.map(lambda levels: join(levels, field.separator))
    else:
        one = WORDS
    return st.lists(one, max_size=1 if field.form == "Text" else 3).map(tuple)


CONTENTS = st.fixed_dictionaries({}, optional={f.name: items(f) for f in FIELDS}).map(
    lambda content: {name: found for name, found in content.items() if found}
)
WANTS = st.builds(Want, DESCRIBED, st.lists(TAGS, max_size=1).map(tuple))


@quickly
@given(CONTENTS, WANTS, WANTS, CONTENTS)
def test_again_changes_nothing(present: Content, one: Want, two: Want, beneath: Content) -> None:
    first = merge(present, NOTHING, one, FIELDS, beneath)
    second = merge(first.content, first.record, two, FIELDS, beneath)
    third = merge(second.content, second.record, two, FIELDS, beneath)
    assert third == second
    assert Record.from_json(second.record.to_json()) == second.record


@quickly
@given(CONTENTS, st.lists(DESCRIBED, max_size=3), CONTENTS)
def test_nothing_of_others_is_ever_taken_away(
    present: Content, wishes: list[object], beneath: Content
) -> None:
    content, record = present, NOTHING
    for wish in wishes:
        merged = merge(content, record, Want(wish), FIELDS, beneath)  # type: ignore[arg-type]
        content, record = merged.content, merged.record
        for name, found in present.items():
            assert not Counter(found) - Counter(content.get(name, ())), name
    last = merge(content, record, Want(), FIELDS, beneath)
    assert last.content == present
    assert last.record == NOTHING


@quickly
@given(CONTENTS, DESCRIBED, st.integers(0, 2**32))
def test_what_another_program_takes_away_stays_away(
    present: Content, wish: object, seed: int
) -> None:
    want, chance = Want(wish), random.Random(seed)  # type: ignore[arg-type]
    first = merge(present, NOTHING, want, FIELDS)
    edited = {
        name: tuple(item for item in found if chance.random() < 0.6)
        for name, found in first.content.items()
    }
    content, record = edited, first.record
    for _ in range(2):
        merged = merge(content, record, want, FIELDS)
        content, record = merged.content, merged.record
        for field in SETS:
            left = {key(item, field) for item in edited.get(field.name, ())}
            before = {key(item, field) for item in first.content.get(field.name, ())}
            now = {key(item, field) for item in content.get(field.name, ())}
            assert not now & (before - left), field.name
    taken = sum(len(first.content[name]) - len(found) for name, found in edited.items())
    assert taken or not merged.conflicts or merged.conflicts == first.conflicts
