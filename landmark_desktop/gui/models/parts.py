"""Small parts of the Models page: plain text, panels, buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.models.figures import Row
from landmark_desktop.gui.training.cards import framed, label

_TWO_COLUMNS = 680  # narrower than this, in pixels, panels stand below each other


class Panels(QWidget):
    """Panels in two columns, or in one where there is no room for two."""

    def __init__(self, panels: Sequence[QWidget]) -> None:
        super().__init__()
        self._panels = panels
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.UNIT * 2)
        self._across = 0
        self._arrange(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= _TWO_COLUMNS else 1)

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for place, one in enumerate(self._panels):
            self._grid.addWidget(one, place // across, place % across)
        for place in range(2):
            self._grid.setColumnStretch(place, int(place < across))


def plain(text: str, name: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label for text from a card or a file's name, which is not markup."""
    made = label("", name, wrap=wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if wrap:
        made.setMinimumWidth(1)
    return made


def side_by_side(first: str, second: str, rows: Sequence[Row]) -> QWidget:
    """Return a table of two models; ``first`` and ``second``: how their columns are headed."""
    box = QWidget()
    table = QGridLayout(box)
    table.setContentsMargins(0, 0, 0, 0)
    table.setHorizontalSpacing(theme.UNIT * 3)
    table.setVerticalSpacing(theme.UNIT)
    for place, text in enumerate(("", first, second, "Difference")):
        head = plain(text, "muted" if place == 3 else "plottitle", wrap=True)
        table.addWidget(head, 0, place, Qt.AlignmentFlag.AlignTop)
        table.setColumnStretch(place, 3)
    table.setColumnStretch(3, 2)
    for line, row in enumerate(rows, 1):
        mood = {1: "good", -1: "bad"}.get(row.better, "muted")
        names = ("muted", "", "", mood)
        texts = (row.what, row.first, row.second, row.difference)
        for place, (text, name) in enumerate(zip(texts, names, strict=True)):
            cell = plain(text, name, wrap=True)
            table.addWidget(cell, line, place, Qt.AlignmentFlag.AlignTop)
    return box


def lines(pairs: Sequence[tuple[str, str]]) -> QWidget:
    """Return what something is, and its value, line by line; values can be copied."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.UNIT * 2)
    grid.setVerticalSpacing(theme.UNIT)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(pairs):
        said = plain(value, wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(plain(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(said, row, 1)
    grid.setRowStretch(len(pairs), 1)
    return box


def panel(title: str, content: QWidget) -> QWidget:
    """Return the content under a title in a frame."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.UNIT * 2)
    column.addWidget(label(title, "plottitle"))
    column.addWidget(content, 1)
    return framed(inner, theme.UNIT * 2)


def button(text: str, name: str, tip: str) -> QPushButton:
    """Return a button; ``name``: how tests and the style sheet know it."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    return made
