"""Settings as they are changed in the window: they hold at once, and are saved a moment later."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Runner

LANE = "settings"
_STILL_MS = 300  # who turns a number does it many times


class LiveSettings(QObject):
    """The one place of the window through which settings go. On the main thread."""

    changed = Signal(str)  # the name of the setting

    def __init__(self, workspace: Workspace, runner: Runner) -> None:
        super().__init__()
        self._workspace, self._runner = workspace, runner
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_STILL_MS)
        self._soon.timeout.connect(self._save)

    @property
    def settling(self) -> bool:
        """Whether something is yet to be saved."""
        return self._soon.isActive()

    def value(self, name: str) -> Any:
        """Return a setting."""
        return getattr(self._workspace.settings, name)

    def set(self, name: str, value: Any) -> None:
        """Change a setting and tell everybody, if it is another value."""
        if value == self.value(name):
            return
        self._workspace.change_settings(**{name: value})
        self._soon.start()
        self.changed.emit(name)

    def close(self) -> None:
        """Begin nothing more; the window saves all settings when it closes."""
        self._soon.stop()

    def _save(self) -> None:
        self._runner.call(LANE, self._workspace.remember, lambda _none: None)
