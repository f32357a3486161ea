"""The way to the settings, and what becomes of them at once: theme, device, room for thumbnails.

The dialog is imported when it is first opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.settings.live import LANE, LiveSettings

if TYPE_CHECKING:
    from landmark_desktop.gui.settings.dialog import SettingsDialog

_THEMES = (("system", "&System"), ("light", "&Light"), ("dark", "&Dark"))


class SettingsDoor(QObject):
    """``live`` is where every part of the window changes settings, and hears of changes."""

    def __init__(self, workspace: Workspace, runner: Runner, window: QWidget) -> None:
        super().__init__()
        self._workspace, self._runner, self._window = workspace, runner, window
        self.live = LiveSettings(workspace, runner)
        self.live.changed.connect(self._on_changed)
        self.dialog: SettingsDialog | None = None
        self.action = QAction("Se&ttings…", self)
        self.action.setShortcut(QKeySequence("Ctrl+,"))
        self.action.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.action.triggered.connect(lambda: self.open())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._dress)

    def open(self, page: str = "") -> None:
        """Show the settings, those of the page with this title where one is named."""
        if self.dialog is None:
            from landmark_desktop.gui.settings.dialog import SettingsDialog

            self.dialog = SettingsDialog(self.live, self._window)
        self.dialog.come_forward(page)

    def theme_menu(self) -> QMenu:
        """Return the menu to choose a theme from."""
        menu, group = QMenu("&Theme", self._window), QActionGroup(self)
        for name, title in _THEMES:
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setData(name)
            action.triggered.connect(lambda _=False, chosen=name: self.live.set("theme", chosen))
            group.addAction(action)

        def mark() -> None:
            for action in group.actions():
                action.setChecked(action.data() == self.live.value("theme"))

        menu.aboutToShow.connect(mark)
        mark()
        return menu

    def close(self) -> None:
        """Begin nothing more."""
        self.live.close()
        if self.dialog is not None:
            self.dialog.close()

    def _on_changed(self, name: str) -> None:
        workspace = self._workspace
        match name:
            case "theme":
                self._dress()
            case "device":
                self._do(workspace.move_model)
            case "thumbnail_cache_mb":
                self._do(workspace.resize_thumbnails)

    def _do(self, what: Callable[[], None]) -> None:
        self._runner.call(LANE, what, lambda _none: None)

    def _dress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.live.value("theme"))
