"""The Organise page's door: light to make with the window, furnished when it is first seen.

``OrganiseSession`` has the page's life; what it imports takes a second, and numpy with it, so that
happens on a worker thread.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.organise.run import OrganiseRun
from landmark_desktop.gui.room import Room
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.settings.live import LiveSettings
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.changes import ChangeSet

if TYPE_CHECKING:
    from landmark_desktop.gui.organise.session import OrganiseSession

_SESSION = "landmark_desktop.gui.organise.session"


class OrganisePage(QObject):
    """``view`` is what the window shows. ``run``: what moves files. On the main thread."""

    changed = Signal(object)  # ChangeSet: what has changed in the library
    undo_asked = Signal()
    add_asked = Signal()
    review_asked = Signal()

    def __init__(
        self, workspace: Workspace, runner: Runner, jobbar: JobBar, live: LiveSettings,
        pictures: PictureLoader,
    ) -> None:  # fmt: skip
        super().__init__()
        self._workspace, self._runner = workspace, runner
        self._live, self._pictures = live, pictures
        self._asked = self._closed = False
        self.session: OrganiseSession | None = None
        self.view = Room()
        self.view.entered.connect(self._get_ready)
        self.run = OrganiseRun(workspace, runner, jobbar, self.view, self)
        self.run.changed.connect(self.changed)
        self.run.undo_asked.connect(self.undo_asked)
        self.run.ended.connect(pictures.try_again)  # looked for where they were a moment before

    @property
    def settling(self) -> bool:
        """Whether what is on screen is about to be brought up to date."""
        furnishing = self._asked and self.session is None
        return furnishing or (self.session is not None and self.session.settling)

    def apply(self, changes: ChangeSet) -> None:
        """Plan anew, a little later, where the library has changed."""
        if self.session is not None:
            self.session.apply(changes)

    def close(self) -> None:
        """Plan and read nothing more."""
        self._closed = True
        if self.session is not None:
            self.session.close()

    def _get_ready(self) -> None:
        if self.session is not None:
            self.session.come_forward()
        elif not self._asked:
            self._asked = True
            self._runner.call("organise", lambda: importlib.import_module(_SESSION), self._begin)

    def _begin(self, module: Any) -> None:
        if self._closed:
            return
        session: OrganiseSession = module.OrganiseSession(
            self._workspace, self._runner, self.run, self._live, self._pictures, self
        )
        self.session = session
        session.add_asked.connect(self.add_asked)
        session.review_asked.connect(self.review_asked)
        self.view.furnish(session.view)
        self.view.setFocusProxy(session.view)
        if self.view.hasFocus():
            session.view.setFocus()
        session.come_forward()
