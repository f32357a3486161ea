"""Asks, off the main thread, what place and time say of the photos on show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Runner

if TYPE_CHECKING:
    from landmark_desktop.actions.evidence import Told

_LANE = "evidence"
_AT_ONCE = 32
_STILL_MS = 80  # who answers faster than that is not waiting for evidence
_MOST_KEPT = 4000


class Witness(QObject):
    """Remembers what it was told until something changes. The newest wish goes first."""

    told = Signal(object)  # ids of photos of which something is known now
    failed = Signal(object)  # what was raised

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self._known: dict[int, Told | None] = {}
        self._fresh: set[int] = set()
        self._wanted: list[int] = []
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

    def of(self, photo_id: int) -> Told | None:
        """Return what was told of a photo last; ``None`` for nothing, or not yet."""
        return self._known.get(photo_id)

    def ask(self, ids: Sequence[int]) -> None:
        """Find out about these, the first ones first, instead of what was wanted before."""
        self._wanted = [i for i in ids[:_MOST_KEPT] if i not in self._fresh]
        if self._wanted:
            self._still.start()

    def forget(self) -> None:
        """Ask anew from now on: an answer changes what is known of the photos around it."""
        self._fresh.clear()
        self._round += 1

    def close(self) -> None:
        """Ask nothing more."""
        self._still.stop()
        self._wanted = []

    def _go_on(self) -> None:
        if self._asking or not self._wanted:
            return
        part, self._wanted = self._wanted[:_AT_ONCE], self._wanted[_AT_ONCE:]
        asked, self._asking = self._round, True

        def weigh() -> dict[int, Told]:
            from landmark_desktop.actions import evidence  # numpy: not while the window opens

            return evidence.told(self._workspace, part)

        self._runner.call(
            _LANE, weigh, lambda found: self._on_told(asked, part, found), self._on_failed
        )

    def _on_told(self, asked: int, part: list[int], found: dict[int, Told]) -> None:
        self._asking = False
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
            self._fresh.clear()
        self._known.update({i: found.get(i) for i in part})
        if asked == self._round:
            self._fresh.update(part)
        self._go_on()
        self.told.emit(tuple(part))

    def _on_failed(self, error: BaseException) -> None:
        self._asking, self._wanted = False, []
        self.failed.emit(error)
