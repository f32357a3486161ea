"""Everything about a training that has a good default: one row each, with what it does."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QPushButton,
    QSpinBox,
    QWidget,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.training.cards import label
from training.spec import AUGMENTATIONS, Stage, TrainingSpec

_INSET = 4  # pixels before the text of a spin box; the style sheet's padding leaves it alone
_SIZES = (0, 96, 128, 160, 192, 224, 256, 320, 384)
_AUGMENTED = {
    "none": "none", "light": "light", "randaugment": "RandAugment",
    "strong": "strong (style and quality too)",
}  # fmt: skip
_DEVICES = {"auto": "the fastest there is", "cpu": "processor", "cuda": "NVIDIA graphics card",
            "mps": "Apple graphics"}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One row: the spec's entry, what it is called, what it does, and its widget."""

    key: str
    title: str
    words: str
    make: Callable[[], QWidget]
    transfer_only: bool = False
    extend_too: bool = False  # means something where landmarks are added to a model


class _Unwheeled:
    """The wheel scrolls the page; it must not change a value on its way."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Spin(_Unwheeled, QSpinBox):
    pass


class _RealSpin(_Unwheeled, QDoubleSpinBox):
    pass


class _Combo(_Unwheeled, QComboBox):
    pass


def _whole(low: int, high: int) -> Callable[[], QWidget]:
    def make() -> QWidget:
        box = _Spin()
        box.lineEdit().setTextMargins(_INSET, 0, 0, 0)
        box.setRange(low, high)
        return box

    return make


def _real(low: float, high: float, decimals: int) -> Callable[[], QWidget]:
    def make() -> QWidget:
        box = _RealSpin()
        box.lineEdit().setTextMargins(_INSET, 0, 0, 0)
        box.setRange(low, high)
        box.setDecimals(decimals)
        box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        return box

    return make


def _choice(items: dict[Any, str]) -> Callable[[], QWidget]:
    def make() -> QWidget:
        box = _Combo()
        for value, words in items.items():
            box.addItem(words, value)
        return box

    return make


FIELDS = (
    Field("depth", "What is trained", "The whole network fits your photos better; the last layer "
          "alone takes minutes instead of hours.",
          _choice({"full": "the whole network", "head": "the last layer alone"}), True),
    Field("head_epochs", "Epochs of the last layer", "Passes over the photos with the network "
          "fixed. They cost little.", _whole(0, 1000), True),
    Field("epochs", "Epochs of the network", "Passes over the photos with all of it. Each costs "
          "as long as the one before.", _whole(1, 1000)),
    Field("size", "Input size", "Pixels a side that the network sees. Twice as many take four "
          "times as long.",
          _choice({s: f"{s} px" if s else "by the photos' size" for s in _SIZES})),
    Field("batch_size", "Batch size", "Photos between two steps. Memory that runs out halves what "
          "is computed at once, not this.", _whole(2, 1024)),
    Field("backbone_rate", "Rate of the network", "How far one step goes, at its highest. Too "
          "high, and the loss explodes.", _real(0, 1, 6)),
    Field("head_rate", "Rate of the last layer", "The same for the layer that learns your "
          "landmarks anew.", _real(0, 1, 6)),
    Field("weight_decay", "Weight decay", "Pulls weights towards zero, against learning by "
          "heart.", _real(0, 1, 4)),
    Field("augmentation", "Varied photos", "How much each photo is changed whenever it is seen.",
          _choice({key: _AUGMENTED.get(key, key) for key in AUGMENTATIONS})),
    Field("mix_share", "Mixed photos", "Share of batches in which photos are blended (mixup, "
          "CutMix).", _real(0, 1, 2)),
    Field("label_smoothing", "Label smoothing", "How much doubt is left about each label.",
          _real(0, 0.5, 2)),
    Field("dropout", "Dropout", "Share of the last layer's input that is left out at random.",
          _real(0, 0.9, 2)),
    Field("validation_share", "Held out", "Share of the photos that is kept for judging, where "
          "there is no part for it.", _real(0.01, 0.9, 2)),
    Field("patience", "Patience", "Epochs without a better validation loss before training "
          "stops; 0: never.", _whole(0, 1000)),
    Field("seed", "Seed", "The same seed and photos give the same model on the same machine.",
          _whole(0, 2**31 - 1), extend_too=True),
    Field("device", "Device", "What computes.", _choice(_DEVICES)),
    Field("threads", "Threads", "Processor threads that may be used.", _whole(1, 256),
          extend_too=True),
)  # fmt: skip


def usable_threads() -> int:
    """Return how many threads training uses if nobody says otherwise."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), 16)
    return min(os.cpu_count() or 1, 16)


