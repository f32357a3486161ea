"""Where the person is in the queue: what waits, less what was answered since it was read.

Free of Qt. The page moves on at once, before an answer is written; what is read meanwhile may
still have photos that were answered, so those are kept out by the order of things.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from landmark_desktop.actions.review_queue import Asked, By, Group, Queue, Standing


class Course:
    """The groups, or the photos, that are left. ``out``: taken out of their group."""

    def __init__(self) -> None:
        self.by = By.LANDMARK
        self.groups: list[Group] = []
        self.ids: list[int] = []
        self.photos: int | None = None  # in the library; None: not read yet
        self.skipped: dict[int, None] = {}  # in the order of skipping
        self.out: set[int] = set()
        self._standing = Standing(0, 0)
        self._key: str | None = None
        self._answered: dict[int, int] = {}  # photo: number of the answer
        self._given: set[int] = set()  # answered on this page, and not taken back
        self._flying: set[int] = set()  # numbers of answers that are not written yet
        self._number = 0

    # -- reading -----------------------------------------------------------------------------

    def asked(self, at_least: float) -> Asked:
        """Return what to read."""
        return Asked(at_least, frozenset(self.skipped))

    def begin_reading(self) -> int:
        """Return a mark that ``take`` wants to have with what is read from now on."""
        return min(self._flying, default=self._number)

    def take(self, queue: Queue, mark: int) -> None:
        """Have what was read be the queue; the person stays where they are."""
        # Answers written before the reading began are in it.
        self._answered = {i: n for i, n in self._answered.items() if n >= mark or n in self._flying}
        gone = self._answered
        before = self.place
        current = self.ids[0] if self.ids else None
        self.by, self.photos = queue.by, queue.photos
        self.groups = _without(queue.groups, gone)
        self.ids = [i for i in queue.ids if i not in gone]
        if current in self.ids:
            self.show_first(current)
        self._standing = queue.standing
        self.out &= set(self.ids)
        self._settle(before)

    # -- where the person is -----------------------------------------------------------------

    @property
    def group(self) -> Group | None:
        """The group on show."""
        return next((group for group in self.groups if group.key == self._key), None)

    @property
    def place(self) -> int:
        """The row of the group on show; 0 where there is none."""
        return next((n for n, group in enumerate(self.groups) if group.key == self._key), 0)

    def go_to(self, row: int) -> None:
        """Show the group in this row."""
        if 0 <= row < len(self.groups):
            self._key = self.groups[row].key

    def show_first(self, photo_id: int | None) -> None:
        """Have this photo be the one that is asked about, or its group."""
        if photo_id in self.ids:
            self.ids.remove(photo_id)
            self.ids.insert(0, photo_id)

    def show_group_of(self, photo_id: int) -> None:
        """Show the group that has this photo."""
        for group in self.groups:
            if photo_id in group.photos:
                self._key = group.key
                return

    @property
    def targets(self) -> list[int]:
        """The photos that an answer is about."""
        if self.by is By.SINGLE:
            return self.ids[:1]
        return [] if self.group is None else [i for i in self.group.photos if i not in self.out]

    def waiting(self, ids: Iterable[int]) -> list[int]:
        """Return those of the photos that are in the queue still."""
        left = set(self.ids)
        return [i for i in ids if i in left]

    @property
    def standing(self) -> Standing:
        """How far the review is; what is not written yet counts as answered."""
        new = len(self._answered)
        return Standing(max(self._standing.waiting - new, 0), self._standing.answered + new)

    # -- answering ---------------------------------------------------------------------------

    def answer(self, ids: Collection[int]) -> int:
        """Take these out of the queue and move on; return the answer's number."""
        number, self._number = self._number, self._number + 1
        self._flying.add(number)
        self._answered.update(dict.fromkeys(ids, number))
        self._given.update(ids)
        gone, before, group = set(ids), self.place, self.group
        self.ids = [i for i in self.ids if i not in gone]
        self.groups = _without(self.groups, gone)
        if group is not None and self.group is not None and gone.intersection(group.photos):
            self._put_last(self.group.photos)  # those taken out are asked about later
        self._settle(before)
        return number

    def skip(self) -> list[int]:
        """Ask about what is on show after everything else; return which photos those are."""
        ids, before = self.targets, self.place
        if self.by is By.SINGLE:
            self.ids = self.ids[1:] + ids
            self.skipped |= dict.fromkeys(ids)
        elif self.group is not None:
            ids = list(self.group.photos)
            self._put_last(ids)
            self._settle(before)
        return ids

    def written(self, number: int) -> None:
        """Note that an answer is in the library."""
        self._flying.discard(number)

    def come_back(self, ids: Collection[int]) -> None:
        """Have these wait again once they are read: the answer failed, or was taken back."""
        # By what is known here: an import, or a tag, may be about 100,000 photos.
        back = set(ids) if isinstance(ids, Sequence) else ids
        self._answered = {
            photo_id: number
            for photo_id, number in self._answered.items()
            if photo_id not in back or number in self._flying  # an answer is on its way
        }
        self.skipped = {i: None for i in self.skipped if i not in back}
        self._given = {i for i in self._given if i not in back}

    def given(self, ids: Collection[int]) -> list[int]:
        """Return those of the photos that were answered on this page."""
        return sorted(i for i in self._given if i in ids)

    def toggle_out(self, photo_id: int) -> None:
        """Take a photo out of its group, or put it back."""
        self.out ^= {photo_id}

    def _put_last(self, ids: Sequence[int]) -> None:
        self.skipped |= dict.fromkeys(ids)
        group = self.group
        if group is not None:
            self.groups.remove(group)
            self.groups.append(group)
            self._key = None
        self.out -= set(ids)

    def _settle(self, row: int) -> None:
        """Show a group if there is any: the one before, else that in the row, or behind it.

        What was skipped is shown only when nothing else is left.
        """
        if not self.groups or self.group is not None:
            return
        fresh = [g for g in self.groups if any(i not in self.skipped for i in g.photos)]
        onwards = [g for g in self.groups[row:] if g in fresh]
        chosen = onwards[:1] or fresh[:1] or self.groups[:1]
        self._key = chosen[0].key


def _without(groups: Sequence[Group], gone: Collection[int]) -> list[Group]:
    left = []
    for group in groups:
        photos = tuple(i for i in group.photos if i not in gone)
        if photos:
            same = len(photos) == len(group.photos)
            left.append(group if same else replace(group, photos=photos))
    return left
