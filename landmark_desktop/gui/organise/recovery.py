"""The notice that a move was cut short, by a crash or a power cut, with both ways to settle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.history.model import when
from landmark_desktop.gui.notice import Notice
from landmark_desktop.gui.organise.run import OrganiseRun
from landmark_desktop.gui.runner import Runner
from landmark_desktop.organise import journal

if TYPE_CHECKING:
    from landmark_desktop.actions.organise_run import CutShort

_LANE = "organise"


class Recovery(QObject):
    """``notice`` is what the window shows; it stays until the person has chosen."""

    looked = Signal()  # what is known of cut-short runs is right

    def __init__(self, workspace: Workspace, runner: Runner, run: OrganiseRun) -> None:
        super().__init__(run)
        self._workspace, self._runner, self._run = workspace, runner, run
        self._looking = False
        self.notice = Notice()
        self.finish = self.notice.button(
            "Finish", "Move the rest of the photos", lambda: self._settle(finish=True)
        )
        self.roll_back = self.notice.button(
            "Roll back", "Put the photos back where they were", lambda: self._settle(finish=False)
        )
        run.ended.connect(self.look)

    @property
    def settling(self) -> bool:
        """Whether it is being found out."""
        return self._looking

    def look(self) -> None:
        """Find out, off the main thread, whether there is anything to settle."""
        if self._looking:
            return
        self._looking = True

        def find() -> list[CutShort]:
            if not journal.found(self._workspace.places.journals):
                return []  # nearly always; the first thumbnails need not wait for an import
            from landmark_desktop.actions import organise_run

            return organise_run.cut_short(self._workspace)

        self._runner.call(_LANE, find, self._show, self._on_failed)

    def _show(self, left: list[CutShort]) -> None:
        self._looking = False
        if self._run.busy or not left:
            self.notice.hide()
        else:
            self.notice.say(_said(left))
        self.looked.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._looking = False
        raise error  # a bug: told and logged by the program's handler

    def _settle(self, *, finish: bool) -> None:
        self.notice.hide()
        self._run.recover(finish=finish)


def _said(left: list[CutShort]) -> str:
    first = left[0]
    more = f", and {len(left) - 1} more" if len(left) > 1 else ""
    at = when(first.when.isoformat())
    return (
        f"“{first.title}” was cut short {at}{more}: {first.begun:,} of {first.steps:,} files were "
        "begun. No photo is lost. Finish it, or put everything back? Until then nothing else can "
        "be moved."
    )
