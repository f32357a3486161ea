"""What goes into a merge and what comes out of it. Plain data; ``merge`` has the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from landmark_desktop.metadata.described import Described
from landmark_desktop.metadata.fields import Content, Item
from landmark_desktop.metadata.hierarchy import Tag
from landmark_desktop.metadata.record import Record


class Reason(StrEnum):
    """Why something wanted was not written."""

    REMOVED_ELSEWHERE = "another program removed it"
    OTHER_VALUE = "another value is there already"


@dataclass(frozen=True)
class Conflict:
    """One thing not written. ``theirs``: what stands in the field instead."""

    field: str
    reason: Reason
    ours: Item
    theirs: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Want:
    """What the file is to say. ``removed``: tags that a person took away, whoever wrote them.

    ``overrule``: fields whose conflicts the person has decided in our favour.
    """

    described: Described = field(default_factory=Described)
    removed: tuple[Tag, ...] = ()
    overrule: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sources:
    """The three sides of a merge, and what the photo under a sidecar says itself."""

    present: Content
    record: Record
    wanted: Content
    beneath: Content
    overrule: frozenset[str]


@dataclass(frozen=True)
class Part:
    """The settled part of a merge: some fields' content, and what of it goes into the record."""

    content: Mapping[str, tuple[Item, ...]]
    written: Mapping[str, tuple[Item, ...]]
    found: Mapping[str, tuple[Item, ...]]
    conflicts: tuple[Conflict, ...] = ()
    introduced: frozenset[str] = frozenset()
    repeated: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Merged:
    """What our fields shall hold, the record to keep when that is written, what was not."""

    content: Content
    record: Record
    conflicts: tuple[Conflict, ...]
