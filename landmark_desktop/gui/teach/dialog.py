"""The life of the dialog: what is typed is checked, the trainer led, its result shown, adopted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from landmark_desktop.actions import review, teaching, whereabouts
from landmark_desktop.actions import teaching_words as words
from landmark_desktop.actions.teaching import Lesson, Naming, Taught
from landmark_desktop.actions.whereabouts import Where
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.geo import coordinates
from landmark_desktop.geo.cities import Cities
from landmark_desktop.gui import failures
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.teach.form import Draft
from landmark_desktop.gui.teach.run import LANE, LessonRun
from landmark_desktop.gui.teach.view import TeachView
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.places import OwnPlace
from landmark_desktop.library.records import Photo


class TeachDialog(QDialog):
    """Not modal. Closing it at any point leaves everything as it was.

    ``busy``: returns why nothing can be learned just now, else nothing.
    """

    adopted = Signal(object)  # Path of the bundle to use from now on
    decided = Signal(object)  # ChangeSet: photos were accepted
    working = Signal(bool)  # a run begins, a run has ended
    others_asked = Signal(object)  # Draft to begin with next time
    training_asked = Signal()

    def __init__(
        self, workspace: Workspace, runner: Runner, pictures: PictureLoader,
        photos: Sequence[Photo], draft: Draft, busy: Callable[[], str], parent: QWidget | None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._workspace, self._runner, self._busy = workspace, runner, busy
        self._model = workspace.model.recogniser
        self._photos = tuple(photos)
        self._readable: tuple[Photo, ...] | None = None
        self._refusal = ""
        self._cities: Cities | None = None
        self._naming = Naming("empty")
        self._described = ""  # the landmark of the gazetteer by which the form is filled in
        self._typed = Draft()  # what it held before
        self._lesson: Lesson | None = None
        self._taught: Taught | None = None
        self._adopting = self._gone = False
        self.run = LessonRun(workspace, runner, self)
        self.view = TeachView(pictures)
        self.setWindowTitle("Teach a new landmark")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(680, 600)
        self.setMinimumSize(560, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._connect()
        gazetteer = workspace.gazetteer
        names = sorted({gazetteer[id_].name for id_ in teaching.labels(self._model.card)}
                       | {landmark.name for landmark in gazetteer}, key=str.casefold)  # fmt: skip
        self.view.form.offer(names, teaching.kinds(gazetteer))
        self.view.form.fill(draft)
        self.view.strip.show_photos([(photo, "") for photo in self._photos])
        self._check()
        self.view.form.name.setFocus()
        self._runner.call(LANE, self._look, self._looked, self._tell)

    def _connect(self) -> None:
        view, form = self.view, self.view.form
        form.changed.connect(self._on_name)
        form.accept_asked.connect(self._accept_known)
        form.place.asked.connect(self._find)
        view.learn.clicked.connect(self.learn)
        view.close_button.clicked.connect(self.close)
        view.stop.clicked.connect(self._stop)
        view.use.clicked.connect(self._use)
        view.discard.clicked.connect(self.close)
        view.others.clicked.connect(self._choose_others)
        view.training.clicked.connect(self._go_to_training)
        self.run.progressed.connect(view.running.show_progress)
        self.run.learned.connect(self._show_result)
        self.run.broke.connect(self._on_broke)
        self.run.stopped.connect(self._on_stopped)

    # -- the form ----------------------------------------------------------------------------

    def _look(self) -> tuple[tuple[Photo, ...], str]:
        """Return which photos are readable, and why nothing can be learned; on a worker."""
        model = self._model
        return teaching.readable(self._photos), teaching.refusal(model.path, model.card)

    def _looked(self, found: tuple[tuple[Photo, ...], str]) -> None:
        if self._gone:
            return
        self._readable, self._refusal = found
        self._check()
        self._runner.call(LANE, Cities.load, self._got_cities, self._tell)

    def _got_cities(self, cities: Cities) -> None:
        self._cities = cities
        if self._gone:
            return
        place = self.view.form.place
        if not place.text:
            self._suggest(cities)
        elif place.chosen is None:
            self._find(place.text)

    def _suggest(self, cities: Cities) -> None:
        """Fill in the city where the photos were taken."""
        facts = [photo.facts for photo in self._photos]
        points = [
            (f.latitude, f.longitude)
            for f in facts
            if f.latitude is not None and f.longitude is not None
        ]
        middle = whereabouts.middle(points)
        if middle is not None:
            number = "One photo was" if len(points) == 1 else f"{len(points)} photos were"
            found = whereabouts.around(self._workspace.gazetteer, cities, *middle)
            self.view.form.place.begin_with(
                coordinates.write(*middle), found, f"{number} taken there."
            )

    def _find(self, text: str) -> None:
        place, gazetteer = self.view.form.place, self._workspace.gazetteer
        cities = self._cities
        if cities is None:
            place.say("The cities are being read…")
            return

        def show(found: list[Where]) -> None:
            if not self._gone and place.text == text.strip():
                place.show_places(found)

        self._runner.call(LANE, lambda: whereabouts.find(gazetteer, cities, text), show, self._tell)

    def _on_name(self) -> None:
        form, before = self.view.form, self._described
        gazetteer = self._workspace.gazetteer
        self._naming = teaching.name_of(gazetteer, self._model.card, form.draft.name)
        landmark = self._naming.landmark if self._naming.state != "new" else None
        self._described = landmark.id if landmark is not None else ""
        if landmark is not None and not before:
            self._typed = form.draft
        if landmark is not None and landmark.known and landmark.id != before:
            where = whereabouts.of_landmark(landmark)
            fixed = not landmark.own or self._naming.state == "known"
            form.describe(landmark.kind, where.text, where if where.text else None, fixed=fixed)
        elif landmark is None and before:
            typed = self._typed
            form.describe(typed.kind, typed.place, typed.where)
            if not typed.place and self._cities is not None:
                self._suggest(self._cities)
        self._check()

    def _check(self) -> None:
        """Say what the name stands for and what stands in the way of learning."""
        form, view, naming = self.view.form, self.view, self._naming
        name = naming.landmark.name if naming.landmark is not None else ""
        photos = self._readable if self._readable is not None else self._photos
        match naming.state:
            case "known":
                number = f"{len(self._photos):,} photos"
                form.say_of_name(
                    f"The model in use knows {name} already; there is nothing to learn.",
                    f"&Accept {name.replace('&', '&&')} on these {number}",
                )
            case "listed":
                form.say_of_name(f"{name} is known as a place, and this model can learn it.")
            case _:
                form.say_of_name("")
        reason = self._refusal or words.obstacle(len(photos)) or self._busy()
        form.say(reason)
        view.training.setVisible(bool(self._refusal) and view.stack.currentWidget() is form)
        view.learn.setEnabled(not reason and self._readable is not None and naming.state != "known")
        view.about.setText(words.advice(len(photos), len(self._photos)))

    def _accept_known(self) -> None:
        """Accept a landmark that the model knows on these photos: no lesson is needed."""
        ids, landmark = [photo.id for photo in self._photos], self._naming.id
        self.view.form.accept.setEnabled(False)
        self._runner.call(
            "actions", lambda: review.accept(self._workspace, ids, landmark), self._accepted,
            self._not_adopted,
        )  # fmt: skip

    def _accepted(self, changes: ChangeSet) -> None:
        self.decided.emit(changes)
        if not self._gone:
            self.close()

    # -- learning ----------------------------------------------------------------------------

    def learn(self) -> None:
        """Begin to learn what the form says."""
        self._check()  # another training may have begun meanwhile
        if not self.view.learn.isEnabled() or self.run.active:
            return
        form = self.view.form
        if self._naming.state == "empty":
            form.say("Give the landmark a name first.")
            form.name.setFocus()
            return
        if form.place.text and form.place.chosen is None:
            form.say("Take one of the places in the list, or clear the field.")
            form.place.setFocus()
            return
        if self._workspace.recogniser is not self._model:
            self._model = self._workspace.recogniser  # it changed while the dialog was open
            self._on_name()
            self._runner.call(LANE, self._look, self._learn_anew, self._tell)
            return
        assert self._readable is not None
        self._lesson = self._lesson_of(self._readable)
        self.view.running.head.setText(f"Learning {self._lesson.place.name}")
        self.view.show_page(self.view.running)
        self.working.emit(True)
        self.run.start(self._lesson)

    def _learn_anew(self, found: tuple[tuple[Photo, ...], str]) -> None:
        if not self._gone:
            self._readable, self._refusal = found
            self.learn()

    def _lesson_of(self, photos: tuple[Photo, ...]) -> Lesson:
        draft, landmark = self.view.form.draft, self._naming.landmark
        if landmark is not None and landmark.known and not landmark.own:
            return Lesson(OwnPlace(landmark.id, landmark.name), photos, own=False)
        where = draft.where or Where("")
        return Lesson(
            OwnPlace(
                self._naming.id, draft.name, draft.kind, where.city, where.region, where.country,
                where.country_code, where.latitude, where.longitude,
            ),
            photos,
        )  # fmt: skip

    def _stop(self) -> None:
        self.view.stop.setEnabled(False)
        self.run.stop()

    def _on_stopped(self) -> None:
        self.working.emit(False)
        if self.isHidden():
            self.close()  # it was closed in mid-run
        else:
            self._show_form()

    def _on_broke(self, why: BaseException | str) -> None:
        self.working.emit(False)
        self._show_form()
        if isinstance(why, str):
            self.view.form.say(why)
        else:
            self._tell(why)

    def _show_form(self) -> None:
        self.view.show_page(self.view.form)
        self._check()

    # -- the result --------------------------------------------------------------------------

    def _show_result(self, taught: Taught) -> None:
        self.working.emit(False)
        self._taught = taught
        self.view.result.show_result(taught, {p.path.absolute(): p for p in self._photos})
        self.view.show_page(self.view.result)

    def _use(self) -> None:
        lesson = self._lesson
        assert lesson is not None
        self._adopting = True
        for button in (self.view.use, self.view.others, self.view.discard):
            button.setEnabled(False)
        self._runner.call(
            "actions", lambda: teaching.adopt(self._workspace, lesson), self._adopted,
            self._not_adopted,
        )  # fmt: skip

    def _adopted(self, changes: ChangeSet) -> None:
        taught = self._taught
        assert taught is not None
        self._adopting = False
        self.run.keep()
        self.decided.emit(changes)
        self.adopted.emit(taught.bundle)
        if not self._gone:
            self.close()

    def _not_adopted(self, error: BaseException) -> None:
        self._adopting = False
        if not self._gone:
            self.view.form.accept.setEnabled(True)
            self.view.show_page(self.view.stack.currentWidget())
            self._check()
            self._tell(error)

    def _choose_others(self) -> None:
        self.others_asked.emit(self.view.form.draft)
        self.close()

    def _go_to_training(self) -> None:
        self.training_asked.emit()
        self.close()

    # -- the end -----------------------------------------------------------------------------

    def _tell(self, error: BaseException) -> None:
        """Show a person's problem where they look, and a bug as everywhere."""
        if self._gone:
            return
        if isinstance(error, UserError) and self.view.stack.currentWidget() is self.view.form:
            self.view.form.say(str(error))
        else:
            failures.tell(self, error)

    def reject(self) -> None:
        self.close()  # Esc goes the way of every other end

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._adopting and not self._gone:
            event.ignore()  # for a moment: it closes itself then
            return
        if self.run.active and not self._gone:
            # Hidden at once; gone when the trainer is, so that the run leaves no trace.
            self.hide()
            self.run.stop()
            event.ignore()
            return
        if not self._gone:
            self._gone = True
            self.run.drop()
        event.accept()  # the dialog's own way would call reject, and so come here again

    def shut(self) -> None:
        """End with the window: the trainer is stopped and its run removed. Waits for both."""
        if not self._gone:
            self._gone = True
            if self._adopting:
                self.run.keep()  # the photos have the landmark already
            self.run.shut()
            self.close()
