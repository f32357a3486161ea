"""What mending labels takes on the result page: the choice of a class, and the bar below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.geo.gazetteer import fold
from landmark_desktop.gui import theme
from landmark_desktop.gui.training.cards import label
from landmark_desktop.gui.training.class_table import readable
from training.photo_files import counted


class ChooseClass(QDialog):
    """The landmarks of a run, to choose one of. Not modal: the photo stays in view beside it."""

    chosen = Signal(str)

    def __init__(self, classes: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("What does the photo show?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(360, 440)
        self.search, self.list = QLineEdit(), QListWidget()
        self.search.setPlaceholderText("Search landmarks")
        self.search.setAccessibleName("Search landmarks")
        self.search.setToolTip("Type a part of the name")
        self.list.setAccessibleName("Landmarks")
        self.list.setToolTip("Double-click the one that the photo shows")
        for name in sorted(classes, key=lambda name: readable(name).casefold()):
            item = QListWidgetItem(readable(name))
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton("It is this one", QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setProperty("primary", True)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.close)
        self.search.textChanged.connect(self._narrow)
        self.list.itemActivated.connect(lambda _item: self._choose())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(theme.UNIT)
        for part in (self.search, self.list, buttons):
            column.addWidget(part)

    def _narrow(self, text: str) -> None:
        wanted = fold(text).split()
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            fits = all(part in fold(item.text()) for part in wanted)
            item.setHidden(not fits)
            first = item if fits and first is None else first
        self.list.setCurrentItem(first)
        self.ok.setEnabled(first is not None)

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None and not item.isHidden():
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
            self.close()


class MendBar(QWidget):
    """Stays in view below the result as soon as a label is mended."""

    again_asked = Signal()
    library_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = label()
        self.library, self.again = QPushButton(), QPushButton("&Train again with the mended labels")
        self.library.setToolTip(
            "They are accepted as something else there. Ctrl+Z on the Library page takes it back"
        )
        self.again.setToolTip("The same photos and method, with the labels as they are now")
        self.again.setProperty("primary", True)
        self.library.clicked.connect(self.library_asked)
        self.again.clicked.connect(self.again_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.UNIT * 3, theme.UNIT, theme.UNIT * 3, theme.UNIT)
        row.setSpacing(theme.UNIT)
        row.addWidget(self.words, 1)
        row.addWidget(self.library)
        row.addWidget(self.again)
        self.show_mends(0)
        self.show_library(0)

    def show_mends(self, count: int) -> None:
        """Say how many labels are mended; the bar goes where there is none."""
        self.words.setText(f"{counted(count, 'label', 'labels')} mended. Your photos stay as "
                           "they are.")  # fmt: skip
        self.setVisible(count > 0)

    def show_library(self, count: int) -> None:
        """Offer to correct so many photos in the library too."""
        self.library.setText(f"&Correct {counted(count, 'photo', 'photos')} in the library too")
        self.library.setVisible(count > 0)
