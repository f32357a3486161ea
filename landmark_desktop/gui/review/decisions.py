"""Carries answers out on a worker, and takes back the page's last one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from landmark_desktop import tasks
from landmark_desktop.actions import history
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui.runner import Gathered, Runner
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.tasks import Cancel, Outcome, Task

LANE = "actions"
_SHOWN_FROM = 200  # photos: what takes longer than a blink is told in the job bar

Make = Callable[[Cancel], Task[ChangeSet]]


@dataclass(eq=False)
class Decision:
    """One answer on its way. ``change_id``: its entry in the history, once it is written.

    ``going``: it is being taken back.
    """

    number: int
    ids: Sequence[int]
    change_id: int | None = None
    going: bool = False


class Decisions(QObject):
    """Answers go through one lane, so that taking one back comes after it in any case."""

    written = Signal(object, object)  # Decision, ChangeSet
    failed = Signal(object, object)  # Decision, what was raised; None: cancelled
    taken_back = Signal(object, object)  # Decision, ChangeSet
    # What came back before it ended (ChangeSet), and what was raised; None: cancelled
    not_taken_back = Signal(object, object)

    def __init__(self, workspace: Workspace, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self._past: list[Decision] = []

    def carry_out(self, number: int, ids: Sequence[int], make: Make) -> None:
        """Do what ``make`` makes; ``ids`` are the photos that it answers."""
        decision = Decision(number, ids)
        self._past.append(decision)

        def task(cancel: Cancel) -> Task[ChangeSet]:
            changes = yield from make(cancel)
            decision.change_id = changes.change_id
            return changes

        job = self._runner.start(LANE, "Reviewing", task, visible=len(ids) >= _SHOWN_FROM)
        job.ended.connect(lambda outcome: self._on_end(decision, outcome))

    def _on_end(self, decision: Decision, outcome: Outcome[Any]) -> None:
        match outcome:
            case tasks.Succeeded(changes):
                if decision.change_id is None:
                    self._past.remove(decision)  # it was answered already
                self.written.emit(decision, changes)
                return
            case tasks.Failed(error):
                why: BaseException | None = error
            case _:
                why = None
        self._past.remove(decision)
        self.failed.emit(decision, why)

    def take_back(self) -> bool:
        """Undo the last answer that was given here and stands; return whether there is one."""
        decision = next(filter(self._stands, reversed(self._past)), None)
        if decision is None:
            return False
        decision.going = True

        def task(cancel: Cancel) -> Task[ChangeSet]:
            if decision.change_id is None:
                return ChangeSet()  # it failed, or changed nothing
            return (yield from history.undo(self._workspace, cancel, decision.change_id))

        job = self._runner.start(
            LANE, "Undoing", task, visible=len(decision.ids) >= _SHOWN_FROM
        )  # fmt: skip
        back = Gathered(job)
        job.ended.connect(lambda outcome: self._on_back(decision, back, outcome))
        return True

    def _stands(self, decision: Decision) -> bool:
        """Whether there is something of it to take back: it may have been undone elsewhere."""
        if decision.going or decision.change_id is None:
            return not decision.going  # it is being written
        return history.stands(self._workspace, decision.change_id)

    def _on_back(self, decision: Decision, back: Gathered, outcome: Outcome[Any]) -> None:
        decision.going = False
        match outcome:
            case tasks.Succeeded(changes):
                self.taken_back.emit(decision, changes)
            case tasks.Failed(error):
                self.not_taken_back.emit(back.changes, error)
            case _:
                self.not_taken_back.emit(back.changes, None)
