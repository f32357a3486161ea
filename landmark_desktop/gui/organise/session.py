"""The life of the Organise page: what is asked for, the plan that comes of it, the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from landmark_desktop.actions import browse
from landmark_desktop.actions.organise import DEFAULT_TEMPLATE, Request, Which
from landmark_desktop.actions.organise_offers import Offer
from landmark_desktop.actions.organise_words import Remark, Said, photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.organise.choices import Choices
from landmark_desktop.gui.organise.examples import Examples
from landmark_desktop.gui.organise.form import Wish
from landmark_desktop.gui.organise.looking import Looking
from landmark_desktop.gui.organise.photos import GoingModel
from landmark_desktop.gui.organise.planner import LATER_MS, SOON_MS, Planner
from landmark_desktop.gui.organise.redirecting import Redirecting
from landmark_desktop.gui.organise.run import OrganiseRun
from landmark_desktop.gui.organise.view import OrganiseView
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.settings.live import LiveSettings
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.organise.preview import Preview
from landmark_desktop.organise.wanted import Mode, Why

_MOST_FAILED = 50


class OrganiseSession(QObject):
    """Joins the view with the actions. All of it runs on the main thread."""

    add_asked = Signal()
    review_asked = Signal()

    def __init__(
        self, workspace: Workspace, runner: Runner, run: OrganiseRun, live: LiveSettings,
        pictures: PictureLoader, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._workspace, self._run, self._live = workspace, run, live
        self._stale, self._closed = True, False
        self._failed = False  # there is no plan of what is asked for
        self._held: QWidget | None = None  # had the keyboard before the run
        self._offered: Path | None = None  # the folder that was offered, and not chosen
        self.shown: Preview | None = None
        self._said = Said("", "", ())  # of the plan on show
        self.choices = Choices()
        self.model = GoingModel(
            lambda ids: browse.rows(workspace, ids), workspace.gazetteer, self
        )  # fmt: skip
        self.view = OrganiseView(
            self.model, pictures, lambda id_: id_ in self.choices.apart,
            lambda ids: browse.rows(workspace, ids),
        )  # fmt: skip
        self.planner = Planner(workspace, runner, self)
        self.examples = Examples(workspace, runner, self)
        self.looking = Looking(self)
        self.redirecting = Redirecting(self)
        self._connect(pictures)
        settings = workspace.settings
        self.view.form.show_wish(Wish(
            settings.organise_into, settings.organise_template or DEFAULT_TEMPLATE,
            Mode(settings.organise_mode), Which(settings.organise_which), settings.organise_local,
        ))  # fmt: skip
        self._say()

    def _connect(self, pictures: PictureLoader) -> None:
        view, planner, run = self.view, self.planner, self._run
        view.form.changed.connect(self._on_wish)
        view.do.clicked.connect(self.carry_out)
        view.stop.clicked.connect(run.cancel)
        view.reset.clicked.connect(self._reset)
        view.no_photos.asked.connect(self.add_asked)
        view.no_places.asked.connect(self.review_asked)
        planner.begun.connect(self._say)
        planner.progressed.connect(view.status.setText)
        planner.planned.connect(self._on_planned)
        planner.failed.connect(self._on_no_plan)
        self.examples.offered.connect(self._on_offer)
        self.examples.told.connect(
            lambda found, request: view.samples.show_folders(found, request.into)
        )
        self.examples.failed.connect(self._on_failed)
        run.begun.connect(self._on_begun)
        run.progressed.connect(view.status.setText)
        run.ended.connect(self._on_ended)
        pictures.ready.connect(self.model.touch)
        pictures.failed.connect(lambda photo_id, _why: self.model.touch(photo_id))
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), view, self.carry_out)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- keeping up --------------------------------------------------------------------------

    @property
    def settling(self) -> bool:
        """Whether what is on screen is about to be brought up to date."""
        return self.planner.busy or self.examples.busy or self._run.busy

    def come_forward(self) -> None:
        """Show what is right now: the page has come on screen."""
        if self._stale:
            self._look_anew(SOON_MS)

    def apply(self, changes: ChangeSet) -> None:
        """Plan anew, a little later, where the library has changed."""
        self.model.refresh(changes.photos)
        self._stale = True
        if self.view.isVisible() and not self._run.busy and not self._closed:
            self._look_anew(LATER_MS)

    def _look_anew(self, delay: int) -> None:
        self._stale = False
        self.examples.look(self.view.form.wish.which)
        self._plan(delay)

    def close(self) -> None:
        """Plan and read nothing more."""
        self._closed = True
        self.planner.stop()
        self.examples.close()
        self.model.show([])

    # -- what is asked for -------------------------------------------------------------------

    @property
    def request(self) -> Request | None:
        """What the form and the choices ask for, ``None`` where no plan can be made of it."""
        wish = self.view.form.wish
        if not self.view.form.fits or wish.folder is None:
            return None
        return Request(
            wish.folder, wish.template, wish.mode, wish.which, None, wish.local,
            frozenset(self.choices.apart), dict(self.choices.instead),
        )  # fmt: skip

    def _on_wish(self) -> None:
        wish = self.view.form.wish
        before = Which(self._live.value("organise_which"))
        # What was only offered is offered anew next time: by then there may be a better one.
        if self._offered is None or wish.folder != self._offered:
            self._live.set("organise_into", wish.into.strip())
        for name, value in (
            ("template", wish.template), ("mode", wish.mode.value), ("which", wish.which.value),
            ("local", wish.local),
        ):  # fmt: skip
            if name != "template" or self.view.form.fits:
                self._live.set(f"organise_{name}", value)
        if wish.which is not before:
            self.examples.look(wish.which)
        self._run.failed = ()
        self._plan(SOON_MS)

    def _on_offer(self, offer: Offer) -> None:
        view = self.view
        view.show_photos_page(any_photos=offer.photos > 0)
        view.centre.setCurrentWidget(view.plan if offer.going else view.no_places)
        view.samples.setVisible(bool(offer.examples))
        view.samples.show_photos(offer.examples)
        wish = view.form.wish
        typing = view.form.into.hasFocus()  # an empty line is about to be another path
        untouched = not typing and (not wish.into.strip() or wish.folder == self._offered)
        if untouched and offer.into is not None and offer.into != wish.folder:
            self._offered = offer.into
            view.form.into.setText(str(offer.into))
        else:
            self._try_examples()

    def _try_examples(self) -> None:
        request = self.request
        if request is not None:
            self.examples.ask(request)

    def plan_anew(self) -> None:
        """Make the plan of what is chosen by now."""
        self._plan(SOON_MS)

    def _plan(self, delay: int) -> None:
        if self._closed or self._run.busy:
            self._stale = True
            return
        request = self.request
        if request is None:
            self.planner.stop()
            self._say()
            return
        self._try_examples()
        self.planner.ask(request, delay)

    def _reset(self) -> None:
        self.choices.reset()
        self.model.refresh_all()
        self.plan_anew()

    # -- the plan ----------------------------------------------------------------------------

    def _on_planned(self, shown: Preview, said: Said) -> None:
        self.shown, self._said, self._failed = shown, said, False
        self.looking.show(shown)
        failed = [Remark(text, serious=True) for text in self._run.failed[:_MOST_FAILED]]
        self.view.remarks.show_remarks([*failed, *said.remarks])
        self._say()

    def _on_no_plan(self, error: BaseException) -> None:
        # The one on show was made of something else, and must not be carried out in its stead.
        self._failed = self._stale = True
        self._on_failed(error)

    def _on_failed(self, error: BaseException) -> None:
        self._say()
        failures.tell(self.view, error)

    @property
    def ready(self) -> bool:
        """Whether the plan on show is the one that is asked for, and does something."""
        fits = self.view.form.fits and not self._failed
        fits = fits and not self.planner.busy and not self._run.busy
        return fits and self.shown is not None and bool(self.shown.plan.steps)

    def carry_out(self) -> None:
        """Do what the plan says."""
        if self.ready and self.shown is not None and self.view.do.isEnabled():
            self._run.apply(self.shown.plan)

    def _on_begun(self) -> None:
        view, held = self.view, QApplication.focusWidget()
        self.planner.stop()
        if held is not None and view.isAncestorOf(held):
            # What is hidden or disabled would lose the keyboard to whatever comes next.
            self._held = held
            view.stop.show()
            view.stop.setFocus()
        view.form.setEnabled(False)
        self._say()

    def _on_ended(self) -> None:
        self.view.form.setEnabled(True)
        if self.view.stop.hasFocus():
            # Not into a line of text: there Ctrl+Z takes back what was typed, not what was moved.
            held = self._held
            fit = held is not None and held.isEnabled() and not isinstance(held, QLineEdit)
            (held if fit and held is not None else self.view.after).setFocus()
        self._held = None
        # The choices stay: without them the new plan would be to undo what they did.
        if self._closed:
            return
        if self.view.isVisible():
            self._look_anew(0)
        else:
            self._stale = True
        self._say()

    def _say(self) -> None:
        """Have the lower bar say what will be done, or why nothing can be."""
        view, shown, busy = self.view, self.shown, self._run.busy
        view.reset.setText(f"Reset ({self.choices.said})")
        view.reset.setVisible(bool(self.choices.said) and not busy)
        had = view.do.hasFocus()
        view.do.setEnabled(self.ready and not (shown is not None and shown.plan.short))
        if had and not view.do.isEnabled():
            view.after.setFocus()
        view.stop.setVisible(busy)
        if busy:
            view.do.setText(self._run.doing)
        elif not view.form.fits:
            view.do.setText(f"Nothing to {view.form.wish.mode}")
            view.status.setText("Mend what is marked above first.")
        elif self._failed and not self.planner.busy:
            view.do.setText(f"Nothing to {view.form.wish.mode}")
            view.status.setText("There is no plan. Change something above to try again.")
        elif self.planner.busy or shown is None:
            view.do.setText(self._said.deed or "Planning…")
            view.status.setText("Looking at the photos")
        else:
            view.do.setText(self._said.deed)
            view.status.setText(self._said.besides or _in_place(shown))
        view.do.setToolTip(f"{view.do.text()} (Ctrl+Enter). It can be undone at any time.")
        view.status.setToolTip(view.status.text())

    def say_photos(self, heading: str, ids: Sequence[int], about: str) -> None:
        """Show these photos in the grid under a heading."""
        if self.model.show(list(ids)):
            self.view.grid.scrollToTop()
        self.view.heading.setText(heading)
        said = f"{photos(len(ids))} · {about}" if about else photos(len(ids))
        self.view.about.setText(said if ids else "")


def _in_place(shown: Preview) -> str:
    there = any(item.why is Why.THERE for item in shown.items)
    return "" if shown.plan.steps or not there else "The photos are where they belong."
