"""What the page says when there is nothing to show, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from landmark_desktop.gui import theme


class EmptyPage(QWidget):
    """An icon, a title, a sentence and one button."""

    asked = Signal()

    def __init__(self, icon: str, title: str, text: str, button: str) -> None:
        super().__init__()
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setSpacing(theme.UNIT * 2)
        column.addStretch(2)
        picture = QLabel()
        theme.dress(
            self,
            lambda: picture.setPixmap(theme.icon(icon, theme.colours().muted).pixmap(72, 72)),
        )
        heading, sentence = QLabel(title), QLabel(text)
        heading.setObjectName("title")
        sentence.setObjectName("muted")
        for label in (picture, heading, sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        self.button = QPushButton(button)
        self.button.setProperty("primary", True)
        self.button.clicked.connect(self.asked)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
