"""The layout of the Training page: runs at the left, steps above, the step on screen below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from landmark_desktop.gui.training.choose_data import ChooseData
from landmark_desktop.gui.training.choose_how import ChooseHow
from landmark_desktop.gui.training.mend_parts import MendBar
from landmark_desktop.gui.training.pictures import FilePictures
from landmark_desktop.gui.training.result import ResultView
from landmark_desktop.gui.training.runs import RunList
from landmark_desktop.gui.training.steps import StepBar
from landmark_desktop.gui.training.watch import Watch

DATA, HOW, WATCH, RESULT = range(4)
"""The steps by number."""


class TrainingView(QWidget):
    """Everything of the page that can be seen; ``TrainingPage`` gives it its life."""

    first_shown = Signal()

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self._was_shown = False
        self.runs, self.steps = RunList(), StepBar()
        self.data, self.how = ChooseData(pictures), ChooseHow(pictures)
        self.watch, self.result, self.mended = Watch(), ResultView(pictures), MendBar()
        result = QWidget()
        column = QVBoxLayout(result)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.result, 1)
        column.addWidget(self.mended)
        self.stack = QStackedWidget()
        for page in (self.data, self.how, self.watch, result):
            self.stack.addWidget(page)
        self.runs.setFixedWidth(224)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.steps)
        right.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.runs)
        row.addLayout(right, 1)

    @property
    def step(self) -> int:
        """The step on screen."""
        return self.stack.currentIndex()

    def go(self, step: int) -> None:
        """Show a step."""
        self.stack.setCurrentIndex(step)
        self.steps.show_step(step)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.first_shown.emit()
            self.data.empty.button.setFocus()
