"""How the learning went, in plain words, before anything is adopted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from landmark_desktop.actions.teaching import Taught
from landmark_desktop.actions.teaching_words import how_well, what_is_lost
from landmark_desktop.gui import theme
from landmark_desktop.gui.teach.strip import Strip
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.gui.training.cards import Figure, framed, label
from landmark_desktop.library.records import Photo


class ResultView(QWidget):
    """A headline, two figures with a sentence each, and the photos that were missed."""

    def __init__(self, pictures: PictureLoader) -> None:
        super().__init__()
        self.head = label("", "heading", wrap=True)
        self.recognised = Figure(
            "These photos recognised",
            "Each photo was judged by a model that had not learned from it (cross-validation)",
        )
        self.lost = Figure(
            "Known landmarks lost",
            "Remembered photos of known landmarks that are no longer recognised",
        )
        self.well, self.loss = label("", wrap=True), label("", wrap=True)
        self.missed_head = label("", "section")
        self.missed = Strip(pictures, "Photos that were not recognised", captions=True)
        for words in (self.head, self.well, self.loss):
            words.setTextFormat(Qt.TextFormat.PlainText)  # a name is no markup
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT * 2)
        column.addWidget(self.head)
        for figure, words in ((self.recognised, self.well), (self.lost, self.loss)):
            both = QWidget()
            inner = QVBoxLayout(both)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(theme.UNIT // 2)
            inner.addWidget(figure)
            inner.addWidget(words)
            column.addWidget(framed(both, theme.UNIT * 2))
        column.addWidget(self.missed_head)
        column.addWidget(self.missed)
        column.addStretch(1)

    def show_result(self, taught: Taught, photos: Mapping[Path, Photo]) -> None:
        """Show the result; ``photos``: those of the library by their paths."""
        head, well = how_well(taught)
        loss, much = what_is_lost(taught)
        self.head.setText(head)
        share = taught.recognised / taught.photos if taught.photos else 0.0
        self.recognised.show_value(f"{share:.0%}")
        self.well.setText(well)
        self.lost.show_value(f"{taught.lost:.1%}")
        self.loss.setText(loss)
        self.loss.setObjectName("bad" if much else "")
        self.loss.style().polish(self.loss)
        rows = [(photos[m.path], m.why) for m in taught.missed if m.path in photos]
        self.missed_head.setText(f"Not recognised: {len(rows)}")
        self.missed.show_photos(rows)
        for part in (self.missed_head, self.missed):
            part.setVisible(bool(rows))
