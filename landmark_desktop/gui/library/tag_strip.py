"""The inspector's tags: a chip for each of the chosen photos, and a line to add one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from landmark_desktop.actions.tag_words import in_words
from landmark_desktop.gui import theme
from landmark_desktop.gui.chips import HEIGHT, Chip, Look
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.library.offered_line import OfferedLine
from landmark_desktop.library.shared_tags import SharedTag

MOST = 48
"""Chips: 100,000 photos have thousands of tags together, and each chip is a widget."""
_CROSS = 18  # pixels at the right of a chip that take it off
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYS = (*_ENTER, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class TagStrip(QWidget):
    """Shows tags and asks for what is to become of them."""

    remove_asked = Signal(object)  # path
    confirm_asked = Signal(object)  # path, None for all guesses

    def __init__(self) -> None:
        super().__init__()
        self._tags: list[SharedTag] = []
        self.chips: list[TagChip] = []
        title = QLabel("TAGS")
        title.setObjectName("section")
        self.confirm = QPushButton("Confirm guesses")
        self.confirm.setProperty("flat", True)
        self.confirm.setToolTip("Have every guessed tag of these photos be your own word (Y)")
        self.confirm.clicked.connect(lambda: self.confirm_asked.emit(None))
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.confirm)
        self.note = QLabel()
        self.note.setObjectName("muted")
        self._flow = FlowLayout(theme.UNIT // 2)
        self._room = QWidget()
        self._room.setLayout(self._flow)
        self.line = OfferedLine(marks=True)
        self.line.setPlaceholderText("Add a tag (T)")
        self.line.setAccessibleName("Add a tag")
        self.line.setToolTip(
            "Type some of a tag's name or path, such as Places|France. Enter takes what is "
            "marked, Ctrl+Enter what you typed (T)"
        )
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT * 2, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        for part in (self._room, self.note, self.line):
            column.addWidget(part)
        self._room.hide()
        self.show_tags([], {})

    def show_tags(self, tags: Sequence[SharedTag], models: Mapping[int, str]) -> None:
        """Show these; the focus stays on the tag that has it, or its neighbour."""
        found, guessed = len(tags), any(tag.guesses for tag in tags)
        tags = most(tags)
        fewer = f"And {found - len(tags):,} more, on fewer photos." if found > len(tags) else ""
        self._say(fewer)
        self.confirm.setVisible(guessed)
        if tags == self._tags:
            return
        focused = next((n for n, chip in enumerate(self.chips) if chip.hasFocus()), None)
        path = self.chips[focused].tag.path if focused is not None else None
        if focused is not None:
            self.line.setFocus()  # while there are no chips
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._tags = tags
        self._room.hide()  # else all chips are placed anew for each that is added
        self.chips = [self._chip(tag, models) for tag in tags]
        for chip in self.chips:
            self._flow.addWidget(chip)
            chip.show()
        before: QWidget = self.confirm
        for chip in self.chips:
            self.setTabOrder(before, chip)
            before = chip
        self.setTabOrder(before, self.line)
        self._room.setVisible(bool(self.chips))
        self._room.updateGeometry()
        if focused is not None and self.chips:
            again = next((n for n, tag in enumerate(tags) if tag.path == path), focused)
            self.chips[min(again, len(self.chips) - 1)].setFocus()

    def lay_out(self) -> None:
        """Place the chips, and take the height that they need, now."""
        self._flow.invalidate()
        self._flow.activate()
        self._column.activate()

    def wait(self, number: int) -> None:
        """Say that the tags of so many photos are being read."""
        self.show_tags([], {})
        self._say(f"Reading the tags of {number:,} photos…")

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _chip(self, tag: SharedTag, models: Mapping[int, str]) -> TagChip:
        chip = TagChip(tag, in_words(tag, models))
        chip.remove_asked.connect(lambda: self.remove_asked.emit(tag.path))
        chip.confirm_asked.connect(lambda: self.confirm_asked.emit(tag.path))
        chip.stepped.connect(lambda by: self._step(chip, by))
        return chip

    def _step(self, chip: TagChip, by: int) -> None:
        place = self.chips.index(chip) + by
        if 0 <= place < len(self.chips):
            self.chips[place].setFocus()


def most(tags: Sequence[SharedTag]) -> list[SharedTag]:
    """Return the tags that there is room for, those on most photos, in the order they came."""
    if len(tags) <= MOST:
        return list(tags)
    kept = sorted(range(len(tags)), key=lambda place: -tags[place].photos)[:MOST]
    return [tags[place] for place in sorted(kept)]


class TagChip(Chip):
    """A tag that can be taken off (its cross, Delete) and, where it is a guess, confirmed."""

    remove_asked = Signal()
    confirm_asked = Signal()
    stepped = Signal(int)  # to a neighbour: -1 or 1

    def __init__(self, tag: SharedTag, words: str) -> None:
        super().__init__(tag.path[-1])
        self.tag = tag
        share = "" if tag.everywhere else f"{tag.photos:,} of {tag.chosen:,}"
        sure = tag.confidence if tag.guess else None
        self.look = Look(tag.path[-1], sure, tag.guess, share=share, room=_CROSS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(words.replace("\n", ". "))
        does = "Click or Enter confirms it, Delete takes it off"
        does = does if tag.guesses else "Delete, or the cross, takes it off"
        self.setToolTip(f"{words}\n{does}")
        self.setAccessibleDescription(does)
        if tag.guesses:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(event.key() in _KEYS)  # before the page's shortcuts
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.remove_asked.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.tag.guesses:
                self.confirm_asked.emit()
            case Qt.Key.Key_Left | Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_Down:
                self.stepped.emit(1)
            case _:
                super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._cross().adjusted(-4, -6, 6, 6).contains(event.position()):
            self.remove_asked.emit()
        elif self.tag.guesses:
            self.confirm_asked.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        c = theme.colours()
        filled = not self.look.machine and not self.look.share
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.on_accent if filled else c.muted), 1.4))
        cross = self._cross()
        painter.drawLine(cross.topLeft(), cross.bottomRight())
        painter.drawLine(cross.topRight(), cross.bottomLeft())
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(1, self.height() / 2 - HEIGHT / 2 + 1, self.chip_width - 2, HEIGHT - 2)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.end()

    def _cross(self) -> QRectF:
        return QRectF(self.chip_width - _CROSS + 2, self.height() / 2 - 3.5, 7, 7)
