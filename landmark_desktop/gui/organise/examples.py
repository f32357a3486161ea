"""Asks, off the main thread, what the library offers and where its examples would go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop.actions import organise, organise_offers
from landmark_desktop.actions.organise import Request, Which
from landmark_desktop.actions.organise_offers import Offer
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Runner

_LANE = "examples"
_STILL_MS = 120


class Examples(QObject):
    """One call at a time; while it runs, the newest wish waits. On the main thread."""

    offered = Signal(object)  # Offer
    told = Signal(object, object)  # folders by photo id, the Request that they are of
    failed = Signal(object)  # what was raised

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self._asking = self._closed = False
        self._which: Which | None = None  # to be looked at
        self._request: Request | None = None  # to be tried on the examples
        self.offer: Offer | None = None
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        """Whether anything is being asked, or about to be."""
        return self._asking or self._still.isActive()

    def look(self, which: Which) -> None:
        """Look at the library for a choice of photos."""
        self._which = which
        self._still.start()

    def ask(self, request: Request) -> None:
        """Find out where the examples would go."""
        self._request = request
        self._still.start()

    def close(self) -> None:
        """Ask nothing more."""
        self._closed = True
        self._still.stop()

    def _go_on(self) -> None:
        if self._asking or self._closed:
            return
        workspace = self._workspace
        if (which := self._which) is not None:
            self._which = None
            self._call(lambda: organise_offers.offer(workspace, which), self._on_offer)
        elif (request := self._request) is not None and self.offer is not None:
            self._request = None
            ids = self.offer.examples
            self._call(
                lambda: organise.examples(workspace, request, ids),
                lambda found: self.told.emit(found, request),
            )

    def _call(self, do: Callable[[], Any], then: Callable[[Any], None]) -> None:
        def done(found: Any) -> None:
            self._asking = False
            then(found)
            self._go_on()

        def failed(error: BaseException) -> None:
            self._asking = False
            self.failed.emit(error)

        self._asking = True
        self._runner.call(_LANE, do, done, failed)

    def _on_offer(self, offer: Offer) -> None:
        self.offer = offer
        self.offered.emit(offer)
