"""What the tests of teaching do again and again, and what stands in for the trainer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot
from training_steps import click

from landmark_desktop.gui.teach.dialog import TeachDialog
from landmark_desktop.gui.window import MainWindow
from training import events

REAL = 300_000  # milliseconds that a real lesson may take where the machine is busy


# What the child does in the trainer's stead: tell of a lesson, and write what one leaves.
_CHILD = """
import csv, json, os, shutil, sys
from pathlib import Path
from training import events
run, model, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def say(event): print(events.to_line(event), flush=True)
say(events.Preparing("Looking at the photos", 2, 6))
if how == "dies": os._exit(3)
if how == "fails": say(events.Failed("The photos are all alike.")); sys.exit(1)
if how == "full": say(events.Failed("The disk is full.")); sys.exit(1)
if how == "waits":
    for line in sys.stdin:
        if line.strip() == "cancel": say(events.Stopped("")); sys.exit(0)
    sys.exit(0)
say(events.Started(1, 6, 6, 2, "CPU"))
say(events.EpochDone(0, 0.5, 0.4)); say(events.EpochDone(1, 0.2, 0.2))
rows = list(csv.DictReader((run / "photos.csv").read_text(encoding="utf-8").splitlines()))
photos = [dict(path=row["path"], truth=row["label"], guess=row["label"] if n else "Taj_Mahal",
               confidence=0.9, suggested=True) for n, row in enumerate(rows)]
known = dict(photos=40, lost=0.05 if how == "loses" else 0.0, lost_ci95=[0.0, 0.09])
if how != "silent":
    (run / "judgement.json").write_text(json.dumps(dict(photos=photos, known=known)))
shutil.copy(model, run / "model.pt")
say(events.Finished(str(run / "model.pt")))
"""


def settle(qtbot: QtBot, window: MainWindow) -> None:
    page = window.library
    qtbot.waitUntil(lambda: not window.runner.busy and not page.settling, timeout=60_000)


def teach(qtbot: QtBot, window: MainWindow) -> TeachDialog:
    """Choose all photos and press Ctrl+T."""
    window.library.view.grid.setFocus()
    window.library.view.grid.selectAll()
    assert window.teach.action.isEnabled()
    window.teach.action.trigger()
    qtbot.waitUntil(lambda: window.teach.dialog is not None)
    settle(qtbot, window)
    dialog = window.teach.dialog
    assert dialog is not None
    return dialog


def find_place(qtbot: QtBot, dialog: TeachDialog, text: str) -> None:
    place = dialog.view.form.place
    place.search.setFocus()
    place.search.clear()
    qtbot.keyClicks(place.search, text)
    qtbot.waitUntil(lambda: not place.settling, timeout=5000)
    qtbot.waitUntil(lambda: place.chosen is not None, timeout=5000)


def fill(qtbot: QtBot, dialog: TeachDialog, name: str = "Old Mill") -> None:
    qtbot.keyClicks(dialog.view.form.name, name)
    dialog.view.form.kind.setEditText("Windmill")
    find_place(qtbot, dialog, "arles")


def filled(qtbot: QtBot, window: MainWindow) -> TeachDialog:
    """Choose all photos, press Ctrl+T and fill the form in."""
    dialog = teach(qtbot, window)
    fill(qtbot, dialog)
    return dialog


def learn(qtbot: QtBot, dialog: TeachDialog) -> None:
    click(qtbot, dialog.view.learn)
    assert dialog.view.stack.currentWidget() is dialog.view.running
    qtbot.waitUntil(lambda: not dialog.run.active, timeout=REAL)


def runs(window: MainWindow) -> list[Path]:
    folder = window.workspace.places.runs
    return list(folder.iterdir()) if folder.exists() else []


def gone(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.teach.dialog is None, timeout=20_000)
    settle(qtbot, window)


def begin(qtbot: QtBot, dialog: TeachDialog) -> None:
    """Begin a lesson that waits to be stopped."""
    told: list[Any] = []
    dialog.run.trainer.happened.connect(told.append)
    click(qtbot, dialog.view.learn)
    qtbot.waitUntil(lambda: any(isinstance(e, events.Preparing) for e in told), timeout=20_000)
    assert dialog.view.running.what.text() == "Looking at the photos: 2 of 6"
