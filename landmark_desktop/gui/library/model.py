"""The grid's model: all ids that match, rows read from the library as they come into view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QStringListModel, Qt

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui.chips import percent
from landmark_desktop.library.records import Photo

PhotoRole = Qt.ItemDataRole.UserRole
_PAGE = 64
_MOST_ROWS = 4000
_FLAGS = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren


class PhotoModel(QStringListModel):
    """Photos in the order of ``ids``. ``fetch`` reads rows by id, a page at a time (a few ms).

    The strings are empty: they are there so that Qt itself counts the rows. It asks for the number
    several times a row while it lays out and chooses, and 100,000 times Python is half a second.
    """

    def __init__(
        self, fetch: Callable[[Sequence[int]], list[Photo]], gazetteer: Gazetteer, parent: QObject
    ) -> None:
        super().__init__([], parent)
        self._fetch = fetch
        self._gazetteer = gazetteer
        self.ids: list[int] = []
        self._row_of: dict[int, int] = {}
        self._photos: dict[int, Photo] = {}

    def flags(self, _index: QModelIndex) -> Qt.ItemFlag:
        return _FLAGS

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        photo = self.photo_at(index.row())
        if photo is None:
            return None
        if role == PhotoRole:
            return photo
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return photo.path.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{photo.path}\n{photo.problem or self.describe(photo)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{photo.path.name}: {photo.problem or self.describe(photo)}"
        return None

    def describe(self, photo: Photo) -> str:
        """Return in words what is known of the photo's landmark."""
        if photo.accepted is not None:
            by = " by your rule: a guess" if photo.rule is not None else ""
            return f"{self._gazetteer[photo.accepted].name}, accepted{by}"
        if photo.no_landmark:
            return "no landmark, as you said"
        if photo.suggestion is None:
            return "not looked at yet"
        if photo.waiting and photo.suggestion.landmark is not None:
            name = self._gazetteer[photo.suggestion.landmark].name
            by = " by the earlier model" if photo.stale else ""
            return f"{name}, suggested{by} with {percent(photo.suggestion.confidence)} confidence"
        if photo.suggestion.landmark is not None:
            return "suggestion rejected"
        return "no landmark recognised" + (" by the earlier model" if photo.stale else "")

    def name_of(self, photo: Photo) -> str:
        """Return the display name of the accepted or suggested landmark, or an empty string."""
        said = photo.suggestion.landmark if photo.suggestion else None
        key = photo.accepted or said
        return self._gazetteer[key].name if key else ""

    def photo_at(self, row: int) -> Photo | None:
        """Return the photo in this row, reading its page if need be."""
        if not 0 <= row < len(self.ids):
            return None
        photo_id = self.ids[row]
        if photo_id not in self._photos:
            self._read_page(row)
        return self._photos.get(photo_id)

    def photo(self, photo_id: int) -> Photo | None:
        """Return the photo with this id if it is in the list."""
        row = self._row_of.get(photo_id)
        return None if row is None else self.photo_at(row)

    def row_of(self, photo_id: int) -> int | None:
        """Return the row of the photo, or ``None`` where it is not in the list."""
        return self._row_of.get(photo_id)

    def show(self, ids: list[int]) -> bool:
        """Show these photos instead; return whether the list is another one than before."""
        if ids == self.ids:
            return False
        self.ids = ids
        self._row_of = {photo_id: row for row, photo_id in enumerate(ids)}
        self.setStringList([""] * len(ids))  # views hear of it
        return True

    def refresh(self, ids: Collection[int]) -> None:
        """Read these rows anew, where they are in the list."""
        if len(ids) > _MOST_ROWS:
            self.refresh_all()  # to look each of them up would hold the window up
            return
        rows = []
        for photo_id in ids:
            self._photos.pop(photo_id, None)
            if (row := self._row_of.get(photo_id)) is not None:
                rows.append(row)
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))

    def refresh_all(self) -> None:
        """Read every row anew as it is asked for."""
        self._photos.clear()
        if self.ids:
            self.dataChanged.emit(self.index(0), self.index(len(self.ids) - 1))

    def touch(self, photo_id: int) -> None:
        """Have one row painted again, its picture having come."""
        if (row := self._row_of.get(photo_id)) is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def _read_page(self, row: int) -> None:
        if len(self._photos) > _MOST_ROWS:
            self._photos.clear()
        start = row // _PAGE * _PAGE
        wanted = [i for i in self.ids[start : start + _PAGE] if i not in self._photos]
        self._photos.update((photo.id, photo) for photo in self._fetch(wanted))
