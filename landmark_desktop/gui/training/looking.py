"""How far the look through the photos is, and the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.training.cards import label
from landmark_desktop.tasks import Progress


class Looking(QWidget):
    """Shown while photos are looked through."""

    stop_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.what, self.bar, stop = label("", "muted"), QProgressBar(), QPushButton("Cancel")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(320)
        self.bar.setAccessibleName("Photos looked at")
        stop.setToolTip("Stop looking through these photos")
        stop.clicked.connect(self.stop_asked)
        column = QVBoxLayout(self)
        column.setSpacing(theme.UNIT * 2)
        column.addStretch(2)
        for part in (label("Looking through the photos", "title"), self.what, self.bar, stop):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_progress(self, progress: Progress) -> None:
        """Say how far it is."""
        self.what.setText(progress.in_words())
        self.bar.setRange(0, progress.total or 0)
        self.bar.setValue(progress.done)
