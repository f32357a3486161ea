"""A person's word on suggestions: accept, reject, another landmark, none; and taking it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence

from landmark_desktop.actions import filing, history
from landmark_desktop.actions.recorded import in_parts
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import decisions
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.decisions import Choice
from landmark_desktop.library.deltas import Delta, recording
from landmark_desktop.tasks import Cancel, Task, finish

_Work = tuple[Delta, str]


def accept(workspace: Workspace, ids: Sequence[int], landmark: str | None = None) -> ChangeSet:
    """Accept each photo's own suggestion, or ``landmark`` for all of them; tag accordingly.

    Where no landmark is named, what only a rule has accepted is confirmed, and photos without
    either are left alone.
    """
    return finish(accepting(workspace, ids, Cancel(), landmark))


def accepting(
    workspace: Workspace, ids: Sequence[int], cancel: Cancel, landmark: str | None = None,
    rule: float | None = None,
) -> Task[ChangeSet]:  # fmt: skip
    """Accept as ``accept`` does, with progress; one entry in the history, all of it or nothing.

    ``rule``: only suggestions with at least this confidence (0 to 1), each of which is then
    marked as accepted by the rule and not by a look at the photo: its tags are guesses.
    """
    tally = _Tally(workspace, "Accepted", f" by rule, from {rule:.0%}" if rule is not None else "")

    def change(connection: sqlite3.Connection, part: Sequence[int]) -> _Work:
        chosen = _chosen(connection, workspace, part, landmark, rule or 0.0)
        if landmark is None and rule is None:
            guessed = decisions.accepted(connection, part, by_rule=True)
            chosen += _named(connection, workspace, guessed)
        filed = filing.tag_ids(connection, workspace.gazetteer, (c.landmark for c in chosen))
        with recording(connection) as delta:
            decisions.accept(connection, chosen, filed, rule)
        return delta, tally.with_(chosen)

    return in_parts(workspace, "accept", sorted(set(ids)), change, "Accepting", cancel)


def reject(workspace: Workspace, ids: Sequence[int], landmark: str | None = None) -> ChangeSet:
    """Say that the photos do not show their suggested (or accepted) landmark, or ``landmark``.

    No model suggests it for them again.
    """
    return finish(rejecting(workspace, ids, Cancel(), landmark))


def rejecting(
    workspace: Workspace, ids: Sequence[int], cancel: Cancel, landmark: str | None = None
) -> Task[ChangeSet]:
    """Reject as ``reject`` does, with progress; one entry in the history, all of it or nothing."""

    def choose(connection: sqlite3.Connection, part: Sequence[int]) -> list[Choice]:
        chosen = _chosen(connection, workspace, part, landmark)
        if landmark is not None:
            return chosen
        accepted = decisions.accepted(connection, set(part) - {c.photo_id for c in chosen})
        return chosen + _named(connection, workspace, accepted)

    return _decided(workspace, "reject", "Rejected", ids, choose, decisions.reject, cancel)


def no_landmark(workspace: Workspace, ids: Sequence[int]) -> ChangeSet:
    """Say that the photos show no landmark: whatever a model thinks, nobody is asked again."""
    return finish(saying_no_landmark(workspace, ids, Cancel()))


def saying_no_landmark(workspace: Workspace, ids: Sequence[int], cancel: Cancel) -> Task[ChangeSet]:
    """Do as ``no_landmark`` does, with progress; one entry in the history, all of it or nothing."""

    def choose(connection: sqlite3.Connection, part: Sequence[int]) -> list[Choice]:
        return _named(connection, workspace, dict.fromkeys(part, ""))

    return _decided(workspace, "no_landmark", "No landmark:", ids, choose, decisions.none, cancel)


def undecide(workspace: Workspace, ids: Sequence[int]) -> ChangeSet:
    """Forget what was said of the photos, so that their suggestions wait for an answer again."""
    said = 0

    def change(connection: sqlite3.Connection, part: Sequence[int]) -> _Work:
        nonlocal said
        with recording(connection) as delta:
            said += len(decisions.undecide(connection, part))
        return delta, f"Asked again about {_photos(said)}"

    return finish(in_parts(workspace, "undecide", sorted(set(ids)), change, "Forgetting", Cancel()))


def correct(workspace: Workspace, landmarks: Mapping[int, str | None]) -> ChangeSet:
    """Have each photo show the landmark that is named for it; one undo takes all of it back.

    ``None``: it does not show what it was accepted as, and nothing else is known of it.
    """
    tally = _Tally(workspace, "Corrected")

    def change(connection: sqlite3.Connection, part: Sequence[int]) -> _Work:
        right = {photo: key for photo in part if (key := landmarks[photo]) is not None}
        accepted = decisions.accepted(connection, set(part) - set(right))
        chosen = _named(connection, workspace, right)
        wrong = _named(connection, workspace, accepted)
        filed = filing.tag_ids(connection, workspace.gazetteer, right.values())
        with recording(connection) as delta:
            decisions.accept(connection, chosen, filed)
            decisions.reject(connection, wrong)
        return delta, tally.with_(chosen + wrong)

    return finish(in_parts(workspace, "correct", sorted(landmarks), change, "Correcting", Cancel()))


def undo(workspace: Workspace) -> ChangeSet:
    """Take back the newest action that is not taken back yet; an empty set if there is none."""
    return finish(history.undo(workspace, Cancel()))


def redo(workspace: Workspace) -> ChangeSet:
    """Do again what was taken back last; an empty set if nothing can be."""
    return finish(history.redo(workspace, Cancel()))


def _decided(
    workspace: Workspace, action: str, verb: str, ids: Sequence[int],
    choose: Callable[[sqlite3.Connection, Sequence[int]], list[Choice]],
    decide: Callable[[sqlite3.Connection, Sequence[Choice]], None], cancel: Cancel,
) -> Task[ChangeSet]:  # fmt: skip
    tally = _Tally(workspace, verb)

    def change(connection: sqlite3.Connection, part: Sequence[int]) -> _Work:
        chosen = choose(connection, part)
        with recording(connection) as delta:
            decide(connection, chosen)
        return delta, tally.with_(chosen)

    return in_parts(workspace, action, sorted(set(ids)), change, "Deciding", cancel)


def _chosen(
    connection: sqlite3.Connection, workspace: Workspace, ids: Sequence[int],
    landmark: str | None, at_least: float = 0.0,
) -> list[Choice]:  # fmt: skip
    """Return the unanswered suggestions of the photos, or ``landmark`` for each of them."""
    if landmark is not None:
        return _named(connection, workspace, dict.fromkeys(ids, landmark))
    model = workspace.model
    return decisions.suggested(connection, ids, model.id, model.earlier, at_least)


def _named(
    connection: sqlite3.Connection, workspace: Workspace, landmarks: Mapping[int, str]
) -> list[Choice]:
    model = workspace.model
    return decisions.named(connection, landmarks, model.id, model.earlier)


class _Tally:
    """Says what was done so far, over the parts of an action."""

    def __init__(self, workspace: Workspace, verb: str, how: str = "") -> None:
        self._workspace, self._verb, self._how = workspace, verb, how
        self._names: set[str] = set()
        self._photos = 0

    def with_(self, chosen: Sequence[Choice]) -> str:
        """Return the summary with these added."""
        gazetteer = self._workspace.gazetteer
        self._names |= {gazetteer[key].name for key in {c.landmark for c in chosen} if key}
        self._photos += len(chosen)
        if not self._names:
            return f"{self._verb} {_photos(self._photos)}{self._how}"
        what = min(self._names) if len(self._names) == 1 else f"{len(self._names)} landmarks"
        return f"{self._verb} {what} on {_photos(self._photos)}{self._how}"


def _photos(number: int) -> str:
    return f"{number:,} photo{'' if number == 1 else 's'}"
