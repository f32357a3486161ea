"""Chips: what a model says is outlined and carries a confidence bar, a person's word is filled.

The outline is dashed, and the bar grey, where an earlier model said it.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_desktop.gui import theme

HEIGHT = 24
_PADDING = 10


def percent(chance: float) -> str:
    """Return a probability for a person: never more certain, or less, than it is."""
    if chance < 0.01:
        return "<1%"
    return ">99%" if chance > 0.99 else f"{chance:.0%}"


def paint_chip(painter: QPainter, box: QRectF, text: str, confidence: float | None, *,
               stale: bool = False) -> float:  # fmt: skip
    """Paint a chip at the left of ``box``, no wider than it; return the width used.

    ``confidence`` (0 to 1) makes it a model's chip, ``stale`` an earlier model's; ``None`` a
    person's.
    """
    c = theme.colours()
    metrics = QFontMetricsF(painter.font())
    share = "" if confidence is None else f"  {percent(confidence)}"
    mark = 16.0 if confidence is None else 0.0
    room = box.width() - 2 * _PADDING - mark - metrics.horizontalAdvance(share)
    name = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0.0))
    width = 2 * _PADDING + mark + metrics.horizontalAdvance(name + share)
    chip = QRectF(box.left(), box.center().y() - HEIGHT / 2, width, HEIGHT)
    chip = chip.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if confidence is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent))
        painter.drawRoundedRect(chip, HEIGHT / 2, HEIGHT / 2)
        painter.setPen(_pen(c.on_accent, 1.8))
        x, y = chip.left() + _PADDING, chip.center().y()
        painter.drawPolyline([QPointF(x, y), QPointF(x + 3.5, y + 3.5), QPointF(x + 10, y - 4)])
        painter.setPen(QColor(c.on_accent))
    else:
        outline = QPen(QColor(c.muted if stale else c.accent), 1)
        if stale:
            outline.setDashPattern([3, 3])
        painter.setPen(outline)
        painter.setBrush(QColor(c.raised))
        painter.drawRoundedRect(chip, HEIGHT / 2, HEIGHT / 2)
        track = QRectF(chip.left() + _PADDING, chip.bottom() - 4.5, width - 2 * _PADDING, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.line))
        painter.drawRect(track)
        painter.setBrush(QColor(c.muted if stale else c.accent))
        painter.drawRect(QRectF(track.topLeft(), track.size()).adjusted(
            0, 0, -track.width() * (1 - confidence), 0))  # fmt: skip
        painter.setPen(QColor(c.muted if stale else c.text))
    inner = chip.adjusted(_PADDING + mark, 0, 0, -2 if confidence is not None else 0)
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(inner, align, name)
    if share:
        painter.setPen(QColor(c.muted))
        painter.drawText(inner.adjusted(metrics.horizontalAdvance(name), 0, 0, 0), align, share)
    return width


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


class Chip(QWidget):
    """A chip as a widget, as wide as its words."""

    def __init__(self, text: str, confidence: float | None = None, *, stale: bool = False) -> None:
        super().__init__()
        self._text = text
        self._confidence = confidence
        self._stale = stale
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        said = "" if confidence is None else f", {percent(confidence)} confidence"
        self.setAccessibleName(text + said)
        by = "accepted by you" if confidence is None else "suggested by the model"
        self.setToolTip(f"{text}: {'suggested by the earlier model' if stale else by}")

    def sizeHint(self) -> QSize:
        share = "" if self._confidence is None else f"  {percent(self._confidence)}"
        mark = 16 if self._confidence is None else 0
        width = QFontMetricsF(self.font()).horizontalAdvance(self._text + share)
        return QSize(int(width + 2 * _PADDING + mark) + 2, HEIGHT + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(64, self.sizeHint().width()), HEIGHT + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(QFont(self.font()))
        paint_chip(painter, QRectF(self.rect()), self._text, self._confidence, stale=self._stale)
        painter.end()
