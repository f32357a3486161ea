"""The life of the Library page: imports, suggestions, browsing, and a person's decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from landmark_desktop import tasks
from landmark_desktop.actions import browse, review
from landmark_desktop.actions.import_photos import import_photos, unfinished
from landmark_desktop.actions.suggest import GETTING_READY, suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures, theme
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.library.inspector import alternatives
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.library.problems import ProblemsDialog
from landmark_desktop.gui.library.view import LibraryView
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter, State
from landmark_desktop.tasks import Cancel, Outcome, Progress, Task
from landmark_desktop.thumbnails.cache import render

if TYPE_CHECKING:
    from landmark_desktop.importing.ingest import Imported

_PREVIEW_SIDE = 1600
_WHILE_STREAMING_MS = 700
_MODEL_READY_MS = 1500
_MOST_READ = 500  # photos of a selection that the inspector looks into


class LibraryPage(QObject):
    """Joins the view with the actions. All of it runs on the main thread."""

    changed = Signal(object)  # ChangeSet: what has changed in the library

    def __init__(self, workspace: Workspace, runner: Runner, jobbar: JobBar) -> None:
        super().__init__()
        self._workspace = workspace
        self._runner = runner
        self._jobbar = jobbar
        self._filter = self._shown = Filter()
        self._asking = self._ask_again = self._closed = False
        self._looking: Job | None = None
        self._look_again = False
        self._holds = 0
        self.pictures = PictureLoader(
            lambda photo: workspace.thumbnails.get(photo.path, photo.content_hash),
            threads=2, most_bytes=160_000_000, backlog=256,
        )  # fmt: skip
        self.previews = PictureLoader(
            lambda photo: render(photo.path, _PREVIEW_SIDE),
            threads=1, most_bytes=96_000_000, backlog=1,
        )  # fmt: skip
        self.model = PhotoModel(lambda ids: browse.rows(workspace, ids), workspace.gazetteer, self)
        self.view = LibraryView(
            workspace.gazetteer, self.model, self.pictures, workspace.settings.tile
        )
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WHILE_STREAMING_MS)
        self._soon.timeout.connect(self.requery)
        self._ready_soon = QTimer(self)
        self._ready_soon.setSingleShot(True)
        self._ready_soon.setInterval(_MODEL_READY_MS)
        self._ready_soon.timeout.connect(self._get_ready)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(120)
        self._typing.timeout.connect(self._search)
        self._connect()
        theme.dress(self.view, self._show_chosen)
        self.requery()

    def _connect(self) -> None:
        view = self.view
        self.pictures.ready.connect(self.model.touch)
        self.pictures.failed.connect(lambda photo_id, _why: self.model.touch(photo_id))
        self.previews.ready.connect(lambda _id: self._show_preview())
        view.sidebar.chosen.connect(self._narrow)
        view.search.textChanged.connect(lambda _text: self._typing.start())
        view.size.valueChanged.connect(view.grid.set_tile)
        view.grid.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        view.nothing.asked.connect(self.show_all)
        view.grid.doubleClicked.connect(lambda _index: self._toggle_loupe())
        for key, step in ((Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1)):
            arrow = QShortcut(QKeySequence(key), view.loupe, lambda s=step: self._step(s))
            arrow.setContext(Qt.ShortcutContext.WidgetShortcut)
        view.problems.clicked.connect(self.show_problems)
        view.inspector.accept_asked.connect(self.accept)
        view.inspector.reject_asked.connect(self.reject)
        for key, what in (
            ("A", lambda: self.accept(None)),
            ("X", self.reject),
            ("Ctrl+F", view.search.setFocus),
            ("Escape", self._back),
            ("Space", self._toggle_loupe),
        ):
            QShortcut(QKeySequence(key), view, what)
        for number in range(1, 5):
            QShortcut(QKeySequence(str(number)), view, lambda n=number: self._accept_other(n))

    # -- importing and suggesting ------------------------------------------------------------

    def begin(self, paths: Sequence[Path]) -> None:
        """Go on where the last session ended, and import ``paths``.

        The model is made ready a little later, whatever there is to do: torch takes seconds
        to load, best while nothing else runs but after the first photos are on screen. In safe
        mode only ``paths`` are imported.
        """
        waiting = list(paths)
        if not self._workspace.safe:
            self._ready_soon.start()
            waiting = [*unfinished(self._workspace), *waiting]
        if waiting:
            self.import_paths(waiting)
        self.look()

    def _get_ready(self) -> None:
        def task(_cancel: Cancel) -> Task[None]:
            yield Progress(0, None, GETTING_READY)
            self._workspace.recogniser.engine()

        job = self._runner.start("suggest", "Getting ready", task, stoppable=False)
        job.ended.connect(self._on_ready)

    def _on_ready(self, outcome: Outcome[None]) -> None:
        if isinstance(outcome, tasks.Failed):
            failures.tell(self.view, outcome.error)

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import folders and files; suggestions follow as photos come in."""
        job = self._runner.start(
            "import", "Importing", lambda cancel: import_photos(self._workspace, paths, cancel)
        )
        job.progressed.connect(self._on_import_progress)
        job.ended.connect(self._on_import_end)

    def look(self) -> None:
        """Have the model look at what it has not seen; at most one such job runs."""
        if self._workspace.safe:
            return
        if self._looking is not None or self._holds:
            self._look_again = True
            return
        self._look_again = False
        self._looking = self._runner.start(
            "suggest", "Suggesting", lambda cancel: suggest_for_library(self._workspace, cancel)
        )
        self._looking.progressed.connect(self._on_progress)
        self._looking.ended.connect(self._on_look_end)

    def hold(self) -> None:
        """Leave the lane that suggests to other work, behind the batch at hand; see ``go_on``."""
        self._holds += 1
        if self._looking is not None:
            self._looking.cancel.set()
            self._look_again = True

    def go_on(self) -> None:
        """Look at photos again if any are left, once for each ``hold``."""
        self._holds -= 1
        if self._look_again and self._looking is None:
            self.look()

    def model_changed(self) -> None:
        """Show what the model in use now says, and have it look at every photo."""
        self.model.refresh_all()
        self._show_chosen()
        self.requery()
        self.look()

    def _on_progress(self, progress: Progress) -> None:
        if isinstance(progress.news, ChangeSet):
            self.apply(progress.news)

    def _on_import_progress(self, progress: Progress) -> None:
        self._on_progress(progress)
        if isinstance(progress.news, ChangeSet) and progress.news.listing:
            self.look()

    def _on_import_end(self, outcome: Outcome[Imported]) -> None:
        self._soon.start()
        match outcome:
            case tasks.Succeeded(done):
                said = f"{done.added:,} photo{'' if done.added == 1 else 's'} added"
                if done.unchanged:
                    said += f", {done.unchanged:,} already there"
                if done.unreadable:
                    said += f", {done.unreadable:,} could not be read"
                    self._jobbar.tell(said, "Show", self.show_problems)
                else:
                    self._jobbar.tell(said)
                self.look()
            case tasks.WasCancelled():
                self._jobbar.tell("Import stopped; the photos that are in stay.")
                self.look()
            case tasks.Failed(error):
                failures.tell(self.view, error)

    def _on_look_end(self, outcome: Outcome[int]) -> None:
        self._looking = None
        self._soon.start()
        match outcome:
            case tasks.Failed(error):
                failures.tell(self.view, error)
            case tasks.WasCancelled() if not self._holds:
                self._jobbar.tell("Suggestions stopped.", "Continue", self.look)
            case _ if self._look_again:
                self.look()

    # -- browsing ----------------------------------------------------------------------------

    def apply(self, changes: ChangeSet) -> None:
        """Show what has changed: rows at once, lists and numbers a little later."""
        self.model.refresh(changes.photos)
        if changes.photos & set(self.chosen_ids()):
            self._show_chosen()
        if changes.listing and not self.model.ids:
            self.requery()
        elif not self._soon.isActive():
            self._soon.start()
        self.changed.emit(changes)

    @property
    def settling(self) -> bool:
        """Whether what is on screen is about to be brought up to date."""
        return self._asking or self._soon.isActive() or self._typing.isActive()

    def requery(self) -> None:
        """Read lists and numbers anew, off the main thread; at most one such call runs."""
        if self._asking:
            self._ask_again = True
            return
        self._asking, self._ask_again = True, False
        wanted = self._filter
        self._runner.call(
            "query", lambda: browse.listing(self._workspace, wanted),
            lambda found: self._show(wanted, found), self._on_query_failed,
        )  # fmt: skip

    def _on_query_failed(self, error: BaseException) -> None:
        self._asking = False
        failures.tell(self.view, error)

    def _show(self, wanted: Filter, found: browse.Listing) -> None:
        self._asking = False
        view = self.view
        if wanted == self._filter:
            chosen = self.chosen_ids()
            row = view.top_row() if wanted == self._shown else None
            top = None if row is None else self.model.ids[row]
            if self.model.show(found.ids):
                view.restore(self._rows(chosen), None if top is None else self.model.row_of(top))
                self._show_chosen()
            self._shown = wanted
            everything = sum(found.counts.folders.values())
            page = view.grid if found.ids else view.nothing if everything else view.empty
            if page is not view.grid or view.centre.currentWidget() is not view.loupe:
                view.centre.setCurrentWidget(page)
        view.sidebar.show_counts(found.counts)
        shown, waiting = len(found.ids), found.counts.states[State.WAITING]
        self._jobbar.show_summary(
            f"{shown:,} photo{'' if shown == 1 else 's'} · {waiting:,} to review"
        )
        view.problems.setVisible(found.unreadable > 0)
        files = "file" if found.unreadable == 1 else "files"
        view.problems.setText(f"{found.unreadable:,} {files} could not be read")
        if self._ask_again:
            self.requery()

    def show_all(self) -> None:
        """Take back every narrowing."""
        self.view.search.clear()
        self.view.sidebar.choose_all()
        self.view.grid.setFocus()

    def show_only(self, ids: Sequence[int]) -> None:
        """Show these photos and no others, until the person narrows otherwise."""
        self.view.search.clear()
        self.view.sidebar.choose_none()
        self._filter = Filter(photos=tuple(ids))
        self.requery()
        photos = "1 photo is" if len(ids) == 1 else f"{len(ids):,} photos are"
        self._jobbar.tell(f"{photos} shown.", "Show all", self.show_all)

    def _back(self) -> None:
        if self.view.centre.currentWidget() is self.view.loupe:
            self._toggle_loupe()
        else:
            self.show_all()

    def _toggle_loupe(self) -> None:
        """Show the chosen photo as large as there is room, or the grid again."""
        view = self.view
        if view.centre.currentWidget() is view.loupe:
            view.centre.setCurrentWidget(view.grid)
            view.grid.setFocus()
        elif self.chosen_ids():
            view.centre.setCurrentWidget(view.loupe)
            view.loupe.setFocus()

    def _step(self, by: int) -> None:
        row = self.view.grid.currentIndex().row() + by
        if 0 <= row < len(self.model.ids):
            self.view.choose(row)

    def show_problems(self) -> None:
        """List the files that could not be read."""
        self._runner.call(
            "query", lambda: browse.unreadable(self._workspace),
            lambda files: ProblemsDialog(files, self.view).show(),
        )  # fmt: skip

    def _narrow(self, wanted: Filter) -> None:
        self._filter = replace(wanted, text=self._filter.text)
        self.requery()

    def _search(self) -> None:
        self._filter = replace(self._filter, text=self.view.search.text())
        self.requery()

    # -- choosing and deciding ---------------------------------------------------------------

    def accept(self, landmark: str | None = None) -> None:
        """Accept the chosen photos' suggestions, or ``landmark`` for them, and move on."""
        self._decide(lambda ids: review.accept(self._workspace, ids, landmark))

    def reject(self) -> None:
        """Reject the chosen photos' suggestions and move on."""
        self._decide(lambda ids: review.reject(self._workspace, ids))

    def undo(self) -> None:
        """Take back the newest decision."""
        self._runner.call("actions", lambda: review.undo(self._workspace), self._on_undone)

    def _on_undone(self, changes: ChangeSet) -> None:
        self._jobbar.tell(changes.summary or "There is nothing to undo.")
        self.apply(changes)
        if len(changes.photos) == 1:
            for row in self._rows(list(changes.photos)):
                self.view.choose(row)

    def _accept_other(self, number: int) -> None:
        photo = self._only_chosen()
        if photo is not None and len(others := alternatives(photo)) >= number:
            self.accept(others[number - 1][0])

    def _decide(self, action: Any) -> None:
        ids = self.chosen_ids()
        if not ids:
            return
        following = self._following(ids)
        self._runner.call(
            "actions", lambda: action(ids), lambda done: self._on_decided(done, following)
        )

    def on_corrected(self, changes: ChangeSet) -> None:
        """Show what was decided about photos elsewhere, and offer to undo it."""
        self._on_decided(changes, None)

    def _on_decided(self, changes: ChangeSet, following: int | None) -> None:
        if not changes.photos:
            self._jobbar.tell("There is no suggestion to decide on.")
            return
        self._jobbar.tell(changes.summary, "Undo", self.undo)
        self.apply(changes)
        row = None if following is None else self.model.row_of(following)
        if row is not None:
            self.view.choose(row)

    def _following(self, ids: Sequence[int]) -> int | None:
        """Return the photo behind the last chosen one."""
        after = max(self._rows(ids), default=-1) + 1
        return self.model.ids[after] if 0 < after < len(self.model.ids) else None

    def chosen_ids(self) -> list[int]:
        """Return the ids of the chosen photos, in the order of the grid."""
        # By ranges: selectedIndexes() would make an object for each of 100,000 photos.
        ranges = self.view.grid.selectionModel().selection()
        rows = sorted(row for part in ranges for row in range(part.top(), part.bottom() + 1))
        return [self.model.ids[row] for row in rows if row < len(self.model.ids)]

    def _only_chosen(self) -> Photo | None:
        ids = self.chosen_ids()
        return self.model.photo(ids[0]) if len(ids) == 1 else None

    def _rows(self, ids: Sequence[int]) -> list[int]:
        return [row for photo_id in ids if (row := self.model.row_of(photo_id)) is not None]

    def _show_chosen(self) -> None:
        if self._closed:
            return  # the library behind it is gone; a theme may still change
        ids = self.chosen_ids()
        chosen = browse.rows(self._workspace, ids[:_MOST_READ]) if len(ids) > 1 else []
        if len(ids) == 1 and (photo := self.model.photo(ids[0])) is not None:
            chosen = [photo]
        self.view.inspector.show_photos(chosen, len(ids))
        self._show_preview()

    def _show_preview(self) -> None:
        ids = self.chosen_ids()
        photo = self.model.photo(ids[0]) if ids else None
        picture = None
        if photo is not None:
            # The thumbnail at once, the sharp picture when it has come.
            picture = self.previews.get(photo) or self.pictures.get(photo)
        self.view.inspector.preview.show_picture(picture)
        self.view.loupe.show_picture(picture)

    def close(self) -> None:
        """Stop loading pictures and reading rows."""
        self._closed = True
        for timer in (self._ready_soon, self._soon, self._typing):
            timer.stop()
        self.model.show([])  # nothing is left that a late paint could ask the library for
        self.pictures.close()
        self.previews.close()
