"""What a person says of the new landmark: its name, its kind, its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.whereabouts import Where
from landmark_desktop.gui import theme
from landmark_desktop.gui.teach.place_field import PlaceField
from landmark_desktop.gui.training.cards import label

_LONGEST = 80


@dataclass(frozen=True)
class Draft:
    """What the form holds, to be filled in again."""

    name: str = ""
    kind: str = ""
    place: str = ""
    where: Where | None = None


class Form(QWidget):
    """``changed`` tells of another name, ``accept_asked`` wants a known landmark accepted."""

    changed = Signal()
    accept_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST)
        self.name.setPlaceholderText("What the landmark is called")
        self.name.setAccessibleName("Name")
        self.name.setToolTip("The name that the landmark's tag and folder get")
        self.hint = label("", "small", wrap=True)
        self.accept = QPushButton()
        self.accept.setToolTip("Tag these photos with the landmark; nothing has to be learned")
        self.accept.clicked.connect(self.accept_asked)
        self.kind = QComboBox()
        self.kind.setEditable(True)
        self.kind.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.kind.setAccessibleName("Kind")
        self.kind.setToolTip("Such as church, bridge or castle; type one of your own if you like")
        self.kind.lineEdit().setPlaceholderText("Church, bridge, castle …")
        self.place = PlaceField()
        self.message = label("", "bad", wrap=True)
        self.message.setAccessibleName("What is missing")
        for words in (self.hint, self.message, self.place.note):
            words.setTextFormat(Qt.TextFormat.PlainText)  # a name is no markup
        self.name.textChanged.connect(self.changed)
        named = QWidget()
        under = QVBoxLayout(named)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(theme.UNIT // 2)
        offer = QHBoxLayout()
        offer.addWidget(self.accept)
        offer.addStretch(1)
        under.addWidget(self.name)
        under.addWidget(self.hint)
        under.addLayout(offer)
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(theme.UNIT * 2)
        rows.setVerticalSpacing(theme.UNIT * 2)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field, target in (
            ("&Name", named, self.name),
            ("&Kind", self.kind, self.kind),
            ("&Place", self.place, self.place.search),
        ):
            words = label(text)
            words.setBuddy(target)
            words.setContentsMargins(0, theme.UNIT, 0, 0)
            rows.addRow(words, field)
        rows.addRow(self.message)
        self.setFocusProxy(self.name)
        self.say_of_name("")
        self.say("")

    def offer(self, names: Sequence[str], kinds: Sequence[str]) -> None:
        """Offer names to complete, and kinds to choose from."""
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(completer)
        self.kind.addItems(list(kinds))
        self.kind.setCurrentIndex(-1)
        self.kind.clearEditText()

    def say_of_name(self, hint: str, accept: str = "") -> None:
        """Say something of the name; ``accept``: what a button offers to do instead."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.accept.setText(accept)
        self.accept.setVisible(bool(accept))

    def say(self, message: str) -> None:
        """Say what stands in the way."""
        self.message.setText(message)
        self.message.setVisible(bool(message))

    @property
    def draft(self) -> Draft:
        """What the form holds."""
        place = self.place
        return Draft(
            " ".join(self.name.text().split()), " ".join(self.kind.currentText().split()).lower(),
            place.text, place.chosen,
        )  # fmt: skip

    def fill(self, draft: Draft) -> None:
        """Fill the form in."""
        self.name.setText(draft.name)
        if self.kind.isEnabled():  # else the gazetteer has said it
            self.describe(draft.kind, draft.place, draft.where)

    def describe(self, kind: str, place: str, where: Where | None, *, fixed: bool = False) -> None:
        """Set kind and place; ``fixed``: the gazetteer says so, and nobody else."""
        self.kind.setEditText(kind)
        self.place.begin_with(place, [where] if where is not None else [], "")
        for field in (self.kind, self.place):
            field.setDisabled(fixed)
