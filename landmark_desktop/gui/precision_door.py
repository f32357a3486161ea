"""Joins every slider of the window with the library: one question at a time, the newest last."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QKeySequence, QShortcut

from landmark_desktop.actions.precision import ask_for
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.library.page import LibraryPage
from landmark_desktop.gui.library.sure import KEY
from landmark_desktop.gui.models.page import ModelsPage
from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.changes import ChangeSet

_STILL_MS = 200  # a slider that rests so long has arrived


class PrecisionDoor(QObject):
    """Shows in both places what was asked for, at once, and has the library follow."""

    def __init__(
        self, workspace: Workspace, runner: Runner, library: LibraryPage, models: ModelsPage
    ) -> None:
        super().__init__()
        self._workspace, self._runner = workspace, runner
        self._library, self._models = library, models
        self._wanted: float | None = None  # asked for, but not yet of the library
        self._asking = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_STILL_MS)
        self._soon.timeout.connect(self._ask)
        sure = library.view.sure
        sure.panel.asked.connect(self._move)
        models.view.detail.precision_asked.connect(self._move)
        models.switched.connect(self._show)
        QShortcut(QKeySequence(KEY), library.view, sure.open)
        self._show()

    @property
    def settling(self) -> bool:
        """Whether the library is about to follow."""
        return self._wanted is not None or self._asking

    def _move(self, precision: float) -> None:
        self._wanted = precision
        self._show()
        self._soon.start()

    def _show(self) -> None:
        asked = self._workspace.settings.precision if self._wanted is None else self._wanted
        self._library.view.sure.show_card(self._workspace.recogniser.card, asked)
        self._models.view.detail.show_asked(asked)

    def _ask(self) -> None:
        if self._asking or self._wanted is None:
            return
        precision, self._wanted, self._asking = self._wanted, None, True
        # Known from here on, saved and followed a little later.
        self._workspace.change_settings(precision=precision)
        self._runner.call(
            "actions", lambda: ask_for(self._workspace, precision), self._on_done, self._on_failed
        )

    def _on_done(self, changes: ChangeSet) -> None:
        self._asking = False
        self._library.apply(changes)
        self._library.requery()
        self._go_on()

    def _on_failed(self, error: BaseException) -> None:
        self._asking = False
        failures.tell(self._library.view, error)
        self._go_on()

    def _go_on(self) -> None:
        if self._wanted is not None and not self._soon.isActive():
            self._ask()

    def close(self) -> None:
        """Take what was moved last along: the next start has the library follow."""
        self._soon.stop()
        if self._wanted is not None:
            self._workspace.change_settings(precision=self._wanted)
