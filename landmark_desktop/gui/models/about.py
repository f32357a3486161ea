"""What a card tells of its model in words: what it confuses, where it fails, its sources."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.models import figures
from landmark_desktop.gui.models.parts import lines, plain
from training import about
from training.bundle import Card


def confused(card: Card, gazetteer: Gazetteer) -> QWidget | None:
    """Return a list of the landmarks that are taken for each other, ``None`` if it is not known."""
    pairs = figures.quality(card).confused
    if not pairs:
        return None
    keys = {name: key for key, name in figures.landmarks(card).items()}
    said = []
    for pair in pairs:
        both = pair.truth, pair.guess
        truth, guess = (gazetteer[keys[name]].name if name in keys else name for name in both)
        said.append((f"{pair.count} of {pair.photos}", f"{truth} taken for {guess}"))
    return lines(said)


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
