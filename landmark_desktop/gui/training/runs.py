"""The list of runs at the left: what is going on, what can go on, what was made."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.training_runs import Run
from landmark_desktop.gui import theme
from landmark_desktop.gui.training.cards import label
from training import catalogue

_RUN = Qt.ItemDataRole.UserRole + 1
_STATE = Qt.ItemDataRole.UserRole + 2
_ROW = 56


def state_of(run: Run, *, running: bool) -> tuple[str, str]:
    """Return how a run stands, in words, and the name of the colour for it."""
    if running:
        return "running", "accent"
    if run.state == "finished":
        share = "" if run.top1 is None else f" · {run.top1:.0%}"
        return f"finished{share}", "good"
    if run.reason:
        return "failed", "bad"
    return ("can go on" if run.began_training else "not begun"), "muted"


class _RunDelegate(QStyledItemDelegate):
    """Two lines a run: its name, and how it stands."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(120, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        c = theme.colours()
        run: Run = index.data(_RUN)
        words, shade = index.data(_STATE)
        box = QRectF(option.rect).adjusted(8, 2, -8, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.tint if chosen else c.raised))
            painter.drawRoundedRect(box, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(c.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = box.adjusted(8, 6, -8, -6)
        font = QFont(option.font)
        painter.setFont(font)
        painter.setPen(QColor(c.text))
        elided = QFontMetrics(font).elidedText(
            run.spec.name, Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop, elided)
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(QColor(getattr(c, shade)))
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom, words)
        painter.setPen(QColor(c.muted))
        right = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
        painter.drawText(inner, right, _when(run.changed))
        painter.restore()


class RunList(QWidget):
    """Emits the run that was chosen, and the wish for a new one."""

    chosen = Signal(object)  # Path of the run's folder
    new_asked = Signal()
    folder_asked = Signal(object)  # Path
    bin_asked = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.new = QPushButton("New training")
        self.new.setToolTip("Choose photos for a new model (Ctrl+N)")
        self.new.setShortcut("Ctrl+N")
        self.list = QListWidget()
        self.list.setObjectName("runs")
        self.list.setAccessibleName("Earlier trainings")
        self.list.setItemDelegate(_RunDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.none = label("No training yet.", "small", wrap=True)
        self.none.setContentsMargins(16, 0, 16, 0)
        heading = label("TRAININGS", "section")
        heading.setContentsMargins(16, 8, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 1, 0)  # the line at the right stays visible
        column.setSpacing(theme.UNIT)
        top = QVBoxLayout()
        top.setContentsMargins(8, 0, 8, 0)
        top.addWidget(self.new)
        column.addLayout(top)
        column.addWidget(heading)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self.new.clicked.connect(self.new_asked)
        self.list.itemClicked.connect(lambda item: self.chosen.emit(item.data(_RUN).folder))
        self.list.itemActivated.connect(lambda item: self.chosen.emit(item.data(_RUN).folder))
        self.list.customContextMenuRequested.connect(self._menu)
        theme.dress(self.new, lambda: self.new.setIcon(theme.icon("training")))
        theme.dress(self.list, self.list.viewport().update)

    def show_runs(self, runs: Sequence[Run], running: Path | None) -> None:
        """Show these runs; the choice stays where it is."""
        chosen = self.list.currentItem()
        kept = chosen.data(_RUN).folder if chosen is not None else None
        self.list.clear()
        for run in runs:
            item = QListWidgetItem()
            state = state_of(run, running=run.folder == running)
            item.setData(_RUN, run)
            item.setData(_STATE, state)
            title = catalogue.find(run.spec.backbone).title if _known(run.spec.backbone) else ""
            item.setToolTip(
                f"{run.spec.name}\n{title}, {run.epochs} of {run.spec.epochs} epochs\n"
                f"{run.reason or state[0]}\n{run.folder}"
            )
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{run.spec.name}, {state[0]}")
            self.list.addItem(item)
            if run.folder == kept:
                self.list.setCurrentItem(item)
        self.none.setVisible(not runs)
        self.list.setVisible(bool(runs))

    def mark(self, folder: Path | None) -> None:
        """Mark the run that is on the page, or none."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_RUN).folder == folder:
                self.list.setCurrentRow(row)
                return
        self.list.setCurrentRow(-1)

    def _menu(self, place: QPoint) -> None:
        item = self.list.itemAt(place)
        if item is None:
            return
        folder = item.data(_RUN).folder
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open its &folder", lambda: self.folder_asked.emit(folder))
        if item.data(_STATE)[0] != "running":
            menu.addAction("Move to the &bin", lambda: self.bin_asked.emit(folder))
        menu.popup(self.list.viewport().mapToGlobal(place))


def _known(key: str) -> bool:
    return any(entry.key == key for entry in catalogue.BACKBONES)


def _when(seconds: float) -> str:
    moment, now = datetime.datetime.fromtimestamp(seconds), datetime.datetime.now()
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    return f"{moment:%d %b}" if moment.year == now.year else f"{moment:%Y}"
