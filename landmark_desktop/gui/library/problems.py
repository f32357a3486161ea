"""The list of files that could not be read, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.library.records import Unreadable


class ProblemsDialog(QDialog):
    """Not modal: the person may go on working beside it."""

    def __init__(self, files: Sequence[Unreadable], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Files that could not be read")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 420)
        intro = QLabel("Nothing was changed in these files. Add them again once they are mended.")
        intro.setObjectName("muted")
        self.list = QTreeWidget()
        self.list.setHeaderLabels(["File", "Why", "In"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for file in files:
            item = QTreeWidgetItem([file.path.name, file.reason, str(file.path.parent)])
            for column in range(3):
                item.setToolTip(column, f"{file.path}\n{file.reason}")
            self.list.addTopLevelItem(item)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.setColumnWidth(0, 200)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(intro)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
