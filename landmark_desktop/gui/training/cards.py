"""Small parts of the Training page: choices that look like cards, figures, headings, sheets."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.gui import theme

SHEET = 1040
"""Widest that text and forms get, in pixels: longer lines are hard to read."""


def label(text: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label; ``name``: how the style sheet knows it."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setWordWrap(wrap)
    return made


def push_button(text: str, tip: str, signal: object) -> QPushButton:
    """Return a button whose clicks go to ``signal``, a signal or a function."""
    made = QPushButton(text)
    made.setToolTip(tip)
    made.clicked.connect(signal)
    return made


class Card(QPushButton):
    """One of several choices: a title, a sentence, and a small line that may change."""

    def __init__(self, title: str, text: str, small: str = "") -> None:
        super().__init__()
        self.setProperty("choice", True)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setToolTip(text)
        self._parts = (label(title, "plottitle"), label(text, "muted", wrap=True),
                       label(small, "small", wrap=True))  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.UNIT * 2, 12, theme.UNIT * 2, 12)
        column.setSpacing(4)
        for part in self._parts:
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        column.addStretch(1)
        self._parts[2].setVisible(bool(small))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, small: str) -> None:
        """Set the small line."""
        self._parts[2].setText(small)
        self._parts[2].setVisible(bool(small))

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.layout().minimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.layout().totalHeightForWidth(width)


class Figure(QWidget):
    """A figure under its name, with a small line below where there is one."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self._name = name
        self.setToolTip(tip)
        self.value, self.below = label("–", "figure"), label("", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (label(name, "small"), self.value, self.below):
            column.addWidget(part)
        column.addStretch(1)
        self.below.hide()

    def show_value(self, value: str, below: str = "") -> None:
        """Set the figure."""
        self.value.setText(value)
        self.below.setText(below)
        self.below.setVisible(bool(below))
        self.setAccessibleName(f"{self._name}: {value} {below}".strip())


def title(text: str = "") -> QLabel:
    """Return a heading for a page; what is beside it may take its room."""
    made = label(text, "title")
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    made.setMinimumWidth(96)
    return made


def framed(widget: QWidget, margin: int = 0) -> QFrame:
    """Return the widget in a frame with round corners."""
    frame = QFrame()
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    column.addWidget(widget)
    return frame


class Sheet(QScrollArea):
    """A page that scrolls, its content in a column no wider than ``width``, 0 for any width."""

    def __init__(self, width: int = SHEET, gap: int = 2 * theme.UNIT) -> None:
        super().__init__()
        self.setObjectName("paper")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setObjectName("sheet")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        middle = QWidget()
        if width:
            middle.setMaximumWidth(width)
        self.column = QVBoxLayout(middle)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(gap)
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(theme.UNIT * 3, theme.UNIT * 2, theme.UNIT * 3, theme.UNIT * 3)
        outer.addWidget(middle, 1)
        self.setWidget(inner)
