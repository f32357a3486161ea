"""The four steps of a training, at the top of the page: where one is, and where one may go."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from landmark_desktop.gui import theme

STEPS = (
    ("Photos", "Choose what to learn from (Alt+1)"),
    ("Method", "Choose how to learn (Alt+2)"),
    ("Training", "Watch how it goes (Alt+3)"),
    ("Result", "See what came out (Alt+4)"),
)


class _Step(QAbstractButton):
    """A number in a circle and a word."""

    def __init__(self, number: int, title: str, tip: str) -> None:
        super().__init__()
        self._number = number
        self.setText(title)
        self.setToolTip(tip)
        self.setAccessibleName(f"Step {number}: {title}")
        self.setCheckable(True)
        self.setShortcut(f"Alt+{number}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(24 + 8 + self.fontMetrics().horizontalAdvance(self.text()) + 32, 40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(8, self.height() / 2 - 12, 24, 24)
        here, able = self.isChecked(), self.isEnabled()
        painter.setPen(QColor(c.accent if here or (able and self.underMouse()) else c.line))
        painter.setBrush(QColor(c.accent if here else c.raised))
        painter.drawEllipse(circle)
        font = QFont(self.font())
        font.setBold(here)
        painter.setFont(font)
        painter.setPen(QColor(c.on_accent if here else c.text if able else c.muted))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setPen(QColor(c.text if here or able else c.muted))
        words = QRectF(40, 0, self.width() - 40, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(QColor(c.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 3, -1, -3), 8, 8)
        painter.end()


class StepBar(QWidget):
    """Emits the step (from 0) that was asked for."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        self.buttons = [_Step(i + 1, *step) for i, step in enumerate(STEPS)]
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(theme.UNIT)
        for number, button in enumerate(self.buttons):
            self._group.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        self._group.idClicked.connect(self.chosen)

    def show_step(self, number: int) -> None:
        """Mark the step that is on screen."""
        self.buttons[number].setChecked(True)

    def allow(self, *allowed: bool) -> None:
        """Say which of the steps can be gone to."""
        for button, able in zip(self.buttons, allowed, strict=True):
            button.setEnabled(able)
