"""The list of models and how one of them is painted: name, state, and what matters most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.gui import theme
from landmark_desktop.gui.library.facts import size
from landmark_desktop.gui.models import figures

ShelvedRole = Qt.ItemDataRole.UserRole
HEIGHT = 96


class ShelfModel(QAbstractListModel):
    """The models of the shelf, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.models: list[Shelved] = []

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.models)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.models):
            return None
        model = self.models[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return model
            case Qt.ItemDataRole.DisplayRole:
                return model.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{model.name}\n{model.problem or summary(model)}\n{model.path}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{model.name}: {model.problem or f'{summary(model)}, {state(model)}'}"
        return None

    def show(self, models: Sequence[Shelved]) -> None:
        """Show these models instead."""
        self.beginResetModel()
        self.models = list(models)
        self.endResetModel()

    def row_of(self, model: Shelved | None) -> int | None:
        """Return the row of the model's file."""
        for row, other in enumerate(self.models):
            if model is not None and other.path == model.path:
                return row
        return None


def summary(model: Shelved) -> str:
    """Return the line that says most: how many landmarks, how accurate, how large."""
    number = len(figures.landmarks(model.card))
    known = figures.quality(model.card)
    right = "" if known.top1 is None else f"{known.top1:.1%} accurate"
    return " · ".join(filter(None, (f"{number:,} landmarks", right, size(model.size_bytes))))


def state(model: Shelved) -> str:
    """Return whether the model is in use, and where it comes from."""
    came = "built in" if model.built_in else f"added {model.added.day} {model.added:%b %Y}"
    return f"in use, {came}" if model.in_use else came


class ShelfDelegate(QStyledItemDelegate):
    """Paints a model as a card."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        model: Shelved | None = index.data(ShelvedRole)
        if model is None:
            return
        c = theme.colours()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        card = QRectF(option.rect).adjusted(8.5, 4.5, -8.5, -4.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.accent if selected or focused else c.line), 1 + focused))
        painter.setBrush(QColor(c.tint if selected else c.raised))
        painter.drawRoundedRect(card, 8, 8)
        line = card.adjusted(16, 12, -16, 0)
        line.setHeight(20)
        room = line.width() - (self._badge(painter, line) + 8 if model.in_use else 0)
        self._text(painter, line, model.name, c.text, width=room, pixels=14, bold=True)
        line.translate(0, 24)
        if model.problem:
            self._text(painter, line, model.problem, c.bad)
        else:
            self._text(painter, line, summary(model), c.text)
        line.translate(0, 20)
        last = "Built in" if model.built_in else f"Added {model.added.day} {model.added:%B %Y}"
        self._text(painter, line, last, c.muted)
        painter.restore()

    def _text(
        self, painter: QPainter, box: QRectF, text: str, colour: str, *,
        width: float | None = None, pixels: int = 12, bold: bool = False,
    ) -> None:  # fmt: skip
        font = QFont(painter.font())
        font.setPixelSize(pixels)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        room = box.width() if width is None else width
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, align, shown)

    def _badge(self, painter: QPainter, line: QRectF) -> float:
        """Paint "In use" at the right end of the line; return its width."""
        c = theme.colours()
        font = QFont(painter.font())
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        width = QFontMetricsF(font).horizontalAdvance("In use") + 16
        badge = QRectF(line.right() - width, line.top(), width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent))
        painter.drawRoundedRect(badge, 10, 10)
        painter.setPen(QColor(c.on_accent))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, "In use")
        return width
