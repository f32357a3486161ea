"""What we have put into a file, kept by the caller: without it nothing of ours can be told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from landmark_desktop.metadata.fields import Content, Item
from landmark_desktop.metadata.hierarchy import Tag, fold_tag


@dataclass(frozen=True)
class Record:
    """The state of one file after our last write. Equal records are equal values.

    ``written``: what we added, by field; it alone is ever taken away again. ``repeated``: what
    of it repeats another program's tags of other fields (``merge_tags``). ``begun``: fields that
    no program had before us. ``removed``: tags that a person took away, not to be repeated from
    the photo under a sidecar. ``found``: what was
    wanted and already there, another program's; known so that it is not put back when that
    program takes it away. ``introduced``: keywords and tags (their kind, a colon, and they
    themselves, folded and joined by a line end) that no field had before us: taken back, they
    leave every field, also those into which another program copied them since.
    """

    written: Content = field(default_factory=dict)
    found: Content = field(default_factory=dict)
    introduced: frozenset[str] = frozenset()
    repeated: Content = field(default_factory=dict)
    begun: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    def has_introduced(self, levels: Tag) -> bool:
        """Whether a tag, as reading gives it, is in the file because of us alone."""
        text = "\n".join(fold_tag(levels))
        kinds = ("PATHS", "KEYWORDS") if len(levels) == 1 else ("PATHS",)
        return any(f"{kind}:{text}" in self.introduced for kind in kinds)

    def to_json(self) -> str:
        """Return it as one line of text, the same for equal records."""
        entries = {
            "written": {name: list(items) for name, items in sorted(self.written.items())},
            "found": {name: list(items) for name, items in sorted(self.found.items())},
            "introduced": sorted(self.introduced),
            "repeated": {name: list(items) for name, items in sorted(self.repeated.items())},
            "begun": sorted(self.begun),
            "removed": sorted(self.removed),
        }
        return json.dumps(entries, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Record:
        """Read ``to_json``'s text. Raises ``ValueError`` where it is none."""
        try:
            entries = json.loads(text)
            return Record(
                _content(entries["written"]),
                _content(entries["found"]),
                frozenset(entries["introduced"]),
                _content(entries["repeated"]),
                frozenset(entries["begun"]),
                frozenset(entries["removed"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a record of written metadata: {error!r}") from error


NOTHING = Record()


def _content(entries: Mapping[str, list[object]]) -> Content:
    return {name: tuple(_item(each) for each in items) for name, items in entries.items()}


def _item(entry: object) -> Item:
    if isinstance(entry, list):
        return tuple((str(key), str(text)) for key, text in entry)
    return str(entry)
