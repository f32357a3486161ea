"""The log and the reports of crashes, to read and to copy. Nothing of them is ever sent."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop import crashes
from landmark_desktop.gui import theme

_MOST_BYTES = 256 * 1024  # of the end of a file: what happened last matters
_COPIED_MS = 2000


class LogViewer(QDialog):
    """Not modal. ``log``: the log's file; ``report``: the report of a crash to show first."""

    def __init__(
        self, log: Path, parent: QWidget | None = None, report: Path | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Log")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(880, 560)
        self.which = QComboBox()
        self.which.setAccessibleName("What to show")
        self.which.setToolTip("The log of all sessions, or the report of a crash")
        self.which.addItem("Log")
        self._files = [log, *crashes.reports(log.parent / "crashes")]
        for path in self._files[1:]:
            self.which.addItem(path.stem.capitalize()[:25].replace(".", ":"))
        self.which.currentIndexChanged.connect(lambda _row: self._show())
        private = QLabel("It stays on this computer. It may contain names of files and folders.")
        private.setObjectName("muted")
        private.setWordWrap(True)
        self.text = text_box("Text of the log")
        self.copy = CopyButton("Copy all", self.text)
        self.folder = QPushButton("Open folder")
        self.folder.setToolTip(str(log.parent))
        self.folder.clicked.connect(self._open_folder)
        done = QPushButton("Close")
        done.setDefault(True)
        done.clicked.connect(self.close)
        upper = QHBoxLayout()
        upper.setSpacing(theme.UNIT * 2)
        upper.addWidget(self.which)
        upper.addWidget(private, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(theme.UNIT)
        column.addLayout(upper)
        column.addWidget(self.text, 1)
        column.addSpacing(theme.UNIT)
        column.addLayout(buttons(self.copy, self.folder, last=done))
        if report in self._files:
            self.which.setCurrentIndex(self._files.index(report))
        self._show()

    def _show(self) -> None:
        row, move = self.which.currentIndex(), QTextCursor.MoveOperation
        self.text.setPlainText(_end_of(self._files[row]))
        self.text.moveCursor(move.Start if row else move.End)

    def _open_folder(self) -> None:
        folder = self._files[self.which.currentIndex()].parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class CopyButton(QPushButton):
    """Copies all of a text, and says so for a moment."""

    def __init__(self, title: str, text: QPlainTextEdit) -> None:
        super().__init__(title)
        self._title, self._text = title, text
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(_COPIED_MS)
        self._back.timeout.connect(lambda: self.setText(self._title))
        self.setToolTip("Copy the whole text")
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self.setText("Copied")
        self._back.start()


def text_box(name: str) -> QPlainTextEdit:
    """Return a box for text that is read and copied, not written."""
    box = QPlainTextEdit()
    box.setAccessibleName(name)
    box.setReadOnly(True)
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    box.setTabChangesFocus(True)
    box.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    return box


def buttons(*first: QPushButton, last: QPushButton) -> QHBoxLayout:
    """Return a row of buttons, the ``last`` at its right end."""
    row = QHBoxLayout()
    row.setSpacing(theme.UNIT)
    for button in first:
        row.addWidget(button)
    row.addStretch(1)
    row.addWidget(last)
    return row


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            file.seek(max(size - _MOST_BYTES, 0))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return "Nothing has been logged yet."
    except OSError as error:
        return f"The file cannot be read ({error.strerror or error})."
    if size > _MOST_BYTES:
        text = text.partition("\n")[2]
    return text or "Nothing has been logged yet."
