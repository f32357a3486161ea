"""Merging all fields of plain keywords, or all of hierarchical ones. Pure.

Immich takes the first that is there of ``digiKam:TagsList``, ``lr:hierarchicalSubject`` and
keywords (docs.immich.app, XMP Sidecars); digiKam goes by an order of its own, its TagsList
first; both take a sidecar's field for the photo's. A field begun with our tags alone would hide
everybody else's. So a field that no other program has begun repeats what the others hold. The
repetitions are ours to take away, until another program writes to that field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from landmark_desktop.metadata.fields import Field, Item, Kind
from landmark_desktop.metadata.hierarchy import (
    Tag,
    flat_keywords,
    fold,
    fold_tag,
    join,
    split,
    tag,
    unique,
)
from landmark_desktop.metadata.mapping import cut
from landmark_desktop.metadata.merge_items import key, keys, merge_items
from landmark_desktop.metadata.want import Part, Sources


def merge_tags(
    fields: Sequence[Field], every: Sequence[Field], sources: Sources,
    tags: Sequence[Tag], removed: Sequence[Tag],
) -> list[Part]:  # fmt: skip
    """Settle the ``fields`` of one kind, of ``every`` in use.

    ``tags``: those wanted, cleaned. ``removed``: those that a person took away. A keyword that
    no field had before us leaves every field, those too into which others copied it.
    """
    kind = fields[0].kind.name
    there = set[str]().union(
        *(keys(content, each) for each in fields for content in (sources.present, sources.beneath))
    )
    wanted = set[str]().union(*(keys(sources.wanted, each) for each in fields))
    before = _introduced(kind, sources)
    flat_away = _introduced("KEYWORDS", sources) - set(map(fold, flat_keywords(tags)))
    never = sources.record.removed - {"\n".join(fold_tag(each)) for each in tags}
    flat_away |= _words_taken_away(tags, [*removed, *(tuple(each.split("\n")) for each in never)])
    introduced = {each for each in wanted if each in before or each not in there}
    gone = before - wanted
    # Where another program keeps last levels only, a missing country is no loss to report.
    above = {fold(level) for levels in tags for level in levels[:-1]}
    quiet = above - {fold(levels[-1]) for levels in tags} if kind == "KEYWORDS" else set[str]()
    parts = [Part({}, {}, {}, introduced=frozenset(f"{kind}:{each}" for each in introduced))]
    for field in fields:
        asked = keys(sources.wanted, field)
        away = (gone | _taken_away(field, tags, removed)) - asked
        others = _others(field, every, sources, away | never, flat_away)
        mine = keys(sources.record.written, field)
        begun_by_others = not keys(sources.present, field) <= mine
        known = (*sources.record.written, *sources.record.found)
        ours = field.name in sources.record.begun or field.name not in known
        repeats = asked and ours and not begun_by_others and not field.removal_only
        # Of a field that another program has begun since, what we repeated there is its own now.
        let_go = keys(sources.record.repeated, field) & others.keys() if begun_by_others else set()
        part = merge_items(
            field,
            sources,
            repeated=tuple(others.values()) if repeats else (),
            let_go=let_go - asked,
            gone=away,
            quiet=quiet,
        )
        written = part.written[field.name]
        repeated = tuple(item for item in written if key(item, field) not in asked)
        begun = frozenset([field.name] if repeats else [])
        parts.append(replace(part, repeated={field.name: repeated}, begun=begun))
    return parts


def _introduced(kind: str, sources: Sources) -> set[str]:
    every = sources.record.introduced
    return {each.partition(":")[2] for each in every if each.startswith(f"{kind}:")}


def _words_taken_away(tags: Sequence[Tag], removed: Iterable[Tag]) -> set[str]:
    return {fold(each[-1]) for each in removed} - set(map(fold, flat_keywords(tags)))


def _taken_away(field: Field, tags: Sequence[Tag], removed: Iterable[Tag]) -> set[str]:
    if field.kind is Kind.PATHS:
        return {"\n".join(fold_tag(each)) for each in removed}
    return {fold(cut(word, field.limit)) for word in _words_taken_away(tags, removed)}


def _others(
    field: Field, every: Sequence[Field], sources: Sources, away: set[str], flat_away: set[str]
) -> dict[str, Item]:
    """Return what other programs have in the other fields, as this field would spell it.

    ``away``, ``flat_away``: keys of this kind, and of plain keywords, that are on their way out.
    """
    found: list[Tag] = []
    for each in sorted(every, key=lambda each: each.kind is Kind.KEYWORDS):
        if each.kind is Kind.KEYWORDS or (each.kind is Kind.PATHS and each.kind is field.kind):
            mine = keys(sources.record.written, each)
            leaving = flat_away if each.kind is Kind.KEYWORDS else away
            here = sources.present.get(each.name, ()) if each is not field else ()
            items = [item for item in here if key(item, each) not in mine]
            for item in (*items, *sources.beneath.get(each.name, ())):
                if isinstance(item, str) and key(item, each) not in leaving:
                    found.append(split(item, each.separator) if each.separator else tag([item]))
    if field.kind is Kind.PATHS:
        covered = {
            fold(level)
            for levels in (*found, *_tags(field, sources))
            if len(levels) > 1
            for level in levels
        }
        found = [each for each in found if len(each) > 1 or fold("".join(each)) not in covered]
    spelt: dict[str, Item] = {}
    for levels in unique(filter(None, found)):
        item = join(levels, field.separator) if field.separator else cut(levels[-1], field.limit)
        spelt[key(item, field)] = item
    return spelt


def _tags(field: Field, sources: Sources) -> list[Tag]:
    items = sources.wanted.get(field.name, ())
    return [split(item, field.separator) for item in items if isinstance(item, str)]
