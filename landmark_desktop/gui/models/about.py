"""What a card tells of its model in words: what it confuses, where it fails, its sources."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.models import figures
from landmark_desktop.gui.models.parts import plain
from training import about
from training.bundle import Card


def confused(card: Card, gazetteer: Gazetteer) -> QWidget | None:
    """Return a list of the landmarks that are taken for each other, ``None`` if it is not known."""
    pairs = figures.quality(card).confused
    if not pairs:
        return None
    keys = {name: key for key, name in figures.landmarks(card).items()}
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.UNIT * 2)
    grid.setVerticalSpacing(theme.UNIT)
    grid.setColumnStretch(1, 1)
    for row, pair in enumerate(pairs):
        both = pair.truth, pair.guess
        truth, guess = (gazetteer[keys[name]].name if name in keys else name for name in both)
        count = plain(f"{pair.count} of {pair.photos}", "muted")
        count.setToolTip(f"So many validation photos of {truth}")
        grid.addWidget(count, row, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        grid.addWidget(plain(f"{truth} taken for {guess}", wrap=True), row, 1)
    grid.setRowStretch(len(pairs), 1)
    return box


def sections(card: Card) -> list[tuple[str, QWidget]]:
    """Return what the card's maker wrote of it: headings, and what stands under them."""
    return [(heading, _texts(texts)) for heading, texts in about.sections(card.provenance)]


def _texts(texts: Sequence[str]) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.UNIT)
    for text in texts:
        said = plain(text, wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(said)
    column.addStretch(1)
    return box
