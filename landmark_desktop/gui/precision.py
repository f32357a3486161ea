"""How sure a suggestion has to be: a slider over whole percents, and what each would give.

The Models page and the Library show the same panel; ``precision_door`` brings it to life.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.precision import Promise, basis, in_words, promise, remark
from landmark_desktop.gui import theme
from landmark_desktop.gui.training.cards import label
from training.bundle import Card

NOT_KNOWN = "How it does from other confidences on is not known: its own default holds."
_UNKNOWN_PLACES = (
    "Unknown places look likelier to it than they are: the more you have of them, the more "
    "suggestions are wrong."
)
_PAGE = 5  # percents that Page Up and Page Down move by


class PercentSlider(QSlider):
    """A slider over whole percents with a mark below it at the model's own default."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.mark = 0
        self.setPageStep(_PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Suggestions that are to be right, in percent")
        theme.dress(self, self.update)

    def sizeHint(self) -> QSize:
        return QSize(240, 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 32)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Whoever scrolls the page past it does not mean to change it.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.minimum() <= self.mark <= self.maximum():
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        option.sliderPosition = option.sliderValue = self.mark
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        x, y = handle.center().x() + 0.5, self.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(theme.colours().muted), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, y + 9.5), QPointF(x, y + 14.5))
        painter.end()


class PrecisionPanel(QWidget):
    """The slider, the way back to the model's default, and in words what to expect."""

    asked = Signal(float)  # share of suggestions that is to be right, 0: the model's own default

    def __init__(self) -> None:
        super().__init__()
        self._card: Card | None = None
        self.slider = PercentSlider()
        self.slider.valueChanged.connect(self._on_moved)
        self.value, self.said = label("", "figure"), label("", wrap=True)
        self.least, self.most = label("", "small"), label("", "small")
        self.remark, self.basis = label("", "plottitle", wrap=True), label("", "small", wrap=True)
        for text in (self.said, self.remark, self.basis):
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
            text.setMinimumWidth(1)
        # So much room that nothing moves under the pointer while the words change.
        self.said.setMinimumHeight(3 * self.said.fontMetrics().lineSpacing())
        self.reset = QPushButton()
        self.reset.setObjectName("reset")
        self.reset.setProperty("flat", True)
        self.reset.setStyleSheet("padding: 4px 0")
        self.reset.setToolTip("Leave it to the model: what it was made to suggest with")
        self.reset.clicked.connect(self._on_reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT // 2)
        self._title = label("Suggestions that are to be right", "muted")
        column.addLayout(_ends(self._title, self.value))
        column.addWidget(self.slider)
        column.addLayout(_ends(self.least, self.most))
        column.addSpacing(theme.UNIT)
        for part in (self.said, self.remark, self.basis):
            column.addWidget(part)
        column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)

    def show_card(self, card: Card, asked: float) -> None:
        """Show what the model gives where ``asked`` (0: its own default) is asked of it."""
        self._card = card
        found = promise(card, asked)
        with QSignalBlocker(self.slider):
            self.slider.setRange(found.least, found.most)
            self.slider.setValue(found.percent)
            self.slider.mark = found.own
        self.slider.setEnabled(found.least < found.most)
        self.slider.setToolTip(
            f"Arrow keys change it by a percent. The mark is the model's default, {found.own}%."
        )
        self.slider.update()
        self.least.setText(f"{found.least}%: the most suggestions")
        self.most.setText(f"{found.most}%: only the surest")
        for part in (self._title, self.value, self.slider, self.least, self.most, self.basis,
                     self.reset):  # fmt: skip
            part.setVisible(found.expected is not None)
        self.basis.setText(" ".join(filter(None, (basis(card), _UNKNOWN_PLACES))))
        self._say(found)

    def _say(self, found: Promise) -> None:
        self.value.setText(percent(found))
        self.said.setText(in_words(found.expected) if found.expected else NOT_KNOWN)
        self.slider.setAccessibleDescription(self.said.text())
        said = remark(found) if found.expected is not None else ""
        self.remark.setText(said)
        self.remark.setVisible(bool(said))
        self.reset.setEnabled(not found.is_own)
        state = "This is" if found.is_own else "Back to"
        self.reset.setText(f"{state} the model's default ({found.own}%)")

    def _on_moved(self, value: int) -> None:
        if self._card is not None:
            self._say(promise(self._card, value / 100))
            self.asked.emit(value / 100)

    def _on_reset(self) -> None:
        if self._card is not None:
            self.slider.setFocus()  # the button is about to be of no use
            self.show_card(self._card, 0.0)
            self.asked.emit(0.0)


def percent(found: Promise) -> str:
    """Return how many of the suggestions are right, as ``98%``."""
    return "–" if found.expected is None else f"{found.percent}%"


def _ends(left: QLabel, right: QLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(left)
    row.addStretch(1)
    row.addWidget(right)
    return row
