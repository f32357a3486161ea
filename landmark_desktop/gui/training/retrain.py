"""One line: what was decided since the model in use was trained, and the button to retrain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.training.cards import label

if TYPE_CHECKING:
    from landmark_desktop.actions.library_set import Offer


class RetrainLine(QWidget):
    """Hidden while nothing was decided."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.said, self.button = label("", "muted", wrap=True), QPushButton("Retrain")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setToolTip(
            "Corrected: you chose another landmark than the one suggested, or one where none was"
        )
        self.button.setObjectName("retrain")
        self.button.setToolTip("Teach the model in use what you have corrected")
        self.button.clicked.connect(self.asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.UNIT * 2)
        row.addWidget(self.said, 1)
        row.addWidget(self.button)
        self.hide()

    def show_offer(self, offer: Offer | None) -> None:
        """Say what came; ``None``: nothing is known yet."""
        if offer is None or not offer.since.total:
            self.hide()
            return
        since, why = offer.since, offer.why_not_retrained()
        numbers = [
            f"{number:,} {what}"
            for number, what in (
                (since.accepted, "accepted"), (since.corrected, "corrected"),
                (since.rejected, "rejected"),
            )
            if number
        ]  # fmt: skip
        self.said.setText(f"Since “{offer.model}” was trained: {', '.join(numbers)}. {why}".strip())
        plural = "" if since.total == 1 else "s"
        self.button.setText(f"Retrain with {since.total:,} correction{plural}")
        self.button.setEnabled(not why)
        how = (
            f"Add the landmarks of your library to what {offer.model} knows"
            if offer.added
            else "Train a model on your library; this one remembers too little to be added to"
        )
        self.button.setToolTip(why or how)
        self.show()
