"""What a person sees of a bug: that their photos are safe, and details to copy for a report."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from landmark_desktop import crashes
from landmark_desktop.gui import theme
from landmark_desktop.gui.log_viewer import CopyButton, LogViewer, buttons, text_box


class BugDialog(QDialog):
    """Not modal: the person may go on working. ``log``: the log's file, where there is one."""

    def __init__(self, details: str, log: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Landmark Desktop")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 440)
        heading = QLabel("Something went wrong inside the program.")
        heading.setObjectName("heading")
        said = QLabel(
            "Your photos and tags are safe, and you can go on working. These details help to mend "
            "it. They stay on this computer unless you copy them and pass them on; they may "
            "contain names of files and folders."
        )
        said.setObjectName("muted")
        said.setWordWrap(True)
        self.details = text_box("Details")
        self.details.setPlainText(f"{crashes.about()}\n\n{details}")
        self.copy = CopyButton("Copy details", self.details)
        self.log = QPushButton("Show log")
        self.log.setToolTip("Show what else happened in this session")
        self.log.setVisible(log is not None)
        self.log.clicked.connect(lambda: LogViewer(log, parent).show() if log else None)
        done = QPushButton("Go on")
        done.setProperty("primary", True)
        done.setDefault(True)
        done.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(theme.UNIT)
        column.addWidget(heading)
        column.addWidget(said)
        column.addSpacing(theme.UNIT)
        column.addWidget(self.details, 1)
        column.addSpacing(theme.UNIT)
        column.addLayout(buttons(self.copy, self.log, last=done))
        done.setFocus()
