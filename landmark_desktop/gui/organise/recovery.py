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
_FINISH = "Move the rest of the photos"
_PUT_ASIDE = "Keep the journal under another name, and be able to move photos again"


class Recovery(QObject):
    """``notice`` is what the window shows; it stays until the person has chosen."""

    looked = Signal()  # what is known of cut-short runs is right

    def __init__(self, workspace: Workspace, runner: Runner, run: OrganiseRun) -> None:
        super().__init__(run)
        self._workspace, self._runner, self._run = workspace, runner, run
        self._looking = False
        self.notice = Notice()
        self.finish = self.notice.button("Finish", _FINISH, lambda: self._settle(finish=True))
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
            readable = not all(each.unreadable for each in left)
            self.finish.setText("Finish" if readable else "Put it aside")
            self.finish.setToolTip(_FINISH if readable else _PUT_ASIDE)
            self.roll_back.setVisible(readable)
            self.notice.say(" ".join(_said(left)))
        self.looked.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._looking = False
        raise error  # a bug: told and logged by the program's handler

    def _settle(self, *, finish: bool) -> None:
        self.notice.hide()
        self._run.recover(finish=finish)


def _said(left: list[CutShort]) -> list[str]:
    said = []
    known = [each for each in left if not each.unreadable]
    if known:
        first = known[0]
        more = f", and {len(known) - 1} more" if len(known) > 1 else ""
        at = when(first.when.isoformat())
        said.append(
            f"“{first.title}” was cut short {at}{more}: {first.begun:,} of {first.steps:,} files "
            "were begun. No photo is lost. Finish it, or put everything back? Until then nothing "
            "else can be moved."
        )
    for each in left:
        if each.unreadable:
            said.append(
                f"A move was cut short {when(each.when.isoformat())}. {each.unreadable} "
                "Until the journal is put aside, nothing else can be moved; it is kept."
            )
    return said
