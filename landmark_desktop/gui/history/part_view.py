"""The layout of "Undo part": filter, folders beside the files of the one at hand, what is done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
)  # fmt: skip

from landmark_desktop.gui import theme
from landmark_desktop.gui.buttons import dialog_button
from landmark_desktop.gui.history.choice import Choice
from landmark_desktop.gui.history.part_models import DoneFolders, PieceModel
from landmark_desktop.gui.history.turning import Turning
from landmark_desktop.gui.organise.folder_tree import FolderTree
from landmark_desktop.gui.runner import Runner
from landmark_desktop.organise.preview import Branch, Tree


class PartView:
    """Laid out in a dialog, which gives it its life."""

    def __init__(self, choice: Choice, runner: Runner, dialog: QDialog) -> None:
        self._choice = choice
        self.heading = QLabel()
        self.heading.setObjectName("heading")
        self.status = QLabel()
        self.status.setObjectName("muted")
        for said in (self.heading, self.status):
            said.setTextFormat(Qt.TextFormat.PlainText)
            said.setWordWrap(True)
            # Names of folders have no spaces to break at, and the dialog stays narrow.
            said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by folder or name")
        self.filter.setAccessibleName("Filter by folder or name")
        self.filter.setToolTip("Words that the paths have to hold (Ctrl+F)")
        self.filter.setClearButtonEnabled(True)
        self.rows = DoneFolders(dialog)
        self.tree = FolderTree(self.rows, "Folders that the files are in now")
        self.tree.setToolTip("Space: the files of the folder and below it, chosen or not")
        self.tree.chosen.connect(self._show_files)
        self.files = PieceModel(choice, dialog)
        self.list = PieceList(self.files)
        self.turning = Turning(runner)
        self.close_button = dialog_button("Close", "Close this window (Esc)", dialog.close)
        self.do = dialog_button("", "", lambda: None)
        self.do.setProperty("primary", True)
        self._lay_out(dialog)

    def _lay_out(self, dialog: QDialog) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("gap")
        splitter.setHandleWidth(theme.UNIT)
        splitter.setChildrenCollapsible(False)
        for part in (self.tree, self.list):
            part.setMinimumWidth(160)
            splitter.addWidget(part)
        splitter.setSizes([440, 400])
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.status, 1)
        for button in (self.close_button, self.do):
            row.addWidget(button)
        column = QVBoxLayout(dialog)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT)
        for part in (self.heading, self.filter):
            column.addWidget(part)
        column.addWidget(splitter, 1)
        column.addWidget(self.turning)
        column.addLayout(row)

    def show_tree(self, shown: Tree) -> None:
        """Show these folders; who looked at one still does."""
        self.tree.show_tree(shown)
        if self.tree.current is None and shown.tops:
            self.tree.choose(shown.tops[0])
        self._show_files(self.tree.current)

    def repaint_boxes(self) -> None:
        """Have the boxes show what is chosen."""
        self.rows.ticks_changed.emit()
        self.list.viewport().update()

    def _show_files(self, branch: Branch | None) -> None:
        self.files.show([] if branch is None else self._choice.shown(branch))


class PieceList(QListView):
    """``toggled``: the rows whose boxes were clicked, or that were chosen when Space was pressed,
    as numbers of their pieces."""

    toggled = Signal(object)  # list[int]

    def __init__(self, model: PieceModel) -> None:
        super().__init__()
        self._pieces = model
        self.setModel(model)
        self.setObjectName("folders")
        self.setAccessibleName("Files of the folder")
        self.setToolTip("Space: the chosen rows, ticked or not")
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        model.box_clicked.connect(lambda number: self.toggled.emit([number]))
        action = QAction("Tick, or untick", self)
        action.setShortcut(QKeySequence("Space"))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: self._toggle())
        self.addAction(action)
        theme.dress(self, self.viewport().update)

    def _toggle(self) -> None:
        ranges = self.selectionModel().selection()  # thousands would each be an object otherwise
        rows = {row for part in ranges for row in range(part.top(), part.bottom() + 1)}
        if not rows and self.currentIndex().isValid():
            rows = {self.currentIndex().row()}
        if rows:
            self.toggled.emit([self._pieces.numbers[row] for row in sorted(rows)])
