"""Asks, off the main thread, what is to be known of the photos on show, and remembers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop.gui.runner import Runner

_MOST_KEPT = 4000


class Asker(QObject):
    """Remembers what it was told until that is forgotten. The newest wish goes first.

    Asks on ``lane`` about ``at_once`` photos at a time, and not before the wishes have been the
    same for ``still_ms``.
    """

    told = Signal(object)  # ids of photos of which something is known now
    failed = Signal(object)  # what was raised

    def __init__(
        self, runner: Runner, parent: QObject, *, lane: str, at_once: int, still_ms: int
    ) -> None:
        super().__init__(parent)
        self._runner, self._lane, self._at_once = runner, lane, at_once
        self._known: dict[int, Any] = {}
        self._stale: set[int] = set()
        self._wanted: list[int] = []
        self._asking = self._open = False
        self._round = 0
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(still_ms)
        self._still.timeout.connect(self._go_on)

    def look(self, part: list[int]) -> Callable[[], Mapping[int, Any]]:
        """Return what finds out about these photos: run on the lane, it gives its finds by id."""
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Whether anything is being asked, or about to be."""
        return self._asking or self._still.isActive()

    def of(self, photo_id: int) -> Any:
        """Return what was told of a photo last; ``None`` for nothing, or not yet."""
        return self._known.get(photo_id)

    def ask(self, ids: Sequence[int]) -> None:
        """Find out about these, the first ones first, instead of what was wanted before."""
        self._wanted = [
            i for i in ids[:_MOST_KEPT] if i not in self._known or i in self._stale
        ]  # fmt: skip
        self._open = True
        if self._wanted:
            self._still.start()

    def forget(self, ids: Collection[int] | None = None) -> None:
        """Ask anew about these photos, or all; until then what was told stays on show."""
        self._round += 1
        self._stale.update(self._known if ids is None else ids)

    def close(self) -> None:
        """Ask nothing more."""
        self._still.stop()
        self._open, self._wanted = False, []

    def _go_on(self) -> None:
        if self._asking or not self._wanted:
            return
        part, self._wanted = self._wanted[: self._at_once], self._wanted[self._at_once :]
        asked, self._asking = self._round, True
        self._runner.call(
            self._lane, self.look(part), lambda found: self._on_told(asked, part, found),
            self._on_failed,
        )  # fmt: skip

    def _on_told(self, asked: int, part: list[int], found: Mapping[int, Any]) -> None:
        self._asking = False
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
            self._stale.clear()
        self._known.update({i: found.get(i) for i in part})
        if asked == self._round:
            self._stale.difference_update(part)
        else:
            # Something was forgotten meanwhile: this may have been found out before that.
            self._stale.update(part)
            if self._open:
                self._wanted = [*part, *(i for i in self._wanted if i not in part)]
        self._go_on()
        self.told.emit(tuple(part))

    def _on_failed(self, error: BaseException) -> None:
        self._asking, self._wanted = False, []
        self.failed.emit(error)