class Advanced(QWidget):
    """The rows. What a person changed stays when the defaults under it change."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._defaults: dict[str, Any] = {}
        self._touched: set[str] = set()
        self._quiet = False
        self._recipe = ""
        self.widgets: dict[str, QWidget] = {}
        self._rows: dict[str, tuple[QWidget, ...]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, theme.UNIT, 0, theme.UNIT)
        grid.setHorizontalSpacing(theme.UNIT * 2)
        grid.setVerticalSpacing(theme.UNIT)
        for row, field in enumerate(FIELDS):
            widget = field.make()
            widget.setAccessibleName(field.title)
            widget.setToolTip(field.words)
            widget.setFixedSize(216, 32)
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            name = label(field.title)
            name.setBuddy(widget)
            words = label(field.words, "small", wrap=True)
            self.widgets[field.key] = widget
            self._rows[field.key] = (name, widget, words)
            for place, part in enumerate(self._rows[field.key]):
                grid.addWidget(part, 2 * row, place)  # the rows between: see put_below
            signal = widget.currentIndexChanged if isinstance(widget, QComboBox) else (
                widget.valueChanged)  # fmt: skip
            signal.connect(lambda _=None, key=field.key: self._on_change(key))
        self.back = QPushButton("Back to the defaults")
        self.back.setToolTip("Forget what was changed here")
        self.back.clicked.connect(self.reset)
        grid.addWidget(self.back, 2 * len(FIELDS), 1)
        grid.setColumnStretch(2, 1)
        self.back.setEnabled(False)

    @property
    def touched(self) -> frozenset[str]:
        """The entries that a person set."""
        return frozenset(self._touched)

    def put_below(self, key: str, widget: QWidget) -> None:
        """Let a widget stand below a row, and come and go with it."""
        row = next(row for row, field in enumerate(FIELDS) if field.key == key)
        self.layout().addWidget(widget, 2 * row + 1, 0, 1, 3)
        self._rows[key] = (*self._rows[key], widget)

    def show_defaults(self, spec: TrainingSpec) -> None:
        """Take the spec's entries wherever the person has set nothing."""
        self._recipe = spec.recipe
        for field in FIELDS:
            for part in self._rows[field.key]:
                part.setVisible(self._applies(field.key))
        self._defaults = {field.key: _entry(spec, field.key) for field in FIELDS}
        for field in FIELDS:
            able = not (field.transfer_only and spec.recipe == "scratch")
            self.widgets[field.key].setEnabled(able)
            if not able:
                self._touched.discard(field.key)
            if field.key not in self._touched:
                self._set(field.key, self._defaults[field.key])
        self._follow()

    def apply(self, spec: TrainingSpec) -> TrainingSpec:
        """Return the spec with what the person set, not verified."""
        entries = spec.as_dict()
        stages = [Stage(**stage) for stage in entries.pop("stages")]
        for key in filter(self._applies, self._touched):
            value = self._get(key)
            if key == "epochs":
                stages = [Stage(value, stages[-1].size)]
            elif key == "size":
                stages = [Stage(stage.epochs, value) for stage in stages]
            else:
                entries[key] = value
        return TrainingSpec.from_dict({**entries, "stages": tuple(stages)})

    def show_spec(self, spec: TrainingSpec) -> None:
        """Take the entries of an earlier run, as if the person had set those that differ.

        What computes stays as it is: that is this machine's, not the run's.
        """
        self._touched.clear()
        for field in FIELDS:
            value = _entry(spec, field.key)
            if field.key not in ("device", "threads") and self._applies(field.key):
                self._set(field.key, value)
                if self._get(field.key) != self._defaults.get(field.key):
                    self._touched.add(field.key)
        self._follow()
        self.changed.emit()

    def reset(self) -> None:
        """Forget everything the person set."""
        self._touched.clear()
        for key, value in self._defaults.items():
            self._set(key, value)
        self._follow()
        self.changed.emit()

    def _applies(self, key: str) -> bool:
        """Whether the entry means something for the recipe."""
        return self._recipe != "extend" or any(f.extend_too for f in FIELDS if f.key == key)

    def _on_change(self, key: str) -> None:
        if self._quiet:
            return
        if self._get(key) == self._defaults.get(key):
            self._touched.discard(key)
        else:
            self._touched.add(key)
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        self.back.setEnabled(bool(self._touched))
        whole = self._get("depth") != "head" or not self.widgets["depth"].isEnabled()
        for key in ("epochs", "backbone_rate"):
            self.widgets[key].setEnabled(whole)

    def _get(self, key: str) -> Any:
        widget = self.widgets[key]
        return widget.currentData() if isinstance(widget, QComboBox) else widget.value()

    def _set(self, key: str, value: Any) -> None:
        self._quiet = True
        widget = self.widgets[key]
        if isinstance(widget, QComboBox):
            widget.setCurrentIndex(max(widget.findData(value), 0))
        else:
            widget.setValue(value)
        self._quiet = False


def _entry(spec: TrainingSpec, key: str) -> Any:
    if key == "epochs":
        return sum(stage.epochs for stage in spec.stages)
    return spec.stages[-1].size if key == "size" else getattr(spec, key)
