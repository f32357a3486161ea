"""A box over the page that asks into which folder photos are to go; the keyboard is enough."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.organise import names

_LevelsRole = Qt.ItemDataRole.UserRole
_WIDTH, _HEIGHT, _MOST = 480, 320, 200
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ELSEWHERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Why the keyboard leaves for a moment: another program, the menu of the line."""

Levels = tuple[str, ...]


class Mover(QFrame):
    """``chosen``: the folders that were named, outermost first; none for the outermost itself."""

    chosen = Signal(object)  # Levels
    closed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._there: Sequence[Levels] = ()
        self._into = ""
        self.setObjectName("popup")
        self.setAccessibleName("Move to another folder")
        self.title, self.line, self.list = QLabel(), QLineEdit(), QListWidget()
        self.title.setObjectName("heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setAccessibleName("Folders, with / between them")
        self.line.setToolTip("Enter takes what is marked, the arrows another; Esc closes")
        self.line.installEventFilter(self)
        self.line.textChanged.connect(lambda _text: self._offer())
        self.list.setObjectName("places")
        self.list.setAccessibleName("Folders")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT)
        for part in (self.title, self.line, self.list):
            column.addWidget(part)
        self.hide()

    def open(self, title: str, now: Levels, there: Sequence[Levels], into: str) -> None:
        """Ask. ``now``: where they go at present; ``there``: folders that the plan knows."""
        self._there, self._into = there, into
        self.title.setText(title)
        self.line.setText("/".join(now))
        self.line.selectAll()
        self._offer()
        over = self.parentWidget()
        self.resize(min(_WIDTH, over.width() - 32), min(_HEIGHT, over.height() - 96))
        self.move((over.width() - self.width()) // 2, 72)
        self.show()
        self.raise_()
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            if event.reason() not in _ELSEWHERE:
                self.hide()  # the person has turned to something else
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() in _ENTER:
                event.accept()  # Ctrl+Enter too is for this box, not for the page
                return True
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, row = event.key(), self.list.currentRow()
            if key in _ENTER:
                self._take(self.list.currentItem())
                return True
            if key == Qt.Key.Key_Escape:
                self.hide()
                self.closed.emit()
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(min(max(row + step, 0), self.list.count() - 1))
                return True
        return super().eventFilter(watched, event)

    def _offer(self) -> None:
        typed = levels_of_text(self.line.text())
        words = "/".join(typed).casefold()
        found = [each for each in self._there if words in "/".join(each).casefold()]
        self.list.clear()
        for levels in dict.fromkeys([typed, *found[:_MOST]]):
            new = "" if levels in self._there else "   a new folder"
            item = QListWidgetItem(names.in_a_line((self._into, *levels)) + new)
            item.setData(_LevelsRole, list(levels))
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.hide()
            self.closed.emit()
            self.chosen.emit(tuple(item.data(_LevelsRole)))


def levels_of_text(text: str) -> Levels:
    """Return the folders that were typed, each made fit for every system."""
    return tuple(filter(None, map(names.folder, text.replace("\\", "/").split("/"))))
