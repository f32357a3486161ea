"""One photo, as large as there is room, and beside it all that speaks for and against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.chips import Chip, percent
from landmark_desktop.gui.library.facts import facts
from landmark_desktop.gui.library.inspector import alternatives
from landmark_desktop.gui.preview import Preview
from landmark_desktop.library.records import Photo

if TYPE_CHECKING:
    from landmark_desktop.actions.evidence import Told

_WIDTH = 336
_FACTS = ("Taken", "Camera", "Position", "Folder")


class SingleView(QWidget):
    """``picture`` has the focus; the panel's buttons name another landmark."""

    other_asked = Signal(str)  # landmark

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer
        self._shown: tuple[Photo | None, Told | None] = (None, None)
        self.picture = Preview()
        self.picture.setAccessibleName("Photo")
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._panel = QScrollArea()
        self._panel.setObjectName("inspector")
        self._panel.setAccessibleName("What speaks for it, and what against")
        self._panel.setFrameShape(QFrame.Shape.NoFrame)
        self._panel.setWidgetResizable(True)
        self._panel.setFixedWidth(_WIDTH)
        self._panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frame = QWidget()
        frame.setObjectName("empty")
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        around = QVBoxLayout(frame)
        around.setContentsMargins(*4 * [theme.UNIT * 2])
        around.addWidget(self.picture)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(frame, 1)
        row.addWidget(self._panel)

    def show_photo(self, photo: Photo | None, told: Told | None) -> None:
        """Say what is known of the photo; ``told`` may come later."""
        if (photo, told) == self._shown:
            return
        self._shown = photo, told
        if self._panel.isAncestorOf(QApplication.focusWidget() or self):
            self.picture.setFocus()  # the button that was pressed goes with its photo
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT)
        if photo is not None and photo.suggestion is not None and photo.suggestion.landmark:
            self._fill(column, photo, photo.suggestion.landmark, told)
        column.addStretch(1)
        self._panel.setWidget(content)

    def _fill(
        self, column: QVBoxLayout, photo: Photo, landmark: str, told: Told | None
    ) -> None:  # fmt: skip
        assert photo.suggestion is not None
        entry = self._gazetteer[landmark]
        column.addWidget(_label("IS IT", "section"))
        column.addWidget(_label(entry.name, "title"))
        if entry.place:
            column.addWidget(_label(entry.place, "muted"))
        column.addWidget(Chip(entry.name, photo.suggestion.confidence, stale=photo.stale))
        if told is not None and told.badge:
            conflict = _label(told.badge, "conflict")
            conflict.setAccessibleName(f"Conflict: {told.badge}")
            column.addWidget(conflict)
        if told is not None:
            column.addSpacing(theme.UNIT)
            column.addWidget(_label("EVIDENCE", "section"))
            for sentence in filter(None, (*told.sentences, told.moved)):
                column.addWidget(_label(sentence))
        self._alternatives(column, photo)
        column.addSpacing(theme.UNIT)
        column.addWidget(_label("PHOTO", "section"))
        column.addWidget(_label(photo.path.name))
        for name, value in facts(photo):
            if name in _FACTS:
                column.addWidget(_label(f"{name}  {value}", "muted"))

    def _alternatives(self, column: QVBoxLayout, photo: Photo) -> None:
        choices = alternatives(photo)
        if not choices:
            return
        column.addSpacing(theme.UNIT)
        column.addWidget(_label("OR IS IT", "section"))
        for number, (key, chance) in enumerate(choices, 1):
            name = self._gazetteer[key].name
            button = QPushButton(f"{number}   {name}   {percent(chance)}")
            button.setProperty("flat", True)
            button.setStyleSheet("text-align: left")
            button.setToolTip(f"It is {name} ({number})")
            button.setAccessibleName(f"It is {name}, {percent(chance)}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, k=key: self.other_asked.emit(k))
            column.addWidget(button)


def _label(text: str, name: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names of files are not markup
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    return label
