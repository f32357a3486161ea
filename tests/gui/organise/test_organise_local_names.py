"""Local names on the page: ticked by key, in examples, trees and offers, whatever their script."""

from __future__ import annotations

from pathlib import Path

import pytest
from organise_steps import after, fill, opened, press, settle
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from landmark_desktop.actions import review
from landmark_desktop.gui.organise.session import OrganiseSession
from landmark_desktop.gui.window import MainWindow

EGYPT, GIZA, PYRAMIDS = "مصر", "الجيزة", "أهرامات الجيزة"
IN_A_LINE = f"\u200eSorted / \u200e{EGYPT} / \u200e{GIZA} / \u200e{PYRAMIDS}"


@pytest.fixture
def session(window: MainWindow, album: Path, qtbot: QtBot) -> OrganiseSession:
    """Return the page's life on a library with four photos of the Pyramids and five of a tower."""
    ids = fill(window, album)
    pyramids = [ids[f"photo {n:02}.jpg"] for n in range(5, 9)]
    review.accept(window.workspace, pyramids, "Pyramids_of_Giza")
    return opened(qtbot, window)


def test_the_box_calls_all_places_by_their_local_names(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view = session.view
    english = ["Sorted / France / Paris / Eiffel Tower", "Sorted / Egypt / Giza / Pyramids of Giza"]
    assert [sample.said for sample in view.samples.samples][:2] == english
    view.form.local.setFocus()
    press(window, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert [sample.said for sample in view.samples.samples][:2] == [
        "Sorted / France / Paris / Tour Eiffel", IN_A_LINE,
    ]  # fmt: skip
    assert after(session, EGYPT, GIZA, PYRAMIDS)
    view.form.local.setFocus()
    press(window, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert [sample.said for sample in view.samples.samples][:2] == english


def test_a_name_that_is_read_leftwards_keeps_its_place(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view = session.view
    view.form.local.setFocus()
    press(window, Qt.Key.Key_Space)
    settle(qtbot, window)
    view.after.choose(after(session, EGYPT, GIZA, PYRAMIDS))
    settle(qtbot, window)
    assert view.heading.text() == PYRAMIDS
    # On the left like every other heading: the right half of the line is empty.
    picture = view.heading.grab().toImage()
    empty = picture.pixel(picture.width() - 1, 0)
    right = range(picture.width() // 2, picture.width())
    assert {picture.pixel(x, y) for x in right for y in range(picture.height())} == {empty}
    view.after.setFocus()
    press(window, Qt.Key.Key_F2)
    assert view.mover.line.text() == "/".join((EGYPT, GIZA, PYRAMIDS))
    assert view.mover.list.item(0).text() == IN_A_LINE
    press(window, Qt.Key.Key_Escape)
