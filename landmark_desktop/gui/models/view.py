"""The layout of the Models page: tool bar, the list of models, and one of them or two compared."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.models.compare import Comparison
from landmark_desktop.gui.models.detail import Detail
from landmark_desktop.gui.models.model import ShelfDelegate, ShelfModel
from landmark_desktop.gui.training.cards import label


class ModelsView(QWidget):
    """Everything of the page that can be seen; ``ModelsPage`` gives it its life."""

    shown = Signal()

    def __init__(self, gazetteer: Gazetteer, model: ShelfModel) -> None:
        super().__init__()
        self.back = QPushButton()
        self.back.setToolTip("Use the model again that was in use before (Ctrl+B)")
        self.back.hide()
        self.add = QPushButton("Import…")
        self.add.setToolTip("Put a model from a file on the shelf (Ctrl+I)")
        self.list = QListView()
        self.list.setAccessibleName("Models")
        self.list.setModel(model)
        self.list.setItemDelegate(ShelfDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.list)
        self.detail = Detail(gazetteer)
        self.comparison = Comparison(gazetteer)
        self.pane = QStackedWidget()
        for page in (self.detail, self.comparison):
            self.pane.addWidget(page)

        toolbar = QWidget()
        toolbar.setObjectName("toolbar")
        toolbar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tools = QHBoxLayout(toolbar)
        tools.setContentsMargins(16, 8, 16, 8)
        tools.setSpacing(theme.UNIT)
        tools.addWidget(label("Models", "heading"))
        tools.addStretch(1)
        tools.addWidget(self.back)
        tools.addWidget(self.add)

        left = QWidget()
        left.setObjectName("shelf")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        left.setMinimumWidth(240)
        hint = label(
            "Drop a model file (.pt) here to add it. Choose two models to compare them.",
            "small", wrap=True,
        )  # fmt: skip
        hint.setContentsMargins(16, 8, 16, 16)
        shelf = QVBoxLayout(left)
        shelf.setContentsMargins(0, 4, 0, 0)
        shelf.setSpacing(0)
        shelf.addWidget(self.list, 1)
        shelf.addWidget(hint)

        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.pane)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([320, 960])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(toolbar)
        column.addWidget(splitter, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()
