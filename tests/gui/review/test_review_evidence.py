"""What place and time say of a suggestion is seen where it is answered, and follows the answers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from samples import draw
from shelved import fill

from landmark_desktop.gui.window import MainWindow


def settle(qtbot: QtBot, window: MainWindow) -> None:
    def still() -> bool:
        page = window.review
        return not (
            window.runner.busy or page.settling or page.witness.busy or window.library.settling
        )

    qtbot.waitUntil(still, timeout=30_000)


@pytest.fixture
def ids(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> list[int]:
    """Return three photos of one camera: in Lyon, of an unknown place, beside the second."""
    for number in range(3):
        draw(tmp_path / "shelf" / f"{number:05}.jpg", "Eiffel_Tower", mark=number)
    found = fill(window.workspace, ["Eiffel_Tower"] * 3, folder=str(tmp_path / "shelf"))

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE photo SET camera = 'Canon EOS R6'")
        place = "UPDATE photo SET latitude = 45.764, longitude = 4.8357 WHERE id = ?"
        connection.execute(place, (found[0],))
        for id_, minute in zip(found[1:], (0, 5), strict=True):
            connection.execute(
                "UPDATE photo SET taken_at = ?1, sort_at = ?1 WHERE id = ?2",
                (f"2019-06-12T12:{minute:02}:00", id_),
            )

    window.workspace.library.write(change)
    settle(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    window.review.read()
    settle(qtbot, window)
    return found


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


def panel(window: MainWindow, name: str = "") -> list[str]:
    """Return what the panel beside the photo says, of labels called ``name``."""
    labels = window.review.view.single.findChildren(QLabel)
    return [label.text() for label in labels if label.objectName() == name]


def test_a_conflict_is_shown_beside_the_photo_and_on_it_in_its_group(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    page = window.review
    badge = page.view.grid.itemDelegate()._badge
    assert [badge(id_) for id_ in ids] == ["The camera says Lyon", "", ""]
    press(window, Qt.Key.Key_O)
    settle(qtbot, window)
    assert page.course.ids[0] == ids[0]
    assert panel(window, "conflict") == ["The camera says Lyon"]
    told = panel(window)
    assert "The camera says Lyon, France, 394 km from Eiffel Tower." in told
    assert any(text.startswith("Place and time lower it from 95% to ") for text in told)


def test_an_answer_is_evidence_for_the_photos_around(
    window: MainWindow, ids: list[int], qtbot: QtBot
) -> None:
    press(window, Qt.Key.Key_O)
    settle(qtbot, window)
    press(window, Qt.Key.Key_S)
    settle(qtbot, window)
    assert window.review.course.ids[0] == ids[1]
    assert panel(window, "conflict") == []
    assert "The model says Eiffel Tower, 82%." in panel(window)
    press(window, Qt.Key.Key_A)
    settle(qtbot, window)
    assert window.review.course.ids[0] == ids[2]
    assert "A photo taken within 5 minutes shows Eiffel Tower." in panel(window)
    assert any(text.startswith("Place and time raise it from 68% to ") for text in panel(window))
