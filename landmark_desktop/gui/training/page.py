"""The Training page's door: light to make with the window, furnished when it is first needed.

``TrainingSession`` has the page's life. Reading photo sets, the steps and pyqtgraph take a
second to import; that happens on a worker thread when the page is first seen.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.room import Room
from landmark_desktop.gui.runner import Runner

if TYPE_CHECKING:
    from landmark_desktop.actions.photo_set import Source
    from landmark_desktop.gui.training.session import TrainingSession

_SESSION = "landmark_desktop.gui.training.session"


class TrainingPage(QObject):
    """``view`` is what the window shows. All of it runs on the main thread."""

    adopted = Signal(object)  # Path of a bundle that is to be used from now on
    shelved = Signal(object)  # Path of a bundle that is to be kept among the models
    photos_chosen = Signal(object)  # ids of photos that the library is to show, a tuple
    library_corrected = Signal(object)  # ChangeSet of what was decided about photos there
    lane_wanted = Signal()  # a model is to be run for a comparison, see ModelsPage
    lane_left = Signal()

    def __init__(self, workspace: Workspace, runner: Runner, jobbar: JobBar) -> None:
        super().__init__()
        self._workspace, self._runner, self._jobbar = workspace, runner, jobbar
        chosen = getattr(workspace.places, "runs", None)
        self.folder: Path = chosen or workspace.places.library.parent / "runs"
        self._session: TrainingSession | None = None
        self._asked = self._closed = False
        self._retrain_first = False  # asked for before the page was furnished
        self.view = Room()
        self.view.entered.connect(self._get_ready)

    @property
    def session(self) -> TrainingSession:
        """The page's life, begun now if it has not begun."""
        if self._session is None:
            self._begin(importlib.import_module(_SESSION))
        assert self._session is not None
        return self._session

    @property
    def busy(self) -> bool:
        """Whether a run is going on: closing the window would end it."""
        return self._session is not None and self._session.busy

    def choose(self, source: Source) -> None:
        """Look through the photos of ``source``; this is where any source of photos comes in."""
        self.session.choose(source)

    def retrain(self) -> None:
        """Begin to retrain the model in use with what is accepted and corrected."""
        if self._session is not None:
            self._session.library.retrain()
        else:
            self._retrain_first = True
            self._get_ready()

    def library_changed(self) -> None:
        """Count decisions anew; where the page is not on screen that waits until it is."""
        if self._session is not None and self.view.isVisible():
            self._session.library.changed()

    def closing_question(self) -> str:
        """Return what a person should be asked before the window closes; nothing: no need."""
        if not self.busy:
            return ""
        return (
            "A model is being trained. Closing the window stops the training behind a checkpoint; "
            "you can go on with it from the Training page another time."
        )

    def close(self) -> None:
        """End a run behind a checkpoint, and stop loading pictures. Waits for both."""
        self._closed = True
        if self._session is not None:
            self._session.close()

    def _get_ready(self) -> None:
        if self._session is not None and not self._closed:
            self._session.library.refresh()
        if self._session is None and not self._asked:
            self._asked = True
            self._runner.call("plots", lambda: importlib.import_module(_SESSION), self._begin)

    def _begin(self, module: Any) -> None:
        if self._session is not None or self._closed:
            return
        session: TrainingSession = module.TrainingSession(
            self._workspace, self.folder, self._runner, self._jobbar
        )  # fmt: skip
        self._session = session
        session.setParent(self)
        session.adopted.connect(self.adopted)
        session.shelved.connect(self.shelved)
        session.link.photos_chosen.connect(self.photos_chosen)
        session.mending.corrected.connect(self.library_corrected)
        session.comparing.lane_wanted.connect(self.lane_wanted)
        session.comparing.lane_left.connect(self.lane_left)
        self.view.furnish(session.view)
        if self._retrain_first:
            session.library.retrain()
