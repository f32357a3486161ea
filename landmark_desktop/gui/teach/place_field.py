"""Choose a place: type a city or coordinates, take one of what is found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QSizePolicy, QVBoxLayout, QWidget

from landmark_desktop.actions.whereabouts import Where
from landmark_desktop.gui import theme
from landmark_desktop.gui.training.cards import label

_TYPING_MS = 120
_HEIGHTS = 104, 176  # pixels of the list: four to seven places are in sight


class PlaceField(QWidget):
    """``asked`` wants places for a text; ``show_places`` answers. ``chosen`` may be ``None``."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.chosen: Where | None = None
        self._places: list[Where] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText("A city, or coordinates such as 48.8584, 2.2945")
        self.search.setAccessibleName("Place")
        self.search.setToolTip(
            "Type a city's name in any language, or coordinates; the down arrow goes to the list"
        )
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("places")
        self.list.setAccessibleName("Places found")
        self.list.setToolTip("The place that is marked is taken")
        self.list.setMinimumHeight(_HEIGHTS[0])
        self.list.setMaximumHeight(_HEIGHTS[1])
        self.note = label("", "small", wrap=True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(lambda: self.asked.emit(self.search.text()))
        self.search.textEdited.connect(self._on_typed)
        self.search.textChanged.connect(self._on_changed)
        self.list.currentRowChanged.connect(self._on_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT // 2)
        column.addWidget(self.search)
        column.addWidget(self.list, 8)
        column.addWidget(self.note)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(self.search)
        self.say("")

    @property
    def text(self) -> str:
        """What is typed."""
        return self.search.text().strip()

    @property
    def settling(self) -> bool:
        """Whether what is typed has not been asked for yet."""
        return self._typing.isActive()

    def show_places(self, places: Sequence[Where], note: str = "") -> None:
        """Offer these, the first of them marked; ``note``: a line below."""
        self._places = list(places)
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([place.text for place in places])
        self.list.setCurrentRow(0 if places else -1)
        self.list.blockSignals(False)
        self._on_row(self.list.currentRow())
        if not places and self.text and not note:
            note = "No city of 15,000 people or more has that name. Coordinates work everywhere."
        self.say(note)

    def say(self, note: str) -> None:
        """Set the line below the list."""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def begin_with(self, text: str, places: Sequence[Where], note: str) -> None:
        """Fill the field in, as if ``text`` had been typed and ``places`` found."""
        self._typing.stop()
        self.search.setText(text)
        self.show_places(places, note)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and self._places
        ):
            self.list.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _on_typed(self) -> None:
        self.chosen = None  # what is marked still answers what was typed before
        self._typing.start()

    def _on_changed(self, text: str) -> None:
        if not text.strip():  # the clear button edits nothing
            self._typing.stop()
            self.show_places([])

    def _on_row(self, row: int) -> None:
        self.chosen = self._places[row] if 0 <= row < len(self._places) else None
