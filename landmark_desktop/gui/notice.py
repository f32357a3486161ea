"""A quiet bar above the page that stays until it is answered: safe mode, or a crash before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from landmark_desktop.crashes import SAFE_AFTER, Past
from landmark_desktop.gui import theme

_SAFE = (
    "No suggestions are made, no unfinished import goes on, models run on the processor only, "
    "and the window has its first layout."
)


class NoticeBar(QWidget):
    """Hidden until ``tell`` has something to say."""

    normal_asked = Signal()  # leave safe mode
    details_asked = Signal(object)  # Path of the report of a crash

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.said = QLabel()
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.details = _button("Show details", "Show what is known of the crash")
        self.normal = _button("Start normally", "Leave safe mode and go on as always")
        self.dismiss = _button("Dismiss", "Hide this notice")
        self.details.clicked.connect(lambda: self.details_asked.emit(self._past.report))
        self.normal.clicked.connect(self.normal_asked)
        self.dismiss.clicked.connect(self.hide)
        self._past = Past()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(theme.UNIT)
        row.addWidget(self.said, 1)
        for button in (self.details, self.normal, self.dismiss):
            row.addWidget(button)
        self.hide()

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
        self.said.setText(text)
        self.setAccessibleName(text)
        self.details.setVisible(past.report is not None)
        self.normal.setVisible(safe)
        self.dismiss.setVisible(not safe)
        self.show()


def _button(title: str, tip: str) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(tip)
    button.setProperty("flat", True)
    return button
