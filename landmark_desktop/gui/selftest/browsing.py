"""Steps of the self-test: the window, an import, thumbnails, suggestions, why, a decision."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from landmark_desktop import paths
from landmark_desktop.actions import browse
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.runner import Job
from landmark_desktop.gui.selftest import pictures
from landmark_desktop.gui.selftest.trial import StepFailed, Trial
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter


def opens(trial: Trial) -> str:
    """Open the window on a new library and paint every page."""
    workspace = Workspace.open(trial.folder / "library")
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, workspace.settings.theme)
    app.setWindowIcon(theme.icon("app"))
    if app.windowIcon().pixmap(64).isNull():
        raise StepFailed("icons cannot be drawn (Qt's SVG plugins are missing?)")
    window = MainWindow(workspace)
    trial.show(window)
    window.show()
    window.begin([])
    trial.wait(window.isVisible, 10, "window on screen")
    for page in window.pages:
        window.show_page(page.view)
        for _ in range(10):
            trial.breathe()
        # What a page consists of is imported when it is first seen: all of it has to be there.
        trial.wait(lambda: not window.runner.busy, 60, f"{page.title} page")
        if window.grab().isNull():
            raise StepFailed(f"the page {page.title} cannot be painted")
    window.show_page(window.library.view)
    return f"{len(window.pages)} pages, Qt on {QApplication.platformName()}"


def imports(trial: Trial) -> str:
    """Import drawn photos of every format, and the person's own where they are named."""
    trial.album = pictures.album(trial.folder / "album")
    wanted = [trial.folder / "album", *([trial.photos] if trial.photos is not None else [])]
    begun: list[Job] = []
    ended: list[object] = []
    trial.window.runner.started.connect(begun.append)
    trial.window.open_paths(wanted)
    trial.window.runner.started.disconnect(begun.append)
    begun[0].ended.connect(ended.append)
    trial.wait(lambda: bool(ended), 300, "end of the import")
    known = photos(trial)
    unread = [f"{file.path.name} ({file.reason})" for file in browse.unreadable(_workspace(trial))
              if trial.folder in file.path.parents]  # fmt: skip
    if unread:
        raise StepFailed(f"unreadable: {', '.join(unread)}")
    missing = set(trial.album) - {photo.path for photo in known}
    if missing:
        raise StepFailed(f"not in the library: {sorted(path.name for path in missing)}")
    told = [photo for photo in known if photo.facts.camera == pictures.CAMERA]
    if not told:
        raise StepFailed("what cameras write in photos was not read (exiv2)")
    formats = sorted({photo.facts.format for photo in known})
    return f"{len(known)} photos, {' '.join(formats)}"


def thumbnails(trial: Trial) -> str:
    """Have a thumbnail of each photo drawn."""
    loader, known = trial.window.library.pictures, photos(trial)[:200]
    trial.wait(
        lambda: all(loader.get(photo) is not None for photo in known), 120, "picture of each photo"
    )
    return f"{len(known)} pictures"


def suggests(trial: Trial) -> str:
    """Have the shipped model look at each photo."""
    if _workspace(trial).recogniser.path != paths.default_model():
        raise StepFailed("another model is in use")
    known = looked_at(trial, 600)
    named = sum(photo.landmark is not None for photo in known)
    engine = _workspace(trial).recogniser.engine()
    return f"{len(known)} photos, {named} recognised, on {engine.device}"


def decides(trial: Trial) -> str:
    """Accept a landmark for a photo, find it by its tag, and take it back."""
    library, photo = trial.window.library, photos(trial)[0]
    assert photo.suggestion is not None
    landmark = photo.suggestion.alternatives[0][0]
    trial.wait(lambda: library.model.row_of(photo.id) is not None, 30, "photo in the grid")
    library.view.choose(library.model.row_of(photo.id))
    library.accept(landmark)
    trial.wait(lambda: photos(trial, photo.id)[0].accepted == landmark, 30, "accepted landmark")
    tag = photos(trial, photo.id)[0].tags[0].name
    found = browse.listing(_workspace(trial), Filter(text=tag))
    if photo.id not in found.ids:
        raise StepFailed(f"the photo is not found by its tag {tag}")
    library.undo()
    trial.wait(lambda: photos(trial, photo.id)[0].accepted is None, 30, "undone decision")
    return tag


def explains(trial: Trial) -> str:
    """Have a heat map of what the model looked at laid over a photo, and taken away again."""
    library, photo = trial.window.library, looked_at(trial, 600)[0]
    strip = library.view.inspector.why
    trial.wait(lambda: library.model.row_of(photo.id) is not None, 30, "photo in the grid")
    library.view.choose(library.model.row_of(photo.id))
    strip.button.setChecked(True)
    trial.wait(lambda: "spoke for" in strip.caption.text(), 120, "heat map")
    said = strip.caption.text()
    strip.button.setChecked(False)
    return said


def photos(trial: Trial, *ids: int) -> list[Photo]:
    """Return these photos of the library, or all of them."""
    workspace = _workspace(trial)
    return browse.rows(workspace, ids or browse.listing(workspace, Filter()).ids)


def looked_at(trial: Trial, seconds: float) -> list[Photo]:
    """Wait until the model in use has looked at each readable photo, and return these."""

    def readable() -> list[Photo]:
        return [photo for photo in photos(trial) if photo.problem is None]

    def done() -> bool:
        return all(photo.suggestion is not None and not photo.stale for photo in readable())

    trial.wait(done, seconds, "suggestion for each photo")
    return readable()


def _workspace(trial: Trial) -> Workspace:
    return trial.window.workspace
