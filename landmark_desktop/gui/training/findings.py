"""What was found in a photo set, by severity, each kind with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.photo_fixes import SAME_NAME, Edits, Fix, fixes_for, merged_names
from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.training.cards import label
from landmark_desktop.gui.training.fix_button import FixButton
from training.health_findings import SEVERITIES, Finding
from training.health_report import HEADINGS, TITLES

_MOST = 3  # findings of a kind that are shown at once
_MOST_PATHS = 4  # files of a finding
_TITLES = {**TITLES, SAME_NAME: "Classes with nearly the same name"}
_COLOURS = {"error": "bad", "warning": "section", "note": "section"}


def open_file(path: str) -> None:
    """Show the file in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))


class AllOf(QDialog):
    """All findings of one kind. Not modal: the person may go on beside it."""

    def __init__(self, title: str, findings: Sequence[Finding], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(800, 480)
        self.list = QTreeWidget()
        self.list.setAccessibleName(title)
        self.list.setHeaderLabels(["What", "Class"])
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setToolTip("Double-click a file to open it")
        for finding in findings:
            row = QTreeWidgetItem([finding.message, ""])
            row.setToolTip(0, finding.message)
            for path, name in zip(finding.paths, finding.labels, strict=False):
                child = QTreeWidgetItem([path, name or ""])
                child.setToolTip(0, path)
                child.setData(0, Qt.ItemDataRole.UserRole, path)
                row.addChild(child)
            self.list.addTopLevelItem(row)
        self.list.itemActivated.connect(self._open)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(theme.UNIT)
        column.addWidget(label(title, "heading"))
        column.addWidget(self.list, 1)
        column.addWidget(buttons)

    def _open(self, item: QTreeWidgetItem) -> None:
        path = item.data(0, Qt.ItemDataRole.UserRole)
        if path:
            open_file(path)


class _Group(QFrame):
    """All findings of one kind, and the buttons that mend them."""

    toggled = Signal()

    def __init__(self, findings: Sequence[Finding], fixes: Sequence[Fix]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.kind = findings[0].kind
        title = _TITLES.get(self.kind, self.kind)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        head = label(title, "plottitle", wrap=True)
        column.addWidget(head)
        for finding in findings[:_MOST]:
            column.addWidget(label(finding.message, "muted", wrap=True))
            if finding.paths:
                column.addWidget(self._links(finding))
        self.choices = [FixButton(fix) for fix in fixes]
        self.all = QPushButton("Show all…")
        row = FlowLayout(theme.UNIT)
        for button in (*self.choices, self.all):
            row.addWidget(button)
        column.addSpacing(4)
        column.addLayout(row)
        for choice in self.choices:
            choice.toggled_on.connect(self._follow)
        more = len(findings) > _MOST or any(len(f.paths) > _MOST_PATHS for f in findings)
        self.all.setText(f"Show all {len(findings):,}…" if len(findings) > 1 else "Show all…")
        self.all.setProperty("flat", True)
        self.all.setToolTip("List every one of them, with its files")
        self.all.setVisible(more)
        self.all.clicked.connect(lambda: AllOf(title, findings, self.window()).show())

    def _follow(self) -> None:
        """Offer no other way beside the one that is chosen; classes can be merged side by side."""
        on = [choice for choice in self.choices if choice.on]
        merging = any(choice.fix.classes for choice in on)
        for choice in self.choices:
            choice.setVisible(not on or choice.on or (merging and bool(choice.fix.classes)))
        self.toggled.emit()

    def _links(self, finding: Finding) -> QWidget:
        more = len(finding.paths) - _MOST_PATHS
        made = label("", "small", wrap=True)

        def write() -> None:
            # A label keeps the colour that links had when its text was set.
            style = f'style="color:{theme.colours().accent}"'
            shown = [
                f'<a {style} href="{escape(path, quote=True)}">{escape(_ending(path))}</a>'
                for path in finding.paths[:_MOST_PATHS]
            ]
            made.setText(", ".join(shown) + (f" and {more:,} more" if more > 0 else ""))

        made.setTextFormat(Qt.TextFormat.RichText)
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        made.setToolTip("Open the file")
        made.linkActivated.connect(open_file)
        theme.dress(made, write)
        return made


class Findings(QWidget):
    """Tells how training is to see the photos when that changes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[_Group] = []
        self._merging: list[FixButton] = []  # in the order in which they were chosen
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.UNIT)

    @property
    def edits(self) -> Edits:
        """What the fixes that are switched on come to."""
        chosen = [choice for group in self.groups for choice in group.choices if choice.on]
        merges = [(choice.fix.classes, choice.stays) for choice in self._merging]
        return Edits(
            frozenset().union(*(choice.fix.paths for choice in chosen)), merged_names(merges)
        )

    def show_findings(self, findings: Sequence[Finding], part_of: dict[str, str]) -> None:
        """Show these instead of what is there; nothing is left out."""
        while (item := self._column.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        self.groups, self._merging = [], []
        order = list(_TITLES)
        for severity in SEVERITIES:
            found = sorted(
                (f for f in findings if f.severity == severity),
                key=lambda f: order.index(f.kind) if f.kind in order else len(order),
            )
            if found:
                self._column.addWidget(label(HEADINGS[severity].upper(), _COLOURS[severity]))
            for kind, several in groupby(found, key=lambda f: f.kind):
                of_kind = list(several)
                group = _Group(of_kind, fixes_for(kind, of_kind, part_of))
                group.toggled.connect(self._on_toggled)
                self.groups.append(group)
                self._column.addWidget(group)
        if not findings:
            self._column.addWidget(label("Nothing to complain about.", "muted"))
        self._column.addStretch(1)

    def _on_toggled(self) -> None:
        merging = [c for group in self.groups for c in group.choices if c.on and c.fix.classes]
        self._merging = [choice for choice in self._merging if choice in merging]
        self._merging += [choice for choice in merging if choice not in self._merging]
        self.changed.emit()


def _ending(path: str) -> str:
    return "/".join(Path(path).parts[-2:])
