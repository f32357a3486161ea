"""The one window: a rail of pages, the page, the job bar, and what is dropped on it."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop import __version__, settings
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.library.page import LibraryPage
from landmark_desktop.gui.runner import Runner

log = logging.getLogger(__name__)

SHORTCUTS = """\
A\tAccept the suggestion
X\tReject it
1 to 4\tAccept another landmark instead
Space\tThe photo large, and back
Ctrl+Z\tUndo
Ctrl+F\tSearch
Esc\tBack, or show all photos
Ctrl+O\tAdd a folder
Ctrl++, Ctrl+-\tLarger and smaller photos"""


class MainWindow(QMainWindow):
    """Owns workspace and runner from the moment it is made; closing it ends both."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.runner = Runner()
        self.jobbar = JobBar(self.runner)
        self.library = LibraryPage(workspace, self.runner, self.jobbar)
        self.setWindowTitle("Landmark Desktop")
        self.setAcceptDrops(True)
        self.setMinimumSize(840, 520)
        self.resize(1280, 800)
        if workspace.settings.window:
            self.restoreGeometry(QByteArray.fromHex(workspace.settings.window.encode()))
        pages = QStackedWidget()
        pages.addWidget(self.library.view)
        upper = QWidget()
        row = QHBoxLayout(upper)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail())
        row.addWidget(pages, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(upper, 1)
        column.addWidget(self.jobbar)
        self.setCentralWidget(centre)
        self._menus()
        for button in (self.library.view.add, self.library.view.empty.button):
            button.clicked.connect(self.add_folder)
        self.library.view.grid.setFocus()

    def _rail(self) -> QWidget:
        rail = QWidget()
        rail.setObjectName("rail")
        rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rail.setFixedWidth(72)
        column = QVBoxLayout(rail)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(8)
        button = QToolButton()
        theme.dress(button, lambda: button.setIcon(theme.icon("library")))
        button.setIconSize(QSize(24, 24))
        button.setText("Library")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setCheckable(True)
        button.setChecked(True)
        button.setAutoExclusive(True)
        button.setFixedSize(64, 56)
        button.setToolTip("Library: browse photos and their suggestions (Ctrl+1)")
        column.addWidget(button)
        column.addStretch(1)
        return rail

    def _menus(self) -> None:
        library, bar = self.library, self.menuBar()
        size = library.view.size
        for title, entries in (
            ("&File", (
                ("Add &folder…", "Ctrl+O", self.add_folder),
                ("Add &photos…", "Ctrl+Shift+O", self.add_files),
                ("&Quit", "Ctrl+Q", self.close),
            )),
            ("&Edit", (
                ("&Undo", "Ctrl+Z", library.undo),
                ("&Find", "", library.view.search.setFocus),
                ("Show &all photos", "", library.show_all),
            )),
            ("&View", (
                ("&Larger photos", "Ctrl++", lambda: size.setValue(size.value() + 40)),
                ("&Smaller photos", "Ctrl+-", lambda: size.setValue(size.value() - 40)),
                ("&Files that could not be read…", "", library.show_problems),
            )),
            ("&Help", (
                ("&Keyboard shortcuts", "F1", self.show_shortcuts),
                ("&About Landmark Desktop", "", self.show_about),
            )),
        ):  # fmt: skip
            menu = bar.addMenu(title)
            for text, key, what in entries:
                action = QAction(text, self)
                action.setShortcut(QKeySequence(key))
                action.triggered.connect(lambda _=False, do=what: do())
                menu.addAction(action)
            if title == "&View":
                menu.addMenu(self._themes())

    def _themes(self) -> QMenu:
        menu, group = QMenu("&Theme", self), QActionGroup(self)
        for name, title in (("system", "&System"), ("light", "&Light"), ("dark", "&Dark")):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(name == self.workspace.settings.theme)
            action.triggered.connect(lambda _=False, chosen=name: self._use_theme(chosen))
            group.addAction(action)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        return menu

    def _use_theme(self, name: str) -> None:
        self.workspace.settings = replace(self.workspace.settings, theme=name)
        self._follow_system()

    def _follow_system(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.workspace.settings.theme)

    def add_folder(self) -> None:
        """Ask for a folder and import it."""
        chosen = QFileDialog.getExistingDirectory(self, "Add a folder of photos")
        if chosen:
            self.library.import_paths([Path(chosen)])

    def add_files(self) -> None:
        """Ask for single photos and import them."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "Add photos")
        if chosen:
            self.library.import_paths([Path(name) for name in chosen])

    def show_shortcuts(self) -> None:
        """List the keys."""
        rows = "".join(
            f"<tr><td style='padding-right:24px'><b>{key}</b></td><td>{what}</td></tr>"
            for key, what in (line.split("\t") for line in SHORTCUTS.splitlines())
        )
        self._inform("Keyboard shortcuts", f"<table cellspacing='6'>{rows}</table>")

    def show_about(self) -> None:
        """Say what this is, and which model it uses."""
        card = self.workspace.recogniser.card
        self._inform(
            "About Landmark Desktop",
            f"<b>Landmark Desktop {__version__}</b><p>Recognises the landmarks in your own "
            f"photos. Nothing leaves this computer.</p><p>Model: {card.name}, "
            f"{len(card.labels) - (card.background is not None)} landmarks.</p>"
            "<p>Free software under the GNU General Public License, version 3 or later.</p>",
        )

    def _inform(self, title: str, text: str) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowModality(Qt.WindowModality.NonModal)
        box.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if paths:
            # Photos stay where they are: nothing must make the file manager delete its copy.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.library.import_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        geometry = bytes(self.saveGeometry().toHex().data()).decode()
        kept = replace(
            self.workspace.settings, window=geometry, tile=self.library.view.size.value()
        )
        try:
            settings.save(self.workspace.places.settings, kept)
        except OSError as error:
            log.warning("settings could not be saved: %s", error)
        self.library.close()
        self.runner.close()
        self.workspace.close()
        super().closeEvent(event)
