"""A line that offers what may be meant while a name is typed, in a list below or above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)  # fmt: skip
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)  # fmt: skip

from landmark_desktop.gui import theme

_TYPING_MS = 120
_ROW, _MOST_ROWS, _WIDTH = 44, 6, 240
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Choice:
    """One line of the list. ``means``: what taking it hands out; ``detail``: below the title."""

    means: object
    title: str
    detail: str = ""


class OfferedLine(QLineEdit):
    """``asked`` wants offers for a text; ``show_offers`` answers, whenever that is.

    ``marks``: mark one of the offers, so that Enter takes it; else an arrow key has to first.
    """

    asked = Signal(str)
    taken = Signal(object)  # what the choice means
    typed = Signal(str)  # Ctrl+Enter, or Enter where nothing is marked: what was typed as it is
    left = Signal()  # Esc with no list

    def __init__(self, *, marks: bool) -> None:
        super().__init__()
        self._marks = marks
        self._awaited: str | None = None
        self._entered = False
        self.list = _List(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._ask)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_changed)
        self.list.itemClicked.connect(self._take)

    @property
    def settling(self) -> bool:
        """Whether offers for what is typed are still to come."""
        return self._awaited is not None

    def awaits(self, text: str) -> bool:
        """Whether offers for this text are still wanted; any thread may ask."""
        return text == self._awaited

    def show_offers(self, text: str, choices: Sequence[Choice], marked: int = 0) -> None:
        """Offer these for ``text``; ``marked``: the one that Enter takes, if this line marks."""
        if not self.awaits(text):
            return  # more was typed since, or it was left
        self._awaited = None
        self.list.clear()
        for choice in choices:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, choice)
            words = ", ".join(filter(None, (choice.title, choice.detail)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            item.setToolTip(words)
            self.list.addItem(item)
        self.list.setCurrentRow(marked if self._marks and choices else -1)
        if self._entered:
            self._entered = False
            self._enter()
        elif choices and self.hasFocus():
            self.list.open_at(self)
        else:
            self.list.hide()

    def dismiss(self) -> None:
        """Offer nothing until more is typed."""
        self._typing.stop()
        self._awaited, self._entered = None, False
        self.list.hide()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            mine = event.key() in _ENTER or (
                event.key() == Qt.Key.Key_Escape and (self.list.isVisible() or self._marks)
            )
            if mine:  # the page's shortcuts come before what has the focus
                event.accept()
                return True
            undoing = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if not self.text() and any(map(event.matches, undoing)):
                event.ignore()  # nothing typed is to be taken back but what was done with it
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = event.key(), self.list.count()
        if key in _ENTER:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._hand_out_text()
            elif self.settling:
                self._entered = True  # what will be marked is not known yet
                self._ask()
            else:
                self._enter()
        elif key == Qt.Key.Key_Escape and self.list.isVisible():
            self.dismiss()
        elif key == Qt.Key.Key_Escape and self._marks:
            self.left.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.list.isVisible() and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            row = self.list.currentRow() + step
            self.list.setCurrentRow(min(max(row, 0), count - 1))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.list.hide()

    def _on_edited(self, text: str) -> None:
        if text.strip():
            self._awaited = text
            self._typing.start()

    def _on_changed(self, text: str) -> None:
        if not text.strip():  # the clear button edits nothing
            self.dismiss()
            self.list.clear()

    def _ask(self) -> None:
        self._typing.stop()
        if self._awaited is not None:
            self.asked.emit(self._awaited)

    def _enter(self) -> None:
        item = self.list.currentItem()
        if item is not None and (self.list.isVisible() or self._marks):
            self._take(item)
        else:
            self._hand_out_text()

    def _hand_out_text(self) -> None:
        text = self.text()
        self.dismiss()
        if text.strip():
            self.typed.emit(text)

    def _take(self, item: QListWidgetItem) -> None:
        choice: Choice = item.data(Qt.ItemDataRole.UserRole)
        self.dismiss()
        self.list.clear()
        self.taken.emit(choice.means)


class _List(QListWidget):
    """Lies over the window, beside the line; never has the focus."""

    def __init__(self, line: OfferedLine) -> None:
        super().__init__(line)
        self.setObjectName("places")
        self.setAccessibleName("Offers")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_Delegate(self))
        self.hide()

    def open_at(self, line: OfferedLine) -> None:
        """Show itself below the line, or above it where there is more room."""
        window = line.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        height = min(self.count(), _MOST_ROWS) * _ROW + 2
        width = min(max(line.width(), _WIDTH), window.width() - 2 * theme.UNIT)
        spot = line.mapTo(window, QPoint(0, line.height() + 4))
        above = line.mapTo(window, QPoint(0, -4 - height))
        if spot.y() + height > window.height() - theme.UNIT and above.y() > theme.UNIT:
            spot = above
        spot.setX(max(min(spot.x(), window.width() - width - theme.UNIT), theme.UNIT))
        self.setGeometry(QRect(spot, QSize(width, height)))
        self.show()
        self.raise_()


class _Delegate(QStyledItemDelegate):
    """A title and, below it in grey, the detail."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(64, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        choice: Choice = index.data(Qt.ItemDataRole.UserRole)
        c, box = theme.colours(), QRectF(option.rect)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(box, QColor(c.tint))
        inner = box.adjusted(12, 4, -12, -4)
        small = QFont(painter.font())
        small.setPixelSize(12)
        painter.save()
        for font, colour, text, place in (
            (painter.font(), c.text, choice.title, inner.adjusted(0, 0, 0, -inner.height() / 2)),
            (small, c.muted, choice.detail, inner.adjusted(0, inner.height() / 2, 0, 0)),
        ):
            if not choice.detail:
                place = inner
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = QFontMetricsF(font).elidedText(
                text, Qt.TextElideMode.ElideMiddle, place.width()
            )
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, align, shown)
        painter.restore()
