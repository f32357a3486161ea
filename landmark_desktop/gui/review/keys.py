"""The keys of the Review page. They rest while the search box for another landmark is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from landmark_desktop.actions.review_queue import By

if TYPE_CHECKING:
    from landmark_desktop.gui.review.page import ReviewPage


def bind(page: ReviewPage) -> None:
    """Have the keys of the page do what they do."""
    view = page.view
    grid, picture = view.grid, view.single.picture

    def enter() -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and view.isAncestorOf(focused):
            focused.click()  # nobody means "accept" who has gone to "Reject"
        else:
            page.accept()

    everywhere: tuple[tuple[str, Callable[[], object]], ...] = (
        ("A", lambda: page.accept()),
        ("Return", enter),
        ("Enter", enter),
        ("X", page.reject),
        ("C", page.choose),
        ("/", page.choose),
        ("N", page.no_landmark),
        ("S", page.skip),
        ("Backspace", page.take_back),
        ("Alt+Down", lambda: page.step(1)),
        ("Alt+Up", lambda: page.step(-1)),
        ("L", lambda: page.go_by(By.LANDMARK)),
        ("E", lambda: page.go_by(By.EVENT)),
        ("O", lambda: page.go_by(By.SINGLE)),
        *((str(n), lambda n=n: page.accept_other(n)) for n in range(1, 5)),  # type: ignore[misc]
    )
    bound = [_bind(key, view, what) for key, what in everywhere]
    # The arrows and Space belong to buttons, lists and sliders too.
    for key, widget, what in (
        ("Space", grid, page.toggle_current),
        ("Right", picture, page.skip),
        ("Left", picture, page.take_back),
    ):
        here = _bind(key, widget, what)
        here.setContext(Qt.ShortcutContext.WidgetShortcut)
        bound.append(here)

    def listen(on: bool) -> None:
        for shortcut in bound:
            shortcut.setEnabled(on)

    view.chooser.opened.connect(lambda: listen(False))
    view.chooser.closed.connect(lambda: listen(True))


def _bind(key: str, widget: QWidget, what: Callable[[], object]) -> QShortcut:
    shortcut = QShortcut(QKeySequence(key), widget)
    shortcut.activated.connect(lambda: what())
    return shortcut
