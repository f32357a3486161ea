"""What a page shows until what it consists of has been imported: nothing, and says it is seen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget


class Room(QWidget):
    """Empty until it is furnished."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def furnish(self, view: QWidget) -> None:
        """Show what there is to see."""
        self._column.addWidget(view)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.entered.emit()
