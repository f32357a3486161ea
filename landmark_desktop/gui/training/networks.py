"""The networks that can be trained, for a choice of one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from training import at_hand, catalogue

_KEY = Qt.ItemDataRole.UserRole + 1


class NetworkTable(QTreeWidget):
    """Emits ``currentItemChanged`` when another one is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Networks")
        self.setToolTip("The network that learns your landmarks")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHeaderLabels(["Network", "What it is", "Weights", "Size", "Licence"])
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    @property
    def key(self) -> str:
        """The key of the chosen network."""
        item = self.currentItem()
        return "" if item is None else str(item.data(0, _KEY))

    def choose(self, key: str) -> None:
        """Choose the network with this key, if it is among them."""
        for row in range(self.topLevelItemCount()):
            if self.topLevelItem(row).data(0, _KEY) == key:
                self.setCurrentItem(self.topLevelItem(row))

    def show_networks(self, ready: dict[str, bool], *, scratch: bool) -> None:
        """List those for training from scratch, or for transfer; ``ready``: weights at hand."""
        wanted = self.key
        blocked = self.blockSignals(True)
        self.clear()
        for entry in catalogue.BACKBONES:
            if entry.pretrained == scratch:
                continue
            here = ready.get(entry.key, not entry.download)
            weights = (
                "none needed" if scratch else "on this computer" if here else "are downloaded once"
            )
            size = f"{entry.megabytes:.0f} MB" if entry.pretrained else ""
            row = QTreeWidgetItem([entry.title, entry.blurb, weights, size, entry.licence])
            row.setData(0, _KEY, entry.key)
            tip = "\n".join(filter(None, (entry.title, entry.blurb, entry.paper)))
            for place in range(5):
                row.setToolTip(place, tip)
            self.addTopLevelItem(row)
            if entry.key == wanted:
                self.setCurrentItem(row)
        if self.currentItem() is None:
            self.setCurrentItem(self.topLevelItem(0))
        self.setFixedHeight(32 + 28 * self.topLevelItemCount() + 4)
        self.blockSignals(blocked)


def weights_at_hand() -> dict[str, bool]:
    """Return for each network whether it can be trained without a download. Reads the disk."""
    folder = at_hand.weights_folder()
    return {entry.key: at_hand.is_ready(entry.key, folder) for entry in catalogue.BACKBONES}
