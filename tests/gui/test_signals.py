"""PySide6 6.12.0 on Python 3.11 aborts within about a thousand emits; the pinned one must not."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot


class Source(QObject):
    plain = Signal()
    loaded = Signal(object)


def test_twenty_thousand_emits_drop_no_reference(qtbot: QtBot) -> None:
    source, received = Source(), []
    source.plain.connect(lambda: received.append(None))
    source.loaded.connect(received.append)
    before = sys.getrefcount(True)
    for number in range(20_000):
        source.plain.emit()
        source.loaded.emit(number)
    assert len(received) == 40_000
    # On Python 3.12 and later True is immortal and this holds of itself.
    assert abs(sys.getrefcount(True) - before) < 1000
