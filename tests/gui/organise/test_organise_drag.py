"""Photos and folders dropped as a desktop does it: by events, with the actions that are offered."""

from __future__ import annotations

from organise_steps import after, settle, shown
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from landmark_desktop.gui.organise.session import OrganiseSession
from landmark_desktop.gui.window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drop(view: QAbstractItemView, at: QPoint, data: QMimeData, offered: Qt.DropAction) -> bool:
    """Drag over a view and drop there; return whether it was taken."""
    port = view.viewport()
    QApplication.sendEvent(port, QDragEnterEvent(QPoint(2, 2), offered, data, LEFT, NONE))
    QApplication.sendEvent(port, QDragMoveEvent(at, offered, data, LEFT, NONE))
    event = QDropEvent(QPointF(at), offered, data, LEFT, NONE)
    QApplication.sendEvent(port, event)
    return event.isAccepted()


def test_dropped_photos_go_there_and_stay_listed(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    view, rows = session.view, session.view.after_rows
    view.after.choose(after(session, "India"))
    grid, model = view.grid, session.model
    place = grid.visualRect(model.index(0, 0)).center()
    QTest.mouseClick(grid.viewport(), LEFT, NONE, place)
    assert grid.selectionModel().selectedIndexes() == [model.index(0, 0)]
    data = model.mimeData(grid.selectionModel().selectedIndexes())
    france = view.after.visualRect(rows.index_of(after(session, "France"))).center()
    assert drop(view.after, france, data, model.supportedDragActions())
    # What a view does once what was dragged from it was taken as a move.
    assert not model.removeRows(0, 1)
    assert model.rowCount() == len(model.ids) == 4
    settle(qtbot, window)
    assert len(after(session, "France").items) == 1


def test_a_folder_is_dropped_on_another_and_nowhere_else(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    tree, rows = session.view.after, session.view.after_rows
    data = rows.mimeData([rows.index_of(after(session, "India", "Agra"))])
    actions = rows.supportedDragActions()
    below = QPoint(40, tree.viewport().height() - 4)
    assert not tree.indexAt(below).isValid()
    assert not drop(tree, below, data, actions)
    top = tree.visualRect(rows.index_of(after(session, "India"))).center()
    assert not drop(tree, top, data, actions), "it is there already"
    france = tree.visualRect(rows.index_of(after(session, "France"))).center()
    assert drop(tree, france, data, actions)
    settle(qtbot, window)
    assert after(session, "France", "Agra", "Taj Mahal").goes == 4


def test_what_is_dropped_is_what_was_dragged(
    window: MainWindow, session: OrganiseSession, qtbot: QtBot
) -> None:
    rows = session.view.after_rows
    dragged = after(session, "India")
    data = rows.mimeData([rows.index_of(dragged)])
    # While the mouse is held, the library changes, and another plan comes on show.
    tower = shown(session).photos(after(session, "France"))
    session.choices.take_out(tower, shown(session))
    session.choices.send(tower[:1], shown(session), ("Aland",))
    session.plan_anew()
    settle(qtbot, window)
    assert after(session, "India").number != dragged.number
    target = rows.index_of(after(session, "Aland"))
    assert rows.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, target)
    settle(qtbot, window)
    assert after(session, "Aland", "India", "Agra", "Taj Mahal").goes == 4
    assert not rows.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, rows.index(0, 0)), (
        "there is no such folder any more"
    )
