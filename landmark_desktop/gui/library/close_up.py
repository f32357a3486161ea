"""The chosen photo seen large: in the inspector and, where the person wants, in the loupe."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.library.view import LibraryView
from landmark_desktop.gui.library.why import Why
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Photo
from landmark_desktop.thumbnails.cache import render

_SIDE = 1600  # pixels of the sharp picture's long side


class CloseUp(QObject):
    """Loads the sharp picture, opens and closes the loupe. All of it on the main thread."""

    def __init__(
        self, workspace: Workspace, runner: Runner, view: LibraryView, thumbnails: PictureLoader,
        parent: QObject,
    ) -> None:  # fmt: skip
        """``thumbnails``: what stands in until a sharp picture has come."""
        super().__init__(parent)
        self._view, self._thumbnails = view, thumbnails
        self._photo: Photo | None = None
        self._why = Why(workspace, runner, view, self)
        self._sharp = PictureLoader(
            lambda photo: render(photo.path, _SIDE), threads=1, most_bytes=96_000_000, backlog=1
        )
        self._sharp.ready.connect(lambda _id: self._show_picture())
        view.grid.doubleClicked.connect(lambda _index: self.toggle_loupe())
        QShortcut(QKeySequence("Space"), view, self.toggle_loupe)
        for key, step in ((Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1)):
            arrow = QShortcut(QKeySequence(key), view.loupe, lambda s=step: self._step(s))
            arrow.setContext(Qt.ShortcutContext.WidgetShortcut)

    @property
    def in_loupe(self) -> bool:
        """Whether the photo has the place of the grid."""
        return self._view.centre.currentWidget() is self._view.loupe

    def show(self, photo: Photo | None) -> None:
        """Show this photo, or none."""
        self._photo = photo
        self._show_picture()
        self._why.show(photo)

    def toggle_loupe(self) -> None:
        """Show the chosen photo as large as there is room, or the grid again."""
        view = self._view
        if self.in_loupe:
            view.centre.setCurrentWidget(view.grid)
            view.grid.setFocus()
        elif self._photo is not None:
            view.centre.setCurrentWidget(view.loupe)
            view.loupe.setFocus()

    def close(self) -> None:
        """Load and ask nothing more."""
        self._why.close()
        self._sharp.close()

    def _step(self, by: int) -> None:
        row = self._view.grid.currentIndex().row() + by
        if 0 <= row < self._view.grid.model().rowCount():
            self._view.choose(row)

    def _show_picture(self) -> None:
        picture = None
        if self._photo is not None:
            # The thumbnail at once, the sharp picture when it has come.
            picture = self._sharp.get(self._photo) or self._thumbnails.get(self._photo)
        self._view.inspector.preview.show_picture(picture)
        self._view.loupe.show_picture(picture)
