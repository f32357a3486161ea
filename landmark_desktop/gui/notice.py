"""Quiet bars above what they are about, which stay until they are answered.

``Notice`` is the bar; ``NoticeBar`` the window's own: safe mode, or a crash before.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from landmark_desktop.crashes import SAFE_AFTER, Past
from landmark_desktop.gui import theme

_SAFE = (
    "No suggestions are made, no unfinished import goes on, models run on the processor only, "
    "and the window has its first layout."
)


class Notice(QWidget):
    """A sentence and its buttons; hidden until ``say`` has something to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.said = QLabel()
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 4, 8, 4)
        self._row.setSpacing(theme.UNIT)
        self._row.addWidget(self.said, 1)
        self.hide()

    def button(self, title: str, tip: str, what: Callable[[], object]) -> QPushButton:
        """Add a button to the right."""
        button = QPushButton(title)
        button.setToolTip(tip)
        button.setProperty("flat", True)
        button.clicked.connect(lambda: what())
        self._row.addWidget(button)
        return button

    def say(self, text: str) -> None:
        """Show this."""
        self.said.setText(text)
        self.setAccessibleName(text)
        self.show()


class NoticeBar(Notice):
    """What the start of the program found."""

    normal_asked = Signal()  # leave safe mode
    details_asked = Signal(object)  # Path of the report of a crash

    def __init__(self) -> None:
        super().__init__()
        self._past = Past()
        self.details = self.button(
            "Show details", "Show what is known of the crash",
            lambda: self.details_asked.emit(self._past.report),
        )  # fmt: skip
        self.normal = self.button(
            "Start normally", "Leave safe mode and go on as always", self.normal_asked.emit
        )
        self.dismiss = self.button("Dismiss", "Hide this notice", self.hide)

    def tell(self, past: Past, *, safe: bool) -> None:
        """Say how the last sessions ended and whether this one is in safe mode, if need be."""
        if not safe and not past.crashes:
            return
        self._past = past
        if safe and past.crashes >= SAFE_AFTER:
            text = f"Safe mode, because the program crashed {past.crashes} times in a row. {_SAFE}"
        elif safe:
            text = f"Safe mode. {_SAFE}"
        else:
            text = (
                "Landmark Desktop did not end well last time. Your photos and tags are safe, and "
                "what was unfinished goes on."
            )
        self.details.setVisible(past.report is not None)
        self.normal.setVisible(safe)
        self.dismiss.setVisible(not safe)
        self.say(text)
