"""Step 2: by transfer, from scratch or added to a model; on which network, how long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.training_time import (
    Speed,
    assumed,
    estimate,
    in_words,
    likely_door,
    likely_size,
)
from landmark_desktop.gui import theme
from landmark_desktop.gui.training.advanced import Advanced, usable_threads
from landmark_desktop.gui.training.bases import BaseTable
from landmark_desktop.gui.training.cards import Card, Sheet, label
from landmark_desktop.gui.training.networks import NetworkTable
from landmark_desktop.gui.training.pictures import FilePictures
from landmark_desktop.gui.training.variations import Variations
from training import catalogue, recipes
from training.photo_files import counted
from training.spec import SpecError, TrainingSpec

_RECIPES = {
    "transfer": ("Transfer learning", "Begins with a network that has seen a million photos and "
                 "learns your landmarks on top. Right for nearly everybody; 20 photos a landmark "
                 "do well."),
    "scratch": ("From scratch", "Learns from your photos alone, beginning with nothing. It takes "
                "hundreds of photos a landmark, and longer."),
    "extend": ("Add to a model", "Keeps all landmarks of a model and learns yours beside them, "
               "within a minute. A handful of photos a landmark will do."),
}  # fmt: skip
_PRESETS = {
    "quick": ("Quick", "To see whether it works at all."),
    "balanced": ("Balanced", "A good model in reasonable time."),
    "best": ("Best", "Longest, for the last few per cent."),
}


class ChooseHow(Sheet):
    """The form. Emits ``start_asked`` when the person wants to begin."""

    start_asked = Signal()

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self._photos, self._short_side, self._landmarks = 0, 0, 0
        self._called = ""  # what the photos are called
        self._speeds: dict[str, Speed] = {}
        self._ready: dict[str, bool] = {}
        self._blocked = ""
        self.recipes, self.presets = QButtonGroup(self), QButtonGroup(self)
        self.cards: dict[str, Card] = {}
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the model")
        self.name.setToolTip("What the model will be called in the app")
        self.name.setMaximumWidth(400)
        self.networks, self.bases = NetworkTable(), BaseTable()
        self.variations = Variations(pictures)
        self.sections: dict[str, QWidget] = {}
        self._advanced: Advanced | None = None
        self.more, self.start = QToolButton(), QPushButton("Start training")
        self.about, self.problem = label("", "muted", wrap=True), label("", "bad", wrap=True)
        self._lay_out()
        self.cards["transfer"].setChecked(True)
        self.cards["balanced"].setChecked(True)
        self._show_way()
        self.recipes.buttonClicked.connect(lambda _card: self._show_way())
        self.presets.buttonClicked.connect(lambda _card: self.refresh())
        self.networks.currentItemChanged.connect(lambda *_: self.refresh())
        self.bases.changed.connect(self.refresh)
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
            ("MODEL", self.bases),
            ("NETWORK", self.networks),
            ("HOW LONG", self._cards(_PRESETS, self.presets)),
        ):
            self.sections[heading] = QWidget()
            section = QVBoxLayout(self.sections[heading])
            section.setContentsMargins(0, 0, 0, 0)
            section.setSpacing(theme.UNIT)
            section.addWidget(label(heading, "section"))
            if isinstance(part, QWidget):
                section.addWidget(part)
            else:
                section.addLayout(part)
            column.addWidget(self.sections[heading])
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

    # -- what is chosen ----------------------------------------------------------------------

    @property
    def recipe(self) -> str:
        """``transfer``, ``scratch`` or ``extend``."""
        return str(self.recipes.checkedButton().property("key"))

    @property
    def backbone(self) -> str:
        """The key of the chosen network."""
        return self.networks.key

    def spec(self, data: str, negatives: Sequence[Path] = (), preset: str = "") -> TrainingSpec:
        """Return what is chosen, verified. Raises ``SpecError`` where that cannot be meant."""
        base = recipes.spec(
            data, recipe=self.recipe, **self._case(preset), threads=usable_threads(),
            name=self.name.text().strip() or "Landmarks",
            negatives=tuple(str(folder) for folder in negatives),
        )  # fmt: skip
        spec = base if self._advanced is None else self._advanced.apply(base)
        spec.verify()
        return spec

    def _case(self, preset: str = "") -> dict[str, str]:
        """Return what the recipe is laid out for. Raises ``SpecError`` where no model will do."""
        if self.recipe == "extend":
            if self.bases.base is None:
                raise SpecError(
                    "None of your models remembers what it learned from, so nothing can be added "
                    "to it. Choose another way, or import a model that does."
                )
            return {"base": str(self.bases.base.path)}
        chosen = preset or str(self.presets.checkedButton().property("key"))
        return {"backbone": self.backbone, "preset": chosen}

    def begin_with(self, name: str, photos: int, landmarks: int, short_side: int) -> None:
        """Prepare the form for photos: how many, and their median short side in pixels."""
        self._called = name
        self._photos, self._landmarks, self._short_side = photos, landmarks, short_side
        self.refresh()

    def choose_way(self, extend: bool) -> None:
        """Choose to add to a model, or not to."""
        if extend != (self.recipe == "extend"):
            self.cards["extend" if extend else "transfer"].setChecked(True)
            self._show_way()

    def begin_like(self, spec: TrainingSpec) -> None:
        """Choose what an earlier run was trained with; what no preset has goes under Advanced."""
        self.cards[spec.recipe].setChecked(True)
        self._show_way()
        self.bases.choose(spec.base)
        self.networks.choose(spec.backbone)
        if spec.recipe != "extend":
            for key in _PRESETS:
                preset = recipes.spec("-", recipe=spec.recipe, backbone=spec.backbone, preset=key)
                if (preset.epochs, preset.depth) == (spec.epochs, spec.depth):
                    self.cards[key].setChecked(True)
                    break
        self.advanced.show_spec(spec)

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
        if not self.name.isModified():
            base = self.bases.base if self.recipe == "extend" else None
            self.name.setText(f"{base.name} + {self._called}" if base else self._called)
        try:
            defaults = recipes.spec("-", recipe=self.recipe, **self._case(),
                                    threads=usable_threads())  # fmt: skip
            if self._advanced is not None:
                self._advanced.show_defaults(defaults)
            spec = self.spec("-")
        except (SpecError, ValueError) as error:
            self._say(str(error))
            self.about.setText("")
            return
        least = 1 if self.recipe == "extend" else 2
        few = f"It takes {least} landmarks to be told apart. One can be added to a model."
        self._say(self._blocked or (few if self._landmarks < least and self._photos else ""))
        self.about.setText(self._about_adding() if self.recipe == "extend" else self._about(spec))

    def _about_adding(self) -> str:
        base, photos = self.bases.base, counted(self._photos, "photo", "photos")
        assert base is not None
        landmarks = counted(self._landmarks, "landmark", "landmarks")
        return (
            f"{landmarks} on {photos}, learned beside the {base.landmarks:,} that “{base.name}” "
            "knows. It takes about a minute, and needs no photos of those."
        )

    def _about(self, spec: TrainingSpec) -> str:
        door = spec.door or likely_door(spec.backbone, self._short_side)
        self.variations.show_choice(
            spec.augmentation, door, spec.size or likely_size(spec.backbone, door)
        )
        for key in _PRESETS:
            self.cards[key].say(self._time_of(key))
        source = (
            "from how fast this network was in earlier trainings here"
            if self._speed(spec).measured
            else "from what a plain desktop computer needs; it gets better after a first training"
        )
        early = ", less where it stops early" if spec.patience else ""
        return (
            f"{catalogue.find(self.backbone).title} on {self._photos:,} photos: "
            f"{in_words(self._seconds(spec))}{early}. This is an estimate, {source}."
        )

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

    def _show_way(self) -> None:
        """Show what there is to choose for the way that is chosen."""
        adding = self.recipe == "extend"
        for heading in ("NETWORK", "HOW LONG"):
            self.sections[heading].setVisible(not adding)
        self.sections["MODEL"].setVisible(adding)
        self._list_networks()

    def _list_networks(self) -> None:
        self.networks.show_networks(self._ready, scratch=self.recipe == "scratch")
        self.refresh()

    @property
    def advanced(self) -> Advanced:
        """The rows under Advanced; made when they are first asked for."""
        if self._advanced is None:
            self._advanced = Advanced()
            self._advanced.put_below("augmentation", self.variations)
            self._advanced.hide()
            self._advanced.changed.connect(self.refresh)
            self.column.insertWidget(self.column.count() - 1, self._advanced)
            self.refresh()
        return self._advanced

    def _show_more(self, shown: bool) -> None:
        self.advanced.setVisible(shown)
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
