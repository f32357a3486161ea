"""Why a step could not be done, as something to act on and to show."""

from __future__ import annotations

import errno
from enum import StrEnum
from pathlib import Path

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


_BY_ERRNO = {
    errno.ENOENT: (Trouble.GONE, "The file or its folder is no longer there."),
    errno.ENOTDIR: (Trouble.GONE, "The file or its folder is no longer there."),
    errno.EEXIST: (Trouble.TAKEN, "Meanwhile there is another file of its name."),
    errno.EACCES: (Trouble.LOCKED, "This account may not write there."),
    errno.EPERM: (Trouble.LOCKED, "This account may not write there."),
    errno.EROFS: (Trouble.LOCKED, "The disk can only be read."),
    errno.EXDEV: (Trouble.OTHER_DISK, "Its new folder is on another disk."),
    errno.ENOSPC: (Trouble.FULL, "The disk is full."),
    errno.EDQUOT: (Trouble.FULL, "This account's share of the disk is used up."),
    errno.ENODEV: (Trouble.NO_DISK, "The disk is no longer there."),
    errno.ENXIO: (Trouble.NO_DISK, "The disk is no longer there."),
    errno.ESTALE: (Trouble.NO_DISK, "The network share is no longer there."),
    errno.ENOTCONN: (Trouble.NO_DISK, "The network share is no longer there."),
    errno.EFBIG: (Trouble.TOO_LARGE, "It is larger than a file may be there."),
}
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
    trouble, why = _BY_ERRNO.get(
        error.errno or 0, (Trouble.FAILED, f"The system says: {error.strerror or error}.")
    )
    return StepError(trouble, path, why, _REMEDIES.get(trouble, ""))
