"""The line that a template is typed into: tokens are put in at the cursor, an error is marked."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from landmark_desktop.gui import theme


class TemplateLine(QLineEdit):
    """A line edit that underlines where its text cannot be read."""

    def __init__(self) -> None:
        super().__init__()
        self._wrong: tuple[int, int] | None = None
        self.setAccessibleName("Template of the folders")
        self.setToolTip(
            "Folders as / between them; in {braces} what is known of a photo, with | between "
            "what to take instead where that is not known (Alt+T)"
        )

    @property
    def marked(self) -> str:
        """The part of the text that is marked as wrong."""
        return "" if self._wrong is None else self.text()[slice(*self._wrong)]

    def mark(self, at: int | None) -> None:
        """Mark what begins at this character as wrong; ``None``: nothing is."""
        self._wrong = None if at is None else (at, wrong_until(self.text(), at))
        self.update()

    def put(self, token: str) -> None:
        """Put a token in at the cursor, in place of what is selected."""
        if self.hasSelectedText():
            self.del_()
        before = self.cursorPosition()
        self.insert(insertion(self.text(), before, token))
        self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._wrong is None:
            return
        metrics, text, cursor = self.fontMetrics(), self.text(), self.cursorRect()
        # The line scrolls with its cursor, so that is what places are measured from.
        start = cursor.center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left, right = (start + metrics.horizontalAdvance(text[:at]) for at in self._wrong)
        top = cursor.bottom() - 1
        painter = QPainter(self)
        painter.fillRect(
            QRectF(QPoint(left, top), QPoint(max(right, left + 6), top + 2)),
            QColor(theme.colours().bad),
        )
        painter.end()


def wrong_until(text: str, at: int) -> int:
    """Return where the part of a template ends that begins at ``at`` and cannot be read."""
    if text[at : at + 1] == "{":
        return len(text)
    word = re.compile(r"[^{}|/:]+|.").match(text, at)
    return word.end() if word else min(at + 1, len(text))


def insertion(text: str, at: int, token: str) -> str:
    """Return what to insert at ``at`` so that a token comes into a template.

    Between braces it becomes one more offer; behind another token, a folder inside that one's.
    """
    before, after = text[:at], text[at:]
    if before.rfind("{") > before.rfind("}"):
        head = "" if before.rstrip()[-1] in "{|" else "|"
        tail = "" if after.lstrip()[:1] in ("", "}", "|") else "|"
        return f"{head}{token}{tail}"
    head = "/" if before.rstrip().endswith("}") else ""
    tail = "/" if after.lstrip().startswith("{") else ""
    return f"{head}{{{token}}}{tail}"
