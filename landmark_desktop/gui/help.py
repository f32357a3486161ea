"""The Help menu: the keys, what this program is, and its log."""

from __future__ import annotations

import html
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop import __version__
from landmark_desktop.gui import theme
from landmark_desktop.gui.log_viewer import LogViewer
from training.bundle import Card

SHORTCUTS = """\
A\tAccept the suggestion
X\tReject it
1 to 4\tAccept another landmark instead
S\tHow sure a suggestion has to be
T\tAdd a tag; Enter takes the one that is marked, Ctrl+Enter what you typed
Y\tConfirm the guessed tags
Del, Enter\tTake the tag off that has the focus, confirm it (arrows: the next one)
Space\tThe photo large, and back
W\tWhy: what in the photo spoke for the landmark
Ctrl+Z, Ctrl+Shift+Z\tUndo, redo
Ctrl+H\tThe history: everything that was done, to undo
Ctrl+F\tSearch
Esc\tBack, or show all photos
Ctrl+1, Ctrl+2, …\tThe pages, in the order of the rail
Ctrl+T\tTeach the chosen photos as a new landmark
Ctrl+O\tAdd a folder
Ctrl+S\tWrite tags into files: look first, then write
Ctrl+Shift+S\tThe same for the chosen photos
Ctrl+,\tSettings
Ctrl++, Ctrl+-\tLarger and smaller photos
Ctrl+Shift+L\tThe log"""


IN_LISTS = """\
F2\tRename the chosen tag
M\tMerge it into another one
Del\tDelete it from all photos"""


IN_REVIEW = """\
L, E, O\tBy landmark, by event, one by one
A, Enter\tAccept the photo, or all of the group
Space\tTake a photo out of its group, or put it back
X\tReject
C, /\tAnother landmark
1 to 4\tThe alternatives of a single photo
N\tNot a landmark
S, Right\tSkip: ask again later (Right with a single photo)
Backspace, Left\tTake the last answer back (Left with a single photo)
Alt+Up, Alt+Down\tThe group before, the next"""


IN_WRITING = """\
Up, Down\tThe photo before, the next
Tab, Space\tTo what another program has otherwise; take ours
Alt+P\tWhich photos: all that waits, those that could not be written, …
Ctrl+Enter\tWrite the photos of the list
Ctrl+Z\tUndo: the files are as they were"""


IN_HISTORY = """\
Del\tUndo the chosen action alone
Ctrl+Del\tUndo part of it: choose which files go back
Shift+Del\tUndo back to it
Space, Ctrl+F\tIn “Undo part”: tick folders or files; filter them
Ctrl+Enter\tPut back what is ticked
Ctrl+Z, Ctrl+Shift+Z\tUndo the newest, redo"""


IN_ORGANISE = """\
Alt+I, Alt+T\tThe folder to tidy into, the template
Alt+R\tReady templates
Space, Del\tTake a folder or photos out; Space puts them back in
F2\tHave a folder, or the chosen photos, go somewhere else
Backspace\tHave the chosen photos go where the template says
Ctrl+Enter\tDo what the button says
Ctrl+Z\tUndo: the photos are back where they were"""


def show_shortcuts(parent: QWidget) -> None:
    """List the keys."""
    ShortcutsDialog(parent).show()


class ShortcutsDialog(QDialog):
    """All keys, part by part; not modal, and it scrolls: there are more than a screen holds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 640)
        parts = _table(SHORTCUTS)
        for where, keys in (
            ("In the list of tags", IN_LISTS), ("On the Review page", IN_REVIEW),
            ("When tags are written into files", IN_WRITING), ("On the Organise page", IN_ORGANISE),
            ("In the history", IN_HISTORY),
        ):  # fmt: skip
            parts += f"<p><b>{where}</b></p>{_table(keys)}"
        tables = QLabel(parts)
        tables.setTextFormat(Qt.TextFormat.RichText)
        tables.setWordWrap(True)
        tables.setContentsMargins(*4 * [theme.UNIT])
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setAccessibleName("Keys")
        area.setWidget(tables)
        close = QPushButton("Close")
        close.setToolTip("Close the list (Esc)")
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT * 2)
        column.addWidget(area, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        area.setFocus()


def _table(keys: str) -> str:
    rows = "".join(
        f"<tr><td width='176'><b>{key}</b></td><td>{what}</td></tr>"
        for key, what in (line.split("\t") for line in keys.splitlines())
    )
    return f"<table cellspacing='4'>{rows}</table>"


def show_about(parent: QWidget, card: Card) -> None:
    """Say what this is, and which model it uses."""
    _inform(
        parent,
        "About Landmark Desktop",
        f"<b>Landmark Desktop {__version__}</b><p>Recognises the landmarks in your own "
        f"photos. Nothing leaves this computer.</p><p>Model: {html.escape(card.name)}, "
        f"{len(card.labels) - (card.background is not None)} landmarks.</p>"
        "<p>Free software under the GNU General Public License, version 3 or later.</p>",
    )


def show_log(parent: QWidget, log: Path, report: Path | None = None) -> None:
    """Show the log, or the report of a crash."""
    LogViewer(log, parent, report).show()


def _inform(parent: QWidget, title: str, text: str) -> None:
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(text)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowModality(Qt.WindowModality.NonModal)
    box.show()
