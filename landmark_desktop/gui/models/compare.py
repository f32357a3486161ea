"""Two models side by side: quality, speed, size, and the classes that only one has."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.models import figures
from landmark_desktop.gui.models.parts import plain, side_by_side
from landmark_desktop.gui.training.cards import Sheet, framed, label

_MOST = 60  # landmarks named of those that only one model has


class Comparison(Sheet):
    """A table of two models with the differences."""

    closed = Signal()

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer
        self._content = QWidget()
        self.setAccessibleName("Two models compared")
        head = QHBoxLayout()
        self.back = QPushButton("Back to one model")
        self.back.setToolTip("Show one model again (Esc)")
        self.back.clicked.connect(self.closed)
        head.addWidget(label("Two models compared", "title"))
        head.addStretch(1)
        head.addWidget(self.back)
        self.column.addLayout(head)
        self.column.addWidget(self._content)
        self.column.addStretch(1)

    def show_models(self, first: Shelved, second: Shelved) -> None:
        """Compare these two; differences are the second's against the first's."""
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT * 2)
        column.addWidget(framed(self._table(first, second), theme.UNIT * 2))
        if text := figures.caution(first, second):
            column.addWidget(label(text, "muted", wrap=True))
        column.addWidget(framed(self._classes(first, second), theme.UNIT * 2))
        self.column.replaceWidget(self._content, content)
        self._content.hide()
        self._content.deleteLater()
        self._content = content

    def _table(self, first: Shelved, second: Shelved) -> QWidget:
        return side_by_side(_named(first), _named(second), figures.comparison(first, second))

    def _classes(self, first: Shelved, second: Shelved) -> QWidget:
        mine, theirs = set(figures.landmarks(first.card)), set(figures.landmarks(second.card))
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(label(f"Landmarks that both know: {len(mine & theirs):,}", "plottitle"))
        for model, only in ((first, mine - theirs), (second, theirs - mine)):
            column.addWidget(plain(f"Only {model.name}: {len(only):,}", "muted", wrap=True))
            if only:
                names = sorted((self._gazetteer[key].name for key in only), key=str.casefold)
                more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
                column.addWidget(plain(" · ".join(names[:_MOST]) + more, wrap=True))
        return box


def _named(model: Shelved) -> str:
    return f"{model.name} (in use)" if model.in_use else model.name
