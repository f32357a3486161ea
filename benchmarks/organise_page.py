"""The Organise page with 20,000 photos: how smoothly it scrolls, and what holds the window up.

    python -m benchmarks.organise_page [--photos 20000] [--stacks]

Runs offscreen. A timer of 1 ms on the main thread says how long the event loop was away, until the
plan is on show. A frame is a turn of the wheel, the events that are waiting, and a paint.
Beside it, two QTreeWidgets with an item for each photo below its folder, as one would write it.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidget, QTreeWidgetItem

from benchmarks.big_library import link_thumbnails
from benchmarks.common import clock, milliseconds, row, title
from benchmarks.grid import frames, wheel
from benchmarks.onscreen import open_window, settle, spin, spin_until
from benchmarks.organise import fill
from benchmarks.watchdog import Watchdog
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.organise.preview import Branch, Preview

_TEMPLATE = "{country}/{city}/{landmark}/{year}"
_FRAMES = 120


def make(home: Path, count: int) -> None:
    """Make a library of ``count`` accepted photos that lie in ``home`` and have thumbnails."""
    workspace = Workspace.open(home / "library")
    try:
        ids = fill(workspace, home / "album", count)
        model = workspace.model_id

        def suggest(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT INTO suggestion (photo_id, model_id, confidence, alternatives, made_at) "
                "VALUES (?, ?, 0.1, '[]', '2026-01-01T00:00:00+00:00')",
                [(id_, model) for id_ in ids],
            )

        workspace.library.write(suggest)
    finally:
        workspace.close()
    link_thumbnails(home / "library", count)


def measure(home: Path, *, stacks: bool) -> None:
    """Print the table for the library in ``home``."""
    _app, window = open_window(home / "library")
    settle(window)
    with Watchdog(stacks=stacks) as watch:
        watch.phase = "the page opens, until the plan is on show"
        start = time.perf_counter()
        window.show_page(window.organise.view)
        spin_until(lambda: window.organise.session is not None)
        session = window.organise.session
        assert session is not None
        view = session.view

        def until_planned() -> None:
            spin_until(lambda: not session.settling and session.shown is not None)
            shown = milliseconds(time.perf_counter() - start)
            spin(0.3)
            row(watch.phase, shown, "", milliseconds(watch.longest(watch.phase)))

        until_planned()
        watch.phase = "another template, until planned"
        start = time.perf_counter()
        view.form.into.setText(str(home / "album" / "sorted"))
        view.form.line.setText(_TEMPLATE)
        until_planned()
        for tree in (view.before, view.after):
            tree.expandAll()
        spin(0.3)
        for name, part in (
            ("folders before", view.before), ("folders after", view.after), ("photos", view.grid),
        ):  # fmt: skip
            watch.phase = f"{name} scroll"
            times = frames(part, lambda _number, part=part: wheel(part), _FRAMES)  # type: ignore[misc]
            row(watch.phase, milliseconds(times.median), milliseconds(times.worst),
                milliseconds(watch.longest(watch.phase)))  # fmt: skip
        watch.phase = "all are taken out by key, until planned"
        start = time.perf_counter()
        view.before.choose(view.before_rows.branches[0])
        view.before.setFocus()
        QTest.keyClick(view.before, Qt.Key.Key_Delete)
        spin(0.05)
        until_planned()
        assert session.shown is not None
        assert not session.shown.plan.steps
    watch.print_stacks()
    plain, trees = clock(lambda: _straightforward(session.shown))
    times = frames(trees[0], lambda _number: wheel(trees[0]), _FRAMES)
    row("a line for each photo: shown, scrolled", milliseconds(plain), milliseconds(times.worst))
    window.close()


def _straightforward(shown: Preview | None) -> list[QTreeWidget]:
    """Return two trees with a line for each folder and each photo, open, painted."""
    assert shown is not None
    trees = []
    for tree in (shown.before, shown.after):
        widget = QTreeWidget()
        widget.resize(400, 600)
        for top in tree.tops:
            _add(widget.invisibleRootItem(), top, shown)
        widget.expandAll()
        widget.show()
        QApplication.processEvents()
        trees.append(widget)
    return trees


def _add(above: QTreeWidgetItem, branch: Branch, shown: Preview) -> None:
    line = QTreeWidgetItem(above, [f"{branch.name} ({branch.goes + branch.out + branch.stays:,})"])
    for child in branch.children:
        _add(line, child, shown)
    for number in branch.items:
        for id_ in shown.items[number].ids:
            QTreeWidgetItem(line, [f"photo {id_}"])


def main() -> None:
    """Make a library and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--stacks", action="store_true", help="say who held the window up")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="landmark-organise-page-") as scratch:
        title(f"The Organise page with {chosen.photos:,} photos")
        make(Path(scratch), chosen.photos)
        row("", "until shown, or median", "worst frame", "window away for")
        measure(Path(scratch), stacks=chosen.stacks)


if __name__ == "__main__":
    main()
