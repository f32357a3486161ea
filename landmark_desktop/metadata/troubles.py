"""Why a file's metadata cannot be read or written, as something to act on and to show."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from landmark_desktop.disk_errors import Cause, cause_of
from landmark_desktop.errors import UserError

USE_SIDECAR = "Write a sidecar file beside it instead: that leaves the photo untouched."


class Trouble(StrEnum):
    """What kind of thing went wrong, for a queue to decide whether to offer it again."""

    GONE = "gone"
    READ_ONLY = "read-only"
    DISK_FULL = "disk full"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    LINKED = "linked"
    CHANGED = "changed"
    TOO_LARGE = "too large"
    NOT_FAITHFUL = "not faithful"
    FAILED = "failed"


class MetadataError(UserError):
    """The file is as it was before; ``trouble`` and ``path`` say why and which."""

    def __init__(
        self, trouble: Trouble, path: Path, what: str, why: str = "", remedy: str = ""
    ) -> None:
        super().__init__(what, why, remedy)
        self.trouble = trouble
        self.path = path


_BY_CAUSE = {
    Cause.GONE: Trouble.GONE, Cause.LOCKED: Trouble.READ_ONLY, Cause.FULL: Trouble.DISK_FULL,
    Cause.TOO_LARGE: Trouble.DISK_FULL,
}  # fmt: skip
_REMEDIES = {
    Trouble.GONE: "Import the folder again to find where it went.",
    Trouble.READ_ONLY: "The tags stay in the library and can be written later.",
    Trouble.DISK_FULL: "Make room, then write again. Nothing was lost.",
}


def from_os(error: OSError, path: Path) -> MetadataError:
    """Return the trouble behind a system's error."""
    cause, why = cause_of(error)
    trouble = _BY_CAUSE.get(cause, Trouble.FAILED)
    what = f"The metadata of {path.name} could not be written."
    return MetadataError(trouble, path, what, why, _REMEDIES.get(trouble, ""))
