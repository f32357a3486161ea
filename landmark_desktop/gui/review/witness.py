"""Asks, off the main thread, what place and time say of the photos on show."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.asker import Asker
from landmark_desktop.gui.runner import Runner

if TYPE_CHECKING:
    from landmark_desktop.actions.evidence import Told

_STILL_MS = 80  # who answers faster than that is not waiting for evidence


class Witness(Asker):
    """Tells the evidence. An answer changes what is known of the photos around: forget all then."""

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(runner, parent, lane="evidence", at_once=32, still_ms=_STILL_MS)
        self._workspace = workspace

    def look(self, part: list[int]) -> Callable[[], dict[int, Told]]:
        """Return what weighs place and time of these photos."""

        def weigh() -> dict[int, Told]:
            from landmark_desktop.actions import evidence  # numpy: not while the window opens

            return evidence.told(self._workspace, part)

        return weigh
