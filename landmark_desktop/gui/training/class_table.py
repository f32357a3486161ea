"""What each class has: a bar for its photos in each part, and some of the photos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)  # fmt: skip
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.training.pictures import FilePictures
from training.health_findings import PARTS

_ROW = 56
_HEADS = ("Landmark", "Photos", "Examples")
_PHOTOS, _SAMPLES = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex


class ClassModel(QAbstractTableModel):
    """One row a class, in the set's order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._counts: list[tuple[str, dict[str, int]]] = []
        self._samples: dict[str, tuple[Path, ...]] = {}
        self.most = 1

    def show(self, counts: dict[str, dict[str, int]], samples: dict[str, tuple[Path, ...]]) -> None:
        """Show these classes: photos by part, and the samples."""
        self.beginResetModel()
        self._counts, self._samples = list(counts.items()), samples
        self.most = max([1, *(sum(parts.values()) for parts in counts.values())])
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._counts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, parts = self._counts[index.row()]
        if role == _PHOTOS:
            return parts
        if role == _SAMPLES:
            return self._samples.get(name, ())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{name}\n{in_words(parts)}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return (readable(name), in_words(parts), "")[index.column()]
        return None


def readable(name: str) -> str:
    """Return a class name as words: folders are often named with underscores."""
    return " ".join(name.replace("_", " ").split()) or name


def in_words(parts: dict[str, int]) -> str:
    """Return the photos of each part as text."""
    said = [f"{parts[part]:,} {part}" for part in PARTS if parts.get(part)]
    return ", ".join(said) or "none left"


class _Cells(QStyledItemDelegate):
    """Paints bars and samples."""

    def __init__(self, pictures: FilePictures, model: ClassModel, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures, self._model = pictures, model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.column() == 0:
            super().paint(painter, option, index)
            return
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        box = QRectF(option.rect).adjusted(8, 4, -8, -4)
        if index.column() == 1:
            self._paint_bar(painter, option, box, index.data(_PHOTOS))
        else:
            self._paint_samples(painter, box, index.data(_SAMPLES))
        painter.restore()

    def _paint_bar(self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF,
                   parts: dict[str, int]) -> None:  # fmt: skip
        c = theme.colours()
        bar = QRectF(box.left(), box.top() + 10, box.width(), 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.line))
        outline = QPainterPath()
        outline.addRoundedRect(bar, 4, 4)
        painter.drawPath(outline)
        painter.setClipPath(outline)
        left = bar.left()
        for part, shade in zip(PARTS, (c.accent, c.good, c.muted), strict=True):
            width = bar.width() * parts.get(part, 0) / self._model.most
            painter.setBrush(QColor(shade))
            painter.drawRect(QRectF(left, bar.top(), width, bar.height()))
            left += width
        painter.setClipping(False)
        font = QFont(option.font)
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(c.muted if sum(parts.values()) else c.bad))
        below = QRectF(box.left(), bar.bottom() + 4, box.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, in_words(parts))

    def _paint_samples(self, painter: QPainter, box: QRectF, samples: tuple[Path, ...]) -> None:
        side = box.height()
        for number, path in enumerate(samples):
            place = QRectF(box.left() + number * (side + 4), box.top(), side, side)
            if place.right() > box.right() + 1:
                break
            frame = QPainterPath()
            frame.addRoundedRect(place, 4, 4)
            painter.fillPath(frame, QColor(theme.colours().surface))
            picture = self._pictures.get(path)
            if picture is not None:
                painter.setClipPath(frame)
                width, height = picture.width(), picture.height()
                square = float(min(width, height))
                source = QRectF((width - square) / 2, (height - square) / 2, square, square)
                painter.drawPixmap(place, picture, source)
                painter.setClipping(False)


class ClassTable(QTableView):
    """The classes with their photos."""

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self.classes = ClassModel(self)
        self.setModel(self.classes)
        self.setItemDelegate(_Cells(pictures, self.classes, self))
        self.setAccessibleName("Landmarks and their photos")
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, 184)
        self.setColumnWidth(1, 184)
        pictures.ready.connect(self.viewport().update)
        theme.dress(self, self.viewport().update)
