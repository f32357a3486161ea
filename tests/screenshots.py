"""Take README's screenshots: ``python tests/screenshots.py PHOTOS docs/images``.

``PHOTOS`` is a folder of photos that may be shown; see docs/images/CREDITS.md for ours.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from landmark_desktop.actions import review
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.window import MainWindow


def pump(app: QApplication, seconds: float) -> None:
    """Let the window live for a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.005)


def shoot(app: QApplication, look: str, photos: Path, out: Path) -> None:
    """Import ``photos`` into a new library, accept some, and save one picture of the window."""
    with tempfile.TemporaryDirectory() as library:
        theme.apply(app, look)
        workspace = Workspace.open(Path(library))
        window = MainWindow(workspace)
        window.resize(1360, 860)
        window.show()
        window.library.begin([photos])
        pump(app, 1)
        while window.runner.busy or window.library.settling:
            pump(app, 0.2)
        model = window.library.model
        shown = [model.photo_at(row) for row in range(len(model.ids))]
        by_landmark = {photo.landmark: photo.id for photo in shown if photo is not None}
        accepted = [by_landmark[key] for key in ("Eiffel_Tower", "Great_Wall_of_China")]
        window.library.apply(review.accept(workspace, accepted))
        row = model.row_of(by_landmark["Taj_Mahal"])
        window.library.view.choose(0 if row is None else row)
        window.library.view.grid.scrollToTop()
        pump(app, 2)
        window.grab().save(str(out / f"library-{look}.png"))
        window.close()


def main() -> None:
    """Take every screenshot."""
    photos, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for look in ("light", "dark"):
        shoot(app, look, photos, out)


if __name__ == "__main__":
    main()
