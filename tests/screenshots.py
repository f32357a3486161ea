"""Take README's screenshots: ``python tests/screenshots.py WHAT PHOTOS docs/images``.

``WHAT``: ``library``, in both looks; ``review``: by group, one by one with a conflict, and the
history; or ``organise``: template and preview, on the way, and taken back. ``PHOTOS`` is a folder
of photos that may be shown; see docs/images/CREDITS.md for ours. For the review, some have to be of
one landmark, with the camera's position of one elsewhere. What is moved is a copy.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_desktop.actions import review, tags
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.organise import run
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.perform import State
from landmark_desktop.tasks import Cancel


def pump(seconds: float) -> None:
    """Let the window live for a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.005)


def settle(window: MainWindow) -> None:
    """Let the window live until nothing happens any more, and pictures have come."""
    pump(1)
    pages = (window.library, window.review, window.organise)
    while window.runner.busy or any(page.settling for page in pages):
        pump(0.2)
    pump(2)


def press(window: MainWindow, key: Qt.Key) -> None:
    """Press a key as a person does, and wait for what comes of it."""
    QTest.keyClick(QApplication.focusWidget() or window, key)
    settle(window)


@contextmanager
def imported(app: QApplication, look: str, photos: Path) -> Iterator[MainWindow]:
    """Yield the window of a new library with ``photos`` and what the model says of them."""
    with tempfile.TemporaryDirectory() as library:
        theme.apply(app, look)
        window = MainWindow(Workspace.open(Path(library)))
        window.resize(1360, 860)
        window.show()
        window.activateWindow()
        window.library.begin([photos])
        settle(window)
        yield window
        window.close()


def by_landmark(window: MainWindow) -> dict[str | None, int]:
    """Return a photo of each landmark."""
    model = window.library.model
    shown = [model.photo_at(row) for row in range(len(model.ids))]
    return {photo.landmark: photo.id for photo in shown if photo is not None}


def shoot_library(app: QApplication, look: str, photos: Path, out: Path) -> None:
    """Accept and tag some photos, and save one picture of the window."""
    with imported(app, look, photos) as window:
        library, found = window.library, by_landmark(window)
        accepted = [found[key] for key in ("Eiffel_Tower", "Great_Wall_of_China", "Taj_Mahal")]
        library.apply(review.accept(window.workspace, accepted))
        for path in (("Holidays", "India"), ("People", "Anna")):
            library.apply(tags.add(window.workspace, [found["Taj_Mahal"]], path))
        settle(window)
        library.view.sidebar.choose_tag(("People", "Anna"))  # opens what is above it
        library.view.sidebar.choose_all()
        settle(window)
        row = library.model.row_of(found["Taj_Mahal"])
        library.view.choose(0 if row is None else row)
        library.view.grid.scrollToTop()
        settle(window)
        window.grab().save(str(out / f"library-{look}.png"))


def shoot_review(app: QApplication, photos: Path, out: Path) -> None:
    """Go through the largest group and a conflict, and look at the history."""
    with imported(app, "light", photos) as window:
        page = window.review
        window.show_page(page.view)
        settle(window)
        largest = max(page.course.groups, key=lambda group: len(group.photos))
        page.step(page.course.groups.index(largest) - page.course.place)
        settle(window)
        wrong = next(i for i in largest.photos if (told := page.witness.of(i)) and told.badge)
        page.view.grid.restore([wrong], None)
        press(window, Qt.Key.Key_Space)
        window.grab().save(str(out / "review-group.png"))
        for key in (Qt.Key.Key_A, Qt.Key.Key_A, Qt.Key.Key_X, Qt.Key.Key_O):
            press(window, key)
        page.course.show_first(wrong)
        page._show()
        settle(window)
        window.grab().save(str(out / "review-conflict.png"))
        press(window, Qt.Key.Key_X)
        while (told := page.witness.of(page.course.ids[0])) is None or told.badge or told.moved:
            press(window, Qt.Key.Key_S)
        window.grab().save(str(out / "review-single.png"))
        press(window, Qt.Key.Key_A)
        window.library.apply(tags.add(window.workspace, list(largest.photos), ("Holidays", "2023")))
        window.library.undo()
        settle(window)
        window.show_history()
        settle(window)
        assert window.history is not None
        window.history.resize(760, 360)
        settle(window)
        window.history.grab().save(str(out / "history.png"))
        window.history.close()


def shoot_organise(app: QApplication, photos: Path, out: Path) -> None:
    """Accept what is suggested, look at the plan, move half of it, take it back."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "Pictures"
        shutil.copytree(photos, pictures)
        with imported(app, "light", pictures) as window:
            window.library.apply(review.accept(window.workspace, window.library.model.ids))
            window.show_page(window.organise.view)
            settle(window)
            session = window.organise.session
            assert session is not None
            view = session.view
            view.form.line.setText("{country}/{city|region}/{landmark}")
            settle(window)
            before = view.before_rows.branches
            view.before.choose(max(before, key=lambda each: len(each.items)))
            settle(window)
            window.grab().save(str(out / "organise.png"))
            perform = vars(run)["perform"]

            def slowly(step: Step, cancel: Cancel | None = None) -> State:
                time.sleep(0.4)  # it would be over before it is seen
                done: State = perform(step, cancel)
                return done

            vars(run)["perform"] = slowly
            view.do.setFocus()
            QTest.keyClick(view.do, Qt.Key.Key_Space)
            pump(3)
            window.grab().save(str(out / "organise-progress.png"))
            vars(run)["perform"] = perform
            settle(window)
            window.grab().save(str(out / "organise-moved.png"))
            window.library.undo()
            settle(window)
            window.grab().save(str(out / "organise-undone.png"))


def main() -> None:
    """Take every screenshot of one kind."""
    what, photos, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    if what == "library":
        for look in ("light", "dark"):
            shoot_library(app, look, photos, out)
    elif what == "organise":
        shoot_organise(app, photos, out)
    else:
        shoot_review(app, photos, out)


if __name__ == "__main__":
    main()
