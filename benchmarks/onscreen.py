"""Open the real window for a benchmark, wait for it, and notice what it has painted.

Not a benchmark itself; ``benchmarks.window`` and ``benchmarks.grid`` use it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.text.font.db=false;qt.qpa.fonts=false")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.window import MainWindow


def open_window(library: Path) -> tuple[QApplication, MainWindow]:
    """Open the window on a library as ``gui.app.run`` does, without its event loop."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    workspace = Workspace.open(library)
    theme.apply(app, "light")
    window = MainWindow(workspace)
    window.show()
    return app, window


def spin(seconds: float) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def spin_until(condition: Callable[[], bool], *, limit: float = 120.0, every: int = 20) -> float:
    """Let the event loop run until ``condition`` holds; return the seconds that took."""
    start = time.perf_counter()
    loop, timer = QEventLoop(), QTimer()

    def look() -> None:
        if condition() or time.perf_counter() - start > limit:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(every)
    loop.exec()
    timer.stop()
    if not condition():
        raise TimeoutError(f"nothing came of it within {limit:.0f} s")
    return time.perf_counter() - start


def settle(window: MainWindow, quiet: float = 1.2) -> None:
    """Wait until no job has run for longer than the pause before lists are read anew."""
    since = time.perf_counter()

    def is_quiet() -> bool:
        nonlocal since
        if window.runner.busy:
            since = time.perf_counter()
        return time.perf_counter() - since > quiet

    spin_until(is_quiet)


class Paints(QObject):
    """Notes when the window was first painted, its first thumbnail, and a screen full of them.

    ``moments``: what -> ``time.time()`` at the end of that paint.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.moments: dict[str, float] = {}
        self._window = window
        self._ready = 0
        page = window.library
        page.pictures.ready.connect(self._on_answer)
        page.pictures.failed.connect(self._on_answer)
        for widget in (window, page.view.grid.viewport(), page.view.empty):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._note("window")
            if watched is self._window.library.view.grid.viewport() and self._ready:
                self._note("thumbnail")
                if self._ready >= self.visible():
                    self._note("screenful")
        return False

    def visible(self) -> int:
        """Return how many photos the grid shows at once."""
        grid = self._window.library.view.grid
        cell, space = grid.sizeHintForIndex(grid.model().index(0, 0)), grid.viewport().size()
        rows = -(-space.height() // cell.height())
        return min(rows * (space.width() // cell.width()), len(self._window.library.model.ids))

    def _on_answer(self, *_: object) -> None:
        self._ready += 1

    def _note(self, what: str) -> None:
        if what not in self.moments:
            self.moments[what] = 0.0
            # Behind the paint pass that this event belongs to.
            QTimer.singleShot(0, lambda: self._stamp(what))

    def _stamp(self, what: str) -> None:
        self.moments[what] = time.time()
