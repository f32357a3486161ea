"""Asks, off the main thread, what a write would change in the files of the photos on show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Runner

if TYPE_CHECKING:
    from landmark_desktop.actions.folder_listing import Listing
    from landmark_desktop.actions.write import FilePreview

_LANE = "previews"
_AT_ONCE = 8  # some milliseconds each: who scrolls on does not wait for more than these
_STILL_MS = 60
_MOST_KEPT = 4000


class Previews(QObject):
    """Remembers what it was told until that is forgotten. The newest wish goes first.

    ``overrule``: what the person decided on conflicts, by photo (``actions.write.Overrule``).
    """

    told = Signal(object)  # ids of photos of which something is known now
    failed = Signal(object)  # what was raised

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self.overrule: dict[int, frozenset[str]] = {}
        self._known: dict[int, tuple[FilePreview, ...]] = {}
        self._stale: set[int] = set()
        self._wanted: list[int] = []
        self._listings: dict[Path, Listing] = {}
        self._asking = False
        self._round = 0
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        """Whether anything is being asked, or about to be."""
        return self._asking or self._still.isActive()

    def of(self, photo_id: int) -> tuple[FilePreview, ...] | None:
        """Return what was told of a photo last; ``None``: nothing yet."""
        return self._known.get(photo_id)

    def ask(self, ids: Sequence[int]) -> None:
        """Find out about these, the first ones first, instead of what was wanted before."""
        self._wanted = [i for i in ids if i not in self._known or i in self._stale]
        if self._wanted:
            self._still.start()

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
        self._round += 1
        self._listings = {}
        self._stale.update(self._known if ids is None else ids)

    def close(self) -> None:
        """Ask nothing more."""
        self._still.stop()
        self._wanted = []

    def _go_on(self) -> None:
        if self._asking or not self._wanted:
            return
        part, self._wanted = self._wanted[:_AT_ONCE], self._wanted[_AT_ONCE:]
        asked, self._asking, overrule = self._round, True, dict(self.overrule)
        theirs = {i: overrule[i] for i in part if i in overrule}
        listings = self._listings  # one call at a time adds to it

        def look() -> list[FilePreview]:
            from landmark_desktop.actions import write  # exiv2: not while the window opens

            return write.preview(self._workspace, part, overrule=theirs, listings=listings)

        self._runner.call(
            _LANE, look, lambda found: self._on_told(asked, part, found), self._on_failed
        )

    def _on_told(self, asked: int, part: list[int], found: list[FilePreview]) -> None:
        self._asking = False
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
            self._stale.clear()
        for photo_id in part:
            self._known[photo_id] = tuple(each for each in found if each.photo_id == photo_id)
        if asked == self._round:
            self._stale -= set(part)
        else:
            self._wanted = [*(i for i in part if i in self._stale), *self._wanted]
        self._go_on()
        self.told.emit(tuple(part))

    def _on_failed(self, error: BaseException) -> None:
        self._asking, self._wanted = False, []
        self.failed.emit(error)
