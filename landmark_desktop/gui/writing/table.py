"""The table of photos to write: a row each, previews asked for as rows come into view."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from landmark_desktop.gui import theme
from landmark_desktop.gui.writing.model import WriteModel

_AHEAD = 16  # rows behind those in sight


class WriteTable(QTableView):
    """``asked``: ids of the photos in sight, the current one first."""

    asked = Signal(object)

    def __init__(self, model: WriteModel) -> None:
        super().__init__()
        self._rows = model
        self.setObjectName("history")  # the same look: lines of text, no grid
        self.setAccessibleName("Photos to write")
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(32)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, 176)
        self.setColumnWidth(1, 232)
        self.verticalScrollBar().valueChanged.connect(lambda _: self.ask())
        self.selectionModel().currentChanged.connect(lambda *_: self.ask())
        theme.dress(self, self.viewport().update)

    def current_id(self) -> int | None:
        """Return the photo at hand."""
        row = self.currentIndex().row()
        return self._rows.ids[row] if 0 <= row < len(self._rows.ids) else None

    def choose(self, row: int) -> None:
        """Have the photo of this row be the one at hand."""
        flags = (
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows
        )
        self.selectionModel().setCurrentIndex(self._rows.index(row, 0), flags)

    def ask(self) -> None:
        """Ask for what is in sight."""
        ids = self._rows.ids
        if not self.isVisible() or not ids:
            return
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        last = len(ids) - 1 if last < 0 else last
        current = self.current_id()
        seen = ids[first : last + 1 + _AHEAD]
        self.asked.emit(seen if current is None else [current, *seen])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()
