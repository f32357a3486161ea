"""The way to writing tags into files: keys, the count in the job bar, the notice, the dialog.

The dialog, and with it exiv2, is imported when it is first opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.library.page import LibraryPage
from landmark_desktop.gui.notice import Notice
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.settings.door import SettingsDoor
from landmark_desktop.gui.writing.in_file import InFile
from landmark_desktop.gui.writing.previews import Previews
from landmark_desktop.gui.writing.run import WriteRun
from landmark_desktop.gui.writing.scope import Scope, headline
from landmark_desktop.gui.writing.waiting import Waiting
from landmark_desktop.library.changes import ChangeSet

if TYPE_CHECKING:
    from landmark_desktop.gui.writing.dialog import WriteDialog

_RULES = frozenset({"metadata_target", "sidecar_naming", "write_gps"})
"""Settings by which other things are written, or elsewhere."""


class WriteDoor(QObject):
    """Joins the library, the count, the runs and the one dialog. On the main thread."""

    def __init__(
        self, workspace: Workspace, runner: Runner, jobbar: JobBar, library: LibraryPage,
        settings: SettingsDoor,
    ) -> None:  # fmt: skip
        super().__init__()
        self._workspace, self._runner, self._library = workspace, runner, library
        self._settings = settings
        self._dismissed: Any = {}
        self._closed = False
        self.dialog: WriteDialog | None = None
        self.waiting = Waiting(workspace, runner, self)
        self.previews = Previews(workspace, runner, self)
        self.run = WriteRun(workspace, runner, jobbar, library.view, library.undo, self)
        self.in_file = InFile(workspace, runner, library.chosen_ids, self)
        library.view.inspector.add(self.in_file.line)
        self.action = QAction("&Write tags to files…", self)
        self.action.setShortcut(QKeySequence("Ctrl+S"))
        self.action.triggered.connect(lambda: self.open())
        self.chosen_action = QAction("Write tags of the &chosen photos to files…", self)
        self.chosen_action.setShortcut(QKeySequence("Ctrl+Shift+S"))
        self.chosen_action.triggered.connect(lambda: self.open(Scope.CHOSEN))
        library.view.grid.addAction(self.chosen_action)
        self.count = QPushButton()
        self.count.setProperty("flat", True)
        self.count.clicked.connect(lambda: self.open())
        self.count.hide()
        jobbar.add_standing(self.count)
        self.notice = Notice()
        self.notice.button(
            "Show", "List them, each with its reason", lambda: self.open(Scope.FAILED)
        )
        self.again = self.notice.button(
            "Try again", "Write them now, if it can be done", self._try_again
        )
        self.notice.button(
            "Dismiss", "Hide this; it is told again at the next start", self._dismiss
        )
        library.view.add_notice(self.notice)
        self._connect()

    def _connect(self) -> None:
        library = self._library
        for part in (self.waiting, self.previews):
            part.failed.connect(lambda error: failures.tell(library.view, error))
        self.waiting.counted.connect(self._on_counted)
        self.run.news.connect(library.apply)
        self.run.ended.connect(self._on_written)
        self.run.problems_asked.connect(lambda: self.open(Scope.FAILED))
        self.run.kept_asked.connect(lambda: self.open(Scope.KEPT))
        library.changed.connect(self._on_library_changed)
        library.view.grid.selectionModel().selectionChanged.connect(
            lambda *_: self.in_file.refresh()
        )
        self._settings.live.changed.connect(self._on_setting)

    @property
    def settling(self) -> bool:
        """Whether what is on screen is about to be brought up to date."""
        shows = self.dialog is not None and self.dialog.settling
        parts = (self.waiting, self.previews, self.run, self.in_file)
        return shows or any(part.busy for part in parts)

    def begin(self) -> None:
        """Count what waits, and say again what could not be written."""
        if not self._workspace.safe:
            self.waiting.begin()

    def open(self, scope: Scope = Scope.ALL) -> None:
        """Show what waits: all of it, or another list."""
        if self.dialog is None:
            # The modules are not small: a moment on a worker, none on the main thread.
            self._runner.call("query", _load, lambda module: self._open(module, scope))
        else:
            self._open(None, scope)

    def _open(self, module: Any, scope: Scope) -> None:
        if self._closed:
            return
        if self.dialog is None:
            dialog: WriteDialog = module.WriteDialog(
                self._workspace, self.waiting, self.previews, self.run, self._settings.live,
                self._library.view.window(),
            )  # fmt: skip
            self.dialog = dialog
            dialog.undo_asked.connect(self._library.undo)
            dialog.redo_asked.connect(self._library.redo)
            dialog.settings_asked.connect(lambda: self._settings.open("Tags in files"))
        self.waiting.hurry()
        chosen = self._library.chosen_ids()
        nobody = scope is Scope.CHOSEN and not chosen
        self.dialog.come_forward(Scope.ALL if nobody else scope, chosen)

    def close(self) -> None:
        """Begin nothing more."""
        self._closed = True
        for part in (self.waiting, self.previews, self.in_file):
            part.close()
        if self.dialog is not None:
            self.dialog.shut()

    def _on_counted(self) -> None:
        found, number = self.waiting.found, len(self.waiting.found.waits)
        self.count.setText(f"{number:,} not in files yet")
        self.count.setToolTip(f"{headline(number)} Look at them, and write them (Ctrl+S)")
        self.count.setAccessibleName(headline(number))
        self.count.setVisible(number > 0)
        if not found.reasons:
            self._dismissed = {}
            self.notice.hide()
        elif found.reasons != self._dismissed:
            from landmark_desktop.actions.write_words import not_written

            self.notice.say(not_written(found.reasons))

    def _on_library_changed(self, changes: ChangeSet) -> None:
        self.in_file.refresh()
        if changes.photos:
            self.previews.forget(changes.photos)
            self.waiting.note(changes.photos)

    def _on_setting(self, name: str) -> None:
        if name not in _RULES or self._closed:
            return
        self.previews.forget()
        self.waiting.look_through()
        self.in_file.refresh()
        if self.dialog is not None:
            self.dialog.refresh()

    def _try_again(self) -> None:
        self._dismissed = {}
        self.run.start(self.waiting.found.failed, {})

    def _dismiss(self) -> None:
        self._dismissed = self.waiting.found.reasons
        self.notice.hide()

    def _on_written(self, ids: list[int]) -> None:
        for photo_id in ids:
            self.previews.overrule.pop(photo_id, None)
        self.previews.forget(ids)
        self.waiting.note(ids)
        self.in_file.refresh()


def _load() -> Any:
    from landmark_desktop.gui.writing import dialog

    return dialog
