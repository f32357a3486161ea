"""The landmarks that a model knows, to look through and to search."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from landmark_desktop.geo.gazetteer import Gazetteer, fold
from landmark_desktop.gui import theme
from landmark_desktop.gui.models import figures
from training.bundle import Card


class ClassList(QWidget):
    """A search field and a list: landmark, place, and how many of its photos it recognised."""

    def __init__(self, card: Card, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._words: list[str] = []
        known = figures.landmarks(card)
        found = figures.quality(card).found
        self.search = QLineEdit()
        self.search.setPlaceholderText(f"Search {len(known):,} landmarks")
        self.search.setAccessibleName("Search the model's landmarks")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip("Search names and places (Ctrl+F)")
        self.search.textChanged.connect(self._narrow)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Landmarks that the model knows")
        self.list.setHeaderLabels(["Landmark", "Place", *(["Recognised"] if found else [])])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setMinimumHeight(240)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        named = [(gazetteer[key], label) for key, label in known.items()]
        for landmark, label in sorted(named, key=lambda one: one[0].name.casefold()):
            item = QTreeWidgetItem([landmark.name, landmark.place])
            item.setToolTip(0, landmark.name)
            item.setToolTip(1, landmark.place)
            if label in found:
                item.setText(2, f"{found[label]:.0%}")
                item.setTextAlignment(2, right)
            self.list.addTopLevelItem(item)
            self._words.append(fold(f"{landmark.name} {landmark.local_name} {landmark.place}"))
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        if found:
            self.list.headerItem().setToolTip(2, "Share of its validation photos it recognised")
            self.list.headerItem().setTextAlignment(2, right)
            header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)

    def _narrow(self, text: str) -> None:
        terms = fold(text).split()
        for row, words in enumerate(self._words):
            self.list.topLevelItem(row).setHidden(not all(term in words for term in terms))
