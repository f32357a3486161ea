"""The inspector's lines about the heat map: the button, what the map shows, its colours."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from landmark_desktop.gui import theme


class WhyStrip(QWidget):
    """A button that stays down while the map is wanted, and room for words below it."""

    def __init__(self) -> None:
        super().__init__()
        self.button = _Toggle("Why?")
        self.button.setObjectName("why")
        self.button.setProperty("toggle", True)
        self.button.setIconSize(QSize(16, 16))
        self.button.setToolTip("Show what in the photo spoke for the landmark (W)")
        self.button.setAccessibleName("Why? Show what in the photo spoke for the landmark")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.dress(self.button, self._dress)
        self.button.toggled.connect(lambda _on: self._dress())
        self.caption, self.detail = _words("muted"), _words("small")
        self.legend = Legend()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT // 2)
        column.addWidget(self.button)
        column.addSpacing(theme.UNIT // 2)
        for part in (self.caption, self.legend, self.detail):
            column.addWidget(part)
        self.say("")

    def say(self, text: str) -> None:
        """Say one quiet line instead of explaining a map; an empty one says nothing."""
        self._show(text, "", None)

    def explain(self, caption: str, detail: str, colours: QImage | None) -> None:
        """Say what the map shows. ``colours``: those of the map from cold to hot, one row."""
        self._show(caption, detail, colours)

    def _show(self, caption: str, detail: str, colours: QImage | None) -> None:
        self.caption.setText(caption)
        self.detail.setText(detail)
        self.caption.setVisible(bool(caption))
        self.detail.setVisible(bool(detail))
        self.legend.show_colours(colours)

    def _dress(self) -> None:
        c = theme.colours()
        self.button.setIcon(theme.icon("eye", c.accent if self.button.isChecked() else c.muted))


class _Toggle(QPushButton):
    """A button that stays down, and does not keep the focus that a click gave it."""

    let_go = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setCheckable(True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.let_go.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # The page's shortcuts come before what has the focus: Space would open the loupe.
            event.setAccepted(event.key() == Qt.Key.Key_Space)
            return event.isAccepted()
        return super().event(event)


class Legend(QWidget):
    """The colours of the map from "little" to "much", as they look over nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = _Bar()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.UNIT)
        row.addWidget(_words("small", "little"))
        row.addWidget(self._bar, 1)
        row.addWidget(_words("small", "much"))

    def show_colours(self, colours: QImage | None) -> None:
        """Show these colours (one row of pixels), or nothing at all."""
        self._bar.colours = colours
        self.setVisible(colours is not None)
        self._bar.update()


class _Bar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.colours: QImage | None = None
        self.setFixedHeight(theme.UNIT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.colours is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), theme.UNIT / 2, theme.UNIT / 2)
        painter.setClipPath(frame)
        painter.fillPath(frame, QColor(theme.colours().line))
        painter.drawImage(QRectF(self.rect()), self.colours)
        painter.end()


def _words(name: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names of landmarks are not markup
    label.setWordWrap(not text)
    return label
