"""The life of the Review page: reading the queue, moving on, answering, taking back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QTimer, Signal

from landmark_desktop.actions import browse, review, review_queue, tag_offers
from landmark_desktop.actions.review_queue import By, Group, Queue
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.library.inspector import alternatives
from landmark_desktop.gui.library.model import PhotoModel
from landmark_desktop.gui.review import keys
from landmark_desktop.gui.review.course import Course
from landmark_desktop.gui.review.decisions import Decision, Decisions, Make
from landmark_desktop.gui.review.groups import GroupModel
from landmark_desktop.gui.review.large import LargePhoto
from landmark_desktop.gui.review.view import ReviewView
from landmark_desktop.gui.review.witness import Witness
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.changes import ChangeSet

_LANE = "review"
_SOON_MS, _AFTER_OWN_MS = 400, 1000


class ReviewPage(QObject):
    """Joins the view with the actions. All of it runs on the main thread.

    ``pictures``: thumbnails, the Library's.
    """

    changed = Signal(object)  # ChangeSet: what has changed in the library
    add_asked = Signal()
    library_asked = Signal()

    def __init__(
        self, workspace: Workspace, runner: Runner, jobbar: JobBar, pictures: PictureLoader
    ) -> None:
        super().__init__()
        self._workspace, self._runner, self._jobbar = workspace, runner, jobbar
        self._thumbnails = pictures
        self.course = Course()
        self._reading = self._read_again = self._closed = self._own = self._moving = False
        self._stale = True
        self._key_shown = ""  # of the group that the grid has
        self._return_to: int | None = None
        self.model = PhotoModel(lambda ids: browse.rows(workspace, ids), workspace.gazetteer, self)
        self.groups = GroupModel(self._name_of, self)
        self.witness = Witness(workspace, runner, self)
        self.view = ReviewView(
            workspace.gazetteer, self.model, self.groups, pictures,
            lambda photo_id: photo_id in self.course.out, self._badge,
            lambda text: tag_offers.landmarks(workspace, text),
        )  # fmt: skip
        self.decisions = Decisions(workspace, runner, self)
        self.large = LargePhoto(workspace, pictures, self.view.single.picture, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self._connect()
        self.model_changed()
        self.view.upper.ways[By.LANDMARK].setChecked(True)

    def _connect(self) -> None:
        view, lower, decisions = self.view, self.view.lower, self.decisions
        view.shown.connect(self._on_shown)
        view.upper.way_chosen.connect(self.go_by)
        view.upper.least_moved.connect(lambda _least: self._soon.start(_SOON_MS))
        view.groups.selectionModel().currentChanged.connect(self._on_group_chosen)
        view.grid.clicked.connect(lambda index: self._toggle(index.row()))
        view.no_photos.asked.connect(self.add_asked)
        for empty in (view.all_done, view.none_found):
            empty.asked.connect(self.library_asked)
        view.narrowed.asked.connect(lambda: view.upper.least.setValue(view.upper.least.minimum()))
        view.single.other_asked.connect(self.accept)
        view.chooser.chosen.connect(self._on_chosen)
        lower.accept.clicked.connect(lambda: self.accept())
        lower.reject.clicked.connect(self.reject)
        lower.other.clicked.connect(self.choose)
        lower.none.clicked.connect(self.no_landmark)
        lower.skip.clicked.connect(self.skip)
        lower.back.clicked.connect(self.take_back)
        keys.bind(self)
        decisions.written.connect(self._on_written)
        decisions.failed.connect(self._on_failed)
        decisions.taken_back.connect(self._on_taken_back)
        decisions.not_taken_back.connect(self._on_not_taken_back)
        self.witness.told.connect(self._on_told)
        self.witness.failed.connect(lambda error: failures.tell(view, error))
        self._thumbnails.ready.connect(self.model.touch)
        self._thumbnails.failed.connect(lambda photo_id, _why: self.model.touch(photo_id))

    # -- reading the queue -------------------------------------------------------------------

    @property
    def settling(self) -> bool:
        """Whether what is on screen is about to be brought up to date."""
        return self._reading or self._soon.isActive() or self.witness.busy

    def apply(self, changes: ChangeSet) -> None:
        """Show what has changed in the library; answers of this page too come by here."""
        if not self._own:
            back = self.course.given(changes.photos)
            self.course.come_back(changes.photos)
            if back:
                self._return_to = back[0]
        self.model.refresh(changes.photos)
        self.large.forget(changes.photos)
        self._stale = True
        if not self.view.isVisible():
            return
        if self._own:
            # What was answered here is out of the queue already: no reading while keys are hit.
            self._soon.start(_AFTER_OWN_MS)
        elif not self._soon.isActive():
            self._soon.start(_SOON_MS)

    def model_changed(self) -> None:
        """Ask about what the model in use now says."""
        self.view.upper.show_card(self._workspace.recogniser.card, self._workspace.threshold)
        self.witness.forget()
        self.model.refresh_all()
        self.large.forget()
        self.apply(ChangeSet())

    def evidence_changed(self) -> None:
        """Weigh place and time anew: how far photos count for each other is set otherwise."""
        self.witness.forget()
        self.apply(ChangeSet())

    def _on_shown(self) -> None:
        if self._stale:
            # What is left on screen is old, so the new queue must not wait for a quiet moment.
            self.view.upper.show_card(self._workspace.recogniser.card, self._workspace.threshold)
            self.read()

    def go_by(self, way: By) -> None:
        """Go through the queue by landmark, by event, or one by one."""
        self.view.upper.ways[way].setChecked(True)
        self.course.by = way
        self.course.groups = []
        self._show()
        self.read()

    def read(self) -> None:
        """Read the queue anew, off the main thread; at most one such call runs."""
        if self._closed:
            return
        if self._reading:
            self._read_again = True
            return
        self._reading, self._read_again, self._stale = True, False, False
        course, by = self.course, self.course.by
        asked, mark = course.asked(self.view.upper.at_least), course.begin_reading()
        self._runner.call(
            _LANE, lambda: review_queue.read(self._workspace, by, asked),
            lambda queue: self._on_read(queue, mark), self._on_not_read,
        )  # fmt: skip

    def _on_read(self, queue: Queue, mark: int) -> None:
        self._reading = False
        if queue.by is self.course.by:
            self.course.take(queue, mark)
            if self._return_to is not None and self._return_to in self.course.ids:
                self.course.show_first(self._return_to)
                self.course.show_group_of(self._return_to)
            if not self._read_again:
                self._return_to = None
            self._show()
        if self._read_again:
            self.read()

    def _on_not_read(self, error: BaseException) -> None:
        self._reading = False
        failures.tell(self.view, error)

    # -- showing -----------------------------------------------------------------------------

    def _show(self) -> None:
        course, view = self.course, self.view
        self._say_progress()
        view.lower.show_number(len(course.targets))
        if course.by is By.SINGLE and course.ids:
            view.show_page(view.single)
            self._show_single()
        elif course.groups:
            view.show_page(view.by_group)
            self._show_groups()
        elif course.photos is not None and not course.ids:
            narrowed = course.standing.waiting > 0 and view.upper.at_least > 0
            empty = view.none_found if course.photos else view.no_photos
            empty = view.all_done if course.standing.answered else empty
            self.model.show([])
            view.show_page(view.narrowed if narrowed else empty)

    def _say_progress(self) -> None:
        standing, left = self.course.standing, len(self.course.ids)
        total = standing.waiting + standing.answered
        text = f"{standing.answered:,} of {total:,} reviewed, {left:,} left" if total else ""
        self.view.upper.progress.setText(text)

    def _show_groups(self) -> None:
        course, view = self.course, self.view
        self.large.show(())
        if self.groups.groups != course.groups:
            self.groups.show(course.groups)
        self._moving = True  # it is the page that moves, not the person
        view.groups.setCurrentIndex(self.groups.index(course.place))
        self._moving = False
        self._show_group()

    def _show_group(self) -> None:
        group = self.course.group
        if group is None:
            return
        view, out = self.view, len(self.course.out & set(group.photos))
        view.show_group(group, self._name_of(group), out)
        view.lower.show_number(len(group.photos) - out)
        self._show_photos_of(group)
        self.witness.ask(group.photos)

    def _show_photos_of(self, group: Group) -> None:
        """Have the grid show the group's photos; if it did before, the person stays at theirs."""
        grid, photos = self.view.grid, list(group.photos)
        same, self._key_shown = self._key_shown == group.key, group.key
        if photos == self.model.ids:
            return
        # The photo that the keys are at, or what follows it where that is gone.
        left, here = self.model.ids[grid.currentIndex().row() :] if same else [], set(photos)
        at = next((i for i in left if i in here), photos[-1] if left else photos[0])
        in_sight = grid.visualRect(grid.currentIndex()).intersects(grid.viewport().rect())
        top = grid.top_id() if same else None
        self.model.show(photos)
        grid.restore([at], top)
        if in_sight:
            grid.scrollTo(grid.currentIndex())

    def _show_single(self) -> None:
        ids = self.course.ids
        self.view.single.show_photo(self.large.photo(ids[0]), self.witness.of(ids[0]))
        self.large.show(ids)
        self.witness.ask(ids[:3])

    def _on_told(self, ids: Sequence[int]) -> None:
        if self._closed:
            return
        if self.course.by is By.SINGLE:
            if set(self.course.ids[:1]) & set(ids):
                self._show_single()
        else:
            self.view.grid.viewport().update()

    def _badge(self, photo_id: int) -> str:
        told = self.witness.of(photo_id)
        return told.badge if told is not None else ""

    def _name_of(self, group: Group) -> str:
        return group.name or self._workspace.gazetteer[group.key].name

    # -- moving ------------------------------------------------------------------------------

    def _on_group_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._moving:
            self.course.go_to(now.row())
            self._show_group()

    def step(self, by: int) -> None:
        """Go to another group."""
        if self.course.by is not By.SINGLE:
            self.course.go_to(self.course.place + by)
            self._show()

    def toggle_current(self) -> None:
        """Take the photo under the cursor out of its group, or put it back."""
        self._toggle(self.view.grid.currentIndex().row())

    def _toggle(self, row: int) -> None:
        if 0 <= row < len(self.model.ids):
            self.course.toggle_out(self.model.ids[row])
            self._show_group()
            self.view.grid.viewport().update()

    def skip(self) -> None:
        """Ask about what is on show later."""
        self.course.skip()
        self._show()

    # -- answering ---------------------------------------------------------------------------

    def accept(self, landmark: str | None = None, ids: Sequence[int] | None = None) -> None:
        """Accept the suggestions of what is on show, or ``landmark`` for it, and move on.

        ``ids``: those of these photos instead.
        """
        workspace, ids = self._workspace, self.course.targets if ids is None else ids
        self._answer(lambda cancel: review.accepting(workspace, ids, cancel, landmark), ids)

    def accept_other(self, number: int) -> None:
        """Accept another landmark that the model thought of, with one photo."""
        photo = self.large.photo(self.course.ids[0]) if self._alone else None
        if photo is not None and len(others := alternatives(photo)) >= number:
            self.accept(others[number - 1][0])

    def reject(self) -> None:
        """Say that what is on show does not show its suggestion, and move on."""
        workspace, ids = self._workspace, self.course.targets
        self._answer(lambda cancel: review.rejecting(workspace, ids, cancel), ids)

    def no_landmark(self) -> None:
        """Say that what is on show shows no landmark at all, and move on."""
        workspace, ids = self._workspace, self.course.targets
        self._answer(lambda cancel: review.saying_no_landmark(workspace, ids, cancel), ids)

    def choose(self) -> None:
        """Ask which landmark it is."""
        ids = self.course.targets
        if not ids:
            return
        gazetteer = self._workspace.gazetteer
        photo = self.large.photo(ids[0])
        first = [gazetteer[key] for key, _ in alternatives(photo)] if photo is not None else []
        self.view.chooser.open(ids, first)

    def _on_chosen(self, landmark: str, asked: Sequence[int]) -> None:
        # Whatever is on show by now, the answer is about the photos that were when it was asked.
        ids = self.course.waiting(asked)
        if ids:
            self.accept(landmark, ids)
        else:
            self._jobbar.tell("That was answered already.")

    def take_back(self) -> None:
        """Take back the last answer that was given on this page."""
        if not self.decisions.take_back():
            self._jobbar.tell("There is no answer of this page to take back.")

    @property
    def _alone(self) -> bool:
        return self.course.by is By.SINGLE and bool(self.course.ids)

    def _answer(self, make: Make, ids: Sequence[int]) -> None:
        if not ids:
            return
        number = self.course.answer(ids)
        self._show()  # at once: the answer is written meanwhile
        self.decisions.carry_out(number, ids, make)

    def _on_written(self, decision: Decision, changes: ChangeSet) -> None:
        self.course.written(decision.number)
        self.witness.forget()
        self._jobbar.tell(changes.summary or "That was answered already.", "Undo", self.take_back)
        self._tell_all(changes)

    def _on_failed(self, decision: Decision, error: BaseException | None) -> None:
        self.course.written(decision.number)
        self._come_back(decision)
        if error is None:
            self._jobbar.tell("Stopped; nothing was changed.")
        else:
            failures.tell(self.view, error)

    def _on_taken_back(self, decision: Decision, changes: ChangeSet) -> None:
        self._jobbar.tell(changes.summary or "There was nothing to take back.")
        self.witness.forget()
        self._come_back(decision)
        self._tell_all(changes)

    def _on_not_taken_back(self, back: ChangeSet, error: BaseException | None) -> None:
        if error is None:
            some = "what was taken back by then waits again" if back.photos else "the answer stands"
            self._jobbar.tell(f"Stopped; {some}.")
        else:
            failures.tell(self.view, error)
        self.changed.emit(back)  # as if it had been done elsewhere: those photos wait again

    def _come_back(self, decision: Decision) -> None:
        self.course.come_back(decision.ids)
        self._return_to = decision.ids[0]
        self.read()

    def _tell_all(self, changes: ChangeSet) -> None:
        self._own = True
        try:
            self.changed.emit(changes)
        finally:
            self._own = False

    def close(self) -> None:
        """Stop loading pictures and reading rows."""
        self._closed = True
        self._soon.stop()
        self.witness.close()
        self.model.show([])
        self.large.close()
