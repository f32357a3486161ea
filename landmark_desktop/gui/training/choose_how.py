"""Step 2: from scratch or by transfer, on which network, how long; the rest under Advanced."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.training_time import Speed, assumed, estimate, in_words
from landmark_desktop.gui import theme
from landmark_desktop.gui.training.advanced import Advanced, usable_threads
from landmark_desktop.gui.training.cards import Card, Sheet, label
from training import at_hand, catalogue, recipes
from training.spec import SpecError, TrainingSpec

_RECIPES = {
    "transfer": ("Transfer learning", "Begins with a network that has seen a million photos and "
                 "learns your landmarks on top. Right for nearly everybody; 20 photos a landmark "
                 "do well."),
    "scratch": ("From scratch", "Learns from your photos alone, beginning with nothing. It takes "
                "hundreds of photos a landmark, and longer."),
}  # fmt: skip
_PRESETS = {
    "quick": ("Quick", "To see whether it works at all."),
    "balanced": ("Balanced", "A good model in reasonable time."),
    "best": ("Best", "Longest, for the last few per cent."),
}
_KEY = Qt.ItemDataRole.UserRole + 1


class ChooseHow(Sheet):
    """The form. Emits ``start_asked`` when the person wants to begin."""

    start_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._photos, self._short_side = 0, 0
        self._speeds: dict[str, Speed] = {}
        self._ready: dict[str, bool] = {}
        self._blocked = ""
        self.recipes, self.presets = QButtonGroup(self), QButtonGroup(self)
        self.cards: dict[str, Card] = {}
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the model")
        self.name.setToolTip("What the model will be called in the app")
        self.name.setMaximumWidth(400)
        self.networks = QTreeWidget()
        self._advanced: Advanced | None = None
        self.more, self.start = QToolButton(), QPushButton("Start training")
        self.about, self.problem = label("", "muted", wrap=True), label("", "bad", wrap=True)
        self._lay_out()
        self.cards["transfer"].setChecked(True)
        self.cards["balanced"].setChecked(True)
        self._list_networks()
        self.recipes.buttonClicked.connect(lambda _card: self._list_networks())
        self.presets.buttonClicked.connect(lambda _card: self.refresh())
        self.networks.currentItemChanged.connect(lambda *_: self.refresh())
        self.start.clicked.connect(self.start_asked)

    def _lay_out(self) -> None:
        column = self.column
        head = QHBoxLayout()
        head.setSpacing(theme.UNIT)
        head.addWidget(label("How to learn", "title"), 1)
        head.addWidget(self.start)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addWidget(self.problem)
        for heading, part in (
            ("NAME", self.name),
            ("WAY", self._cards(_RECIPES, self.recipes)),
            ("NETWORK", self._network_table()),
            ("HOW LONG", self._cards(_PRESETS, self.presets)),
        ):
            section = QVBoxLayout()
            section.setSpacing(theme.UNIT)
            section.addWidget(label(heading, "section"))
            if isinstance(part, QWidget):
                section.addWidget(part)
            else:
                section.addLayout(part)
            column.addLayout(section)
        self.more.setText("Advanced")
        self.more.setToolTip("Epochs, rates, input size and the rest, each with its default")
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.toggled.connect(self._show_more)
        column.addWidget(self.more)
        column.addStretch(1)
        self.start.setProperty("primary", True)
        self.start.setToolTip("Train on these photos as chosen below (Ctrl+Return)")
        self.start.setShortcut("Ctrl+Return")
        self.problem.hide()

    def _cards(self, texts: dict[str, tuple[str, str]], group: QButtonGroup) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT * 2)
        for key, (title, text) in texts.items():
            card = Card(title, text)
            card.setProperty("key", key)
            self.cards[key] = card
            group.addButton(card)
            row.addWidget(card, 1)
        return row

    def _network_table(self) -> QWidget:
        table = self.networks
        table.setAccessibleName("Networks")
        table.setToolTip("The network that learns your landmarks")
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setHeaderLabels(["Network", "What it is", "Weights", "Size", "Licence"])
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        return table

    # -- what is chosen ----------------------------------------------------------------------

    @property
    def recipe(self) -> str:
        """``transfer`` or ``scratch``."""
        return str(self.recipes.checkedButton().property("key"))

    @property
    def backbone(self) -> str:
        """The key of the chosen network."""
        item = self.networks.currentItem()
        return "" if item is None else str(item.data(0, _KEY))

    def spec(self, data: str, negatives: Sequence[Path] = (), preset: str = "") -> TrainingSpec:
        """Return what is chosen, verified. Raises ``SpecError`` where that cannot be meant."""
        chosen = preset or str(self.presets.checkedButton().property("key"))
        base = recipes.spec(
            data, recipe=self.recipe, backbone=self.backbone, preset=chosen,
            threads=usable_threads(), name=self.name.text().strip() or "Landmarks",
            negatives=tuple(str(folder) for folder in negatives),
        )  # fmt: skip
        spec = base if self._advanced is None else self._advanced.apply(base)
        spec.verify()
        return spec

    def begin_with(self, name: str, photos: int, short_side: int) -> None:
        """Prepare the form for photos: how many, and their median short side in pixels."""
        if not self.name.isModified():
            self.name.setText(name)
        self._photos, self._short_side = photos, short_side
        self.refresh()

    def show_machine(self, speeds: dict[str, Speed], ready: dict[str, bool]) -> None:
        """Take what is known of this machine: speeds measured, and weights that are at hand."""
        self._speeds, self._ready = speeds, ready
        self._list_networks()

    def block(self, why: str) -> None:
        """Say why training cannot begin now; nothing where it can."""
        self._blocked = why
        self.refresh()

    # -- keeping up --------------------------------------------------------------------------

    def refresh(self) -> None:
        """Bring defaults, estimates and the button up to date with what is chosen."""
        if not self.backbone:
            return
        preset = str(self.presets.checkedButton().property("key"))
        try:
            base = recipes.spec("-", recipe=self.recipe, backbone=self.backbone, preset=preset,
                                threads=usable_threads())  # fmt: skip
            if self._advanced is not None:
                self._advanced.show_defaults(base)
            spec = self.spec("-")
        except (SpecError, ValueError) as error:
            self._say(str(error))
            self.about.setText("")
            return
        for key in _PRESETS:
            self.cards[key].say(self._time_of(key))
        speed = self._speed(spec)
        source = (
            "from how fast this network was in earlier trainings here"
            if speed.measured
            else "from what a plain desktop computer needs; it gets better after a first training"
        )
        early = ", less where it stops early" if spec.patience else ""
        self.about.setText(
            f"{catalogue.find(self.backbone).title} on {self._photos:,} photos: "
            f"{in_words(self._seconds(spec))}{early}. This is an estimate, {source}."
        )
        self._say(self._blocked)

    def _time_of(self, preset: str) -> str:
        try:
            return in_words(self._seconds(self.spec("-", preset=preset)))
        except SpecError:
            return ""  # what is set under Advanced does not go with this one

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.start.setEnabled(not problem and self._photos > 0)

    def _speed(self, spec: TrainingSpec) -> Speed:
        return self._speeds.get(spec.backbone) or assumed(spec.backbone, spec.threads)

    def _seconds(self, spec: TrainingSpec) -> float:
        return estimate(spec, self._photos, self._short_side, self._speed(spec))

    def _list_networks(self) -> None:
        wanted, scratch = self.backbone, self.recipe == "scratch"
        self.networks.blockSignals(True)
        self.networks.clear()
        for entry in catalogue.BACKBONES:
            if entry.pretrained == scratch:
                continue
            ready = self._ready.get(entry.key, not entry.download)
            weights = (
                "none needed" if scratch else "on this computer" if ready else "are downloaded once"
            )
            size = f"{entry.megabytes:.0f} MB" if entry.pretrained else ""
            row = QTreeWidgetItem([entry.title, entry.blurb, weights, size, entry.licence])
            row.setData(0, _KEY, entry.key)
            tip = "\n".join(filter(None, (entry.title, entry.blurb, entry.paper)))
            for place in range(5):
                row.setToolTip(place, tip)
            self.networks.addTopLevelItem(row)
            if entry.key == wanted:
                self.networks.setCurrentItem(row)
        if self.networks.currentItem() is None:
            self.networks.setCurrentItem(self.networks.topLevelItem(0))
        self.networks.setFixedHeight(32 + 28 * self.networks.topLevelItemCount() + 4)
        self.networks.blockSignals(False)
        self.refresh()

    @property
    def advanced(self) -> Advanced:
        """The rows under Advanced; made when they are first asked for."""
        if self._advanced is None:
            self._advanced = Advanced()
            self._advanced.hide()
            self._advanced.changed.connect(self.refresh)
            self.column.insertWidget(self.column.count() - 1, self._advanced)
            self.refresh()
        return self._advanced

    def _show_more(self, shown: bool) -> None:
        self.advanced.setVisible(shown)
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)


def weights_at_hand() -> dict[str, bool]:
    """Return for each network whether it can be trained without a download. Reads the disk."""
    folder = at_hand.weights_folder()
    return {entry.key: at_hand.is_ready(entry.key, folder) for entry in catalogue.BACKBONES}
