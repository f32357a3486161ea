"""The list of groups at the left: what it is, how many photos, how sure on average."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from landmark_desktop.actions.review_queue import Group
from landmark_desktop.gui import theme
from landmark_desktop.gui.chips import percent

GroupRole = Qt.ItemDataRole.UserRole
_HEIGHT = 56


class GroupModel(QAbstractListModel):
    """Groups as they are. ``name`` says what a group is called."""

    def __init__(self, name: Callable[[Group], str], parent: QObject) -> None:
        super().__init__(parent)
        self._name = name
        self.groups: list[Group] = []

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.groups)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.groups):
            return None
        group = self.groups[index.row()]
        if role == GroupRole:
            return group
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._name(group)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._name(group)}: {count_and_confidence(group)}"
        return None

    def show(self, groups: Sequence[Group]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.groups = list(groups)
        self.endResetModel()


def count_and_confidence(group: Group) -> str:
    """Return how many photos, and how sure of them the model is on average."""
    number = len(group.photos)
    return f"{number:,} photo{'' if number == 1 else 's'} · {percent(group.mean)} sure"


class _GroupDelegate(QStyledItemDelegate):
    """Two lines and a bar."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(160, _HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        c, group = theme.colours(), index.data(GroupRole)
        if group is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(8, 2, -8, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(c.accent) if focus else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.tint if chosen else c.raised))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = box.adjusted(10, 6, -10, -8)
        font = QFont(option.font)
        font.setPixelSize(13)
        font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(c.text))
        name = QFontMetricsF(font).elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, inner.width()
        )
        upper = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(inner, upper, name)
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(c.muted))
        painter.drawText(inner.adjusted(0, 18, 0, 0), upper, count_and_confidence(group))
        track = QRectF(inner.left(), inner.bottom() + 2, inner.width(), 2)
        painter.fillRect(track, QColor(c.line))
        track.setWidth(track.width() * group.mean)
        painter.fillRect(track, QColor(c.accent))
        painter.restore()


class GroupList(QListView):
    """One group is chosen, always, as long as there is any."""

    def __init__(self, model: GroupModel) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAccessibleName("Groups")
        self.setToolTip("The groups, surest first (Alt+Up, Alt+Down)")
        self.setModel(model)
        self.setItemDelegate(_GroupDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
