"""The library on the Training page: what it could teach, kept up to date, and chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop.actions import library_set
from landmark_desktop.actions.library_set import Base, FromLibrary, Offer
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.training.view import TrainingView

_SOON_MS = 300  # decisions come in bursts


class OwnLibrary(QObject):
    """Counts when it is asked to; tells ``chosen`` when the library is to be looked through."""

    chosen = Signal(object)  # Source

    def __init__(
        self, workspace: Workspace, runs: Path, runner: Runner, view: TrainingView,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._workspace, self._runs = workspace, runs
        self._runner, self._view = runner, view
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._count)
        view.data.library.chosen.connect(self.choose)
        view.data.library.retrain.asked.connect(self.retrain)

    def refresh(self) -> None:
        """Count anew what the library could teach, and list the models it could be added to."""
        self._count()
        self._call("shelf", lambda: library_set.bases(self._workspace), self._show_bases)

    def changed(self) -> None:
        """Count anew a little later, decisions having changed."""
        self._soon.start()

    def choose(self, extend: bool) -> None:
        """Look through the library; ``extend``: to add its landmarks to a model."""
        self._view.how.choose_way(extend)
        self.chosen.emit(FromLibrary(self._workspace.library, self._runs))

    def retrain(self) -> None:
        """Look through the library to retrain the model in use, as far as it can be."""

        def begin(offer: Offer) -> None:
            self._show_offer(offer)
            if not offer.why_not_retrained():
                self.choose(offer.added)

        self._call("query", lambda: library_set.offer(self._workspace), begin)

    def close(self) -> None:
        """Count no more."""
        self._soon.stop()

    def _count(self) -> None:
        self._call("query", lambda: library_set.offer(self._workspace), self._show_offer)

    def _call(self, lane: str, what: Callable[[], object], then: Callable[..., None]) -> None:
        self._runner.call(lane, what, then, lambda error: failures.tell(self._view, error))

    def _show_offer(self, offer: Offer) -> None:
        self._view.data.library.show_offer(offer)

    def _show_bases(self, bases: list[Base]) -> None:
        self._view.how.bases.show_bases(bases)
