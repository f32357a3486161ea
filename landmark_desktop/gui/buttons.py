"""Buttons of dialogs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton


def dialog_button(text: str, tip: str, what: Callable[[], object]) -> QPushButton:
    """Return a button that does ``what``; Enter elsewhere in the dialog does not press it."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: what())
    return button
