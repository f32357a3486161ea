"""What a write would change, would not, or could not, in a person's words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from landmark_desktop.actions.write import FilePreview
from landmark_desktop.metadata.described import METHOD_GUESS, Position
from landmark_desktop.metadata.fields import BY_NAME, Item, Kind
from landmark_desktop.metadata.gps import from_exif, from_xmp
from landmark_desktop.metadata.hierarchy import split
from landmark_desktop.metadata.troubles import Trouble
from landmark_desktop.metadata.want import Conflict, Reason
from landmark_desktop.metadata.write import Change

_TITLES = {
    "Iptc4xmpCore:Location": "Quarter",
    "photoshop:City": "City",
    "photoshop:State": "Region",
    "photoshop:Country": "Country",
    "Iptc4xmpCore:CountryCode": "Country code",
    "Iptc.Application2.SubLocation": "Quarter",
    "Iptc.Application2.City": "City",
    "Iptc.Application2.ProvinceState": "Region",
    "Iptc.Application2.CountryName": "Country",
    "Iptc.Application2.CountryCode": "Country code",
}
_OF_KINDS = {
    Kind.KEYWORDS: "Keywords",
    Kind.PATHS: "Tags",
    Kind.SHOWN: "Place shown",
    Kind.CREATED: "Place of the camera",
    Kind.LEGACY: "Place",
    Kind.POSITION: "Position",
    Kind.MARK: "Marked as guesses",
}
_OURS = "Ours takes the place of what another program did."
_LEVELS = " › "
_PARTS = ("LocationName", "Sublocation", "City", "ProvinceState", "CountryName", "CountryCode",
          "WorldRegion")  # fmt: skip
_PLACES = (Kind.SHOWN, Kind.CREATED, Kind.LEGACY)
_WHY: dict[str, tuple[str, str]] = {  # of one photo, of several
    Trouble.READ_ONLY: ("is in a folder that cannot be written, or is write-protected",
                        "are in folders that cannot be written, or are write-protected"),
    Trouble.GONE: ("is no longer where it was", "are no longer where they were"),
    Trouble.DISK_FULL: ("found no room on its disk", "found no room on their disk"),
    Trouble.CHANGED: ("was changed by another program meanwhile",
                      "were changed by other programs meanwhile"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that changes. ``fields``: the standards' names of the fields that say it."""

    title: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Dispute:
    """What another program has made otherwise, and a person may decide on as a whole.

    ``sentences``: one for each value. ``fields``: what to overrule for ours to be written.
    ``ours``: whether that is decided.
    """

    title: str
    sentences: tuple[str, ...]
    fields: frozenset[str]
    ours: bool


def lines(changes: Iterable[Change]) -> list[Line]:
    """Return what changes, fields that say the same thing together."""
    found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    position: list[Change] = []
    for change in changes:
        if BY_NAME[change.field].kind is Kind.POSITION:
            position.append(change)
            continue
        old, new = (_texts(change.field, items) for items in (change.old, change.new))
        added = tuple(text for text in new if text not in old)
        removed = tuple(text for text in old if text not in new)
        if added or removed:  # not where only the order is another
            found.setdefault((title(change.field), added, removed), []).append(change.field)
    told = [Line(*what, tuple(names)) for what, names in found.items()]
    return [*told, _position(position)] if position else told


def disputes(preview: FilePreview, overruled: Iterable[str] = ()) -> list[Dispute]:
    """Return what another program has otherwise, by what a person decides on together.

    ``overruled``: the fields in which they have decided for ours.
    """
    told: dict[Kind, dict[str, None]] = {}
    fields: dict[Kind, set[str]] = {}
    for each in preview.conflicts:
        kind = BY_NAME[each.field].kind
        fields.setdefault(kind, set()).add(each.field)
        told.setdefault(kind, {})[_sentence(each)] = None
    changing = {BY_NAME[change.field].kind for change in preview.changes}
    for name in overruled:
        if (kind := BY_NAME[name].kind) in changing:
            fields.setdefault(kind, set()).add(name)
    return [
        Dispute(of_kind, tuple(told.get(kind, (_OURS,))), frozenset(fields[kind]), kind not in told)
        for kind, of_kind in _OF_KINDS.items() if kind in fields
    ]  # fmt: skip


