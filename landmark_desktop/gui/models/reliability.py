"""A small plot of what a model's confidence is worth: how often it is right where it says so."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landmark_desktop.gui import theme
from landmark_desktop.gui.models.figures import Bin


class ReliabilityPlot(QWidget):
    """Bars of how often it was right, against the diagonal of a model that is never too sure."""

    def __init__(self, bins: tuple[Bin, ...]) -> None:
        super().__init__()
        self._bins = bins
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Reliability of the confidence")
        self.setAccessibleDescription(". ".join(map(in_words, bins)))
        theme.dress(self, self.update)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(56, 8, -16, -40)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            area = self._area()
            share = (event.pos().x() - area.left()) / area.width()
            for one in self._bins:
                if one.low <= share < one.high:
                    QToolTip.showText(event.globalPos(), in_words(one), self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, area = theme.colours(), self._area()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)

        def at(x: float, y: float) -> QPointF:
            return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())

        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            painter.setPen(QPen(QColor(c.line), 1))
            painter.drawLine(at(0, share), at(1, share))
            painter.setPen(QColor(c.muted))
            left = QRectF(0, at(0, share).y() - 8, area.left() - 8, 16)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(left, right, f"{share:.0%}")
            below = QRectF(at(share, 0).x() - 24, area.bottom() + 4, 48, 16)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{share:.0%}")
        names = QRectF(area.left(), area.bottom() + 20, area.width(), 16)
        painter.drawText(names, Qt.AlignmentFlag.AlignCenter, "confidence")
        painter.save()
        painter.translate(8, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-60, -8, 120, 16), Qt.AlignmentFlag.AlignCenter, "was right")
        painter.restore()
        most = max((one.photos for one in self._bins), default=1)
        for one in self._bins:
            # Bars of few photos are faint: there chance has the largest say.
            fill = QColor(c.accent)
            fill.setAlphaF(0.2 + 0.6 * min(1.0, (one.photos / most) ** 0.5))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRect(QRectF(at(one.low, one.true), at(one.high, 0)).adjusted(1, 0, -1, 0))
        painter.setPen(QPen(QColor(c.text), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(at(0, 0), at(1, 1))
        painter.end()


def in_words(one: Bin) -> str:
    """Return what a bar says: ``Said 80% to 87%: right in 84% of 120 photos``."""
    photos = f"{one.photos:,} photo{'' if one.photos == 1 else 's'}"
    return f"Said {one.low:.0%} to {one.high:.0%}: right in {one.true:.0%} of {photos}"
