"""What would be written into the files of one photo: old and new, conflicts, problems."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.write import FilePreview
from landmark_desktop.actions.write_words import Dispute, Line, disputes, lines
from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.history.model import when

_MOST_ITEMS = 60
_LONG = 32  # letters from which on an item has a line of its own and wraps


class Detail(QScrollArea):
    """Replaced as a whole from photo to photo, like the inspector."""

    decided = Signal(int, object, bool)  # photo, fields (frozenset), whether ours are wanted

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paper")
        self.setAccessibleName("What would be written")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.boxes: list[QCheckBox] = []
        self._shown: object = None
        self.say("")

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def say(self, text: str) -> None:
        """Show a sentence instead of a photo."""
        if self._is_shown(text):
            return
        sheet, column = self._anew()
        column.addWidget(_said(text, "muted"))
        column.addStretch(1)
        self.setWidget(sheet)

    def show_photo(
        self, name: str, previews: Sequence[FilePreview], overruled: frozenset[str]
    ) -> None:
        """Show what would become of a photo's files; ``overruled``: fields that are to be ours."""
        if self._is_shown((name, tuple(previews), overruled)):
            return
        focus = next((n for n, box in enumerate(self.boxes) if box.hasFocus()), None)
        place = self.verticalScrollBar().value()
        sheet, column = self._anew()
        column.addWidget(_said(name, "heading"))
        if not previews:
            column.addWidget(_said("Nothing to write: it is in the file already.", "muted"))
        for preview in previews:
            self._file(column, preview, overruled)
        column.addStretch(1)
        self.setWidget(sheet)  # whole: what is added to one on show appears a moment later
        for before, after in itertools.pairwise([self, *self.boxes]):
            QWidget.setTabOrder(before, after)  # not behind all that was made earlier
        self.verticalScrollBar().setValue(place)
        if focus is not None and focus < len(self.boxes):
            self.boxes[focus].setFocus()

    def _is_shown(self, what: object) -> bool:
        """Whether this is on show already; widgets are dear, and it is asked for often."""
        same, self._shown = what == self._shown, what
        return same

    def _anew(self) -> tuple[QWidget, QVBoxLayout]:
        self.boxes = []
        sheet = QWidget()
        sheet.setObjectName("sheet")
        column = QVBoxLayout(sheet)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT)
        return sheet, column

    def _file(
        self, column: QVBoxLayout, preview: FilePreview, overruled: frozenset[str]
    ) -> None:  # fmt: skip
        column.addSpacing(theme.UNIT)
        heading = _said(_where(preview), "section")
        heading.setToolTip(str(preview.target))
        column.addWidget(heading)
        if preview.problem:
            column.addWidget(_said(preview.problem, "bad"))
        elif preview.tried is not None:
            at = when(preview.tried.tried_at)
            column.addWidget(_said(f"Tried {at}: {preview.tried.reason}", "bad"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.UNIT * 2)
        grid.setVerticalSpacing(theme.UNIT)
        grid.setColumnStretch(1, 1)
        for row, line in enumerate(lines(preview.changes)):
            title = _said(line.title, "muted", wrap=False)
            title.setToolTip("\n".join(line.fields))
            title.setContentsMargins(0, 3, 0, 0)  # as high as the words beside it
            grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_items(line), row, 1)
        if grid.count():
            column.addLayout(grid)
        for dispute in disputes(preview, overruled):
            self._dispute(column, preview.photo_id, dispute)

    def _dispute(self, column: QVBoxLayout, photo_id: int, dispute: Dispute) -> None:
        box = QFrame()
        box.setObjectName("dispute")
        inner = QVBoxLayout(box)
        inner.setContentsMargins(*4 * [theme.UNIT])
        inner.setSpacing(theme.UNIT // 2)
        inner.addWidget(_said(dispute.title, "plottitle"))
        for sentence in dispute.sentences:
            inner.addWidget(_said(sentence))
        choice = QCheckBox("Take ours")
        choice.setChecked(dispute.ours)
        choice.setAccessibleName(f"{dispute.title}: take ours")
        choice.setToolTip("Write what the library says, in place of the other program's value")
        choice.toggled.connect(
            lambda on, fields=dispute.fields: self.decided.emit(photo_id, fields, on)
        )
        inner.addWidget(choice)
        self.boxes.append(choice)
        column.addWidget(box)


def _where(preview: FilePreview) -> str:
    if not preview.target.name.lower().endswith(".xmp"):
        return "INTO THE PHOTO ITSELF"
    return f"{preview.target.name} (a new file)" if preview.new else preview.target.name


def _items(line: Line) -> QWidget:
    box = QWidget()
    marked = [*(("+", text) for text in line.added), *(("\u2212", text) for text in line.removed)]
    flows = all(len(text) < _LONG for _, text in marked)
    layout = FlowLayout(theme.UNIT // 2) if flows else QVBoxLayout(box)
    if flows:
        box.setLayout(layout)
    else:
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.UNIT // 2)
    for sign, text in marked[:_MOST_ITEMS]:
        item = _said(f"{sign} {text}", "added" if sign == "+" else "removed", wrap=not flows)
        item.setAccessibleName(f"{'added' if sign == '+' else 'removed'}: {text}")
        if flows or len(text) >= _LONG:
            layout.addWidget(item)
        else:
            item.setWordWrap(False)
            layout.addWidget(item, 0, Qt.AlignmentFlag.AlignLeft)
    if len(marked) > _MOST_ITEMS:
        layout.addWidget(_said(f"and {len(marked) - _MOST_ITEMS:,} more", "muted", wrap=False))
    return box


def _said(text: str, name: str = "", *, wrap: bool = True) -> QLabel:
    made = QLabel(text)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)  # what files say is not markup
    made.setWordWrap(wrap)
    if wrap:
        made.setMinimumWidth(1)
    return made
