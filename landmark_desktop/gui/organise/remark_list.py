"""What a person should know before: photos that stay and why, names, room; and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from landmark_desktop.actions.organise_words import Remark
from landmark_desktop.gui import theme
from landmark_desktop.organise.wanted import Why

_MOST_ROWS, _ROW = 3, 26


class RemarkList(QListWidget):
    """A line each; those about photos show them when they are chosen."""

    photos_asked = Signal(object)  # Why they stay

    def __init__(self) -> None:
        super().__init__()
        self._remarks: list[Remark] = []
        self.setObjectName("remarks")
        self.setAccessibleName("Good to know")
        self.setToolTip("Choose a line about photos to see them")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.currentRowChanged.connect(self._on_row)
        self.itemClicked.connect(lambda item: self._on_row(self.row(item)))
        theme.dress(self, self._fill)

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Show these; the line at hand stays that as long as it is there."""
        if list(remarks) == self._remarks:
            return
        before = self._at_hand()
        self._remarks = list(remarks)
        self._fill()
        self.blockSignals(True)
        for row, remark in enumerate(self._remarks):
            if before is not None and remark.why is before.why:
                self.setCurrentRow(row)
        self.blockSignals(False)
        self.setVisible(bool(self._remarks))
        self.setFixedHeight(min(len(self._remarks), _MOST_ROWS) * _ROW + 10)

    def choose_none(self) -> None:
        """Have no line at hand: a folder is looked at."""
        self.blockSignals(True)
        self.setCurrentRow(-1)
        self.clearSelection()
        self.blockSignals(False)

    @property
    def why(self) -> Why | None:
        """The reason that the line at hand is about, if any."""
        remark = self._at_hand()
        return None if remark is None else remark.why

    def _at_hand(self) -> Remark | None:
        row = self.currentRow()
        return self._remarks[row] if 0 <= row < len(self._remarks) else None

    def _fill(self) -> None:
        c, row = theme.colours(), self.currentRow()
        self.blockSignals(True)
        self.clear()
        for remark in self._remarks:
            item = QListWidgetItem(remark.text)
            item.setToolTip(remark.text)
            item.setForeground(QColor(c.bad if remark.serious else c.muted))
            item.setSizeHint(QSize(0, _ROW))
            self.addItem(item)
        self.setCurrentRow(row)
        self.blockSignals(False)

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self._remarks) and self._remarks[row].why is not None:
            self.photos_asked.emit(self._remarks[row].why)
