"""From which confidence on a model suggests, and what that and other ones give."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from landmark_desktop.actions.precision import Promise, in_words, promise
from landmark_desktop.gui import theme
from landmark_desktop.gui.precision import NOT_KNOWN, PrecisionPanel
from landmark_desktop.gui.training.cards import label
from training.bundle import Card, OperatingPoint
from training.operating import handful, stated

_HEADS = (
    ("From", "The least confidence with which a landmark is suggested"),
    ("Right", "Suggestions that name the right landmark"),
    ("Found", "Photos of landmarks that get a suggestion"),
    ("False", "Photos without a landmark that get one nevertheless"),
)

_SAME = 0.002  # precisions so close would be two rows of the same


class Suggesting(QWidget):
    """A sentence and a table; of the model in use the slider too, where there is a choice."""

    asked = Signal(float)  # as of PrecisionPanel

    def __init__(self, card: Card, *, in_use: bool) -> None:
        super().__init__()
        self._card = card
        self.slider = PrecisionPanel() if in_use and stated(card) else None
        self._said, self._from = label("", wrap=True), label("", wrap=True)
        self._table = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.UNIT)
        if self.slider is not None:
            self._column.addWidget(self.slider)
            self.slider.asked.connect(self.asked)
        for part in (self._from, self._said, self._table):
            self._column.addWidget(part)
        self._note = label("In bold what it does now. False: on photos of no landmark.", "small")
        self._column.addWidget(self._note)
        self._column.addStretch(1)
        self.show_asked(0.0)

    def show_asked(self, asked: float) -> None:
        """Show what the model does where ``asked`` (0: its own default) is asked of it."""
        found = promise(self._card, asked)
        self._from.setText(f"It suggests a landmark from a confidence of {found.threshold:.1%} on.")
        known = found.expected is not None
        self._note.setVisible(known)
        if self.slider is not None:
            self.slider.show_card(self._card, asked)
        self._said.setText(in_words(found.expected) if found.expected else NOT_KNOWN)
        self._said.setVisible(self.slider is None)
        table = _table(_rows(self._card, found), found.threshold)
        table.setParent(self)  # first: shown without a parent it would be a window
        table.setVisible(known)
        self._column.replaceWidget(self._table, table)
        self._table.hide()
        self._table.deleteLater()
        self._table = table


def _rows(card: Card, found: Promise) -> list[OperatingPoint]:
    """Return some of the points that the card states, and the one in use."""
    now = found.expected
    if now is None:
        return []
    others = [p for p in handful(card) if abs(p.precision - now.precision) > _SAME]
    return sorted([*others, now], key=lambda point: point.threshold)


def _table(points: list[OperatingPoint], now: float) -> QWidget:
    box = QWidget()
    table = QGridLayout(box)
    table.setContentsMargins(0, 0, 0, 0)
    table.setHorizontalSpacing(theme.UNIT * 2)
    table.setVerticalSpacing(theme.UNIT // 2)
    for place, (text, tip) in enumerate(_HEADS):
        head = label(text, "small")
        head.setToolTip(tip)
        table.addWidget(head, 0, place, Qt.AlignmentFlag.AlignRight)
        table.setColumnStretch(place, 1)
    for line, point in enumerate(points, 1):
        cells = (point.threshold, point.precision, point.kept, point.false_suggestions)
        for place, share in enumerate(cells):
            text = "–" if share is None else f"{share:.1%}"
            cell = label(text, "plottitle" if point.threshold == now else "")
            table.addWidget(cell, line, place, Qt.AlignmentFlag.AlignRight)
    return box
