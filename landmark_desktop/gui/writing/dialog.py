"""What waits to be written, in a window of its own: look, decide on conflicts, write.

Not modal: the person may go on working beside it, and it stays right meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions import browse
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.buttons import dialog_button
from landmark_desktop.gui.library.empty import EmptyPage
from landmark_desktop.gui.settings.entries import TARGET
from landmark_desktop.gui.settings.live import LiveSettings
from landmark_desktop.gui.settings.rows import OptionsRow
from landmark_desktop.gui.training.cards import label
from landmark_desktop.gui.writing.detail import Detail
from landmark_desktop.gui.writing.model import WriteModel
from landmark_desktop.gui.writing.previews import Previews
from landmark_desktop.gui.writing.run import WriteRun
from landmark_desktop.gui.writing.scope import TITLES, Scope, headline
from landmark_desktop.gui.writing.table import WriteTable
from landmark_desktop.gui.writing.waiting import Waiting

_STILL_MS = 40
_WRITE_KEPT = "Write the photos in which you have chosen “Take ours” (Ctrl+Enter)"


class WriteDialog(QDialog):
    """Kept for the next time once it is closed."""

    undo_asked = Signal()
    redo_asked = Signal()
    settings_asked = Signal()

    def __init__(
        self, workspace: Workspace, waiting: Waiting, previews: Previews, run: WriteRun,
        live: LiveSettings, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._waiting, self.previews, self._run = waiting, previews, run
        self._chosen: frozenset[int] = frozenset()
        self._offered: dict[Scope, str] = {}
        self.setWindowTitle("Write tags to files")
        self.resize(1080, 680)
        self.heading = label("", "heading", wrap=True)
        self.scope = QComboBox()
        self.scope.setAccessibleName("Which photos")
        self.scope.setToolTip("Choose which photos to look at and to write (Alt+P)")
        self.scope.setMinimumWidth(320)
        self.target = OptionsRow(TARGET, live, brief=True)
        self.model = WriteModel(lambda ids: browse.paths(workspace, ids), previews.of, self)
        self.table = WriteTable(self.model)
        self.detail = Detail()
        self.empty = EmptyPage(
            "accepted", "Nothing to write here",
            "What you accept and tag from now on waits here until you write it.", "Close",
        )  # fmt: skip
        self.empty.asked.connect(self.close)
        self.status = label("", "muted", wrap=True)
        self.stop = dialog_button("Cancel", "Stop; what is written stays", run.cancel)
        self.stop.setProperty("flat", True)
        more = dialog_button(
            "More settings…", "Names of sidecars, positions, times (Ctrl+,)",
            self.settings_asked.emit,
        )  # fmt: skip
        self.close_button = dialog_button("Close", "Close this window (Esc)", self.close)
        self.write = dialog_button("", "", self.start)
        self.write.setProperty("primary", True)
        self._lay_out(more)
        self.scope.currentIndexChanged.connect(lambda _: self.refresh())
        self.table.asked.connect(self._look_at)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        self.detail.decided.connect(self._on_decided)
        previews.told.connect(self._on_told)
        waiting.counted.connect(self.refresh)
        run.progressed.connect(self.status.setText)
        run.ended.connect(lambda _ids: self._on_end())
        for key, what in (
            ("Ctrl+Return", self.start), ("Ctrl+Enter", self.start),
            ("Ctrl+Z", self.undo_asked.emit), ("Ctrl+Shift+Z", self.redo_asked.emit),
            ("Ctrl+,", self.settings_asked.emit),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self, what)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._show_now)
        self._fill_scope()

    def _lay_out(self, more: QPushButton) -> None:
        which = label("&Photos", "plottitle")
        which.setBuddy(self.scope)
        left = QVBoxLayout()
        left.setSpacing(theme.UNIT // 2)
        left.addWidget(which)
        left.addWidget(self.scope)
        left.addStretch(1)
        upper = QHBoxLayout()
        upper.setSpacing(theme.UNIT * 4)
        upper.addLayout(left)
        upper.addWidget(self.target, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setObjectName("gap")
        self.splitter.setHandleWidth(theme.UNIT)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.detail)
        self.splitter.setSizes([600, 440])
        self.centre = QStackedWidget()
        self.centre.addWidget(self.splitter)
        self.centre.addWidget(self.empty)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.status, 1)
        for button in (self.stop, more, self.close_button, self.write):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * [theme.UNIT * 2])
        column.setSpacing(theme.UNIT * 2)
        column.addWidget(self.heading)
        column.addLayout(upper)
        column.addWidget(self.centre, 1)
        column.addLayout(row)

    # -- which photos ------------------------------------------------------------------------

    def come_forward(self, scope: Scope = Scope.ALL, chosen: Collection[int] = ()) -> None:
        """Show the photos of ``scope``; ``chosen``: those that are chosen in the library."""
        self._chosen = frozenset(chosen)
        if not self._run.busy:
            self.status.setText("")
        self._fill_scope(scope)
        self.previews.forget()  # other programs may have written meanwhile
        self.refresh()
        self.show()
        self.raise_()
        self.activateWindow()
        shown = self.centre.currentWidget()
        (self.empty.button if shown is self.empty else self.table).setFocus()

    def shut(self) -> None:
        """Close for good: nothing is left that a late paint could ask the library for."""
        self._still.stop()
        self.model.show([])
        self.close()

    def refresh(self) -> None:
        """Show what waits by now, the photo at hand where it was."""
        self._fill_scope()
        ids, before = self._ids(self._scope()), self.table.current_id()
        row = self.table.currentIndex().row()
        if self.model.show(ids):
            # What was written leaves the list; whoever follows it comes under the eye.
            at = None if before is None else self.model.row_of(before)
            self.table.choose(min(max(row, 0), len(ids) - 1) if at is None else at)
        nothing = self._waiting.known and not ids
        self.centre.setCurrentWidget(self.empty if nothing else self.splitter)
        self.table.ask()
        self._show_current()
        self._allow()

    def _scope(self) -> Scope:
        found = self.scope.currentData()
        return found if isinstance(found, Scope) else Scope.ALL

    def _ids(self, scope: Scope) -> list[int]:
        found = self._waiting.found
        match scope:
            case Scope.CHOSEN if self._chosen:
                both = dict.fromkeys([*found.waits, *found.kept])
                return [i for i in both if i in self._chosen]
            case Scope.CHOSEN:
                return []
            case Scope.FAILED:
                return found.failed
            case Scope.KEPT:
                return found.kept
        return found.waits

    def _fill_scope(self, wanted: Scope | None = None) -> None:
        """Offer the lists that have something in them, and the one on show."""
        wanted = wanted or self._scope()
        numbers = {scope: len(self._ids(scope)) for scope in TITLES}
        offered = {
            scope: f"{TITLES[scope]} ({number:,})" for scope, number in numbers.items()
            if number or scope in (wanted, Scope.ALL)
        }  # fmt: skip
        with QSignalBlocker(self.scope):
            if offered != self._offered:  # else it may be open under the person's hand
                self._offered = offered
                self.scope.clear()
                for scope, title in offered.items():
                    self.scope.addItem(title, scope)
            self.scope.setCurrentIndex(self.scope.findData(wanted))

    # -- looking and deciding ----------------------------------------------------------------

    @property
    def settling(self) -> bool:
        """Whether the photo at hand is about to be shown."""
        return self._still.isActive()

    def _show_current(self) -> None:
        """Show the photo at hand a moment later: who pages through the list waits for none."""
        if not self._still.isActive():
            self._still.start()

    def _show_now(self) -> None:
        photo_id = self.table.current_id()
        if photo_id is None:
            self.detail.say("Looking what is to be written…")
            return
        previews = self.previews.of(photo_id)
        if previews is None:
            self.detail.say("Looking…")
            return
        overruled = self.previews.overrule.get(photo_id, frozenset())
        self.detail.show_photo(
            self.model.path(self.table.currentIndex().row()).name, previews, overruled
        )

    def _look_at(self, ids: Sequence[int]) -> None:
        """Read these photos' files, but not while they are being written."""
        if not self._run.busy:
            self.previews.ask(ids)

    def _on_told(self, ids: Sequence[int]) -> None:
        self.model.touch(ids)
        if self.table.current_id() in ids:
            self._show_current()

    def _on_decided(self, photo_id: int, fields: frozenset[str], ours: bool) -> None:
        self.previews.decide(photo_id, fields, ours=ours)
        self.previews.ask([photo_id])
        self._allow()

    # -- writing -----------------------------------------------------------------------------

    def to_write(self) -> list[int]:
        """Return the photos that the button would write."""
        ids = self.model.ids
        if self._scope() is Scope.KEPT:  # the rest of them is as it should be
            return [i for i in ids if i in self.previews.overrule]
        return ids

    def start(self) -> None:
        """Write the photos of the list."""
        if not self.write.isEnabled():
            return
        ids = list(self.to_write())
        mine = set(ids)
        overrule = {i: fields for i, fields in self.previews.overrule.items() if i in mine}
        self.status.setText("Writing…")
        self._run.start(ids, overrule)
        self._allow()

    def _on_end(self) -> None:
        self.status.setText(self._run.said)
        self._allow()
        self.table.ask()

    def _allow(self) -> None:
        number, known = len(self.to_write()), self._waiting.known
        self.stop.setVisible(self._run.busy)
        self.write.setEnabled(bool(number) and not self._run.busy)
        photos = f" of {number:,} photo{'' if number == 1 else 's'}" if number else ""
        self.write.setText(f"Write tags{photos}")
        kept = self._scope() is Scope.KEPT
        self.write.setToolTip(_WRITE_KEPT if kept else "Write all photos of the list (Ctrl+Enter)")
        self.heading.setText(
            headline(len(self._waiting.found.waits)) if known else "Looking what waits…"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.ask()
