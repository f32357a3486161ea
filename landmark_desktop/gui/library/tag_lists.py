"""The tree of tags at the side and the offers below the search box; renaming, merging, deleting."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer

from landmark_desktop.actions import tag_offers, tags
from landmark_desktop.actions.tag_offers import Offer
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.library.merge_box import MergeBox
from landmark_desktop.gui.library.offered_line import OfferedLine
from landmark_desktop.gui.library.photo_jobs import PhotoJobs
from landmark_desktop.gui.library.tagging import choice
from landmark_desktop.gui.library.view import LibraryView
from landmark_desktop.gui.runner import Runner
from landmark_desktop.library.tag_paths import Path
from landmark_desktop.library.tags import Node
from landmark_desktop.tasks import at_once

_SOON_MS, _REST = 400, 4


class TagLists(QObject):
    """Reads tags off the main thread, at most one reading at a time."""

    def __init__(
        self, workspace: Workspace, runner: Runner, jobs: PhotoJobs, view: LibraryView,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._workspace, self._runner, self._jobs, self._view = workspace, runner, jobs, view
        self._reading = self._again = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._read)
        self._merging: Node | None = None
        self.merge_box = MergeBox(view)
        self.merge_box.line.asked.connect(self._offer_to_merge)
        self.merge_box.chosen.connect(self._merge)
        view.sidebar.rename_asked.connect(self._rename)
        view.sidebar.merge_asked.connect(self._ask_merge)
        view.sidebar.delete_asked.connect(self._delete)
        view.search.asked.connect(self._offer_to_find)
        view.search.taken.connect(self._find)
        self._soon.start(_SOON_MS)

    @property
    def settling(self) -> bool:
        """Whether the tree or offers are about to be brought up to date."""
        lines = (self._view.search, self.merge_box.line)
        return self._reading or self._soon.isActive() or any(line.settling for line in lines)

    def refresh_soon(self) -> None:
        """Have the tree follow the library."""
        if self._reading:
            self._again = True
        elif not self._soon.isActive():
            self._soon.start(_SOON_MS)

    def close(self) -> None:
        """Ask for nothing more; what is being read will not arrive."""
        self._soon.stop()
        self._reading = self._again = False
        for line in (self._view.search, self.merge_box.line):
            line.dismiss()

    def _read(self) -> None:
        self._reading, self._again = True, False
        start = time.monotonic()
        self._runner.call(
            "tags", lambda: tag_offers.below(self._workspace),
            lambda found: self._on_read(found, time.monotonic() - start), self._on_not_read,
        )  # fmt: skip

    def _on_read(self, found: Mapping[Path, Sequence[Node]], seconds: float) -> None:
        self._reading = False
        self._view.sidebar.show_tags(found)
        if self._again:
            # While photos stream in: no more than a fifth of the time goes into counting.
            self._soon.start(max(_SOON_MS, int(1000 * _REST * seconds)))

    def _on_not_read(self, error: BaseException) -> None:
        self._reading = False
        raise error

    # -- the search box ------------------------------------------------------------------------

    def _offer_to_find(self, text: str) -> None:
        self._offers(text, self._view.search, lambda offer: offer.photos > 0)

    def _find(self, path: Path) -> None:
        self._view.search.clear()
        self._view.sidebar.choose_tag(path)
        self._view.grid.setFocus()

    def _offers(self, text: str, line: OfferedLine, fit: Callable[[Offer], bool]) -> None:
        self._runner.call(
            "offers",
            lambda: tag_offers.offers(self._workspace, text) if line.awaits(text) else [],
            lambda found: line.show_offers(text, [choice(offer) for offer in found if fit(offer)]),
        )  # fmt: skip

    # -- renaming, merging, deleting -----------------------------------------------------------

    def _rename(self, path: Path, name: str) -> None:
        self._jobs.run(
            "Renaming", at_once(lambda: tags.rename(self._workspace, path, name)),
            self._photos(path), "It has that name.",
        )  # fmt: skip

    def _delete(self, node: Node) -> None:
        self._jobs.run(
            "Deleting", lambda cancel: tags.deleting(self._workspace, node.path, cancel),
            node.below, "No photo has it any more.",
        )  # fmt: skip

    def _ask_merge(self, node: Node) -> None:
        self._merging = node
        self.merge_box.open(node)

    def _offer_to_merge(self, text: str) -> None:
        node = self._merging
        if node is not None:
            own = len(node.path)
            self._offers(
                text, self.merge_box.line, lambda o: o.photos > 0 and o.path[:own] != node.path
            )

    def _merge(self, into: Path) -> None:
        node = self._merging
        if node is not None:
            self._jobs.run(
                "Merging", at_once(lambda: tags.merge(self._workspace, node.path, into)),
                node.below, "They are one already.",
            )  # fmt: skip

    def _photos(self, path: Path) -> int:
        node = self._view.sidebar.tag
        return node.below if node is not None and node.path == path else 0
