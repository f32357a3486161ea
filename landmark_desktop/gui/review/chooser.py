"""The search box for another landmark: type some of its name, Enter takes the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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

from landmark_desktop.geo.gazetteer import Landmark
from landmark_desktop.gui import theme

_WIDTH, _HEIGHT = 440, 360
_KeyRole = Qt.ItemDataRole.UserRole


class Chooser(QFrame):
    """Lies over the page while it is open. ``find`` answers what is typed (a few ms)."""

    chosen = Signal(str, object)  # landmark, ids of the photos that it was asked for
    opened = Signal()
    closed = Signal()

    def __init__(self, find: Callable[[str], Sequence[Landmark]], over: QWidget) -> None:
        super().__init__(over)
        self._find, self._first = find, list[Landmark]()
        self._about, self._open = list[int](), False
        self.setObjectName("popup")
        self.setAccessibleName("Another landmark")
        self.search, self.list, self.title = QLineEdit(), QListWidget(), QLabel()
        self.title.setObjectName("heading")
        self.search.setPlaceholderText("Name, other name, city or country")
        self.search.setAccessibleName("Search landmarks")
        self.search.setToolTip("Enter takes the first, the arrows another; Esc closes")
        self.search.installEventFilter(self)
        self.search.textChanged.connect(lambda _text: self._offer())
        self.list.setObjectName("places")
        self.list.setAccessibleName("Landmarks found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._take)
        self.nothing = QLabel("No landmark has such a name.")
        self.nothing.setObjectName("muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT)
        for part, stretch in ((self.title, 0), (self.search, 0), (self.list, 1), (self.nothing, 1)):
            column.addWidget(part, stretch)
        self.hide()

    def open(self, about: Sequence[int], first: Sequence[Landmark]) -> None:
        """Ask ``about`` these photos; ``first`` is offered while nothing is typed."""
        self._about, self._first = list(about), list(first)
        one = len(about) == 1
        many = f"Which landmark is on these {len(about):,} photos?"
        self.title.setText("Which landmark is it?" if one else many)
        self.search.clear()
        self._offer()
        over = self.parentWidget()
        self.resize(min(_WIDTH, over.width() - 32), min(_HEIGHT, over.height() - 96))
        self.move(over.width() - self.width() - 16, 72)  # beside the photo, not over it
        self._open = True
        self.opened.emit()
        self.show()
        self.raise_()
        self.search.setFocus()

    def close_(self) -> None:
        """Go away without an answer; the keys go to the page again."""
        self._vanish()
        self.parentWidget().setFocus()

    def _vanish(self) -> None:
        self._open = False  # hiding takes the focus away too
        self.hide()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, row = event.key(), self.list.currentRow()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
            if key == Qt.Key.Key_Escape:
                self.close_()
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(min(max(row + step, 0), self.list.count() - 1))
                return True
        if isinstance(event, QFocusEvent) and event.lostFocus() and self._open:
            elsewhere = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
            if event.reason() not in elsewhere:  # another window, or a menu, may come back to it
                self._vanish()
        return super().eventFilter(watched, event)

    def _offer(self) -> None:
        text = self.search.text()
        self.list.clear()
        for landmark in self._find(text) if text.strip() else self._first:
            place = f"   {landmark.place}" if landmark.place else ""
            item = QListWidgetItem(f"{landmark.name}{place}")
            item.setData(_KeyRole, landmark.id)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        in_vain = bool(text.strip()) and not self.list.count()
        self.list.setVisible(not in_vain)
        self.nothing.setVisible(in_vain)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        key = item.data(_KeyRole)
        self.close_()
        self.chosen.emit(key, self._about)
