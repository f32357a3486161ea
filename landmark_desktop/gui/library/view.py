"""The layout of the Library page: tool bar, lists, grid, inspector."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.library.empty import EmptyPage
from landmark_desktop.gui.library.grid import PhotoGrid
from landmark_desktop.gui.library.inspector import Inspector
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.library.offered_line import OfferedLine
from landmark_desktop.gui.library.sidebar import Sidebar
from landmark_desktop.gui.library.sure import SureButton
from landmark_desktop.gui.preview import Preview
from landmark_desktop.gui.thumbnails import PictureLoader

SMALLEST_TILE, LARGEST_TILE = 120, 320


class LibraryView(QWidget):
    """Everything of the page that can be seen; ``LibraryPage`` gives it its life."""

    def __init__(
        self, gazetteer: Gazetteer, model: PhotoModel, pictures: PictureLoader, tile: int
    ) -> None:
        super().__init__()
        self.search = OfferedLine(marks=False)
        self.search.setPlaceholderText("Search names, tags and folders")
        self.search.setAccessibleName("Search")
        self.search.setToolTip(
            "Search file names, folders, tags and landmarks by any of their names; the down arrow "
            "goes to the tags that are offered (Ctrl+F)"
        )
        self.search.setClearButtonEnabled(True)
        glass = self.search.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMaximumWidth(480)
        self.size = QSlider(Qt.Orientation.Horizontal)
        self.size.setRange(SMALLEST_TILE, LARGEST_TILE)
        self.size.setValue(tile)
        self.size.setFixedWidth(120)
        self.size.setAccessibleName("Photo size")
        self.size.setToolTip("Photo size (Ctrl++, Ctrl+-)")
        self.add = QPushButton("Add folder…")
        theme.dress(glass, lambda: glass.setIcon(theme.icon("search", theme.colours().muted)))
        theme.dress(self.add, lambda: self.add.setIcon(theme.icon("add-folder")))
        self.add.setToolTip("Import the photos of a folder; they stay where they are (Ctrl+O)")

        self.sure = SureButton()
        self.problems = QPushButton()
        self.problems.setProperty("flat", True)
        self.problems.setToolTip("List the files that could not be read, with the reasons")
        self.problems.hide()

        self.sidebar = Sidebar(gazetteer)
        self.grid = PhotoGrid(model, pictures, tile)
        self.inspector = Inspector(gazetteer)
        self.empty = EmptyPage(
            "photos", "Drop a folder of photos here",
            "They stay where they are, and nothing leaves this computer.", "Add folder…",
        )  # fmt: skip
        self.nothing = EmptyPage(
            "search", "No photo matches", "Try another word or another list.", "Show all photos"
        )
        self.centre = QStackedWidget()
        self.loupe = Preview()
        self.loupe.setAccessibleName("Photo")
        self.loupe.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.loupe.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        for page in (self.grid, self.loupe, self.empty, self.nothing):
            self.centre.addWidget(page)

        toolbar = QWidget()
        toolbar.setObjectName("toolbar")
        toolbar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tools = QHBoxLayout(toolbar)
        tools.setContentsMargins(16, 8, 16, 8)
        tools.setSpacing(16)
        tools.addWidget(self.search, 1)
        tools.addStretch(1)
        tools.addWidget(self.problems)
        tools.addWidget(self.sure)
        tools.addWidget(self.size)
        tools.addWidget(self.add)

        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.sidebar.setMinimumWidth(168)
        self.inspector.setMinimumWidth(264)
        for panel in (self.sidebar, self.centre, self.inspector):
            self.splitter.addWidget(panel)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([224, 800, 320])

        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(toolbar)
        self._column.addWidget(self.splitter, 1)

    def add_notice(self, notice: QWidget) -> None:
        """Have a notice show between the tool bar and the photos when it has something to say."""
        self._column.insertWidget(1, notice)

    def choose(self, row: int) -> None:
        """Choose one photo of the grid and bring it into view."""
        index = self.grid.model().index(row, 0)
        self.grid.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.grid.scrollTo(index)
