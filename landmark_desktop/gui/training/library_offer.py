"""The library as something to learn from: two buttons, what is in it, and what is new."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from landmark_desktop.actions.library_set import Offer
from landmark_desktop.gui import theme
from landmark_desktop.gui.training.cards import label
from landmark_desktop.gui.training.retrain import RetrainLine
from training.photo_files import counted

_WIDTH = 560  # pixels
_TEXTS = {
    False: ("From my library", "Make a model of the landmarks that you accepted and corrected"),
    True: ("My library plus the model's landmarks",
           "Keep what a model knows, and add the landmarks of your library to it"),
}  # fmt: skip


class LibraryOffer(QWidget):
    """``chosen`` says whether the model's landmarks are to be kept."""

    chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH)
        self.buttons: dict[bool, QPushButton] = {}
        self._actions: dict[bool, QAction] = {}
        self._offer: Offer | None = None
        self.about = label("", "small", wrap=True)
        self.about.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.retrain = RetrainLine()
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addStretch(1)
        for extend, (text, _) in _TEXTS.items():
            button = self.buttons[extend] = QPushButton(text)
            button.clicked.connect(lambda _=False, e=extend: self.chosen.emit(e))
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(row)
        column.addWidget(self.about)
        column.addWidget(self.retrain)
        self.show_offer(None)

    def add_to(self, menu: QMenu) -> None:
        """Offer the same in a menu."""
        menu.setToolTipsVisible(True)
        for extend, (text, _) in _TEXTS.items():
            action = self._actions[extend] = menu.addAction(text)
            action.triggered.connect(lambda _=False, e=extend: self.chosen.emit(e))
        self.show_offer(self._offer)

    def show_offer(self, offer: Offer | None) -> None:
        """Show what the library holds; ``None``: it is being counted."""
        self._offer = offer
        why = {False: "Your library is being counted.", True: "Your library is being counted."}
        if offer is not None:
            why = {False: offer.why_not_alone(), True: offer.why_not_added()}
        held = f" ({_held(offer)})" if offer is not None and offer.labelled else ""
        for extend, (text, tip) in _TEXTS.items():
            for one in (self.buttons[extend], self._actions.get(extend)):
                if one is not None:
                    one.setEnabled(not why[extend])
                    one.setToolTip(why[extend] or tip)
            if extend in self._actions:
                self._actions[extend].setText(text + held)
        self.about.setText("" if offer is None else _said(offer, why))
        self.retrain.show_offer(offer)


def _said(offer: Offer, why: dict[bool, str]) -> str:
    """Return what there is, and what is missing for the buttons that are off."""
    if not offer.labelled:
        return f"Your library: no landmark is accepted yet. {why[True]}"
    refused = f", {offer.refused:,} of none" if offer.refused else ""
    alone = f" Without the model's: {why[False][0].lower()}{why[False][1:]}" if why[False] else ""
    missing = f" {why[True]}" if why[True] else alone
    return f"Your library: {_held(offer)}{refused}.{missing}"


def _held(offer: Offer) -> str:
    photos = counted(offer.photos, "photo", "photos")
    return f"{photos} of {counted(len(offer.labelled), 'landmark', 'landmarks')}"
