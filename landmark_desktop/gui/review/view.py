"""The layout of the Review page: bars above and below, groups and photos, or one photo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.review_queue import Group
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark
from landmark_desktop.gui import theme
from landmark_desktop.gui.chips import percent
from landmark_desktop.gui.library.empty import EmptyPage
from landmark_desktop.gui.library.grid import PhotoGrid
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.review.chooser import Chooser
from landmark_desktop.gui.review.delegate import ReviewDelegate
from landmark_desktop.gui.review.groups import GroupList, GroupModel
from landmark_desktop.gui.review.single import SingleView
from landmark_desktop.gui.review.tools import LowerBar, UpperBar
from landmark_desktop.gui.thumbnails import PictureLoader

_TILE = 248


class ReviewView(QWidget):
    """Everything of the page that can be seen; ``ReviewPage`` gives it its life."""

    shown = Signal()

    def __init__(
        self, gazetteer: Gazetteer, model: PhotoModel, groups: GroupModel,
        pictures: PictureLoader, is_out: Callable[[int], bool], badge: Callable[[int], str],
        find: Callable[[str], Sequence[Landmark]],
    ) -> None:  # fmt: skip
        super().__init__()
        self._gazetteer = gazetteer
        self.upper, self.lower = UpperBar(), LowerBar()
        self.groups = GroupList(groups)
        self.grid = PhotoGrid(
            model, pictures, _TILE, ReviewDelegate(pictures, model, is_out, badge, self)
        )
        self.grid.setAccessibleName("Photos of the group")
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.heading, self.about = QLabel(), QLabel()
        self.heading.setObjectName("heading")
        self.about.setObjectName("muted")
        for label in (self.heading, self.about):
            label.setTextFormat(Qt.TextFormat.PlainText)
        group = QWidget()
        group.setObjectName("empty")
        group.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(group)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(8, 16, 16, 8)
        head.setSpacing(4)
        head.addWidget(self.heading)
        head.addWidget(self.about)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        self.by_group = QSplitter(Qt.Orientation.Horizontal)
        self.by_group.setHandleWidth(1)
        self.by_group.setChildrenCollapsible(False)
        self.groups.setMinimumWidth(200)
        self.by_group.addWidget(self.groups)
        self.by_group.addWidget(group)
        self.by_group.setStretchFactor(1, 1)
        self.by_group.setSizes([256, 900])
        self.single = SingleView(gazetteer)
        self.no_photos = EmptyPage(
            "photos", "Nothing to review yet",
            "Add photos: what the model recognises in them is asked about here.", "Add folder…",
        )  # fmt: skip
        self.none_found = EmptyPage(
            "none", "Nothing to review",
            "The model has recognised no landmark in your photos so far.", "To the library",
        )  # fmt: skip
        self.all_done = EmptyPage(
            "check", "All done", "Every suggestion has an answer. New photos bring new ones.",
            "To the library",
        )  # fmt: skip
        self.narrowed = EmptyPage(
            "search", "Nothing that sure is left", "Less sure suggestions still wait.",
            "Show all suggestions",
        )  # fmt: skip
        self.centre = QStackedWidget()
        empty = (self.no_photos, self.none_found, self.all_done, self.narrowed)
        for page in (self.by_group, self.single, *empty):
            self.centre.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.upper, self.centre, self.lower):
            column.addWidget(part)
        column.setStretch(1, 1)
        self.chooser = Chooser(find, self)
        theme.dress(self, self.update)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def show_page(self, page: QWidget) -> None:
        """Show one of the pages of the middle, and have the keys go there."""
        targets: dict[QWidget, QWidget] = {
            self.by_group: self.grid, self.single: self.single.picture,
            self.no_photos: self.no_photos.button, self.none_found: self.none_found.button,
            self.all_done: self.all_done.button, self.narrowed: self.narrowed.button,
        }  # fmt: skip
        self.setFocusProxy(targets[page])
        if self.centre.currentWidget() is page and not self.lower.isHidden():
            return
        focus = QApplication.focusWidget()
        held = focus is not None and (focus is self or self.isAncestorOf(focus))
        self.centre.setCurrentWidget(page)
        self.lower.setVisible(page in (self.by_group, self.single))
        if held:
            targets[page].setFocus()

    def show_group(self, group: Group, name: str, out: int) -> None:
        """Say which group it is, and what was taken out of it."""
        self.heading.setText(name)
        number = len(group.photos)
        parts = [
            f"{number:,} photo{'' if number == 1 else 's'}",
            f"{percent(group.mean)} sure on average",
        ]
        if len(group.landmarks) > 1:
            most = group.landmarks[:3]
            names = [f"{self._gazetteer[key].name} {n:,}" for key, n in most]
            more = len(group.landmarks) - len(most)
            parts.append(", ".join(names) + (f" and {more} more" if more else ""))
        if out:
            parts.append(f"{out:,} taken out")
        else:
            parts.append("click, or Space, takes a photo out")
        self.about.setText(" · ".join(parts))
