"""One line of the inspector: whether the chosen photo's tags are in its files, or why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import failures
from landmark_desktop.gui.history.model import when
from landmark_desktop.gui.runner import Runner

if TYPE_CHECKING:
    from landmark_desktop.actions.write_state import InFiles

_STILL_MS = 120  # who walks through the photos does not read it


class InFileLine(QLabel):
    """Hidden where there is nothing to say, or several photos are chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("small")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setWordWrap(True)
        self.setMinimumWidth(1)
        self.setToolTip("Whether other programs see this photo's tags (Ctrl+S writes them)")
        self.say("")

    def say(self, text: str) -> None:
        """Show this, or nothing."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))


class InFile(QObject):
    """Finds out what the line says, a moment after a photo was chosen, off the main thread."""

    def __init__(
        self, workspace: Workspace, runner: Runner, chosen: Callable[[], list[int]],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._workspace, self._runner, self._chosen = workspace, runner, chosen
        self._asking = False
        self.line = InFileLine()
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._ask)

    @property
    def busy(self) -> bool:
        """Whether anything is being asked, or about to be."""
        return self._asking or self._still.isActive()

    def refresh(self) -> None:
        """Find out anew: another photo is chosen, or something has changed."""
        self._still.start()

    def close(self) -> None:
        """Ask nothing more."""
        self._still.stop()

    def _ask(self) -> None:
        ids = self._chosen()
        if len(ids) != 1:
            self.line.say("")
        if self._asking or len(ids) != 1:
            return
        self._asking = True

        def look() -> InFiles | None:
            from landmark_desktop.actions.write_state import in_files  # exiv2: not at the start

            return in_files(self._workspace, ids[0])

        self._runner.call("query", look, lambda found: self._on_found(ids, found), self._on_failed)

    def _on_found(self, ids: list[int], found: InFiles | None) -> None:
        self._asking = False
        if self._chosen() == ids:
            self.line.say("" if found is None else in_words(found))
        else:
            self.refresh()

    def _on_failed(self, error: BaseException) -> None:
        self._asking = False
        failures.tell(self.line, error)


def in_words(found: InFiles) -> str:
    """Return how it stands with a photo's files, in a sentence or two."""
    if not found.tagged:
        return ""
    files = ", ".join(f"{name} since {when(at)}" for name, at in found.written)
    names = ", ".join(name for name, _ in found.written)
    if found.problem:
        return f"Tags: not written. {found.problem}"
    if found.waits and not found.written:
        return "Tags: not yet written into a file."
    if found.waits:
        return f"Tags: changed since they were written into {names}."
    if not found.written:
        return "Tags: as the photo's files have them."
    also = " Another program's value was kept there." if found.kept else ""
    return f"Tags: in {files}.{also}"
