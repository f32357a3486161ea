"""A part of an entry of the history taken back: its files, by folder, to be chosen from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from landmark_desktop import tasks
from landmark_desktop.actions import history
from landmark_desktop.actions.history import Piece
from landmark_desktop.actions.organise_entries import files
from landmark_desktop.actions.organise_words import folders
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.gui import failures
from landmark_desktop.gui.history.choice import Choice, narrowed
from landmark_desktop.gui.history.model import when
from landmark_desktop.gui.history.part_view import PartView
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.library.changes import Entry
from landmark_desktop.organise.preview import Branch, Tree
from landmark_desktop.tasks import Cancel, Outcome, Progress, Task

_LANE = "history"
_TYPING_MS = 150


class PartDialog(QDialog):
    """Not modal, and kept for the next entry once it is closed."""

    changed = Signal(object)  # ChangeSet: what has changed in the library
    ended = Signal()  # something was taken back, or could not be

    def __init__(self, workspace: Workspace, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self._reading: Job | None = None
        self._entry: Entry | None = None
        self._known = False  # what there is of the entry
        self._words = ""  # that the tree was asked for with
        self._in_the_way = ""
        self.choice = Choice()
        self.setWindowTitle("Undo part")
        self.resize(880, 560)
        self.view = PartView(self.choice, runner, self)
        view = self.view
        view.do.clicked.connect(self.undo)
        view.close_button.clicked.connect(self.close)
        view.rows.ticked.connect(self._on_ticked)
        view.list.toggled.connect(self._on_toggled)
        view.turning.changed.connect(self.changed)
        view.turning.ended.connect(self._on_ended)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._narrow)
        view.filter.textChanged.connect(lambda _text: self._typing.start())
        for key, what in (
            ("Ctrl+Return", self.undo), ("Ctrl+Enter", self.undo), ("Ctrl+F", view.filter.setFocus),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self, what)

    @property
    def settling(self) -> bool:
        """Whether what is on screen is about to be brought up to date."""
        return self._reading is not None or self._typing.isActive() or self.view.turning.busy

    def come_forward(self, entry: Entry) -> None:
        """Show the files of an entry; while one is being taken back, those of that one."""
        if not self.view.turning.busy:
            if self._entry is None or self._entry.id != entry.id:
                self._show((), Tree())
            self._entry = entry
            self.view.heading.setText(f"{entry.summary}, {when(entry.done_at)}")
            self.view.filter.clear()
            self.view.turning.say("")
            self._read()
        self.show()
        self.raise_()
        self.activateWindow()
        self.view.tree.setFocus()

    def shut(self) -> None:
        """Close for good: nothing more is read."""
        self._typing.stop()
        self.close()

    # -- what there is -----------------------------------------------------------------------

    @property
    def _frozen(self) -> bool:
        """Whether there is nothing to choose just now."""
        return not self._known or self.view.turning.busy

    def _read(self) -> None:
        """Read the entry anew; what was chosen is forgotten."""
        assert self._entry is not None
        change_id, words = self._entry.id, self.view.filter.text()
        self._known, self._words = False, words

        def make(cancel: Cancel) -> Task[tuple[tuple[Piece, ...], Tree]]:
            pieces = yield from history.pieces(self._workspace, change_id, cancel)
            return pieces, narrowed(pieces, words)

        self._ask(make)

    def _narrow(self) -> None:
        """Show those in whose paths what was typed occurs; what is chosen stays so."""
        pieces, words = self.choice.pieces, self.view.filter.text()
        if self._known and words != self._words:  # else it is looked to once they are known
            self._words = words
            self._ask(tasks.at_once(lambda: (pieces, narrowed(pieces, words))))

    def _ask(self, make: Callable[[Cancel], Task[tuple[tuple[Piece, ...], Tree]]]) -> None:
        if self._reading is not None:
            self._reading.cancel.set()
        job = self._runner.start(_LANE, "", make, visible=False)
        self._reading = job
        job.progressed.connect(lambda progress: self._on_progress(job, progress))
        job.ended.connect(lambda outcome: self._on_read(job, outcome))
        self._allow()

    def _on_progress(self, job: Job, progress: Progress) -> None:
        if job is self._reading:
            self.view.status.setText(progress.in_words())

    def _on_read(self, job: Job, outcome: Outcome[Any]) -> None:
        if job is not self._reading:
            return
        self._reading = None
        match outcome:
            case tasks.Succeeded((pieces, shown)):
                self._known = True
                self._show(pieces, shown)
                self._narrow()  # to what was typed meanwhile
            case tasks.Failed(UserError() as error):
                self.view.turning.say(" ".join(filter(None, (error.what, error.why))), bad=True)
            case tasks.Failed(error):
                failures.tell(self, error)
        self._allow()

    def _show(self, pieces: tuple[Piece, ...], shown: Tree) -> None:
        if pieces is not self.choice.pieces:
            self.choice.begin(pieces)
            self._in_the_way = _in_the_way(pieces)
        self.choice.show(shown)
        self.view.show_tree(shown)
        self._allow()

    # -- what is chosen ----------------------------------------------------------------------

    def _on_ticked(self, branch: Branch, chosen: bool) -> None:
        if not self._frozen:
            self.choice.choose(branch, chosen=chosen)
            self._allow()

    def _on_toggled(self, numbers: list[int]) -> None:
        if not self._frozen:
            chosen = not self.choice.numbers.issuperset(numbers)
            self.choice.choose_pieces(numbers, chosen=chosen)
            self._allow()

    def _allow(self) -> None:
        view, choice = self.view, self.choice
        view.repaint_boxes()
        view.do.setEnabled(bool(choice.numbers) and not self._frozen)
        view.do.setText(self._deed())
        view.do.setToolTip(f"{view.do.text()} (Ctrl+Enter)")
        if self._reading is None:
            view.status.setText(self._besides())

    def _deed(self) -> str:
        choice = self.choice
        if not choice.numbers:
            return "Nothing is chosen"
        what, where = files(choice.files), folders(choice.folders)
        if self._entry is not None and self._entry.action == "write":
            return f"Undo {what} in {where}"
        return f"{'Put back' if choice.moves else 'Remove'} {what} from {where}"

    def _besides(self) -> str:
        choice = self.choice
        if not choice.pieces:
            return "Nothing of it is left to take back." if self._known else ""
        if not choice.tree.tops and self.view.filter.text():
            return "No file has that in its path."
        are = "is" if choice.hidden == 1 else "are"
        hidden = f"{choice.hidden:,} of them {are} hidden by the filter." if choice.hidden else ""
        how = "" if choice.numbers or not choice.tree.tops else "Tick folders or files (Space)."
        return " ".join(filter(None, (hidden or how, self._in_the_way)))

    # -- taking back -------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back what is chosen."""
        view, entry = self.view, self._entry
        if entry is None or not view.do.isEnabled():
            return
        only = self.choice.paths
        view.turning.start(
            "Undoing", lambda cancel: history.undo(self._workspace, cancel, entry.id, only),
            files=True,
        )  # fmt: skip
        view.tree.setFocus()  # not whatever comes behind the button, which cannot be pressed now
        self._allow()

    def _on_ended(self) -> None:
        self._read()
        self.ended.emit()


def _in_the_way(pieces: tuple[Piece, ...]) -> str:
    """Return in words which files cannot be taken back now, and why."""
    built_on = [piece for piece in pieces if piece.later is not None]
    if not built_on:
        return ""
    first = next(piece.later for piece in built_on if piece.later is not None)
    return (
        f"{files(sum(len(piece.files) for piece in built_on))} cannot be taken back now: "
        f"“{first.summary}” was done later to the same photos. Take that back first."
    )
