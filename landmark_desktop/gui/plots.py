"""Plots that follow the theme and tell the values under the pointer.

pyqtgraph takes half a second to import: whoever imports this module does so late, and on a
worker thread where the window is on screen.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from landmark_desktop.gui import theme

Values = Sequence[float]

_SERIES = {
    False: ("#1763c6", "#b8500c", "#1d7a46", "#7a3fb0"),
    True: ("#6aa8ff", "#ffab66", "#6fcf97", "#c79bff"),
}
"""Colours of up to four lines in the light and the dark theme, told apart by lightness too."""


def colour(number: int) -> str:
    """Return the colour of the line ``number``, from 0, in the theme in use."""
    return _SERIES[theme.colours().dark][number % 4]


class Line:
    """One line of a plot. ``strength``: ``faint`` for what others are drawn over."""

    def __init__(self, name: str, number: int, strength: str, item: pg.PlotDataItem,
                 in_words: Callable[[float], str]) -> None:  # fmt: skip
        self.name, self.number, self.strength = name, number, strength
        self.item, self.in_words = item, in_words
        self.x: list[float] = []
        self.y: list[float] = []

    def set(self, x: Values, y: Values) -> None:
        """Show these points, in order of x; NaN interrupts the line."""
        self.x, self.y = list(x), list(y)
        self.item.setData(np.asarray(x, float), np.asarray(y, float))

    def at(self, x: float) -> tuple[float, float] | None:
        """Return the point nearest to ``x`` that has a value."""
        place = bisect.bisect_left(self.x, x)
        near = [i for i in range(place - 2, place + 2) if 0 <= i < len(self.x)]
        near = [i for i in near if math.isfinite(self.y[i])]
        best = min(near, key=lambda i: abs(self.x[i] - x), default=None)
        return None if best is None else (self.x[best], self.y[best])

    def dress(self) -> None:
        """Put on the theme's colours."""
        shade = QColor(colour(self.number))
        if self.strength == "faint":
            shade.setAlpha(110)
        pen = QPen(shade, 1 if self.strength == "faint" else 2)
        pen.setCosmetic(True)
        self.item.setPen(pen)
        if self.strength == "points":
            self.item.setSymbol("o")
            self.item.setSymbolSize(6)
            self.item.setSymbolBrush(shade)
            self.item.setSymbolPen(None)


