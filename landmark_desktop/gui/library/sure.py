"""The button in the Library's tool bar that says how sure suggestions are, and opens the slider."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from landmark_desktop.actions.precision import promise
from landmark_desktop.gui import theme
from landmark_desktop.gui.precision import NOT_KNOWN, PrecisionPanel, percent
from training.bundle import Card

_WIDTH = 408
KEY = "S"


class SureButton(QPushButton):
    """Quiet until it is clicked; then the panel hangs below it until a click elsewhere, or Esc."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sure")
        self.setProperty("flat", True)
        self.panel = PrecisionPanel()
        self.popup = QFrame(self, Qt.WindowType.Popup)
        self.popup.setObjectName("popup")
        self.popup.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self.popup)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.addWidget(self.panel)
        self.clicked.connect(self.open)

    def show_card(self, card: Card, asked: float) -> None:
        """Say how sure the suggestions of this model are; ``asked`` as in ``PrecisionPanel``."""
        found = promise(card, asked)
        said = percent(found)
        self.setText(f"Sure: {said}")
        self.setAccessibleName(f"How sure a suggestion has to be: {said}")
        known = found.expected is not None
        self.setEnabled(known)
        how = "How many of the suggestions are to be right: fewer and surer, or more"
        self.setToolTip(f"{how} ({KEY})" if known else NOT_KNOWN)
        self.panel.show_card(card, asked)

    def open(self) -> None:
        """Show the slider below the button, ready for the arrow keys."""
        if not self.isEnabled():
            return
        self.popup.adjustSize()
        below = self.mapToGlobal(QPoint(self.width() - _WIDTH, self.height() + theme.UNIT // 2))
        window: QWidget = self.window()
        below.setX(max(below.x(), window.mapToGlobal(QPoint(theme.UNIT, 0)).x()))
        self.popup.move(below)
        self.popup.show()
        self.panel.slider.setFocus(Qt.FocusReason.PopupFocusReason)
