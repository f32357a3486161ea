"""Which photos the person looks at: those of a folder, before or after, or those that stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from landmark_desktop.gui.organise.folder_model import FolderModel
from landmark_desktop.gui.organise.folder_tree import FolderTree
from landmark_desktop.organise.preview import Branch, Item, Preview
from landmark_desktop.organise.wanted import Why

if TYPE_CHECKING:
    from landmark_desktop.gui.organise.session import OrganiseSession

_OF_PHOTOS = "Space: out, or in · drag or F2: elsewhere"


class Looking(QObject):
    """Brings trees and grid together."""

    def __init__(self, session: OrganiseSession) -> None:
        super().__init__(session)
        self._session, self._view = session, session.view
        view = self._view
        view.before.chosen.connect(lambda branch: self._show_branch(view.before, branch))
        view.after.chosen.connect(lambda branch: self._show_branch(view.after, branch))
        view.remarks.photos_asked.connect(self._show_left)
        session.model.fate = self.fate
        for rows in (view.before_rows, view.after_rows):
            rows.ticked.connect(lambda branch, goes, rows=rows: self.tick(rows, branch, goes=goes))
        for tree in (view.before, view.after):
            tree.add_key("Take out", "Del", "These photos stay",
                         lambda tree=tree: self._take_out(tree))  # fmt: skip

    def show(self, shown: Preview) -> None:
        """Show another plan; who looked at a folder still does."""
        view = self._view
        at = view.before if view.before.current is not None else view.after
        view.before.show_tree(shown.before)
        view.after.show_tree(shown.after)
        if view.remarks.why is not None:
            self._show_left(view.remarks.why)
        elif at.current is not None:
            self._show_branch(at, at.current)
        elif shown.after.tops:
            view.after.choose(shown.after.tops[0])
        elif shown.before.tops:
            view.before.choose(shown.before.tops[0])
        else:
            self._session.say_photos("", [], "")

    def fate(self, photo_id: int) -> str:
        """Return in words what becomes of a photo."""
        shown, choices = self._session.shown, self._session.choices
        if photo_id in choices.apart:
            return "Taken out by you: it stays where it is."
        number = None if shown is None else shown.item_of.get(photo_id)
        if shown is None or number is None:
            return "It stays where it is."
        return _fate(shown.items[number], shown, by_hand=photo_id in choices.instead)

    def tick(self, rows: FolderModel, branch: Branch, *, goes: bool) -> None:
        """Take a folder's photos out, or back in."""
        session = self._session
        if session.shown is None or self._busy:
            return
        ids = [
            id_
            for each in branch.below()
            for number in each.items
            if session.shown.items[number].why in (None, Why.APART)
            for id_ in session.shown.items[number].ids
        ]  # fmt: skip
        session.choices.take_out(ids, session.shown, out=not goes)
        rows.tick(branch, goes=goes)
        self._view.grid.viewport().update()
        session.plan_anew()

    @property
    def _busy(self) -> bool:
        return not self._view.form.isEnabled()

    def _take_out(self, tree: FolderTree) -> None:
        branch, rows = tree.current, tree.model()
        if branch is not None and branch.goes and isinstance(rows, FolderModel):
            self.tick(rows, branch, goes=False)

    def _show_branch(self, tree: FolderTree, branch: Branch) -> None:
        shown, view = self._session.shown, self._view
        if shown is None:
            return
        view.remarks.choose_none()
        (view.after if tree is view.before else view.before).choose_none()
        self._session.say_photos(branch.path.name, shown.photos(branch), _OF_PHOTOS)

    def _show_left(self, why: Why) -> None:
        shown, view = self._session.shown, self._view
        if shown is None:
            return
        for tree in (view.before, view.after):
            tree.choose_none()
        heading = why.value[:1].upper() + why.value[1:]
        about = "F2: into a folder" if why is Why.UNKNOWN else "these stay"
        self._session.say_photos(heading, shown.left(why), about)


def _fate(item: Item, shown: Preview, *, by_hand: bool) -> str:
    if item.why is not None:
        return f"It stays: {item.why.value}. {item.detail}".rstrip()
    into = shown.plan.asked.into
    to = into.joinpath(*item.levels)
    parts = [f"Goes into {to}"]
    if item.number > 1:
        parts.append(f"with ({item.number}) in its name")
    if by_hand:
        parts.append("as you said")
    return ", ".join(parts)
