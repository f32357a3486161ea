"""What the tests of the Models page do again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.gui.window import MainWindow
from training.bundle import Card, OperatingPoint

Open = Callable[[], MainWindow]


METRICS: dict[str, Any] = {
    "n": 400, "top1": 0.9, "top1_ci95": [0.866, 0.926], "ece": 0.03, "kept_rate": 0.8,
    "suggestion_precision": 0.97, "false_suggestion_rate": 0.02, "data": "400 photos of mine",
    "per_class": {"Taj_Mahal": {"n": 200, "recall": 0.9}},
    "confused": [{"truth": "Taj_Mahal", "guess": "Eiffel_Tower", "count": 7, "n": 200}],
    "reliability": [
        {"low": 0.8, "high": 0.9, "n": 40, "confidence": 0.85, "accuracy": 0.75},
        {"low": 0.9, "high": 1.0, "n": 1, "confidence": 0.95, "accuracy": 1.0},
    ],
}  # fmt: skip


def swapped(card: Card) -> Card:
    """The same network with the names of its two landmarks exchanged."""
    first, second, *rest = card.labels
    return replace(
        card, name="Swapped", labels=(second, first, *rest), metrics={"validation": METRICS},
        operating_points=(OperatingPoint(0.6, 0.97, 0.8, 0.02), OperatingPoint(0.9, 0.99, 0.5)),
        provenance={"backbone": "A net (MIT)", "made_on": "2026-10-02", "licence": "CC0-1.0",
                    "about": {"weaknesses": ["Fog.", "Night."], "coverage": ["France only."]}},
        training={"data": "trips/2026"},
    )  # fmt: skip


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing runs and both pages are up to date."""

    def quiet() -> bool:
        pages = window.library.settling or window.models.settling
        return not (window.runner.busy or pages)

    qtbot.waitUntil(quiet, timeout=60_000)


def drop(window: MainWindow, *files: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    move = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    window.dragEnterEvent(QDragEnterEvent(QPoint(600, 400), move, mime, buttons, keys))
    window.dropEvent(QDropEvent(QPointF(600, 400), move, mime, buttons, keys))


def names(window: MainWindow) -> list[str]:
    return [model.name for model in window.models.model.models]


def named(window: MainWindow, name: str) -> Shelved:
    return next(model for model in window.models.model.models if model.name == name)


def button(window: MainWindow, name: str) -> QPushButton:
    found = window.models.view.detail._content.findChild(QPushButton, name)
    assert found is not None, name
    return found


def text(window: MainWindow) -> str:
    pane = window.models.view.pane.currentWidget()
    return "\n".join(label.text() for label in pane._content.findChildren(QLabel))


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.text()]


def told(qtbot: QtBot) -> str:
    """Return what the box on screen says, and close it."""
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    (box,) = boxes()
    said = f"{box.text()} {box.informativeText()}"
    box.close()
    qtbot.waitUntil(lambda: not boxes())
    return said


def said_of_photos(window: MainWindow) -> list[str]:
    model = window.library.model
    shown = [model.photo_at(row) for row in range(len(model.ids))]
    return [model.describe(photo) for photo in shown if photo is not None]


def count(window: MainWindow, words: str) -> int:
    return sum(words in said for said in said_of_photos(window))
