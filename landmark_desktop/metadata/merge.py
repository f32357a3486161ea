"""The three-way merge: what a file holds, what we wrote last time, what we want now. Pure.

For each keyword, tag or place, in each field by itself:

=======  =========  ======  =============================================================
in file  in record  wanted  what happens
=======  =========  ======  =============================================================
no       no         yes     added, and ours from now on
yes      no         yes     left as it is; remembered as found, never ours to take away
yes      ours       yes     left as it is
yes      ours       no      removed
yes      no         no      another program's: kept
no       yes        yes     another program took it away: not put back, reported
no       yes        no      forgotten
=======  =========  ======  =============================================================

Fields with one value (city, country, position) are merged as groups: where another program's
value stands in one of them, none of the group is written and it is reported, for half of each
would be a place that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from landmark_desktop.metadata.fields import Content, Field, Item, Kind
from landmark_desktop.metadata.hierarchy import Tag, fold_tag, tag
from landmark_desktop.metadata.mapping import as_fields, cleaned
from landmark_desktop.metadata.merge_groups import merge_group
from landmark_desktop.metadata.merge_items import merge_marks, merge_places
from landmark_desktop.metadata.merge_tags import merge_tags
from landmark_desktop.metadata.record import NOTHING, Record
from landmark_desktop.metadata.want import Merged, Part, Sources, Want


def merge(
    present: Content | None,
    record: Record,
    want: Want,
    fields: Sequence[Field],
    beneath: Content | None = None,
) -> Merged:
    """Merge into a file that holds ``present``; ``None``: there is no file.

    ``beneath``: what the photo under a sidecar says itself; its values count as another
    program's. A file that is gone says nothing about single keywords: all is written anew.
    """
    described = cleaned(want.described)
    sources = Sources(
        present or {},
        record if present is not None else NOTHING,
        as_fields(described, fields),
        beneath or {},
        want.overrule,
    )
    removed = [levels for levels in map(tag, want.removed) if levels]
    parts: list[Part] = []
    for kind in (Kind.KEYWORDS, Kind.PATHS):
        some = [field for field in fields if field.kind is kind]
        parts += merge_tags(some, fields, sources, described.tags, removed)
    for field in fields:
        if field.kind in (Kind.SHOWN, Kind.CREATED):
            parts.append(merge_places(field, sources))
        elif field.kind is Kind.MARK:
            parts.append(merge_marks(field, sources))
    for kind in (Kind.LEGACY, Kind.POSITION):
        parts.append(merge_group([field for field in fields if field.kind is kind], sources))
    return Merged(
        _filled([sources.present, *(part.content for part in parts)]),
        Record(
            _filled(part.written for part in parts),
            _filled(part.found for part in parts),
            frozenset[str]().union(*(part.introduced for part in parts)),
            _filled(part.repeated for part in parts),
            frozenset[str]().union(*(part.begun for part in parts)),
            (sources.record.removed | set(map(folded, removed))) - set(map(folded, described.tags)),
        ),
        tuple(conflict for part in parts for conflict in part.conflicts),
    )


def folded(levels: Tag) -> str:
    """Return a tag as the record remembers it."""
    return "\n".join(fold_tag(levels))


def _filled(entries: Iterable[Mapping[str, tuple[Item, ...]]]) -> Content:
    together: dict[str, tuple[Item, ...]] = {}
    for each in entries:
        together |= each
    return {name: items for name, items in together.items() if items}
