"""The tags of the chosen photos: shown in the inspector, added, taken off, confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QKeySequence, QShortcut

from landmark_desktop.actions import tag_offers, tags
from landmark_desktop.actions.tag_offers import Marked
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.library.offered_line import Choice
from landmark_desktop.gui.library.photo_jobs import PhotoJobs
from landmark_desktop.gui.library.view import LibraryView
from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.tag_paths import Path, parse, write

_READ_AT_ONCE = 200  # photos whose tags take a few ms


class Tagging(QObject):
    """Gives the inspector's tags their life. All of it on the main thread."""

    def __init__(
        self, workspace: Workspace, runner: Runner, jobbar: JobBar, jobs: PhotoJobs,
        view: LibraryView, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._workspace, self._runner, self._jobbar = workspace, runner, jobbar
        self._jobs, self._view = jobs, view
        self._strip = view.inspector.tags
        self._ids: tuple[int, ...] = ()
        self._reading = 0
        self._in_sight = QTimer(self)
        self._in_sight.setSingleShot(True)
        self._in_sight.timeout.connect(self._keep_in_sight)
        line = self._strip.line
        line.asked.connect(self._offer)
        line.taken.connect(self.add)
        line.typed.connect(self._add_typed)
        line.left.connect(self._leave)
        self._strip.remove_asked.connect(self.remove)
        self._strip.confirm_asked.connect(self.confirm)
        QShortcut(QKeySequence("T"), view, self.ask)
        QShortcut(QKeySequence("Y"), view, lambda: self.confirm(None))

    @property
    def settling(self) -> bool:
        """Whether tags or offers are still to come."""
        return self._reading > 0 or self._strip.line.settling

    def show(self, ids: Sequence[int]) -> None:
        """Show the tags of these photos; of very many of them a little later."""
        self._ids = tuple(ids)
        if len(ids) <= _READ_AT_ONCE:
            self._show(self._ids, tag_offers.marked(self._workspace, ids))
            return
        asked, self._reading = self._ids, self._reading + 1
        self._strip.wait(len(ids))
        self._view.inspector.lay_out()
        self._runner.call(
            "tags", lambda: tag_offers.marked(self._workspace, asked),
            lambda found: self._on_read(asked, found),
        )  # fmt: skip

    def _on_read(self, asked: tuple[int, ...], found: Marked) -> None:
        self._reading -= 1
        self._show(asked, found)

    def _show(self, asked: tuple[int, ...], found: Marked) -> None:
        if asked != self._ids:
            return
        self._strip.show_tags(found.tags, found.models)
        self._view.inspector.lay_out()
        # The panel around was made anew: what the person works at stays in sight.
        self._in_sight.start()

    def _keep_in_sight(self) -> None:
        for part in (*self._strip.chips, self._strip.line):
            if part.hasFocus():
                self._view.inspector.ensureWidgetVisible(part)

    def ask(self) -> None:
        """Have the person type the tag to add."""
        if not self._ids:
            self._jobbar.tell("Choose the photos to tag first.")
            return
        self._view.inspector.ensureWidgetVisible(self._strip.line)
        self._strip.line.setFocus()
        self._strip.line.selectAll()

    def _leave(self) -> None:
        self._strip.line.clear()
        self._view.centre.currentWidget().setFocus()  # the grid, or the photo seen large

    def add(self, path: Path) -> None:
        """Put a tag on the chosen photos."""
        ids = self._ids
        self._strip.line.clear()
        if ids:
            self._jobs.run(
                "Tagging", lambda cancel: tags.adding(self._workspace, ids, path, cancel),
                len(ids), f"They are tagged {write(path)} already.",
            )  # fmt: skip

    def _add_typed(self, text: str) -> None:
        try:
            path = parse(text)
        except UserError as error:
            self._jobbar.tell(f"{error.what} {error.remedy}".strip())
        else:
            self.add(path)

    def remove(self, path: Path) -> None:
        """Take a tag off the chosen photos."""
        ids = self._ids
        self._jobs.run(
            "Untagging", lambda cancel: tags.removing(self._workspace, ids, path, cancel),
            len(ids), "None of them has it.",
        )  # fmt: skip

    def confirm(self, path: Path | None) -> None:
        """Have a guessed tag, or all of them, be the person's own word."""
        ids = self._ids
        if ids:
            self._jobs.run(
                "Confirming", lambda cancel: tags.confirming(self._workspace, ids, path, cancel),
                len(ids), "There is no guessed tag to confirm.",
            )  # fmt: skip

    def _offer(self, text: str) -> None:
        line = self._strip.line
        self._runner.call(
            "offers",
            lambda: tag_offers.offers(self._workspace, text) if line.awaits(text) else [],
            lambda found: self._on_offers(text, found),
        )  # fmt: skip

    def _on_offers(self, text: str, found: Sequence[tag_offers.Offer]) -> None:
        choices = list(map(choice, found))
        try:
            path = parse(text)
        except UserError:
            path = ()
        known = [offer.path for offer in found]
        if path and not tag_offers.has(known, path):
            above = f"in {write(path[:-1])}" if len(path) > 1 else "at the top of the tree"
            choices.append(Choice(path, f"New tag “{path[-1]}”", above))
        self._strip.line.show_offers(text, choices, tag_offers.meant(path, known))


def choice(offer: tag_offers.Offer) -> Choice:
    """Return how an offer is shown: its names, what is above it, and how many photos have it."""
    photos = f"{offer.photos:,} photo{'' if offer.photos == 1 else 's'}" if offer.photos else "new"
    above = f"in {write(offer.path[:-1])}" if len(offer.path) > 1 else ""
    names, details = (offer.path[-1], offer.why), (above, photos)
    return Choice(offer.path, " · ".join(filter(None, names)), "  ·  ".join(filter(None, details)))
