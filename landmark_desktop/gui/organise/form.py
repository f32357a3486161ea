"""What a person says about tidy folders: where to, what they are called, which photos, how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.organise import Which
from landmark_desktop.actions.organise_offers import TEMPLATES
from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.organise.template_line import TemplateLine
from landmark_desktop.organise.template import TOKENS, TemplateError, parse
from landmark_desktop.organise.wanted import Mode

_MODES = (
    (Mode.MOVE, "Move", "The photos are in the new folders only; undone at any time"),
    (Mode.COPY, "Copy", "The photos stay where they are; the copies are files of their own"),
    (Mode.LINK, "Hard links", "The photos are in both places, and take their room once"),
)
_WHICH = (
    (Which.ACCEPTED, "Accepted places", "Photos whose place you have accepted"),
    (Which.SUGGESTED, "With suggestions", "Photos with a suggestion that waits for you as well"),
    (Which.ALL, "All photos", "Those without a place as well, as far as the template fits them"),
)
_LABELS = 72


@dataclass(frozen=True)
class Wish:
    """What the form says. ``into``: as it was typed."""

    into: str
    template: str
    mode: Mode
    which: Which
    local: bool

    @property
    def folder(self) -> Path | None:
        """Where to, ``None`` where that is no whole path."""
        try:
            path = Path(self.into.strip()).expanduser()
        except RuntimeError:  # of a home that there is none of
            return None
        # A null character can be pasted, and no system takes one in a path.
        return path if path.is_absolute() and "\0" not in self.into else None


class Form(QWidget):
    """Tells of every change at once; what cannot be meant is said below."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.into = QLineEdit()
        self.into.setAccessibleName("Folder to tidy into")
        self.into.setToolTip("The tidy folders lie in this one, or will (Alt+I)")
        self.choose = QPushButton("Choose…")
        self.choose.setToolTip("Choose the folder to tidy into")
        self.choose.clicked.connect(self._choose)
        self.line = TemplateLine()
        self.ready = QPushButton("&Ready templates")
        self.ready.setToolTip("Choose one of several templates (Alt+R)")
        self.ready.setMenu(self._menu())
        self.mode = self._choice("What happens to the files", _MODES)
        self.which = self._choice("Which photos", _WHICH)
        self.local = QCheckBox("Local names")
        self.local.setToolTip(
            "Call countries, regions, cities and landmarks as they are called there:"
            " Italia/Roma/Colosseo"
        )
        self.error = QLabel()
        self.error.setObjectName("bad")
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setWordWrap(True)
        self.error.hide()
        self.chips: dict[str, QPushButton] = {}
        self._lay_out()
        for line in (self.into, self.line):
            line.textChanged.connect(lambda _text: self._on_change())
        for choice in (self.mode, self.which):
            choice.currentIndexChanged.connect(lambda _row: self._on_change())
        self.local.toggled.connect(lambda _on: self._on_change())

    def _lay_out(self) -> None:
        upper = self._row("&Into", self.into)
        upper.addWidget(self.choose)
        for choice in (self.mode, self.which, self.local):
            upper.addWidget(choice)
        middle = self._row("&Template", self.line)
        middle.addWidget(self.ready)
        tokens = QWidget()
        flow = FlowLayout(theme.UNIT // 2)
        tokens.setLayout(flow)
        for token, what in TOKENS.items():
            chip = QPushButton(token.replace("_", " "))
            chip.setProperty("token", True)
            chip.setAccessibleName(f"Insert {token}")
            chip.setToolTip(f"{{{token}}}: {what}")
            chip.clicked.connect(lambda _=False, token=token: self.line.put(token))
            flow.addWidget(chip)
            self.chips[token] = chip
        lower = QHBoxLayout()
        lower.setSpacing(theme.UNIT)
        lower.addSpacing(_LABELS + theme.UNIT)
        below = QVBoxLayout()
        below.setSpacing(theme.UNIT // 2)
        below.addWidget(self.error)
        below.addWidget(tokens)
        lower.addLayout(below, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        for row in (upper, middle, lower):
            column.addLayout(row)

    @property
    def wish(self) -> Wish:
        """What the form says."""
        return Wish(
            self.into.text(), self.line.text(), Mode(self.mode.currentData()),
            Which(self.which.currentData()), self.local.isChecked(),
        )  # fmt: skip

    def show_wish(self, wish: Wish) -> None:
        """Say this; nobody is told."""
        self.blockSignals(True)
        self.into.setText(wish.into)
        self.line.setText(wish.template)
        for choice, value in ((self.mode, wish.mode), (self.which, wish.which)):
            choice.setCurrentIndex(choice.findData(value))
        self.local.setChecked(wish.local)
        self.blockSignals(False)
        self._judge()

    @property
    def fits(self) -> bool:
        """Whether a plan can be made of what the form says."""
        return self.error.isHidden()

    def _on_change(self) -> None:
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        wish, said = self.wish, ""
        self.line.mark(None)
        try:
            parse(wish.template)
        except TemplateError as error:
            self.line.mark(error.at)
            said = " ".join(filter(None, (error.why, error.remedy)))
        if wish.folder is None:
            whole = "Choose a folder to tidy into." if not wish.into.strip() else (
                "Give the whole path of the folder to tidy into, from the root of its disk."
            )  # fmt: skip
            said = f"{whole} {said}".strip()
        self.error.setText(said)
        self.error.setVisible(bool(said))
        self.line.setAccessibleDescription(said)

    def _choose(self) -> None:
        wish = self.wish
        start = wish.folder or Path.home()
        while not start.is_dir() and start != start.parent:
            start = start.parent
        chosen = QFileDialog.getExistingDirectory(self, "Tidy photos into", str(start))
        if chosen:
            self.into.setText(chosen)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for title, template in TEMPLATES:
            action = menu.addAction(title)
            action.setToolTip(template)
            action.triggered.connect(lambda _=False, text=template: self.line.setText(text))
        return menu

    def _choice(self, name: str, entries: tuple[tuple[object, str, str], ...]) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        for row, (value, title, tip) in enumerate(entries):
            made.addItem(title, value)
            made.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
        made.setToolTip("\n".join(f"{title}: {tip}" for _, title, tip in entries))
        return made

    def _row(self, title: str, line: QLineEdit) -> QHBoxLayout:
        label = QLabel(title)
        label.setFixedWidth(_LABELS)
        label.setBuddy(line)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(label)
        row.addWidget(line, 1)
        return row
