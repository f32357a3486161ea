"""The single photo, large: its row, its picture, and those of the next one in advance."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject

from landmark_desktop.actions import browse
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.preview import Preview
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Photo
from landmark_desktop.thumbnails.cache import render

_SIDE = 1600  # pixels of the sharp picture's long side
_AHEAD, _MOST_ROWS = 8, 64


class LargePhoto(QObject):
    """``thumbnails``: what stands in until a sharp picture has come."""

    def __init__(
        self, workspace: Workspace, thumbnails: PictureLoader, preview: Preview, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._thumbnails, self._preview = workspace, thumbnails, preview
        self._ids: Sequence[int] = ()
        self._rows: dict[int, Photo] = {}
        self._sharp = PictureLoader(
            lambda photo: render(photo.path, _SIDE), threads=1, most_bytes=96_000_000, backlog=2
        )
        self._sharp.ready.connect(self._on_sharp)
        thumbnails.ready.connect(self._on_thumbnail)

    def show(self, ids: Sequence[int]) -> None:
        """Show the first of these, the others being next; none for nothing."""
        self._ids = ids[:_AHEAD]
        photo = self.photo(ids[0]) if ids else None
        picture = None
        if photo is not None:
            picture = self._sharp.get(photo) or self._thumbnails.get(photo)
        self._preview.show_picture(picture)

    def photo(self, photo_id: int) -> Photo | None:
        """Return a photo's row, read once until it changes, with those that come next."""
        if photo_id not in self._rows:
            if len(self._rows) > _MOST_ROWS:
                self._rows.clear()
            wanted = [photo_id, *(i for i in self._ids if i != photo_id)]
            self._rows.update((row.id, row) for row in browse.rows(self._workspace, wanted))
        return self._rows.get(photo_id)

    def forget(self, ids: Collection[int] | None = None) -> None:
        """Read these rows anew, or all."""
        for photo_id in [i for i in self._rows if ids is None or i in ids]:
            del self._rows[photo_id]

    def close(self) -> None:
        """Load nothing more."""
        self._ids = ()
        self._sharp.close()

    def _on_thumbnail(self, photo_id: int) -> None:
        if photo_id in self._ids[:1]:
            self.show(self._ids)

    def _on_sharp(self, photo_id: int) -> None:
        if photo_id not in self._ids[:1]:
            return
        self.show(self._ids)
        following = self.photo(self._ids[1]) if len(self._ids) > 1 else None
        if following is not None:
            self._sharp.get(following)  # so that it is there when it is its turn