class Plot(QWidget):
    """A title with its legend, axes with their units, lines, and a pointer that reads values.

    ``reading``: called with x, gives the first words of what the pointer says. The arrow keys
    move the pointer too.
    """

    def __init__(self, title: str, x: str, y: str, *, reading: Callable[[float], str],
                 percent: bool = False) -> None:  # fmt: skip
        super().__init__()
        self._reading = reading
        self.lines: list[Line] = []
        self._marks: list[pg.InfiniteLine] = []
        self._marked: list[tuple[float, str]] = []
        self.setAccessibleName(f"{title}: {y} by {x}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Point at the plot, or use the arrow keys, to read values")
        heading = QLabel(title)
        heading.setObjectName("plottitle")
        self.legend = QLabel()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setWordWrap(True)
        self.legend.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.canvas = pg.PlotWidget(enableMenu=False)  # its menu alone takes 30 ms to make
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.setFrameShape(self.canvas.Shape.NoFrame)
        self.canvas.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        item = self.canvas.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)  # the wheel scrolls the page
        item.setContentsMargins(0, 4, 8, 0)
        item.setLabel("bottom", x)
        item.setLabel("left", y)
        if percent:
            item.getAxis("left").setScale(100)
        for side in ("bottom", "left"):
            item.getAxis(side).enableAutoSIPrefix(False)
        item.getAxis("left").setWidth(56)
        item.getViewBox().setDefaultPadding(0.02)
        self._pointer = pg.InfiniteLine(angle=90, movable=False)
        self._words = pg.TextItem(anchor=(0, 0))
        for part in (self._pointer, self._words):
            part.setZValue(10)
            item.addItem(part, ignoreBounds=True)
            part.hide()
        self.canvas.scene().sigMouseMoved.connect(self._on_mouse)
        top = QHBoxLayout()
        top.setSpacing(theme.UNIT * 2)
        top.addWidget(heading)
        top.addWidget(self.legend, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.UNIT, theme.UNIT, theme.UNIT, 4)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.canvas, 1)
        theme.dress(self, self._dress)

    def line(self, name: str, number: int, in_words: Callable[[float], str],
             strength: str = "strong") -> Line:  # fmt: skip
        """Add and return a line: ``strong``, ``faint``, or ``points`` joined by a line."""
        item = pg.PlotDataItem(connect="finite", antialias=strength != "faint")
        self.canvas.addItem(item)
        made = Line(name, number, strength, item, in_words)
        self.lines.append(made)
        made.dress()
        self._show_legend()
        return made

    def span(self, right: float, high: float | None = None) -> None:
        """Let the axes run from 0 to ``right`` and to ``high``, by default above all values."""
        if high is None:
            tops = [y for line in self.lines for y in line.y if math.isfinite(y)]
            high = 1.06 * max(tops, default=1.0) or 1.0
        box = self.canvas.getPlotItem().getViewBox()
        self._show_legend()
        box.setRange(xRange=(0, right), yRange=(0, high), padding=0, disableAutoRange=True)
        for mark in self._marks:
            side = 1 if mark.value() > 0.6 * right else 0
            mark.label.anchors = [(side, 0), (side, 0)]
            mark.label.updatePosition()

    def mark(self, places: Sequence[tuple[float, str]], height: float = 0.98) -> None:
        """Draw upright lines with words at these x, instead of those that are there.

        ``height``: where the words stand, 0 at the bottom.
        """
        if list(places) == self._marked:
            return
        self._marked = list(places)
        for mark in self._marks:
            self.canvas.removeItem(mark)
        self._marks = []
        for x, words in places:
            mark = pg.InfiniteLine(
                x, 90, label=words, labelOpts={"position": height, "anchors": [(0, 0), (0, 0)]}
            )
            self.canvas.addItem(mark, ignoreBounds=True)
            self._marks.append(mark)
        self._dress_marks()

    def read(self, x: float) -> str:
        """Put the pointer at ``x`` and return, and show, what the lines say there."""
        rows = [
            (line, found[1]) for line in self.lines if (found := line.at(x)) is not None
        ]  # fmt: skip
        if not rows:
            self._pointer.hide()
            self._words.hide()
            return ""
        c = theme.colours()
        head = self._reading(x)
        lines = "".join(
            f"<br><span style='color:{colour(line.number)}'>●</span> {line.name}: "
            f"<b>{line.in_words(value)}</b>"
            for line, value in rows
        )
        self._words.setHtml(
            f"<div style='color:{c.text}; font-size:11px'>{head}{lines}</div>"
        )  # fmt: skip
        (left, right), (low, high) = self.canvas.getPlotItem().getViewBox().viewRange()
        self._pointer.setPos(x)
        self._words.setAnchor((0, 0) if x < (left + right) / 2 else (1, 0))
        self._words.setPos(x, high - 0.02 * (high - low))
        self._pointer.show()
        self._words.show()
        said = "; ".join(f"{line.name} {line.in_words(value)}" for line, value in rows)
        self.setAccessibleDescription(f"{head}: {said}")
        return f"{head}: {said}"

    def _on_mouse(self, place: QPointF) -> None:
        box = self.canvas.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(place):
            self.read(box.mapSceneToView(place).x())
        else:
            self._hide_pointer()

    def _hide_pointer(self) -> None:
        self._pointer.hide()
        self._words.hide()

    def leaveEvent(self, event: object) -> None:
        self._hide_pointer()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hide_pointer()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(event.key())
        places = sorted({x for line in self.lines for x in line.x})
        if step is None or not places:
            super().keyPressEvent(event)
            return
        stride = max(1, len(places) // 100)
        now = bisect.bisect_left(places, self._pointer.value()) if self._pointer.isVisible() else 0
        self.read(places[min(max(now + step * stride, 0), len(places) - 1)])

    def _dress(self) -> None:
        c = theme.colours()
        self.canvas.setBackground(QColor(c.raised))
        item = self.canvas.getPlotItem()
        for side in ("bottom", "left"):
            axis = item.getAxis(side)
            axis.setPen(QColor(c.line))
            axis.setTextPen(QColor(c.muted))
            axis.label.setDefaultTextColor(QColor(c.muted))
            axis.setStyle(tickLength=4)
        grid = 46 if c.dark else 34
        item.showGrid(x=False, y=True, alpha=grid / 255)
        self._pointer.setPen(QPen(QColor(c.muted), 0))
        self._words.fill = pg.mkBrush(_transparent(c.raised, 225))
        for line in self.lines:
            line.dress()
        self._dress_marks()
        self._show_legend()
        if self._pointer.isVisible():
            self.read(self._pointer.value())

    def _dress_marks(self) -> None:
        c = theme.colours()
        for mark in self._marks:
            mark.setPen(QPen(QColor(c.muted), 0, Qt.PenStyle.DotLine))
            mark.label.setColor(QColor(c.muted))

    def _show_legend(self) -> None:
        shown = [line for line in self.lines if line.x] if len(self.lines) > 1 else []
        words = [
            f"<span style='color:{colour(line.number)}'>"
            f"{'─' if line.strength == 'faint' else '━'}</span>&nbsp;{line.name}"
            for line in shown
        ]
        self.legend.setText(" &nbsp; ".join(words))


def _transparent(name: str, alpha: int) -> QColor:
    made = QColor(name)
    made.setAlpha(alpha)
    return made
