"""Asks, off the main thread, what a write would change in the files of the photos on show."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.asker import Asker
from landmark_desktop.gui.runner import Runner

if TYPE_CHECKING:
    from landmark_desktop.actions.folder_listing import Listing
    from landmark_desktop.actions.write import FilePreview

_AT_ONCE = 8  # some milliseconds each: who scrolls on does not wait for more than these
_STILL_MS = 60


class Previews(Asker):
    """Tells the files of each photo, a tuple of ``FilePreview``.

    ``overrule``: what the person decided on conflicts, by photo (``actions.write.Overrule``).
    """

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(runner, parent, lane="previews", at_once=_AT_ONCE, still_ms=_STILL_MS)
        self._workspace = workspace
        self.overrule: dict[int, frozenset[str]] = {}
        self._listings: dict[Path, Listing] = {}

    def decide(self, photo_id: int, fields: frozenset[str], *, ours: bool) -> None:
        """Have these fields of a photo be ours, or left to the other program."""
        before = self.overrule.get(photo_id, frozenset())
        after = before | fields if ours else before - fields
        self.overrule[photo_id] = after
        if not after:
            del self.overrule[photo_id]
        self.forget([photo_id])

    def forget(self, ids: Collection[int] | None = None) -> None:
        """Ask anew about these photos, or all; until then what was told stays on show."""
        self._listings = {}
        super().forget(ids)

    def look(self, part: list[int]) -> Callable[[], dict[int, tuple[FilePreview, ...]]]:
        """Return what reads the files of these photos and merges."""
        theirs = {i: self.overrule[i] for i in part if i in self.overrule}
        listings = self._listings  # one call at a time adds to it

        def preview() -> dict[int, tuple[FilePreview, ...]]:
            from landmark_desktop.actions import write  # exiv2: not while the window opens

            found = write.preview(self._workspace, part, overrule=theirs, listings=listings)
            return {i: tuple(each for each in found if each.photo_id == i) for i in part}

        return preview
