"""The two bars of the Review page: how to go through the queue, and what to answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from landmark_desktop.actions import precision
from landmark_desktop.actions.review_queue import By
from landmark_desktop.gui import theme
from training.bundle import Card

_WAYS = (
    (By.LANDMARK, "By landmark", "All photos of one landmark together", "L"),
    (By.EVENT, "By event", "All photos of one time and place together", "E"),
    (By.SINGLE, "One by one", "Each photo large, with the evidence", "O"),
)


class UpperBar(QWidget):
    """The way through the queue, the least confidence, and the progress."""

    way_chosen = Signal(object)  # By
    least_moved = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        self.ways: dict[By, QPushButton] = {}
        group = QButtonGroup(self)
        for way, title, tip, key in _WAYS:
            button = QPushButton(title)
            button.setCheckable(True)
            button.setProperty("toggle", True)
            button.setToolTip(f"{tip} ({key})")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the photos
            button.clicked.connect(lambda _=False, way=way: self.way_chosen.emit(way))
            group.addButton(button)
            row.addWidget(button)
            self.ways[way] = button
        row.addSpacing(16)
        self.least = QSlider(Qt.Orientation.Horizontal)
        self.least.setFixedWidth(120)
        self.least.setAccessibleName("Least confidence")
        self.least.setToolTip("Ask only about suggestions from this confidence on")
        self.right = QLabel()
        self.right.setObjectName("small")
        self.right.setWordWrap(True)  # in a narrow window
        self.progress = QLabel()
        self.progress.setAccessibleName("Progress of the review")
        row.addWidget(self.least)
        row.addWidget(self.right, 1)
        row.addWidget(self.progress)
        self._card: Card | None = None
        self.least.valueChanged.connect(self._on_moved)

    def show_card(self, card: Card, threshold: float) -> None:
        """Offer what the model's suggestions can be narrowed to; ``threshold``: the least."""
        self._card = card
        self.least.blockSignals(True)
        self.least.setRange(min(round(100 * threshold), 98), 99)
        self.least.blockSignals(False)
        self._say()

    @property
    def at_least(self) -> float:
        """The least confidence asked about, 0 for all."""
        value = self.least.value()
        return 0.0 if value == self.least.minimum() else value / 100

    def _on_moved(self) -> None:
        self._say()
        self.least_moved.emit(self.at_least)

    def _say(self) -> None:
        assert self._card is not None
        right = precision.right_from(self._card, self.least.value() / 100)
        which = f"From {self.at_least:.0%}" if self.at_least else "All suggestions"
        text = f"{which}: {right}" if right else which
        self.right.setText(text)
        self.least.setAccessibleDescription(text)


class LowerBar(QWidget):
    """The answers, as buttons that name their keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("answers")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        self.accept = self._button("Accept", "Accept and tag (A or Enter)", primary=True)
        self.reject = self._button("Reject", "They do not show this (X)")
        self.other = self._button("Another…", "Say which landmark it is (C or /)")
        self.none = self._button("No landmark", "They show no landmark at all (N)")
        self.skip = self._button("Skip", "Ask again later (S; the right arrow with one photo)")
        self.back = self._button("Take back", "Take the last answer back (Backspace)")
        self.back.setProperty("flat", True)
        for button in (self.accept, self.reject, self.other, self.none, self.skip):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.back)
        theme.dress(self, self._dress)

    def show_number(self, number: int) -> None:
        """Say how many photos an answer is about."""
        many = f" {number:,}" if number > 1 else ""
        self.accept.setText(f"Accept{many}  A")
        self.reject.setText(f"Reject{many}  X")
        for button in (self.accept, self.reject, self.other, self.none):
            button.setEnabled(number > 0)

    def _button(self, text: str, tip: str, *, primary: bool = False) -> QPushButton:
        key = {"Another…": "C", "No landmark": "N", "Skip": "S", "Take back": "⌫"}.get(text)
        button = QPushButton(f"{text}  {key}" if key else text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setProperty("primary", primary)
        return button

    def _dress(self) -> None:
        self.accept.setIcon(theme.icon("check", theme.colours().on_accent))
        self.reject.setIcon(theme.icon("cross"))
