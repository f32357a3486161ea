"""A setting as something to see and to change: a widget for each kind of entry."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.settings.entries import Choice, Entry, Number, Option, Switch
from landmark_desktop.gui.settings.live import LiveSettings
from landmark_desktop.gui.training.cards import label

_INDENT = 24  # pixels: the text of a box or a button begins there
_FIELD = 224  # pixels: how wide lists and numbers are


class Row(QWidget):
    """A setting with its explanation. Shows what ``live`` has, wherever that was changed."""

    def __init__(self, name: str, live: LiveSettings) -> None:
        super().__init__()
        self.name, self.live = name, live
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.UNIT // 2)
        live.changed.connect(self._on_changed)

    def explain(self, text: str, *, indent: int = 0) -> None:
        """Add a sentence below what is there."""
        if not text:
            return
        said = label(text, "small", wrap=True)
        said.setContentsMargins(indent, 0, 0, 0)
        self.column.addWidget(said)

    def show_value(self) -> None:
        """Show what is set."""
        raise NotImplementedError

    def _on_changed(self, name: str) -> None:
        if name == self.name:
            self.show_value()


class OptionsRow(Row):
    """A few values below each other, each with what it means.

    ``brief``: the explanations are tooltips, for where the choice stands beside other things.
    """

    def __init__(self, entry: Choice, live: LiveSettings, *, brief: bool = False) -> None:
        super().__init__(entry.name, live)
        self.column.addWidget(label(entry.title, "plottitle"))
        self.explain("" if brief else entry.about)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        for option in entry.options:
            self._add(entry, option)
            self.explain("" if brief else option.about, indent=_INDENT)
        self.show_value()

    def _add(self, entry: Choice, option: Option) -> None:
        button = self.buttons[option.value] = QRadioButton(option.title)
        button.setToolTip(option.about)
        button.setAccessibleName(f"{entry.title}: {option.title}")
        button.setAccessibleDescription(option.about)
        button.toggled.connect(lambda on: self.live.set(self.name, option.value) if on else None)
        self._group.addButton(button)
        self.column.addWidget(button)

    def show_value(self) -> None:
        """Mark the value that holds."""
        button = self.buttons.get(self.live.value(self.name))
        if button is not None:
            with QSignalBlocker(button):
                button.setChecked(True)


class ListRow(Row):
    """A few values that need no explanation, in a list that opens."""

    def __init__(self, entry: Choice, live: LiveSettings) -> None:
        super().__init__(entry.name, live)
        self.list = _QuietList()
        self.list.setFixedWidth(_FIELD)
        self.list.setAccessibleName(entry.title)
        self.list.setToolTip(entry.about or entry.title)
        for option in entry.options:
            self.list.addItem(option.title, option.value)
        self.column.addLayout(_titled(entry.title, self.list))
        self.explain(entry.about)
        self.list.currentIndexChanged.connect(
            lambda _: live.set(self.name, self.list.currentData())
        )
        self.show_value()

    def show_value(self) -> None:
        """Show the value that holds."""
        with QSignalBlocker(self.list):
            self.list.setCurrentIndex(self.list.findData(self.live.value(self.name)))


class SwitchRow(Row):
    """Yes or no."""

    def __init__(self, entry: Switch, live: LiveSettings) -> None:
        super().__init__(entry.name, live)
        self.box = QCheckBox(entry.title)
        self.box.setToolTip(entry.about)
        self.box.setAccessibleDescription(entry.about)
        self.box.toggled.connect(lambda on: live.set(self.name, on))
        self.column.addWidget(self.box)
        self.explain(entry.about, indent=_INDENT)
        self.show_value()

    def show_value(self) -> None:
        """Show whether it is so."""
        with QSignalBlocker(self.box):
            self.box.setChecked(self.live.value(self.name))


class NumberRow(Row):
    """A whole number; typed, it holds when one is done typing."""

    def __init__(self, entry: Number, live: LiveSettings) -> None:
        super().__init__(entry.name, live)
        self.number = _QuietNumber()
        self.number.setRange(entry.least, entry.most)
        self.number.setSingleStep(entry.step)
        self.number.setSuffix(f" {entry.unit}")
        self.number.setSpecialValueText(entry.zero)
        self.number.setGroupSeparatorShown(True)
        self.number.setKeyboardTracking(False)
        self.number.setFixedWidth(_FIELD)
        self.number.setAccessibleName(entry.title)
        self.number.setToolTip(entry.about)
        self.number.valueChanged.connect(lambda value: live.set(self.name, value))
        self.column.addLayout(_titled(entry.title, self.number))
        self.explain(entry.about)
        self.show_value()

    def show_value(self) -> None:
        """Show the number that holds."""
        with QSignalBlocker(self.number):
            self.number.setValue(self.live.value(self.name))


def row(entry: Entry, live: LiveSettings) -> Row:
    """Return the widget for a setting."""
    match entry:
        case Switch():
            return SwitchRow(entry, live)
        case Number():
            return NumberRow(entry, live)
    explained = any(option.about for option in entry.options)
    return OptionsRow(entry, live) if explained else ListRow(entry, live)


def _titled(title: str, widget: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(theme.UNIT * 2)
    said = label(title, "plottitle", wrap=True)
    said.setBuddy(widget)
    line.addWidget(said, 1)
    line.addWidget(widget)
    return line


class _QuietList(QComboBox):
    """Whoever scrolls the page past it does not mean to change it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _QuietNumber(QSpinBox):
    """Likewise."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(theme.UNIT, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
