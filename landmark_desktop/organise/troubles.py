"""Why a step could not be done, as something to act on and to show."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from landmark_desktop.disk_errors import Cause, cause_of
from landmark_desktop.errors import UserError


class Trouble(StrEnum):
    """What kind of thing went wrong."""

    CHANGED = "changed"
    GONE = "gone"
    TAKEN = "taken"
    FULL = "disk full"
    TOO_LARGE = "too large"
    LOCKED = "locked"
    OTHER_DISK = "other disk"
    NO_DISK = "no disk"
    NO_LINKS = "no hard links"
    NO_ORIGINAL = "no original"
    DAMAGED = "damaged"
    FAILED = "failed"


class StepError(UserError):
    """The file is where and what it was before the step; ``trouble`` and ``path`` say more."""

    def __init__(
        self, trouble: Trouble, path: Path, why: str, remedy: str = "", what: str = ""
    ) -> None:
        super().__init__(what or f"{path.name} was left where it is.", why, remedy)
        self.trouble = trouble
        self.path = path


_BY_CAUSE = {
    Cause.GONE: Trouble.GONE, Cause.TAKEN: Trouble.TAKEN, Cause.LOCKED: Trouble.LOCKED,
    Cause.OTHER_DISK: Trouble.OTHER_DISK, Cause.FULL: Trouble.FULL, Cause.NO_DISK: Trouble.NO_DISK,
    Cause.TOO_LARGE: Trouble.TOO_LARGE, Cause.OTHER: Trouble.FAILED,
}  # fmt: skip
_REMEDIES = {
    Trouble.GONE: "Import its folder again to find where it went.",
    Trouble.TAKEN: "Make a new plan.",
    Trouble.LOCKED: "Have the folder made writable, then make a new plan.",
    Trouble.FULL: "Make room, then make a new plan.",
    Trouble.NO_DISK: "Connect it, then try again.",
    Trouble.TOO_LARGE: "Choose another disk for it: FAT takes files of up to 4 GB.",
}


def from_os(error: OSError, path: Path) -> StepError:
    """Return the trouble behind a system's error."""
    cause, why = cause_of(error)
    trouble = _BY_CAUSE[cause]
    return StepError(trouble, path, why, _REMEDIES.get(trouble, ""))
