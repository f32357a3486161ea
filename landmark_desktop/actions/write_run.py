"""Writes file after file, each whole, and keeps count of what came of it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from landmark_desktop.actions import write_jobs, write_steps
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.actions.write_jobs import Job, Overrule
from landmark_desktop.library import writing
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.writing import EMBEDDED, Intent, Problem, Row, Step
from landmark_desktop.metadata.troubles import MetadataError, Trouble
from landmark_desktop.metadata.want import Conflict
from landmark_desktop.metadata.write import Written, apply, plan


@dataclass(frozen=True)
class Done:
    """What a run did, in numbers of files. ``unchanged``: they said it all already.

    ``problems``: what could not be written and waits; ``conflicts``: what other programs have
    otherwise, by file. ``changes``: for views, with the entry of the history.
    """

    changes: ChangeSet = field(default_factory=ChangeSet)
    written: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    conflicts: Mapping[Path, tuple[Conflict, ...]] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """One or two lines for a person."""
        text = f"Wrote {self.written:,} file{'s' if self.written != 1 else ''}"
        if self.unchanged:
            text += f"; {self.unchanged:,} said it already"
        if self.conflicts:
            text += f"; {len(self.conflicts):,} with values of other programs, which were kept"
        if self.problems:
            reasons = Counter(problem.trouble for problem in self.problems)
            told = ", ".join(f"{number:,} {reason}" for reason, number in reasons.most_common())
            text += f"; {len(self.problems):,} not written and kept for later ({told})"
        return text + "."


class Run:
    """Writes file after file; each transaction ends one step and begins the next."""

    def __init__(self, workspace: Workspace, overrule: Overrule) -> None:
        self.files = 0
        self.stop = False
        self._workspace = workspace
        self._overrule = overrule
        self._change_id: int | None = None
        self._open: tuple[Intent, int] | None = None
        self._intent: Intent | None = None
        self._written = self._unchanged = 0
        self._photo: int | None = None
        self._photos: set[int] = set()
        self._news: set[int] = set()
        self._problems: list[Problem] = []
        self._conflicts: dict[Path, tuple[Conflict, ...]] = {}

    def do(self, job: Job) -> None:
        """Write one file, or note why it cannot be."""
        if self.stop:
            return
        self.files += 1
        photo, want = job.asked.photo, write_jobs.wanted(job, self._overrule)
        self._begin_photo(photo.id)
        try:
            planned = plan(photo.path, job.target, want, job.record)
            written = apply(
                planned, keep_mtime=self._workspace.settings.keep_mtime,
                about_to=lambda coming: self._begin(job, coming),
            )  # fmt: skip
        except MetadataError as error:
            self._give_up()
            self._fail(job, error)
            return
        except BaseException:
            self._give_up()
            raise
        if written.conflicts:
            self._conflicts[job.target] = written.conflicts
        self._news.add(photo.id)
        if self._intent is None:
            self._note(job, written)
        else:
            self._open, self._intent = (self._intent, written.state.mtime_ns), None
            self._written += 1

    def flush(self) -> None:
        """Enter the last file that was written."""
        if self._open is not None:
            self._workspace.library.write(self._end)
            self._settled()

    def news(self) -> ChangeSet:
        """Return what views have to refresh since this was last asked."""
        news, self._news = frozenset(self._news), set()
        self._photos |= news
        return ChangeSet(news, change_id=self._change_id)

    def done(self) -> Done:
        """Return what came of it all."""
        self.news()
        done = Done(
            ChangeSet(frozenset(self._photos), change_id=self._change_id),
            self._written, self._unchanged, tuple(self._problems), self._conflicts,
        )  # fmt: skip
        return replace(done, changes=replace(done.changes, summary=done.summary))

    def _begin_photo(self, photo_id: int) -> None:
        """Forget what was wrong with a photo's files the last time: they are tried now.

        Those that are not, a sidecar that is gone, say, are none of its files any more.
        """
        if photo_id == self._photo:
            return
        self._photo = photo_id
        library = self._workspace.library
        if writing.problems(library.read(), [photo_id]):
            library.write(lambda c: writing.forget_problems(c, photo_id))

    def _begin(self, job: Job, coming: Written) -> None:
        assert coming.snapshot is not None
        snapshot = coming.snapshot
        row = _row(job, coming)

        def change(connection: sqlite3.Connection) -> Intent:
            entry = self._end(connection)
            path = str(job.target)
            step = Step(job.asked.photo.id, job.kind, path, row, job.row, entry)
            return writing.begin(connection, step, snapshot)

        self._intent = self._workspace.library.write(change)
        self._settled()

    def _end(self, connection: sqlite3.Connection) -> int | None:
        if self._open is None:
            return self._change_id
        intent, mtime_ns = self._open
        if intent.step.change_id is None and self._change_id is not None:
            intent = replace(intent, step=replace(intent.step, change_id=self._change_id))
        self._change_id = write_steps.finish(connection, intent, mtime_ns, self._written)
        return self._change_id

    def _settled(self) -> None:
        self._open = None

    def _give_up(self) -> None:
        """Forget an intent that came to nothing: the file is as it was."""
        if self._intent is not None:
            intent, self._intent = self._intent, None
            self._workspace.library.write(lambda c: writing.drop(c, intent.id))

    def _note(self, job: Job, written: Written) -> None:
        """Enter a file that is as it should be already."""
        self._unchanged += 1
        row = _row(job, written)
        step = Step(job.asked.photo.id, job.kind, str(job.target), row, job.row)
        self._workspace.library.write(
            lambda c: writing.settle(c, step, written.state.mtime_ns)
        )  # fmt: skip

    def _fail(self, job: Job, error: MetadataError) -> None:
        problem = Problem(
            job.asked.photo.id, job.kind, error.trouble.value, str(error), job.asked.digest
        )
        self._workspace.library.write(lambda c: writing.note_problem(c, problem))
        self._news.add(problem.photo_id)
        if error.trouble is Trouble.UNSUPPORTED and job.kind == EMBEDDED:
            beside = write_jobs.beside(self._workspace, job)
            if beside is not None:
                self.do(beside)
            return
        self._problems.append(problem)
        # Each of thousands of files would fail likewise, and nothing be gained.
        self.stop = error.trouble is Trouble.DISK_FULL


def _row(job: Job, written: Written) -> Row:
    conflicts = [
        [each.field, each.reason.value, each.ours, each.theirs] for each in written.conflicts
    ]
    return write_steps.new_row(
        job.asked.digest, written.record.to_json(), written.state, conflicts
    )  # fmt: skip
