"""The settings in a window of their own: pages at the left, what they hold at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.settings.entries import PAGES, Page
from landmark_desktop.gui.settings.live import LiveSettings
from landmark_desktop.gui.settings.rows import Row, row
from landmark_desktop.gui.training.cards import label


class SettingsDialog(QDialog):
    """Not modal: what is changed holds at once, and can be seen behind it."""

    def __init__(self, live: LiveSettings, parent: QWidget, pages: Sequence[Page] = PAGES) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.resize(720, 560)
        self.rows: dict[str, Row] = {}
        self.titles = QListWidget()
        self.titles.setObjectName("places")
        self.titles.setAccessibleName("Pages of settings")
        self.titles.setToolTip("Choose a page of settings (Up, Down)")
        self.titles.setFixedWidth(168)
        self.stack = QStackedWidget()
        for page in pages:
            self.titles.addItem(page.title)
            self.stack.addWidget(self._sheet(page, live))
        self.titles.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.titles.setCurrentRow(0)
        close = QPushButton("Close")
        close.setToolTip("Close the settings (Esc)")
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        lower = QHBoxLayout()
        lower.addWidget(label("What you change holds at once.", "muted"))
        lower.addStretch(1)
        lower.addWidget(close)
        upper = QHBoxLayout()
        upper.setSpacing(theme.UNIT * 2)
        upper.addWidget(self.titles)
        upper.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT * 2)
        column.addLayout(upper, 1)
        column.addLayout(lower)
        QShortcut(QKeySequence.StandardKey.Close, self, self.close)

    def come_forward(self, page: str = "") -> None:
        """Show the page of this title, else the one shown last."""
        for found in self.titles.findItems(page, Qt.MatchFlag.MatchExactly) if page else ():
            self.titles.setCurrentItem(found)
        self.show()
        self.raise_()
        self.activateWindow()
        self.titles.setFocus()

    def _sheet(self, page: Page, live: LiveSettings) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(*4 * [theme.UNIT])
        column.setSpacing(theme.UNIT * 3)
        for entry in page.entries:
            self.rows[entry.name] = made = row(entry, live)
            column.addWidget(made)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(sheet)
        return area
