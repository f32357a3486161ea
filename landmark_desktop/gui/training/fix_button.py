"""A button that does something about findings, and takes it back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton

from landmark_desktop.actions.photo_fixes import Fix
from landmark_desktop.gui.training.class_table import readable

_WIDEST = 288  # pixels of text: the column of findings is narrow, class names may be long


class FixButton(QPushButton):
    """Switches a fix on and off. Where classes are merged, a menu asks which name stays."""

    toggled_on = Signal()  # or off

    def __init__(self, fix: Fix) -> None:
        super().__init__()
        self.fix, self.on, self.stays = fix, False, ""
        self.names = QMenu(self)
        for name in fix.classes:
            action = self.names.addAction(f"Keep the name {readable(name)}".replace("&", "&&"))
            action.triggered.connect(lambda _=False, chosen=name: self._switch(chosen))
        self.clicked.connect(lambda: self._switch("") if self.on or not fix.classes else None)
        self._say()

    def _switch(self, stays: str) -> None:
        self.on, self.stays = not self.on, stays
        self._say()
        self.toggled_on.emit()

    def _say(self) -> None:
        text = self.fix.undo if self.on else self.fix.text
        self.setMenu(self.names if self.fix.classes and not self.on else None)
        self.setAccessibleName(text)
        elide = self.fontMetrics().elidedText
        self.setText(elide(text, Qt.TextElideMode.ElideMiddle, _WIDEST).replace("&", "&&"))
        if not self.fix.classes:
            tip = "Nothing is changed on disk: training just does not see the files"
        elif self.on:
            tip = f"They are one landmark for training: {readable(self.stays)}"
        else:
            tip = "Take them for one landmark; you choose the name. Nothing is changed on disk"
        self.setToolTip(f"{text}\n{tip}" if text != self.text() else tip)
