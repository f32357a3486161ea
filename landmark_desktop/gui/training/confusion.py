"""Who is taken for whom: a heat map whose cells can be pointed at, clicked and walked through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)  # fmt: skip
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.training.class_table import readable

_SMALLEST, _LARGEST = 14, 40  # pixels of a cell
_NAMES = 168  # pixels for the names at the left
_ABOVE = 120  # and above
_RIGHT = 88  # for the last of those above, which are slanted
_WANTED = 640  # width that the cells try to fill


class Confusion(QWidget):
    """Rows are the truth, columns what the model took the photos for."""

    cell_chosen = Signal(str, str)  # truth, guess

    def __init__(self) -> None:
        super().__init__()
        self._labels: list[str] = []
        self._counts: list[list[int]] = []
        self._side = _LARGEST
        self.cell: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Confusion matrix: rows are the truth, columns the guess")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.dress(self, self.update)

    def show_counts(self, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show a matrix: ``counts[truth][guess]``, both in the order of ``labels``."""
        self._labels, self._counts = list(labels), [list(row) for row in counts]
        self._side = min(max(_WANTED // max(len(labels), 1), _SMALLEST), _LARGEST)
        self.cell = None
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        cells = self._side * len(self._labels)
        return QSize(_NAMES + cells + _RIGHT, _ABOVE + cells + 8)

    def in_words(self, row: int, column: int) -> str:
        """Return what a cell says."""
        truth, guess = readable(self._labels[row]), readable(self._labels[column])
        count, total = self._counts[row][column], sum(self._counts[row])
        photos = "photo" if total == 1 else "photos"
        if row == column:
            return f"{truth}: {count} of {total} {photos} recognised"
        return f"{count} of {total} {photos} of {truth} taken for {guess}"

    def _rect(self, row: int, column: int) -> QRectF:
        side = self._side
        return QRectF(_NAMES + column * side, _ABOVE + row * side, side, side)

    def _at(self, place: QPoint) -> tuple[int, int] | None:
        column, row = (place.x() - _NAMES) // self._side, (place.y() - _ABOVE) // self._side
        inside = 0 <= row < len(self._labels) and 0 <= column < len(self._labels)
        return (row, column) if inside else None

    def paintEvent(self, event: QPaintEvent) -> None:
        c = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(min(12, self._side - 2))
        painter.setFont(font)
        self._paint_names(painter)
        visible = QRectF(event.rect())
        for row, counts in enumerate(self._counts):
            total = max(sum(counts), 1)
            for column, count in enumerate(counts):
                box = self._rect(row, column)
                if box.intersects(visible):
                    self._paint_cell(painter, box, count, count / total, row == column)
        if self.cell is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.text), 2))
            painter.drawRoundedRect(self._rect(*self.cell).adjusted(1, 1, -1, -1), 3, 3)
        elif self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.accent), 1))
            size = self._side * len(self._labels)
            painter.drawRect(QRectF(_NAMES, _ABOVE, size, size))
        painter.end()

    def _paint_cell(self, painter: QPainter, box: QRectF, count: int, share: float,
                    right: bool) -> None:  # fmt: skip
        c = theme.colours()
        inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.surface))
        painter.drawRoundedRect(inner, 3, 3)
        if not count:
            return
        shade = QColor(c.accent if right else c.bad)
        shade.setAlphaF(0.15 + 0.85 * share**0.7)
        painter.setBrush(shade)
        painter.drawRoundedRect(inner, 3, 3)
        if self._side >= 18:
            strong = share > (0.45 if right else 0.4)
            painter.setPen(QColor(c.on_accent if strong else c.text))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, str(count))

    def _paint_names(self, painter: QPainter) -> None:
        c = theme.colours()
        metrics = QFontMetricsF(painter.font())
        for number, name in enumerate(self._labels):
            chosen = self.cell is not None and number in self.cell
            painter.setPen(QColor(c.text if chosen else c.muted))
            row = self._rect(number, 0)
            words = metrics.elidedText(readable(name), Qt.TextElideMode.ElideMiddle, _NAMES - 12)
            box = QRectF(0, row.top(), _NAMES - 8, row.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                             words)  # fmt: skip
            painter.save()
            painter.translate(QPointF(_NAMES + (number + 0.62) * self._side, _ABOVE - 6))
            painter.rotate(-55)
            long = metrics.elidedText(
                readable(name), Qt.TextElideMode.ElideMiddle, _ABOVE / 0.82 - 24
            )
            painter.drawText(QPointF(0, 0), long)
            painter.restore()

    def _choose(self, cell: tuple[int, int]) -> None:
        self.cell = cell
        self.setAccessibleDescription(self.in_words(*cell))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)
            self._emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0),
                 Qt.Key.Key_Down: (1, 0)}  # fmt: skip
        if event.key() in steps and self._labels:
            row, column = self.cell or (0, 0)
            down, across = steps[Qt.Key(event.key())]
            last = len(self._labels) - 1
            if self.cell is not None:
                row, column = min(max(row + down, 0), last), min(max(column + across, 0), last)
            self._choose((row, column))
            QToolTip.showText(
                self.mapToGlobal(self._rect(row, column).bottomRight().toPoint()),
                self.in_words(row, column), self,
            )  # fmt: skip
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.cell:
            self._emit()
        else:
            super().keyPressEvent(event)

    def _emit(self) -> None:
        if self.cell is not None:
            row, column = self.cell
            self.cell_chosen.emit(self._labels[row], self._labels[column])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._at(event.pos())
            words = self.in_words(*cell) if cell else "Click a cell to see its photos"
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)
