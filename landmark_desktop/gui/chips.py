"""Chips: what a model says is outlined and carries a confidence bar, a person's word is filled.

The outline is dashed, and the bar grey, where an earlier model said it; and where only some of the
chosen photos have a tag.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Look:
    """What a chip says and how. ``confidence`` (0 to 1) makes it a machine's, as ``guess`` does
    where nobody says how sure it is; else it is a person's.

    ``stale``: an earlier model said it. ``share``: on how many of several photos it is, such as
    "3 of 12". ``room``: pixels kept free at the right, for a button.
    """

    text: str
    confidence: float | None = None
    guess: bool = False
    stale: bool = False
    share: str = ""
    room: int = 0

    @property
    def machine(self) -> bool:
        """Whether only machines say it."""
        return self.guess or self.confidence is not None

    @property
    def mark(self) -> float:
        """Pixels of the tick in front."""
        return 0.0 if self.machine else 16.0

    @property
    def behind(self) -> str:
        """What stands behind the name."""
        if self.share:
            return f"  {self.share}"
        if self.confidence is not None:
            return f"  {percent(self.confidence)}"
        return "  guess" if self.guess else ""

    def width(self, metrics: QFontMetricsF) -> float:
        """Return how wide it is where there is room for all of it."""
        text = metrics.horizontalAdvance(self.text + self.behind)
        return 2 * _PADDING + self.mark + text + self.room


def paint_chip(painter: QPainter, box: QRectF, text: str, confidence: float | None, *,
               stale: bool = False, guess: bool = False) -> float:  # fmt: skip
    """Paint a chip at the left of ``box``, no wider than it; return the width used.

    ``confidence`` (0 to 1) makes it a model's chip, ``stale`` an earlier model's; ``None`` a
    person's, unless it is a ``guess``.
    """
    return paint(painter, box, Look(text, confidence, guess, stale))


def paint(painter: QPainter, box: QRectF, look: Look) -> float:
    """Paint a chip at the left of ``box``, no wider than it; return the width used."""
    c = theme.colours()
    metrics = QFontMetricsF(painter.font())
    behind = metrics.horizontalAdvance(look.behind)
    room = box.width() - 2 * _PADDING - look.mark - look.room - behind
    name = metrics.elidedText(look.text, Qt.TextElideMode.ElideRight, max(room, 0.0))
    width = look.width(metrics) - metrics.horizontalAdvance(look.text)
    width += metrics.horizontalAdvance(name)
    chip = QRectF(box.left(), box.center().y() - HEIGHT / 2, width, HEIGHT)
    chip = chip.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line, fill, ink, quiet = _colours(look)
    outline = QPen(QColor(line), 1)
    if look.stale or look.share:
        outline.setDashPattern([3, 3])
    painter.setPen(outline)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(chip, HEIGHT / 2, HEIGHT / 2)
    if look.confidence is not None:
        _paint_bar(painter, chip, width, look)
    if not look.machine:
        painter.setPen(_pen(c.accent if look.share else ink, 1.8))
        x, y = chip.left() + _PADDING, chip.center().y()
        painter.drawPolyline([QPointF(x, y), QPointF(x + 3.5, y + 3.5), QPointF(x + 10, y - 4)])
    painter.setPen(QColor(ink))
    lift = -2 if look.confidence is not None else 0
    inner = chip.adjusted(_PADDING + look.mark, 0, 0, lift)
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(inner, align, name)
    if look.behind:
        painter.setPen(QColor(quiet))
        after = inner.adjusted(metrics.horizontalAdvance(name), 0, 0, 0)
        painter.drawText(after, align, look.behind)
    return width


def _colours(look: Look) -> tuple[str, str, str, str]:
    """Return the colours of the outline, the ground, the name, and what is behind it."""
    c = theme.colours()
    if look.machine:
        return (c.muted, c.raised, c.muted, c.muted) if look.stale else (
            c.accent, c.raised, c.text, c.muted)  # fmt: skip
    if look.share:  # on some photos only: not as full as on all
        return c.accent, c.tint, c.text, c.text
    return c.accent, c.accent, c.on_accent, c.on_accent


def _paint_bar(painter: QPainter, chip: QRectF, width: float, look: Look) -> None:
    c = theme.colours()
    assert look.confidence is not None
    track = QRectF(chip.left() + _PADDING, chip.bottom() - 4.5, width - 2 * _PADDING - look.room, 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(c.line))
    painter.drawRect(track)
    painter.setBrush(QColor(c.muted if look.stale else c.accent))
    painter.drawRect(track.adjusted(0, 0, -track.width() * (1 - look.confidence), 0))


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


class Chip(QWidget):
    """A chip as a widget, as wide as its words."""

    def __init__(self, text: str, confidence: float | None = None, *,
                 stale: bool = False, guess: bool = False) -> None:  # fmt: skip
        super().__init__()
        self.look = Look(text, confidence, guess, stale)
        self._width = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        said = "" if confidence is None else f", {percent(confidence)} confidence"
        self.setAccessibleName(text + (", a guess" if guess else said))
        by = "accepted by you" if confidence is None else "suggested by the model"
        by = "accepted by your rule, a guess" if guess else by
        self.setToolTip(f"{text}: {'suggested by the earlier model' if stale else by}")

    def sizeHint(self) -> QSize:
        return QSize(int(self.look.width(QFontMetricsF(self.font()))) + 2, HEIGHT + 2)

    @property
    def chip_width(self) -> float:
        """How wide it was painted: a name that is elided may leave some of the widget free."""
        return self._width

    def minimumSizeHint(self) -> QSize:
        return QSize(min(64, self.sizeHint().width()), HEIGHT + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(QFont(self.font()))
        self._width = paint(painter, QRectF(self.rect()), self.look)
        painter.end()
