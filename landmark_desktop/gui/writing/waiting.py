"""Keeps count, off the main thread, of the photos whose tags are not in their files yet.

All of the library is looked through once; after that only the photos that have changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop import tasks
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.tasks import Cancel, Outcome, Task

_LANE = "waiting"
_START_MS = 2500  # the first thumbnails come first
_SOON_MS = 700  # several answers in a row are counted together


@dataclass(frozen=True)
class Found:
    """Ids of photos, by path. ``waits``: the library says something else than their files.

    ``failed``: those that could not be written when last tried, counted by reason in
    ``reasons``. ``kept``: those in whose files other programs' values were kept.
    """

    waits: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    reasons: Mapping[str, int] = field(default_factory=dict)
    kept: list[int] = field(default_factory=list)


class Waiting(QObject):
    """``found`` is what is known. On the main thread."""

    counted = Signal()  # ``found`` is right again
    failed = Signal(object)  # what was raised

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self.found = Found()
        self.known = False
        self._changed: set[int] = set()
        self._whole = True
        self._job: Job | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether anything is being counted, or about to be."""
        return self._job is not None or self._soon.isActive()

    def note(self, ids: Collection[int]) -> None:
        """Look at these photos again, a moment later: they have changed."""
        self._changed.update(ids)
        if not self._soon.isActive():
            self._soon.start(_SOON_MS)

    def begin(self) -> None:
        """Look at all photos once the window has come to rest."""
        self._whole = True
        self._soon.start(_START_MS)

    def look_through(self) -> None:
        """Look at all photos (again): what files are to say follows another rule now."""
        self._whole = True
        self._soon.stop()
        self._look()

    def hurry(self) -> None:
        """Look now, if nobody has yet: somebody is waiting to see it."""
        if not self.known and self._job is None:
            self.look_through()

    def close(self) -> None:
        """Begin nothing more."""
        self._soon.stop()
        self._changed.clear()

    def _look(self) -> None:
        if self._job is not None:
            return  # seen to when that has ended
        whole, changed, known = self._whole, frozenset(self._changed), self.found.waits
        self._whole, self._changed = False, set()

        def look(cancel: Cancel) -> Task[Found]:
            from landmark_desktop.actions import write  # exiv2: not while the window opens

            if whole:
                waits = yield from write.waiting(self._workspace, None, cancel)
            else:
                waits = yield from write.still_waiting(self._workspace, known, changed, cancel)
            problems = write.problems(self._workspace)
            return Found(
                waits, write.failed(self._workspace, problems), write.notices(problems),
                write.kept(self._workspace),
            )  # fmt: skip

        self._job = self._runner.start(_LANE, "", look, visible=False)
        self._job.ended.connect(self._on_end)

    def _on_end(self, outcome: Outcome[Any]) -> None:
        self._job = None
        match outcome:
            case tasks.Succeeded(found):
                self.found, self.known = found, True
                self.counted.emit()
            case tasks.Failed(error):
                self._whole = True  # the next time nothing is taken for known
                self.failed.emit(error)
        if self._changed or (self._whole and isinstance(outcome, tasks.Succeeded)):
            self._soon.start(_SOON_MS)
