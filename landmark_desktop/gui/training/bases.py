"""The models to which landmarks can be added, for a choice of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from landmark_desktop.actions.library_set import Base


class BaseTable(QTreeWidget):
    """Models that nothing can be added to are there too, with the reason."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._bases: list[Base] = []
        self.setAccessibleName("Models")
        self.setToolTip("The model that your landmarks are added to; it stays as it is itself")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHeaderLabels(["Model", "Landmarks", "Can be added to"])
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(lambda *_: self.changed.emit())
        self.show_bases(())

    @property
    def base(self) -> Base | None:
        """The model that is chosen."""
        row = self.indexOfTopLevelItem(self.currentItem()) if self.currentItem() else -1
        return self._bases[row] if row >= 0 else None

    def choose(self, path: str | None) -> None:
        """Choose the model of this file, where it is there and can be added to."""
        for row, base in enumerate(self._bases):
            if str(base.path) == path and not base.problem:
                self.setCurrentItem(self.topLevelItem(row))

    def show_bases(self, bases: Sequence[Base]) -> None:
        """Show these models; the one chosen before stays chosen, else the first that will do."""
        before: Path | None = self.base.path if self.base is not None else None
        self._bases = list(bases)
        blocked = self.blockSignals(True)
        self.clear()
        for base in self._bases:
            use = " (in use)" if base.in_use else ""
            row = QTreeWidgetItem(
                [base.name + use, f"{base.landmarks:,}", base.problem or "Yes"]
            )  # fmt: skip
            row.setToolTip(0, f"{base.name}\n{base.path}")
            row.setToolTip(2, base.problem)
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if base.problem:
                row.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addTopLevelItem(row)
        fit = [base for base in self._bases if not base.problem]
        chosen = next((base for base in fit if base.path == before), fit[0] if fit else None)
        if chosen is not None:
            self.setCurrentItem(self.topLevelItem(self._bases.index(chosen)))
        self.setFixedHeight(32 + 28 * max(len(self._bases), 1) + 4)
        self.blockSignals(blocked)
        self.changed.emit()
