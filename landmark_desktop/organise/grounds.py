"""The folders that steps go to, made when the first file comes.

Where a disk is taken off, the folder that it was mounted on is still there, empty and on another
disk. What was put into that would be hidden as soon as the disk is back, so nothing is.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from landmark_desktop.organise.journal import Journal
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.troubles import StepError, Trouble, from_os


class Grounds:
    """The folders of one run, as long as it goes on."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._devices: dict[Path, int] = {}

    def prepare(self, step: Step) -> None:
        """Make the folder that a step goes to, with those around it. Raises ``StepError``."""
        ground = step.target.parent
        missing = []
        while not os.path.lexists(ground):
            missing.append(ground)
            ground = ground.parent
        self._see(ground, step)
        if missing:
            self._see_disk(missing[0], ground, step)
        for path in reversed(missing):
            number = self._journal.made.get(path)
            if number is not None:
                self._journal.folder(number)
            try:
                path.mkdir(exist_ok=True)
            except OSError as error:
                trouble = from_os(error, step.source)
                why = f"The folder {path} cannot be made ({error.strerror or error})."
                raise StepError(trouble.trouble, step.source, why, trouble.remedy) from error

    def _see(self, ground: Path, step: Step) -> None:
        """See that it is a folder, and on the disk that it was on when the run first came there."""
        if not os.path.isdir(ground):  # noqa: PTH112 - never raises
            raise StepError(
                Trouble.TAKEN, step.source, f"Meanwhile {ground} is no folder.", "Make a new plan."
            )
        known = self._devices.get(ground)
        if known is None:
            for path in (ground, *ground.parents):
                with contextlib.suppress(OSError):
                    self._devices.setdefault(path, path.stat().st_dev)
        elif ground.stat().st_dev != known:
            raise _no_disk(ground, step)

    def _see_disk(self, folder: Path, ground: Path, step: Step) -> None:
        """See that a move leads to another disk if, and only if, it was known to."""
        if step.kind == "move":
            try:
                here = step.source.parent.stat().st_dev
            except OSError as error:
                raise from_os(error, step.source) from error
            if (self._devices.get(ground) != here) != step.across:
                raise _no_disk(folder, step)


def _no_disk(folder: Path, step: Step) -> StepError:
    return StepError(
        Trouble.NO_DISK, step.source, f"The disk of {folder} is not there.",
        "Connect it, then try again.",
    )  # fmt: skip
