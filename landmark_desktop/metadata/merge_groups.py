"""Merging fields that say one thing together: a place in plain fields, a position. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from landmark_desktop.metadata.fields import Content, Field, Item
from landmark_desktop.metadata.hierarchy import fold
from landmark_desktop.metadata.want import Conflict, Part, Reason, Sources

_CODES = ("Iptc4xmpCore:CountryCode", "Iptc.Application2.CountryCode")
_COUNTRIES = ("photoshop:Country", "Iptc.Application2.CountryName")


def merge_group(fields: Sequence[Field], sources: Sources) -> Part:
    """Settle one group. What the photo says itself stands in for fields that a sidecar lacks.

    Ours are replaced and removed as wanted. One value of another program that we do not share,
    or one that it took away, and nothing of the group is written; unless a person overrules:
    then all of it is, and another program's values that we have none for go.
    """
    names = [field.name for field in fields]
    present, record, wanted = sources.present, sources.record, sources.wanted
    ours = {
        name: items
        for name in names
        if (items := present.get(name)) and items == record.written.get(name)
    }
    if not any(name in wanted for name in names):
        return Part(dict.fromkeys(ours, ()), {}, {})
    if not sources.overrule.isdisjoint(names):
        content = {name: wanted.get(name, ()) for name in names}
        return Part(content, content, {})
    others = {
        name: items
        for name in names
        if name not in ours and (items := present.get(name) or sources.beneath.get(name))
    }
    clashes = [
        Conflict(name, Reason.OTHER_VALUE, wanted.get(name, ("",))[0], items)
        for name, items in others.items()
        if not _same(items, wanted.get(name, ()))
        and not (name in _CODES and _in_one_country(others, wanted))
    ]
    # Another program took it away, or it changed what we found: remembered, so that it is not
    # put back the next time either.
    lost = {
        name: wanted[name][0]
        for name in names
        if name in wanted and name not in ours and name not in others
        and (name in record.written or name in record.found)
    }  # fmt: skip
    clashes += [Conflict(name, Reason.REMOVED_ELSEWHERE, item) for name, item in lost.items()]
    found = {name: items for name, items in others.items() if name in present}
    if clashes:
        kept = {name: record.written[name] for name in lost if name in record.written}
        missed = {name: record.found[name] for name in lost if name in record.found}
        return Part(ours, ours | kept, found | missed, tuple(clashes))
    mine = {name: wanted.get(name, ()) for name in names if name not in others}
    return Part(mine, mine, found)


def _in_one_country(others: Content, wanted: Content) -> bool:
    """Whether both name the same country: its code, of two letters or three, says no more then."""
    names = [name for name in _COUNTRIES if name in others]
    return bool(names) and all(_same(others[name], wanted.get(name, ())) for name in names)


def _same(these: Sequence[Item], those: Sequence[Item]) -> bool:
    return [fold(str(item)) for item in these] == [fold(str(item)) for item in those]
