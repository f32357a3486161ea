"""The layout of the Organise page: form and examples, two trees, photos, what will be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.library.empty import EmptyPage
from landmark_desktop.gui.library.grid import PhotoGrid
from landmark_desktop.gui.organise.folder_model import FolderModel
from landmark_desktop.gui.organise.folder_tree import FolderTree
from landmark_desktop.gui.organise.form import Form
from landmark_desktop.gui.organise.mover import Mover
from landmark_desktop.gui.organise.photos import GoingDelegate, GoingModel
from landmark_desktop.gui.organise.remark_list import RemarkList
from landmark_desktop.gui.organise.samples import SampleStrip
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Photo

_TILE = 148


class OrganiseView(QWidget):
    """Everything of the page that can be seen; ``OrganiseSession`` gives it its life."""

    def __init__(
        self, model: GoingModel, pictures: PictureLoader, is_out: Callable[[int], bool],
        fetch: Callable[[Sequence[int]], list[Photo]],
    ) -> None:  # fmt: skip
        super().__init__()
        self.form = Form()
        self.samples = SampleStrip(pictures, fetch)
        self.before_rows = FolderModel("Before", self, after=False)
        self.after_rows = FolderModel("After", self, after=True)
        self.before = FolderTree(self.before_rows, "Folders before")
        self.before.setToolTip("Where the photos lie now (Space or Del: these stay)")
        self.after = FolderTree(self.after_rows, "Folders after")
        self.after.setAcceptDrops(True)
        self.after.setDragEnabled(True)
        self.after.setDropIndicatorShown(True)
        self.grid = PhotoGrid(model, pictures, _TILE, GoingDelegate(pictures, model, is_out, self))
        self.grid.setAccessibleName("Photos of the folder")
        self.grid.setDragEnabled(True)
        self.heading = QLabel()
        self.heading.setObjectName("plottitle")
        # On the left, in Arabic too: above the photos that it is the name of.
        self.heading.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        self.about = QLabel()
        self.about.setObjectName("small")
        self.remarks = RemarkList()
        self.remarks.hide()
        self.status = QLabel()
        self.status.setObjectName("muted")
        for said in (self.heading, self.about, self.status):
            said.setTextFormat(Qt.TextFormat.PlainText)
        self.reset = self._button("Reset", "Have all photos go where the template says")
        self.stop = self._button("Cancel", "Stop; what is moved stays, and can be undone")
        self.do = QPushButton()
        self.do.setProperty("primary", True)
        self.no_photos = EmptyPage(
            "photos", "Nothing to tidy yet",
            "Add photos: once you have accepted their places, they go into tidy folders here.",
            "Add folder…",
        )  # fmt: skip
        self.no_places = EmptyPage(
            "accepted", "No place is accepted yet",
            "Folders follow from the places that you accept. Or choose other photos above.",
            "Review suggestions",
        )  # fmt: skip
        self._lay_out()
        self.mover = Mover(self)
        self.setFocusProxy(self.form.line)
        theme.dress(self, self.update)

    def _lay_out(self) -> None:
        upper = QWidget()
        upper.setObjectName("toolbar")
        upper.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(upper)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(theme.UNIT + 4)
        column.addWidget(self.form)
        column.addWidget(self.samples)
        right = QWidget()
        right.setObjectName("empty")
        right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = QVBoxLayout()
        head.setContentsMargins(12, 8, 12, 4)
        head.setSpacing(2)
        head.addWidget(self.heading)
        head.addWidget(self.about)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for part in (self.before, self.after, right):
            part.setMinimumWidth(200)
            self.splitter.addWidget(part)
        self.splitter.setSizes([340, 400, 460])
        for place in range(3):
            self.splitter.setStretchFactor(place, 1)
        plan = QWidget()
        column = QVBoxLayout(plan)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.remarks)
        self.plan = plan
        self.centre = QStackedWidget()
        for page in (plan, self.no_places):
            self.centre.addWidget(page)
        self.lower = QWidget()
        self.lower.setObjectName("answers")
        self.lower.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self.lower)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(theme.UNIT)
        row.addWidget(self.status, 1)
        for button in (self.reset, self.stop, self.do):
            row.addWidget(button)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (upper, self.centre, self.lower):
            column.addWidget(part)
        column.setStretch(1, 1)
        self.work = work
        self.pages = QStackedWidget()
        for page in (work, self.no_photos):
            self.pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)

    def show_photos_page(self, *, any_photos: bool) -> None:
        """Show the page, or what to do where the library has no photos."""
        page = self.work if any_photos else self.no_photos
        self.setFocusProxy(self.form.line if any_photos else self.no_photos.button)
        self.pages.setCurrentWidget(page)

    def _button(self, text: str, tip: str) -> QPushButton:
        made = QPushButton(text)
        made.setProperty("flat", True)
        made.setToolTip(tip)
        made.hide()
        return made
