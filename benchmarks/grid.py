"""100,000 photos in the window: scrolling, resizing, choosing, filtering, a photo that comes in.

    python -m benchmarks.window --part grid      # makes the library first

The straightforward way is a QListWidget in icon mode with an item and an icon a photo.
A frame is a step, the events that are waiting, and a paint of the whole grid.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QListWidget, QWidget
from PySide6.QtWidgets import QListWidgetItem as Item

from benchmarks.common import Times, clock, milliseconds, peak_memory, ratio, row, small_pictures
from benchmarks.onscreen import Paints, open_window, settle, spin, spin_until
from benchmarks.watchdog import Watchdog
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.library import photos
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.records import Facts, Found

FRAME = 1 / 60


def frames(view: QAbstractItemView, step: Callable[[int], None], count: int) -> Times:
    """Do ``step`` sixty times a second; return what the main thread spent on each frame."""
    spent = []
    for number in range(count):
        start = time.perf_counter()
        step(number)
        QApplication.processEvents()
        view.viewport().repaint()
        spent.append(time.perf_counter() - start)
        if spent[-1] < FRAME:
            spin(FRAME - spent[-1])
    return Times(tuple(spent))


def wheel(view: QAbstractItemView) -> None:
    """Turn the wheel by one notch over the middle of ``view``."""
    at = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        at, QPointF(view.viewport().mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def drag(view: QAbstractItemView, share: float) -> None:
    """Bring the scroll bar's handle to ``share`` (0 to 1) of its way."""
    bar = view.verticalScrollBar()
    bar.setValue(int(share * bar.maximum()))


class PlainGrid(QListWidget):
    """The grid as one would write it without thinking of size."""

    def __init__(self, count: int) -> None:
        super().__init__()
        icons = []
        for content in small_pictures(16, 384):
            pixmap = QPixmap()
            pixmap.loadFromData(content)
            icons.append(QIcon(pixmap))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setIconSize(QSize(200, 156))
        for number in range(count):
            self.addItem(Item(icons[number % len(icons)], f"IMG_{number:05}.jpg"))
        self.resize(800, 700)


# What is measured: a step of it on a view whose window is given, frames of ours, of the plain.
_Step = Callable[[QAbstractItemView, QWidget, int], None]
_MOVES: tuple[tuple[str, _Step, int, int], ...] = (
    ("scrolling by the wheel, a notch a frame", lambda view, _w, _n: wheel(view), 400, 30),
    ("dragging the handle through all photos",
     lambda view, _w, n: drag(view, n % 200 / 200), 200, 10),
    ("making the window wider, step by step",
     lambda _v, widget, n: widget.resize(widget.width() + (10 if n % 40 < 20 else -10),
                                         widget.height()), 40, 2),
)  # fmt: skip


def moving(window: MainWindow, count: int) -> None:
    """Print times per frame of our grid, then of the straightforward one beside them."""
    grid = window.library.view.grid
    ours = [frames(grid, partial(step, grid, window), number) for _, step, number, _ in _MOVES]
    memory = peak_memory()
    window.hide()
    filling, plain = clock(lambda: PlainGrid(count))
    plain.show()
    laying_out, _ = clock(lambda: (QApplication.processEvents(), plain.viewport().repaint()))
    row("a frame (60 a second are 16.7 ms)", "median", "99 %", "worst", "straightforward", "ratio")
    for (what, step, _, number), times in zip(_MOVES, ours, strict=True):
        other = frames(plain, partial(step, plain, plain), number).median
        values = (times.median, times.percentile(0.99), times.worst, other)
        row(what, *map(milliseconds, values), ratio(other, times.median))
    row(
        "straightforward: filled, then first shown", milliseconds(filling), milliseconds(laying_out)
    )
    row("peak memory before it, no torch", memory)
    plain.close()


class Deeds:
    """What a person does in a large library, with the watchdog looking on."""

    def __init__(self, window: MainWindow, watchdog: Watchdog) -> None:
        self._window, self._page, self._watchdog = window, window.library, watchdog
        self._next = 10**6

    def run(self) -> None:
        """Print for each deed how long until the lists show it, and the longest gap."""
        page = self._page
        row("", "until shown", "main thread away", "over 100 ms")
        self._deed("a photo comes in", self._comes_in, lambda: self._next in page.model.ids[:1])
        number = len(page.model.ids)
        self._deed("search: anna", lambda: page.view.search.setText("anna"),
                   lambda: 0 < len(page.model.ids) < number)  # fmt: skip
        self._deed("search taken back", page.show_all, lambda: len(page.model.ids) == number)
        self._deed("to review", lambda: self._list("state:waiting"),
                   lambda: 0 < len(page.model.ids) < number)  # fmt: skip
        some = len(page.model.ids)
        self._deed("accept one", self._accept, lambda: len(page.model.ids) == some - 1)
        self._deed("all photos again", page.show_all, lambda: len(page.model.ids) == number)
        self._deed("choose all (Ctrl+A)", page.view.grid.selectAll, lambda: True)
        self._deed("a letter is typed", lambda: QTest.keyClick(page.view.grid, Qt.Key.Key_Q),
                   lambda: True)  # fmt: skip
        self._deed("choose none", page.view.grid.clearSelection, lambda: True)

    def _deed(self, what: str, act: Callable[[], object], shown: Callable[[], bool]) -> None:
        self._watchdog.phase = what
        start = time.perf_counter()
        spin(0.005)
        act()
        spin_until(shown, every=2)
        taken = time.perf_counter() - start - 0.005
        settle(self._window)
        self._watchdog.phase = "idle"
        spin(0.005)
        watchdog = self._watchdog
        row(what, milliseconds(taken), milliseconds(watchdog.longest(what)),
            str(watchdog.over(what)))  # fmt: skip

    def _comes_in(self) -> None:
        workspace = self._window.workspace
        path = Path(f"/home/person/Pictures/new/IMG_{time.time_ns()}.jpg")
        found = Found(path, f"{time.time_ns():040x}", 1, 1, Facts("JPEG", 4, 3, 1, "2030-01-01T00"))
        ids = workspace.library.write(lambda c: photos.store(c, [found], lambda _path: True))
        self._next = ids[0]
        self._page.apply(ChangeSet(frozenset(ids), listing=True))

    def leave_as_found(self) -> None:
        """Take the photo that came in out again; a kept library serves the next run too."""
        self._window.workspace.library.write(
            lambda c: c.execute("DELETE FROM photo WHERE id = ?", (self._next,)).rowcount
        )

    def _list(self, key: str) -> None:
        sidebar = self._page.view.sidebar
        sidebar.setCurrentIndex(sidebar.index_of(key))

    def _accept(self) -> None:
        self._page.view.choose(0)
        self._page.accept()


def main() -> None:
    """Open the library in ``argv[1]`` and print the tables."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--stacks"]
    app, window = open_window(Path(arguments[0]))
    paints = Paints(window)
    spin_until(lambda: "screenful" in paints.moments)
    settle(window)
    count = len(window.library.model.ids)
    print(f"{count:,} photos in the window", flush=True)
    watchdog = Watchdog(stacks="--stacks" in sys.argv)
    with watchdog:
        deeds = Deeds(window, watchdog)
        deeds.run()
        deeds.leave_as_found()
    watchdog.print_stacks()
    print()
    moving(window, count)
    assert "torch" not in sys.modules
    window.close()
    app.processEvents()


if __name__ == "__main__":
    main()
