"""Asks into which tag another one is to be merged: type some of its name, Enter takes it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.library.offered_line import OfferedLine
from landmark_desktop.library.tag_paths import write
from landmark_desktop.library.tags import Node

_WIDTH = 440


class MergeBox(QFrame):
    """Lies over the page while it is open; Esc closes it."""

    chosen = Signal(object)  # path of the tag that stays

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("popup")
        self.setAccessibleName("Merge a tag")
        self._before: QWidget | None = None
        self.title, self.what = QLabel(), QLabel()
        self.title.setObjectName("heading")
        self.what.setObjectName("muted")
        for label in (self.title, self.what):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.line = OfferedLine(marks=True)
        self.line.setPlaceholderText("The tag that stays")
        self.line.setAccessibleName("The tag that stays")
        self.line.setToolTip("Type some of its name; Enter takes what is marked, Esc closes")
        self.line.taken.connect(self._take)
        self.line.left.connect(self.close_)
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT)
        for part in (self.title, self.what, self.line):
            column.addWidget(part)
        self.hide()

    def open(self, node: Node) -> None:
        """Ask for the tag into which this one goes."""
        photos = f"{node.below:,} photo{'' if node.below == 1 else 's'}"
        self.title.setText(f"Merge “{node.path[-1]}” into")
        self.what.setText(
            f"{write(node.path)}, {photos}. Its name goes on to find the tag that stays."
        )
        self.line.clear()
        over = self.parentWidget()
        self._before = over.window().focusWidget()
        self.resize(min(_WIDTH, over.width() - 32), 0)
        self.adjustSize()
        self.setFixedWidth(min(_WIDTH, over.width() - 32))
        self.move((over.width() - self.width()) // 2, 72)
        self.show()
        self.raise_()
        self.line.setFocus()

    def close_(self) -> None:
        """Go away; the focus goes back to where it was."""
        self.line.clear()
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    def _take(self, path: object) -> None:
        self.close_()
        self.chosen.emit(path)
