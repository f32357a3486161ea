"""The life of the Library page: browsing, choosing, and a person's decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from landmark_desktop import tasks
from landmark_desktop.actions import browse, history, review
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures, theme
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.library.close_up import CloseUp
from landmark_desktop.gui.library.inspector import alternatives
from landmark_desktop.gui.library.looking import Looking
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.library.photo_jobs import PhotoJobs
from landmark_desktop.gui.library.problems import ProblemsDialog
from landmark_desktop.gui.library.tag_lists import TagLists
from landmark_desktop.gui.library.tagging import Tagging
from landmark_desktop.gui.library.view import LibraryView
from landmark_desktop.gui.runner import Gathered, Runner
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter, State
from landmark_desktop.tasks import Cancel, Outcome, Task

_WHILE_STREAMING_MS = 700
_MOST_READ = 200  # photos of a selection that the inspector looks into


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
        self.pictures = PictureLoader(
            lambda photo: workspace.thumbnails.get(photo.path, photo.content_hash),
            threads=2, most_bytes=160_000_000, backlog=256,
        )  # fmt: skip
        self.model = PhotoModel(lambda ids: browse.rows(workspace, ids), workspace.gazetteer, self)
        self.view = LibraryView(
            workspace.gazetteer, self.model, self.pictures, workspace.settings.tile
        )
        self._looking = Looking(workspace, runner, jobbar, self.view, self)
        self._close_up = CloseUp(workspace, runner, self.view, self.pictures, self)
        self._jobs = jobs = PhotoJobs(runner, jobbar, self.view, self)
        jobs.changed.connect(self.apply)
        jobs.undo_asked.connect(self.undo)
        self._tagging = Tagging(workspace, runner, jobbar, jobs, self.view, self)
        self.tag_lists = TagLists(workspace, runner, jobs, self.view, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WHILE_STREAMING_MS)
        self._soon.timeout.connect(self.requery)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(120)
        self._typing.timeout.connect(self._search)
        self._connect()
        theme.dress(self.view, self._show_chosen)
        self.requery()

    def _connect(self) -> None:
        view = self.view
        self._looking.news.connect(self.apply)
        self._looking.ended.connect(self._soon.start)
        self._looking.problems_asked.connect(self.show_problems)
        self.pictures.ready.connect(self.model.touch)
        self.pictures.failed.connect(lambda photo_id, _why: self.model.touch(photo_id))
        view.sidebar.chosen.connect(self._narrow)
        view.search.textChanged.connect(lambda _text: self._typing.start())
        view.size.valueChanged.connect(view.grid.set_tile)
        view.grid.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        view.nothing.asked.connect(self.show_all)
        view.problems.clicked.connect(self.show_problems)
        view.inspector.accept_asked.connect(self.accept)
        view.inspector.reject_asked.connect(self.reject)
        for key, what in (
            ("A", lambda: self.accept(None)),
            ("X", self.reject),
            ("Ctrl+F", view.search.setFocus),
            ("Escape", self._back),
        ):
            QShortcut(QKeySequence(key), view, what)
        for number in range(1, 5):
            QShortcut(QKeySequence(str(number)), view, lambda n=number: self._accept_other(n))

    # -- importing and suggesting: see ``Looking`` -------------------------------------------

    def begin(self, paths: Sequence[Path]) -> None:
        """Go on where the last session ended, and import ``paths``."""
        self._looking.begin(paths)

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import folders and files; suggestions follow as photos come in."""
        self._looking.import_paths(paths)

    def look(self) -> None:
        """Have the model look at what it has not seen."""
        self._looking.look()

    def hold(self) -> None:
        """Leave the lane that suggests to other work; see ``go_on``."""
        self._looking.hold()

    def go_on(self) -> None:
        """Look at photos again if any are left, once for each ``hold``."""
        self._looking.go_on()

    def model_changed(self) -> None:
        """Show what the model in use now says, and have it look at every photo."""
        self.model.refresh_all()
        self._show_chosen()
        self.requery()
        self.look()

    # -- browsing ----------------------------------------------------------------------------

    def apply(self, changes: ChangeSet) -> None:
        """Show what has changed: rows at once, lists and numbers a little later."""
        self.model.refresh(changes.photos)
        self.tag_lists.refresh_soon()
        if not changes.photos.isdisjoint(self.chosen_ids()):
            self._show_chosen()
        if changes.listing and not self.model.ids:
            self.requery()
        elif not self._soon.isActive():
            self._soon.start()
        self.changed.emit(changes)

    @property
    def settling(self) -> bool:
        """Whether what is on screen is about to be brought up to date."""
        tags = self._tagging.settling or self.tag_lists.settling
        return tags or self._asking or self._soon.isActive() or self._typing.isActive()

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
            top = view.grid.top_id() if wanted == self._shown else None
            if self.model.show(found.ids):
                view.grid.restore(chosen, top)
                self._show_chosen()
            self._shown = wanted
            everything = sum(found.counts.folders.values())
            page = view.grid if found.ids else view.nothing if everything else view.empty
            if page is not view.grid or not self._close_up.in_loupe:
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
        if self._close_up.in_loupe:
            self._close_up.toggle_loupe()
        else:
            self.show_all()

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
        """Accept the chosen photos' suggestions, or ``landmark`` for them, and move on.

        What only a rule has accepted is confirmed.
        """
        space, ids = self._workspace, self.chosen_ids()
        self._decide("Accepting", ids, lambda c: review.accepting(space, ids, c, landmark))

    def reject(self) -> None:
        """Reject the chosen photos' suggestions and move on."""
        space, ids = self._workspace, self.chosen_ids()
        self._decide("Rejecting", ids, lambda c: review.rejecting(space, ids, c))

    def undo(self) -> None:
        """Take back the newest action."""
        self._turn("Undoing", history.undo, self._on_undone)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._turn("Doing again", history.redo, self._on_redone)

    def _turn(
        self, title: str, make: Callable[[Workspace, Cancel], Task[ChangeSet]],
        then: Callable[[ChangeSet], None],
    ) -> None:  # fmt: skip
        def ended(outcome: Outcome[Any]) -> None:
            self.pictures.try_again()  # files may have come back
            match outcome:
                case tasks.Succeeded(changes):
                    then(changes)
                    return
                case tasks.Failed(error):
                    failures.tell(self.view, error)
                case _:
                    self._jobbar.tell("Stopped; what came back by then stays so.")
            self.apply(back.changes)

        # A job that is seen: what thousands of photos share takes its seconds.
        job = self._runner.start("actions", title, lambda cancel: make(self._workspace, cancel))
        back = Gathered(job)
        job.ended.connect(ended)

    def _on_redone(self, changes: ChangeSet) -> None:
        self._jobbar.tell(changes.summary or "There is nothing to redo.")
        self.apply(changes)

    def _on_undone(self, changes: ChangeSet) -> None:
        self._jobbar.tell(changes.summary or "There is nothing to undo.")
        self.apply(changes)
        if len(changes.photos) == 1 and changes.photos.isdisjoint(self.chosen_ids()):
            for row in self._rows(list(changes.photos)):
                self.view.choose(row)

    def _accept_other(self, number: int) -> None:
        photo = self._only_chosen()
        if photo is not None and len(others := alternatives(photo)) >= number:
            self.accept(others[number - 1][0])

    def _decide(
        self, title: str, ids: Sequence[int], make: Callable[[Cancel], Task[ChangeSet]]
    ) -> None:  # fmt: skip
        if not ids:
            return
        following = self._following(ids)

        def move_on() -> None:
            row = None if following is None else self.model.row_of(following)
            if row is not None:
                self.view.choose(row)

        nothing = "There is no suggestion to decide on."
        self._jobs.run(title, make, len(ids), nothing, move_on)

    def on_corrected(self, changes: ChangeSet) -> None:
        """Show what was decided about photos elsewhere, and offer to undo it."""
        if not changes.photos:
            self._jobbar.tell("That was answered already.")
            return
        self._jobbar.tell(changes.summary, "Undo", self.undo)
        self.apply(changes)

    def _following(self, ids: Sequence[int]) -> int | None:
        """Return the photo behind the last chosen one."""
        last = self.model.row_of(ids[-1])
        after = None if last is None else last + 1
        return self.model.ids[after] if after and after < len(self.model.ids) else None

    def chosen_ids(self) -> list[int]:
        """Return the ids of the chosen photos, in the order of the grid."""
        # By ranges: selectedIndexes() would make an object for each of 100,000 photos.
        ranges = self.view.grid.selectionModel().selection()
        parts = sorted((part.top(), part.bottom() + 1) for part in ranges)
        return [photo_id for top, end in parts for photo_id in self.model.ids[top:end]]

    def _only_chosen(self) -> Photo | None:
        ids = self.chosen_ids()
        return self.model.photo(ids[0]) if len(ids) == 1 else None

    def _rows(self, ids: Sequence[int]) -> list[int]:
        return [row for photo_id in ids if (row := self.model.row_of(photo_id)) is not None]

    def _show_chosen(self) -> None:
        if self._closed:
            return  # the library behind it is gone; a theme may still change
        ids = self.chosen_ids()
        first = self.model.photo(ids[0]) if ids else None
        chosen = browse.rows(self._workspace, ids[:_MOST_READ]) if len(ids) > 1 else []
        if len(ids) == 1 and first is not None:
            chosen = [first]
        self.view.inspector.show_photos(chosen, len(ids))
        self._tagging.show(ids)
        self._close_up.show(first)

    def close(self) -> None:
        """Stop loading pictures and reading rows."""
        self._closed = True
        self._looking.close()
        self.tag_lists.close()
        self._soon.stop()
        self._typing.stop()
        self.model.show([])  # nothing is left that a late paint could ask the library for
        self.pictures.close()
        self._close_up.close()
