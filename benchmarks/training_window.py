"""The window while a model is trained: is the main thread ever away, and do predictions hold?

    python -m benchmarks.training_window ../shared/data/provence/train
    python -m benchmarks.training_window ../shared/data/provence/train --stacks

Opens the real window offscreen on a library of some thousand photos, trains at full depth from the
Training page with that page in front, then scrolls the Library page in front of the running
training, and in the end uses the model. A timer of 1 ms says how long the event loop was away.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.big_library import build, link_thumbnails
from benchmarks.common import milliseconds, row, title
from benchmarks.onscreen import open_window, settle, spin, spin_until
from benchmarks.watchdog import LIMIT, Watchdog
from landmark_desktop.actions.photo_set import OnDisk
from landmark_desktop.gui.training.view import RESULT
from landmark_desktop.gui.window import MainWindow
from training import events

_SCROLL_MS = 16


class _Forecast:
    """Notes what the trainer said of the time left, and when that was."""

    def __init__(self, window: MainWindow) -> None:
        self.said: list[tuple[float, int, float]] = []  # when, epoch, seconds left
        self.epochs: list[float] = []  # when each was over
        window.training.session.trainer.happened.connect(self._on_event)

    def _on_event(self, event: events.Event) -> None:
        if isinstance(event, events.BatchDone):
            self.said.append((time.perf_counter(), event.epoch, event.seconds_left))
        elif isinstance(event, events.EpochDone):
            self.epochs.append(time.perf_counter())

    def print(self) -> None:
        """Print how far off the predictions behind the first epoch were, up to its last tenth."""
        if len(self.epochs) < 2:
            return
        end, first = self.epochs[-1], self.epochs[0]
        early = [(at, left) for at, _, left in self.said if first < at < end - (end - first) / 10]
        errors = sorted((left - (end - at)) / (end - at) for at, left in early)
        if errors:
            row("time left, first prediction behind the first epoch",
                f"{early[0][1]:.0f} s said", f"{end - early[0][0]:.0f} s true")  # fmt: skip
            row("time left, error from there to the last tenth", f"{errors[0]:+.0%}",
                f"{errors[-1]:+.0%}")  # fmt: skip


def _scroll(window: MainWindow, seconds: float) -> None:
    """Scroll the grid up and down for a while, one step a frame."""
    bar = window.library.view.grid.verticalScrollBar()
    until, step = time.perf_counter() + seconds, bar.pageStep() // 8
    while time.perf_counter() < until:
        if not bar.minimum() < bar.value() + step < bar.maximum():
            step = -step
        bar.setValue(bar.value() + step)
        spin(_SCROLL_MS / 1000)


def measure(data: Path, photos: int, seconds: float, epochs: int, stacks: bool) -> None:
    """Train on ``data`` and print how long the main thread was away in each phase."""
    with tempfile.TemporaryDirectory(prefix="landmark-training-") as folder:
        library = Path(folder) / "library"
        build(library, photos, unseen=False)
        link_thumbnails(library, photos)
        app, window = open_window(library)
        settle(window)
        watchdog = Watchdog(stacks=stacks)
        with watchdog:
            watchdog.phase = "opening the page"
            window.show_page(window.training.view)
            spin_until(lambda: window.training._session is not None)
            session = window.training.session
            settle(window)
            watchdog.phase = "looking through the photos"
            window.training.choose(OnDisk(data))
            spin_until(lambda: session._looking is None, limit=600)
            settle(window)
            watchdog.phase = "choosing the method"
            session.view.data.next.click()
            how = session.view.how
            how.cards["quick"].click()
            how.advanced.widgets["depth"].setCurrentIndex(0)
            how.advanced.widgets["epochs"].setValue(epochs)
            spin(1)
            forecast = _Forecast(window)
            watchdog.phase = "starting: decoding, features, last layer"
            how.start.click()
            spin_until(lambda: window.training.busy)
            spin_until(lambda: session.leading.course.phase == "full", limit=600)
            watchdog.phase = "training, its page in front"
            spin(seconds)
            watchdog.phase = "training, the library scrolled"
            window.show_page(window.library.view)
            _scroll(window, seconds)
            watchdog.phase = "training, back on its page"
            window.show_page(window.training.view)
            spin_until(lambda: not window.training.busy, limit=1800)
            watchdog.phase = "showing the result"
            spin_until(lambda: session.view.step == RESULT)
            settle(window)
            watchdog.phase = "using the model"
            before, start = window.workspace.model, time.perf_counter()
            session.view.result.use.click()
            spin_until(lambda: window.workspace.model is not before)
            used = time.perf_counter() - start
            spin(2)
        row("main thread away while", "longest", "over 100 ms", "over 50 ms")
        for phase in watchdog.gaps:
            row(phase, milliseconds(watchdog.longest(phase)), str(watchdog.over(phase)),
                str(watchdog.over(phase, LIMIT / 2)))  # fmt: skip
        print()
        forecast.print()
        row('from "use this model" to its first look at photos', f"{used:.1f} s")
        watchdog.print_stacks()
        window.close()
        app.processEvents()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="labelled photos to train on")
    parser.add_argument("--photos", type=int, default=4000, help="photos in the library")
    parser.add_argument("--seconds", type=float, default=45, help="to stay on each page")
    parser.add_argument("--epochs", type=int, default=3, help="of the whole network")
    parser.add_argument("--stacks", action="store_true", help="print who held the main thread up")
    chosen = parser.parse_args()
    title("The window while a model is trained, offscreen")
    measure(chosen.data, chosen.photos, chosen.seconds, chosen.epochs, chosen.stacks)


if __name__ == "__main__":
    main()
