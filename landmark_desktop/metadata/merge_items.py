"""Merging one field of many items, each by itself. Pure; the table is in ``merge``."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from landmark_desktop.metadata.fields import Content, Field, Item, Kind
from landmark_desktop.metadata.hierarchy import fold, fold_tag, split
from landmark_desktop.metadata.want import Conflict, Part, Reason, Sources


def key(item: Item, field: Field) -> str:
    """Return what two spellings of one item have in common, in all fields of one kind."""
    if not isinstance(item, str):
        return "\n".join(f"{name}={text}" for name, text in item)
    if field.separator:
        return "\n".join(fold_tag(split(item, field.separator)))
    return fold(item)


def keys(content: Content, field: Field) -> set[str]:
    """Return the keys of what ``content`` has for the field."""
    return {key(item, field) for item in content.get(field.name, ())}


def merge_items(
    field: Field,
    sources: Sources,
    *,
    repeated: Sequence[Item] = (),
    let_go: Collection[str] = (),
    gone: Collection[str] = (),
    quiet: Collection[str] = (),
) -> Part:
    """Settle one field.

    ``repeated``: to be there beside what is wanted. ``let_go``: keys of ours that are
    another's from now on. ``gone``: keys that go, whosoever they are. ``quiet``: keys whose
    removal by another program needs no report.
    """
    wanted = {key(item, field): item for item in sources.wanted.get(field.name, ())}
    extra = {key(item, field): item for item in repeated}
    present = sources.present.get(field.name, ())
    mine = keys(sources.record.written, field) - set(let_go)
    known = mine | keys(sources.record.found, field)
    have = keys(sources.present, field)
    kept = [item for item in present if _stays(key(item, field), wanted | extra, mine, gone)]
    written: list[Item] = []
    found: list[Item] = []
    conflicts: list[Conflict] = []
    for each, item in (wanted | {k: v for k, v in extra.items() if k not in wanted}).items():
        if each in have:
            (written if each in mine else found).append(item)
        elif each in known and field.name not in sources.overrule:
            (written if each in mine else found).append(item)
            if each in wanted and each not in quiet:
                conflicts.append(Conflict(field.name, Reason.REMOVED_ELSEWHERE, item))
        else:
            kept.append(item)
            written.append(item)
    return Part(
        {field.name: tuple(kept)},
        {field.name: tuple(written)},
        {field.name: tuple(found)},
        tuple(conflicts),
    )


def _stays(
    each: str, wanted: Collection[str], mine: Collection[str], gone: Collection[str]
) -> bool:
    return each in wanted or (each not in mine and each not in gone)


def merge_places(field: Field, sources: Sources) -> Part:
    """Settle a field of places. The camera stood in one place (IPTC Photo Metadata Standard,
    LocationCreated), so another program's word for it counts; places shown can be many."""
    wanted = sources.wanted.get(field.name, ())
    if field.kind is Kind.CREATED and wanted:
        mine = (*sources.record.written.get(field.name, ()), *wanted)
        others = tuple(item for item in sources.present.get(field.name, ()) if item not in mine)
        others += tuple(i for i in sources.beneath.get(field.name, ()) if i not in wanted)
        if others and field.name not in sources.overrule:
            kept = tuple(i for i in sources.present.get(field.name, ()) if i in others)
            clash = Conflict(field.name, Reason.OTHER_VALUE, wanted[0], others)
            return Part({field.name: kept}, {}, {}, (clash,))
        if others:
            return Part({field.name: wanted}, {field.name: wanted}, {})
    return merge_items(field, sources)


def merge_marks(field: Field, sources: Sources) -> Part:
    """Settle our own namespace: it says what we want it to say, whoever took it away."""
    ours = sources.record.written.get(field.name, ())
    wanted = sources.wanted.get(field.name, ())
    present = sources.present.get(field.name, ())
    kept = [item for item in present if item in wanted or item not in ours]
    kept += [item for item in wanted if item not in kept]
    return Part({field.name: tuple(kept)}, {field.name: wanted}, {})
