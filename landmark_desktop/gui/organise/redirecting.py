"""Photos and folders sent elsewhere than the template says: by dragging, or by name (F2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from landmark_desktop.actions.organise_words import photos
from landmark_desktop.gui.organise.choices import levels_of
from landmark_desktop.organise.preview import Branch, Preview
from landmark_desktop.organise.wanted import Why

if TYPE_CHECKING:
    from landmark_desktop.gui.organise.session import OrganiseSession

Levels = tuple[str, ...]


class Redirecting(QObject):
    """What is done with single photos in the grid, and with folders of the tree of afterwards."""

    def __init__(self, session: OrganiseSession) -> None:
        super().__init__(session)
        self._session, self._view = session, session.view
        self._then: Callable[[Levels], None] = lambda _levels: None
        self._back_to: QWidget | None = None
        view = self._view
        view.after_rows.photos_dropped.connect(
            lambda ids, branch: self._send(ids, self._levels(branch), session.shown)
        )
        view.after_rows.branch_dropped.connect(
            lambda moved, target: self._send_branch(
                moved, (*self._levels(target), moved.name), session.shown
            )
        )
        view.after.add_key("Move to…", "F2", "Have it be another folder", self._ask_for_branch)
        grid = view.grid
        for title, key, tip, what in (
            ("Take out, or back in", "Space", "Whether these photos go", self._toggle),
            ("Take out", "Del", "These photos stay", self._take_out),
            ("Move to…", "F2", "Have these photos go into another folder", self._ask_for_photos),
            ("As the template says", "Backspace", "Nothing special for these photos", self._back),
        ):
            action = QAction(title, grid)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, do=what: do())
            grid.addAction(action)
        grid.customContextMenuRequested.connect(lambda _at: self._menu())
        view.mover.chosen.connect(lambda levels: self._then(levels))
        view.mover.closed.connect(self._focus_back)

    @property
    def chosen(self) -> list[int]:
        """The ids of the photos that are chosen in the grid, or of the one at hand."""
        grid, ids = self._view.grid, self._session.model.ids
        # By ranges: 20,000 of them would each be an object otherwise.
        ranges = grid.selectionModel().selection()
        rows = sorted(row for part in ranges for row in range(part.top(), part.bottom() + 1))
        rows = rows or [grid.currentIndex().row()]
        return [ids[row] for row in rows if 0 <= row < len(ids)]

    def _going(self) -> list[int]:
        """Return the chosen photos about which there is a choice."""
        shown = self._session.shown
        if shown is None or not self._view.form.isEnabled():
            return []
        return [
            id_
            for id_ in self.chosen
            if (number := shown.item_of.get(id_)) is not None
            and shown.items[number].why in (None, Why.APART, Why.UNKNOWN)
        ]

    def _toggle(self) -> None:
        ids = self._going()
        self._set_out(ids, out=not set(ids) <= self._session.choices.apart)

    def _take_out(self) -> None:
        self._set_out(self._going(), out=True)

    def _set_out(self, ids: list[int], *, out: bool) -> None:
        session = self._session
        if ids and session.shown is not None:
            session.choices.take_out(ids, session.shown, out=out)
            self._changed()

    def _back(self) -> None:
        session, ids = self._session, self._going()
        if ids and session.shown is not None:
            session.choices.take_back(ids, session.shown)
            self._changed()

    # ``shown``: the plan that the person saw when they said it; by now there may be another one.

    def _send(self, ids: list[int], levels: Levels, shown: Preview | None) -> None:
        if shown is not None and self._view.form.isEnabled():
            self._session.choices.send(ids, shown, levels)
            self._changed()

    def _send_branch(self, branch: Branch, levels: Levels, shown: Preview | None) -> None:
        if shown is not None and self._view.form.isEnabled():
            self._session.choices.send_branch(branch, shown, levels)
            self._changed()

    def _changed(self) -> None:
        self._view.grid.viewport().update()
        self._session.plan_anew()

    def _ask_for_branch(self) -> None:
        branch, shown = self._view.after.current, self._session.shown
        if branch is None or branch.parent is None or not branch.goes:
            return
        self._ask(
            f"Move “{branch.name}” to", self._levels(branch), self._view.after,
            lambda levels: self._send_branch(branch, levels, shown),
        )  # fmt: skip

    def _ask_for_photos(self) -> None:
        ids, shown = self._going(), self._session.shown
        if ids and shown is not None:
            now = shown.items[shown.item_of[ids[0]]].levels
            self._ask(f"Move {photos(len(ids))} to", now, self._view.grid,
                      lambda levels: self._send(ids, levels, shown))  # fmt: skip

    def _ask(
        self, title: str, now: Levels, back_to: QWidget, then: Callable[[Levels], None]
    ) -> None:
        shown = self._session.shown
        assert shown is not None
        self._then, self._back_to = then, back_to
        there = [self._levels(branch) for branch in shown.after.branches]
        into = shown.plan.asked.into
        self._view.mover.open(title, now, there, into.name or str(into))

    def _focus_back(self) -> None:
        if self._back_to is not None:
            self._back_to.setFocus()

    def _levels(self, branch: Branch) -> Levels:
        assert self._session.shown is not None
        return levels_of(branch, self._session.shown)

    def _menu(self) -> None:
        if self.chosen:
            menu = QMenu(self._view.grid)
            menu.addActions(self._view.grid.actions())
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(QCursor.pos())