def in_short(previews: Sequence[FilePreview]) -> str:
    """Return what would become of one photo's files, for a line of a list."""
    if not previews:
        return "Nothing to write: it is in the file already"
    if any(preview.problem for preview in previews):
        return "Cannot be written"
    every = lines(change for preview in previews for change in preview.changes)
    of_tags = [line for line in every if line.title in ("Tags", "Keywords")]
    tags = max(of_tags, key=lambda line: line.title, default=None)  # levels, where there are any
    parts = []
    if tags is not None:
        parts += [f"+{len(tags.added)}"] if tags.added else []
        parts += [f"\u2212{len(tags.removed)}"] if tags.removed else []
        parts[-1] += " tag" if len(tags.added or tags.removed) == 1 else " tags"
    if any(BY_NAME[name].kind in _PLACES for line in every for name in line.fields):
        parts.append("place")
    if any(BY_NAME[name].kind is Kind.POSITION for line in every for name in line.fields):
        parts.append("position")
    told = ", ".join(parts) or ("notes on guesses" if every else "")
    disputed = any(preview.conflicts for preview in previews)
    said = ", ".join(filter(None, [told, "conflict" if disputed else ""]))
    return said[:1].upper() + said[1:]


def not_written(counts: Mapping[str, int]) -> str:
    """Return a sentence for photos that could not be written; ``counts`` by reason."""
    total = sum(counts.values())
    if not total:
        return ""
    photos = "1 photo" if total == 1 else f"{total:,} photos"
    known = _WHY.get(next(iter(counts))) if len(counts) == 1 else None
    if known is not None:
        what = f"{photos} {known[total > 1]}."
    else:
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in counts.items())
        what = f"The tags of {photos} could not be written ({reasons})."
    return f"{what} {'Its' if total == 1 else 'Their'} tags are kept in the library."


def title(name: str) -> str:
    """Return what a field is about."""
    return _TITLES.get(name) or _OF_KINDS[BY_NAME[name].kind]


def _position(changes: Sequence[Change]) -> Line:
    """Return the one line that the fields of a position make."""
    old, new = (
        {each.field: str(items[0]) for each in changes if (items := getattr(each, side))}
        for side in ("old", "new")
    )
    before, after = (from_exif(fields) or from_xmp(fields) for fields in (old, new))
    names = tuple(each.field for each in changes)
    return Line(
        "Position",
        (_degrees(after),) if after else tuple(new.values()),
        (_degrees(before),) if before else tuple(old.values()),
        names,
    )


def _degrees(position: Position) -> str:
    north, east = "N" if position.latitude >= 0 else "S", "E" if position.longitude >= 0 else "W"
    guess = " (a guess)" if position.method == METHOD_GUESS else ""
    latitude, longitude = abs(position.latitude), abs(position.longitude)
    return f"{latitude:.5f}° {north}, {longitude:.5f}° {east}{guess}"


def _texts(name: str, items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(_text(name, item) for item in items)


def _text(name: str, item: Item) -> str:
    separator = BY_NAME[name].separator
    if isinstance(item, str):
        return _LEVELS.join(split(item, separator)) if separator else item
    # A place: its parts are plain enough without their names; an identifier by its last part.
    parts = [text for part in _PARTS for key, text in item if part in key]
    numbers = [text.rpartition("/")[2] for key, text in item if "LocationId" in key]
    return ", ".join(parts) + (f" ({', '.join(numbers)})" if numbers else "")


def _sentence(conflict: Conflict) -> str:
    if BY_NAME[conflict.field].kind is Kind.POSITION:
        if conflict.reason is Reason.REMOVED_ELSEWHERE:
            return "Another program has removed the position. It is not put back."
        return "The file has another position already. It is left as it is."
    ours = _text(conflict.field, conflict.ours)
    if conflict.reason is Reason.REMOVED_ELSEWHERE:
        return f"Another program has removed “{ours}”. It is not put back."
    theirs = ", ".join(_texts(conflict.field, conflict.theirs))
    if not ours:
        return f"Another program has written “{theirs}”, we have nothing. It is left as it is."
    return f"Another program has written “{theirs}”, we have “{ours}”. Theirs is left as it is."
